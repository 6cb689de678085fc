"""Archives of ledgers: a zip of FECs, one a year or one a journal, read member by member (faults 22 to 24, rule S11).

The directory is judged before anything is unpacked; then each member is a temporary file of our own name, one by one.
What is no ledger by its name (the PDF that describes a FEC) is left out and said; what is one must be read.
"""

import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from dunning_batch.errors import InputError, Message, Problem, Source, msg
from dunning_batch.files import temporary_files
from dunning_batch.reading.archive_guard import MAX_RATIO

_MAX_MEMBERS = 500
_MAX_MEMBER, _MAX_ALL = 2_000_000_000, 4_000_000_000  # bytes
_SMALL = 1_000_000  # bytes of a member whose ratio does not matter
_BLOCK = 1 << 20
_ZIP = b"PK\x03\x04"
_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xlsb", ".ods"})
_LEDGERS = _WORKBOOKS | {".txt", ".csv", ".tsv", ".tab", ".xml", ".xls", ""}
_PARTS = frozenset({"xl/workbook.xml", "xl/workbook.bin", "content.xml"})
_UTF8 = 0x800  # flag: the name is UTF-8


def is_archive(path: Path) -> bool:
    """Whether a file is a zip, and neither a workbook nor named as one (fault 22)."""
    if path.suffix.lower() in _WORKBOOKS:
        return False
    with path.open("rb") as file:
        if file.read(4) != _ZIP:
            return False
    try:
        with zipfile.ZipFile(path) as archive:
            return not _PARTS & set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return True


def sources(path: Path, shown: str, left_out: list[Problem]) -> Iterator[tuple[Path, str]]:
    """What is to be read of a file, with its name as shown: itself, or an archive's members, unpacked one at a time.

    Args:
        path: A file of the dossier.
        shown: Its name.
        left_out: Gets a notice for each member that is no ledger by its name.

    Raises:
        InputError: an archive that must not or cannot be unpacked.
        OutputError: the temporary folder is full.
    """
    if not is_archive(path):
        yield path, shown
        return
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if fault := _directory_fault(entries, path.stat().st_size):
                raise _refused(shown, fault)
            yield from _unpacked(archive, shown, left_out)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as error:
        fault = msg("is an archive that cannot be unpacked: it is damaged or packed in a rare way. Make it again, or "
                    "unpack it into the folder")  # fmt: skip
        raise _refused(shown, fault) from error


def archives_beside(paths: Iterable[Path], root: Path) -> Iterator[Problem]:
    """Archives that lie beside files that are read, or in `input/`, and that nobody asked to read."""
    taken = {path.resolve() for path in paths}
    folders = {path.parent for path in paths} | {root / "input"}
    for path in sorted(path for folder in folders if folder.is_dir() for path in folder.glob("*.[zZ][iI][pP]")):
        if path.resolve() not in taken and path.is_file():
            shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
            pattern = f"{shown.rpartition('/')[0]}/*.zip".lstrip("/")
            text = msg('{file} is an archive and is not read: add "{pattern}" to [ledger] files, or unpack it.',
                       file=shown, pattern=pattern)  # fmt: skip
            yield Problem("archive_not_read", text, "warning", Source(shown))


def _directory_fault(entries: list[zipfile.ZipInfo], size: int) -> Message | None:
    unpacked = sum(entry.file_size for entry in entries)
    bombs = (entry.file_size > max(_SMALL, MAX_RATIO * entry.compress_size) for entry in entries)
    if len(entries) > _MAX_MEMBERS or unpacked > min(_MAX_ALL, max(_SMALL, MAX_RATIO * size)) or any(bombs):
        return msg("holds more than an archive of ledgers does: unpack it into the folder, and keep the ledgers only")
    if any(entry.flag_bits & 1 for entry in entries):
        return msg("is protected by a password: remove the password, or unpack it into the folder")
    names = [name_of(entry) for entry in entries]
    if any(_leads_outside(name) for name in names) or any(stat.S_ISLNK(entry.external_attr >> 16) for entry in entries):
        return msg("has a member whose name leads out of the archive: it is not unpacked. Make it again")
    if len(set(names)) < len(names):
        return msg("has two members of one name: make it again with one of them")
    if any(PurePosixPath(name).suffix.lower() == ".zip" for name in names):
        return msg("holds another archive: unpack it into the folder")
    return None if any(_is_ledger(name) for name in names) else msg("holds no ledger: no .txt, .csv, .xml or workbook")


def name_of(entry: zipfile.ZipInfo) -> str:
    """The name of a member: UTF-8 where it says so or is so, else as French Windows writes it."""
    name = entry.filename
    if not entry.flag_bits & _UTF8:
        raw = name.encode("cp437", "replace")
        try:
            name = raw.decode()
        except UnicodeDecodeError:
            name = raw.decode("cp850")
    name = name.replace("\\", "/")
    return "".join(sign if sign.isprintable() else "?" for sign in name)


def _leads_outside(name: str) -> bool:
    return name.startswith("/") or ".." in name.split("/") or name[1:2] == ":"


def _is_ledger(name: str) -> bool:
    path = PurePosixPath(name)
    is_hidden = any(part.startswith((".", "~$", "__MACOSX")) for part in path.parts)
    return not name.endswith("/") and not is_hidden and path.suffix.lower() in _LEDGERS


def _unpacked(archive: zipfile.ZipFile, shown: str, left_out: list[Problem]) -> Iterator[tuple[Path, str]]:
    with temporary_files():
        folder = tempfile.TemporaryDirectory(prefix="dunning-batch-")
    with folder as place:
        for number, entry in enumerate(sorted(archive.infolist(), key=name_of)):
            name = name_of(entry)
            if _is_ledger(name):
                path = Path(place) / f"{number}{PurePosixPath(name).suffix.lower()}"
                _unpack(archive, entry, path, shown)
                yield path, f"{shown}/{name}"
                path.unlink()
            elif not entry.is_dir():
                text = msg("{member} in {file} is no ledger by its name and is not read.", member=name, file=shown)
                left_out.append(Problem("member_not_read", text, "notice", Source(f"{shown}/{name}")))


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path, shown: str) -> None:
    """Block by block, never more than the directory says; zipfile checks the sum of what it says."""
    left = entry.file_size
    with _opened(archive, entry) as member, temporary_files(), path.open("wb") as file:
        while block := member.read(_BLOCK):
            left -= len(block)
            if left < 0:
                raise zipfile.BadZipFile
            file.write(block)
    if is_archive(path):
        raise _refused(shown, msg("holds another archive: unpack it into the folder"))


def _opened(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> IO[bytes]:
    """A member; the place of one in an archive cut short may lie before the beginning of the file."""
    try:
        return archive.open(entry)
    except OSError as error:
        raise zipfile.BadZipFile from error


def _refused(shown: str, fault: Message) -> InputError:
    return InputError(
        Problem("unreadable_archive", msg("{file} {fault}.", file=shown, fault=fault), "error", Source(shown))
    )
