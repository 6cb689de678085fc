"""What a dossier and the server hold in the end, to be held against that of an undisturbed month."""

import hashlib
import json
import re
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

from bench.crash_scenes import Case, message_id
from dunning_batch.language import language
from dunning_batch.wording import RESULTS

_CHANGING = ("uncertain", "skipped")  # results of which a later row tells more
_WORDS = {language("en").message(text): name for name, text in RESULTS.items()}


@dataclass
class End:
    """What can be compared."""

    levels: list[tuple[Any, ...]] = field(default_factory=list)  # both sheets of items, whole rows
    history: Counter[tuple[Any, ...]] = field(default_factory=Counter)
    reminders: Counter[tuple[str, ...]] = field(default_factory=Counter)  # as run.json tells them, with their document
    server: Counter[tuple[str, ...]] = field(default_factory=Counter)  # Message-ID, recipient, bytes
    zips: Counter[tuple[str, ...]] = field(default_factory=Counter)
    folders: list[str] = field(default_factory=list)  # of runs that delivered something
    wrong: list[str] = field(default_factory=list)  # what cannot be, whatever the month


def end_of(case: Case) -> End:
    """Read everything that a month leaves."""
    end, output = End(), case.one.root / "output"
    book = openpyxl.load_workbook(output / "levels.xlsx")
    items, past, settled = (list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets)
    end.levels = sorted(_body(items) + _body(settled), key=str)
    end.history = Counter(_past_row(row) for row in _rows(past) if row["Result"] not in map(_word, _CHANGING))
    end.server = Counter(
        (message_id(one), ",".join(one.recipients), hashlib.sha256(one.data).hexdigest()) for one in case.stored
    )
    runs = case.memory().runs
    for folder in sorted(output.glob("2026*/")):
        _read_folder(end, folder, runs[folder.name].results if folder.name in runs else {})
    left = [path.name for path in output.iterdir() if path.name.startswith(".") or ".new" in path.name]
    end.wrong += [f"{name} is left" for name in left]
    end.wrong += [f"{name} is not closed" for name, run in runs.items() if not run.closed and not run.dropped]
    return end


def _read_folder(end: End, folder: Path, known: dict[str, str]) -> None:
    told = json.loads((folder / "run.json").read_text())["reminders"]
    shown = _shown((folder / "report.html").read_text())
    end.folders += [folder.name] if told else []
    recorded = Counter(known.values())
    for one in told:
        document = folder / one["document"] if one["document"] else None
        digest = hashlib.sha256(document.read_bytes()).hexdigest() if document else ""
        row = (one["customer"], str(one["level"]), one["channel"], one["result"], one["total"], digest)
        end.reminders[row] += one["result"] not in _CHANGING
        recorded[one["result"]] -= 1
        if document and shown.get(one["document"]) != one["result"]:
            end.wrong.append(f"report.html says {shown.get(one['document'])} of {row[:2]}, run.json {one['result']}")
    if any(recorded.values()):
        end.wrong.append(f"run.json and the journal differ on {folder.name}: {dict(recorded)}")
    if (folder / "letters.zip").exists():
        with zipfile.ZipFile(folder / "letters.zip") as archive:
            end.zips.update((name, str(archive.getinfo(name).CRC)) for name in archive.namelist())


def _shown(text: str) -> dict[str, str]:
    """Document -> the result beside it in `report.html`."""
    cells = re.findall(r'href="([^"]+)">[^<]*</a></td><td[^>]*>([^<]*)</td>', text)
    return {document: _WORDS.get(re.split(r"\s*:", said)[0], said) for document, said in cells}


def _word(name: str) -> str:
    return next(word for word, known in _WORDS.items() if known == name)


def _rows(lines: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    head = next(number for number, line in enumerate(lines) if "Customer" in line)
    return [dict(zip(lines[head], line, strict=True)) for line in lines[head + 1 :]]


def _body(lines: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in _rows(lines)]


def _past_row(row: dict[str, Any]) -> tuple[Any, ...]:
    names = ("Customer", "Piece", "Level before", "Level", "Channel", "Recipient", "Result", "Reference")
    return tuple(row[name] for name in names)


def duplicates(end: End, orders: dict[str, int]) -> list[str]:
    """What somebody got twice without a person's order."""
    taken: Counter[str] = Counter()
    for (identity, *_), count in end.server.items():
        taken[identity] += count
    again = [f"{identity} {count} times" for identity, count in taken.items() if count > 1 + orders.get(identity, 0)]
    raised = Counter(
        (piece, level) for _, piece, _, level, _, _, result, _ in end.history.elements() if result == "delivered"
    )
    return again + [f"level {level} of {piece} {count} times" for (piece, level), count in raised.items() if count > 1]


def losses(end: End, calm: End, *, dropped: bool) -> list[str]:
    """What is other than after the undisturbed month."""
    found = list(end.wrong)
    names = ("levels", "history", "reminders", "server", "zips", "folders")
    for name in names[:2] if dropped else names:
        ours, theirs = getattr(end, name), getattr(calm, name)
        if name == "server":
            ours, theirs = set(ours), set(theirs)
        if ours != theirs:
            found.append(f"{name}: {_difference(ours, theirs)}")
    return found


def _difference(ours: Any, theirs: Any) -> str:  # noqa: ANN401
    if isinstance(ours, list):
        ours, theirs = Counter(ours), Counter(theirs)
    missing, more = (sorted(map(str, one - two)) for one, two in ((theirs, ours), (ours, theirs)))
    return f"missing {missing}, in their place {more}"
