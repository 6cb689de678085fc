"""A keyring in memory, with the limit of Windows on what one entry holds."""

import sys
import types

LONGEST = 1280  # characters in UTF-16: 2 560 bytes


class KeyringError(Exception):
    """What the package `keyring` raises."""


class WindowsError_(Exception):  # noqa: N801, N818 - as pywin32 has it, no OSError
    """What Credential Manager raises through it."""


class Backend:
    """Where the entries are; tests may break it."""

    priority = 5

    def __init__(self):
        self.kept: dict[tuple[str, str], str] = {}
        self.writes = 0
        self.fails_at = 0  # the how-manieth write fails

    def get_password(self, service, name):
        return self.kept.get((service, name))

    def set_password(self, service, name, secret):
        self.writes += 1
        if len(secret) > LONGEST or self.writes == self.fails_at:
            raise WindowsError_(1783, "CredWrite", "The stub received bad data")
        self.kept[service, name] = secret

    def delete_password(self, service, name):
        if self.kept.pop((service, name), None) is None:
            raise KeyringError


class Package:
    """What `import keyring` gives; a test may break the backend later on."""

    def __init__(self, backend):
        self.get_keyring = lambda: backend

    def get_password(self, *given):
        return self.get_keyring().get_password(*given)

    def set_password(self, *given):
        self.get_keyring().set_password(*given)

    def delete_password(self, *given):
        self.get_keyring().delete_password(*given)


def install(monkeypatch) -> Backend:
    """In the place of the package `keyring`, whether it is installed or not."""
    backend = Backend()
    fake = Package(backend)
    monkeypatch.setitem(sys.modules, "keyring", fake)
    monkeypatch.setitem(sys.modules, "keyring.errors", types.SimpleNamespace(KeyringError=KeyringError))
    monkeypatch.setitem(sys.modules, "win32ctypes", types.SimpleNamespace())
    monkeypatch.setitem(sys.modules, "win32ctypes.pywin32", types.SimpleNamespace())
    monkeypatch.setitem(sys.modules, "win32ctypes.pywin32.pywintypes", types.SimpleNamespace(error=WindowsError_))
    return backend
