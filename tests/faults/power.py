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
        self.root, self.notes, self.kill_at, self.steps = root, notes, kill_at, 0
        self.names: list[list[str]] = []  # created: [path]; renamed: [from, to, what was there]
        self.contents: set[str] = set()
        self.busy = False
        self._sync = os.fsync
        os.fsync = self.fsync  # type: ignore[assignment]
        sys.addaudithook(self.hook)

    def hook(self, event: str, arguments: tuple) -> None:
        if self.busy or event not in ("open", "os.rename", "os.mkdir", "os.remove"):
            return
        if not isinstance(arguments[0], str | os.PathLike):
            return
        path = Path(os.fsdecode(arguments[0])).absolute()
        if not path.is_relative_to(self.root):
            return
        if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & _WRITES):
            return
        self.busy = True
        self.step()
        self.note(event, path, arguments)
        self.busy = False

    def step(self) -> None:
        self.steps += 1
        if self.steps == self.kill_at:
            self.notes.joinpath("lost.json").write_text(json.dumps([self.names, sorted(self.contents)]))
            os.kill(os.getpid(), signal.SIGKILL)

    def note(self, event: str, path: Path, arguments: tuple) -> None:
        if event in ("open", "os.mkdir") and not path.exists():
            self.names.append([str(path)])
        if event == "open" and "journal" not in path.name:
            self.contents.add(str(path))
        if event == "os.rename":
            target = Path(arguments[1]).absolute()
            kept = self.notes / f"kept{len(self.names)}" if target.is_file() else ""
            if kept:
                shutil.copy(target, kept)
            self.names.append([str(path), str(target), str(kept)])
            moved = {one for one in self.contents if Path(one).is_relative_to(path)}
            self.contents = self.contents - moved | {str(target / Path(one).relative_to(path)) for one in moved}

    def fsync(self, descriptor: int) -> None:
        self._sync(descriptor)
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        self.contents.discard(str(path))
        self.names = [one for one in self.names if Path(one[min(1, len(one) - 1)]).parent != path]


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
    for path in filter(Path.is_file, map(Path, contents)):
        path.write_bytes(b"")
    for one in reversed(names) if lost == "names" else ():
        _take_back(*map(Path, filter(None, one)))
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


def _take_back(path: Path, target: Path | None = None, kept: Path | None = None) -> None:
    if target and target.exists():
        if path.is_dir():
            shutil.rmtree(path)
        target.rename(path)
        if kept:
            shutil.copy(kept, target)
    elif not target and path.is_dir():
        shutil.rmtree(path)
    elif not target:
        path.unlink(missing_ok=True)
