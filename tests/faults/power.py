"""A disk that loses at a power cut whatever was not synced: names, contents, or both (fault 110).

The child that dies notes what it had synced; the parent then takes the rest off the disk. What SQLite writes is taken
as synced: that is its own business (`synchronous=EXTRA`).
"""

import json
import os
import shutil
import signal
import sys
from pathlib import Path

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class _Disk:
    """What was done in a folder, and not synced yet."""

    def __init__(self, root: Path, notes: Path, kill_at: int) -> None:
        self.root, self.notes, self.kill_at, self.steps = str(root), notes, kill_at, 0
        self.names: list[list[str]] = []  # created: [path]; renamed: [from, to, what was there]
        self.contents: set[str] = set()
        self.busy = False
        self._sync = os.fsync
        os.fsync = self.fsync  # type: ignore[assignment]
        sys.addaudithook(self.hook)

    def hook(self, event: str, arguments: tuple) -> None:
        if self.busy or event not in ("open", "os.rename", "os.mkdir", "os.remove"):
            return
        path = arguments[0]
        if not isinstance(path, str | os.PathLike) or not os.path.abspath(path).startswith(self.root):
            return
        if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & _WRITES):
            return
        self.busy = True
        self.step()
        self.note(event, os.path.abspath(path), arguments)
        self.busy = False

    def step(self) -> None:
        self.steps += 1
        if self.steps == self.kill_at:
            self.notes.joinpath("lost.json").write_text(json.dumps([self.names, sorted(self.contents)]))
            os.kill(os.getpid(), signal.SIGKILL)

    def note(self, event: str, path: str, arguments: tuple) -> None:
        if event in ("open", "os.mkdir") and not os.path.exists(path):
            self.names.append([path])
        if event == "open" and "journal" not in path:
            self.contents.add(path)
        if event == "os.rename":
            target = os.path.abspath(arguments[1])
            kept = ""
            if os.path.isfile(target):
                kept = str(self.notes / f"kept{len(self.names)}")
                shutil.copy(target, kept)
            self.names.append([path, target, kept])
            self.contents = {target + one.removeprefix(path) if one.startswith(path) else one for one in self.contents}

    def fsync(self, descriptor: int) -> None:
        self._sync(descriptor)
        path = os.readlink(f"/proc/self/fd/{descriptor}")
        self.contents.discard(path)
        self.names = [one for one in self.names if os.path.dirname(one[min(1, len(one) - 1)]) != path]


def cut_power(folder: Path, arguments: list[str], kill_at: int, lost: str) -> bool:
    """Run a command in a fork whose power fails at its n-th step; False where it ended before.

    Args:
        folder: The dossier.
        arguments: The command line.
        kill_at: The step.
        lost: "contents" of files that were not synced, or their "names" as well.
    """
    notes = folder.parent / f"{folder.name}.notes"
    notes.mkdir()
    pid = os.fork()
    if pid == 0:  # pragma: no cover - in the child
        _child(folder, arguments, _Disk, notes, kill_at)
    _, status = os.waitpid(pid, 0)
    if not os.WIFSIGNALED(status):
        assert os.WEXITSTATUS(status) == 0
        return False
    names, contents = json.loads((notes / "lost.json").read_text())
    for path in filter(os.path.isfile, contents):
        os.truncate(path, 0)
    for one in reversed(names) if lost == "names" else ():
        _take_back(*one)
    return True


def _child(folder: Path, arguments: list[str], disk: type[_Disk], notes: Path, kill_at: int) -> None:
    from dunning_batch.cli.main import run_command_line

    code = 97
    try:
        os.chdir(folder)
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        sys.stdin, sys.stdout, sys.stderr = (open(n, mode, closefd=False) for n, mode in enumerate("rww"))  # noqa: SIM115
        disk(folder, notes, kill_at)
        code = int(run_command_line(arguments))
    finally:
        os._exit(code)


def _take_back(path: str, target: str = "", kept: str = "") -> None:
    if target and os.path.exists(target):
        if os.path.isdir(path):
            shutil.rmtree(path)
        os.replace(target, path)
        if kept:
            shutil.copy(kept, target)
    elif not target and os.path.isdir(path):
        shutil.rmtree(path)
    elif not target and os.path.exists(path):
        os.remove(path)
