"""What lies in the system's keyring, and what counts as none (S12, fault 115)."""

import sys
import types

import pytest

from dunning_batch.delivery import vault
from tests.delivery import keyrings

LONG = "0123456789" * 650


@pytest.fixture
def backend(monkeypatch):
    return keyrings.install(monkeypatch)


@pytest.mark.parametrize("secret", ["", "é", "x" * 999, "x" * 1000, "x" * 1001, LONG])
def test_a_long_secret_comes_back(backend, secret):
    assert vault.put_long("place", "me", secret)
    assert vault.get_long("place", "me") == secret


def test_an_entry_never_holds_more_than_windows_allows(backend):
    vault.put_long("place", "me", LONG)
    assert max(map(len, backend.kept.values())) <= keyrings.LONGEST
    assert not vault.put("place", "me", "x" * (keyrings.LONGEST + 1))


def test_nothing_of_an_older_secret_stays(backend):
    for secret in (LONG, "two", LONG[::-1], "four"):
        vault.put_long("place", "me", secret)
    assert vault.get_long("place", "me") == "four"
    assert len(backend.kept) == 2


@pytest.mark.parametrize("write", range(1, 9))
def test_cut_at_any_write_the_older_secret_holds(backend, write):
    vault.put_long("place", "me", "older")
    backend.writes, backend.fails_at = 0, write
    assert not vault.put_long("place", "me", LONG)
    assert vault.get_long("place", "me") == "older"
    assert len(backend.kept) == 2


def meanwhile(backend, monkeypatch, method, count, does):
    """Another program does something just before the so-manieth call."""
    real, calls = getattr(backend, method), []

    def called(*given):
        calls.append(given)
        if len(calls) == count:
            does()
        return real(*given)

    monkeypatch.setattr(backend, method, called)


@pytest.mark.parametrize("method", ["get_password", "set_password"])
@pytest.mark.parametrize("call", range(1, 9))
def test_two_runs_that_renew_at_once_leave_one_whole_sign_in(backend, monkeypatch, method, call):
    vault.put_long("place", "me", LONG)
    meanwhile(backend, monkeypatch, method, call, lambda: vault.put_long("place", "me", "theirs " + LONG))
    assert vault.put_long("place", "me", "mine " + LONG)
    assert vault.get_long("place", "me") in {"mine " + LONG, "theirs " + LONG}


@pytest.mark.parametrize("call", range(1, 9))
def test_what_is_renewed_while_it_is_read_is_read_again(backend, monkeypatch, call):
    vault.put_long("place", "me", LONG)
    meanwhile(backend, monkeypatch, "get_password", call, lambda: vault.put_long("place", "me", LONG[::-1]))
    assert vault.get_long("place", "me") in {LONG, LONG[::-1]}


def test_a_secret_of_which_a_part_is_gone_or_another_one_is_none(backend):
    vault.put_long("place", "me", LONG)
    name = next(one for one in backend.kept if one[1].endswith("-3"))
    part = backend.kept.pop(name)
    assert vault.get_long("place", "me") == ""
    backend.kept[name] = part[::-1]
    assert vault.get_long("place", "me") == ""
    backend.kept[name] = part
    assert vault.get_long("place", "me") == LONG


@pytest.mark.parametrize("priority", [0.5, 0, -1])
def test_a_keyring_that_is_a_file_or_nowhere_counts_as_none(backend, priority):
    vault.put("place", "me", "secret")
    backend.priority = priority
    assert not vault.is_there()
    assert not vault.put("place", "me", "secret")
    assert vault.get("place", "me") == ""


def test_of_several_keyrings_the_first_one_counts(backend, monkeypatch):
    file = types.SimpleNamespace(priority=0.5)
    chain = types.SimpleNamespace(priority=10, backends=[file, backend], set_password=backend.set_password,
                                  delete_password=backend.delete_password)  # fmt: skip
    monkeypatch.setattr(sys.modules["keyring"], "get_keyring", lambda: chain)
    assert not vault.is_there()
    chain.backends.reverse()
    assert vault.is_there()
    assert backend.kept == {}


@pytest.mark.parametrize("error", [keyrings.KeyringError(), keyrings.WindowsError_(1312), RuntimeError(), OSError()])
def test_a_keyring_that_fails_counts_as_none(backend, monkeypatch, error):
    def fails(*_):
        raise error

    for name in ("get_password", "set_password", "delete_password"):
        monkeypatch.setattr(backend, name, fails)
    assert not vault.is_there()
    assert vault.get_long("place", "me") == ""
    vault.drop("place", "me")


def test_a_keyring_that_cannot_even_be_found_counts_as_none(backend, monkeypatch):
    def fails():
        raise RuntimeError

    monkeypatch.setattr(sys.modules["keyring"], "get_keyring", fails)
    assert not vault.is_there()


def test_without_the_package_there_is_none(monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert not vault.is_there()
    assert vault.get("place", "me") == ""
    vault.drop("place", "me")
