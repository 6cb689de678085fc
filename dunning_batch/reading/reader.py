"""Files -> one ledger: one reader for each file, then customers are named over all of them (rules A1, A2, A4)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from dunning_batch.core.ledger import PLACEHOLDERS, Ledger, LedgerRules, customer_of, is_collective, piece_of
from dunning_batch.errors import InputError, Problem, Source, msg
from dunning_batch.reading.fec import FecReader, siren_of
from dunning_batch.reading.neighbours import copies_and_locks
from dunning_batch.reading.part import Part, Reader
from dunning_batch.reading.refusals import refusal

READERS: tuple[Reader, ...] = (FecReader(),)


def read_ledger(
    paths: Sequence[Path], root: Path, rules: LedgerRules, columns: Mapping[str, str], siren: str
) -> Ledger:
    """All files as one history.

    Args:
        paths: Files that match `[ledger] files`.
        root: The dossier, to which names are shown relative.
        rules: `[ledger]`.
        columns: `[ledger.columns]`.
        siren: The creditor's; empty if not given.

    Raises:
        InputError: with every problem of every file.
    """
    problems: list[Problem] = []
    parts = []
    for path in paths:
        shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
        try:
            parts.append(_read(path, shown, rules, columns, siren))
        except InputError as error:
            problems.extend(error.problems)
        except OSError as error:
            text = msg("The file cannot be read: {reason}.", reason=error.strerror or str(error))
            problems.append(Problem("unreadable_file", text, "error", Source(shown)))
    problems.extend(_twice(parts))
    if problems:
        raise InputError(*problems)
    return assemble(parts, rules)


def _read(path: Path, shown: str, rules: LedgerRules, columns: Mapping[str, str], siren: str) -> Part:
    candidates = [reader for reader in READERS if reader.identify(path, columns)]
    if len(candidates) != 1:
        raise InputError(refusal(path, shown, [reader.name for reader in candidates]))
    named = siren_of(path.name)
    if siren and named and named != siren:
        text = msg("This FEC is of the company {named}, the configuration of {siren}: is it the right dossier?",
                   named=named, siren=siren)  # fmt: skip
        raise InputError(Problem("other_company", text, "error", Source(shown)))
    part = candidates[0].read(path, shown, rules, columns)
    return Part(part.file, part.lines, (*copies_and_locks(path, shown), *part.problems))


def _twice(parts: Iterable[Part]) -> Iterable[Problem]:
    """The same file under two names (fault 13)."""
    first: dict[str, str] = {}
    for part in parts:
        other = first.setdefault(part.file.sha256, part.file.name)
        if other != part.file.name:
            text = msg("{one} and {two} are the same file: take one away.", one=other, two=part.file.name)
            yield Problem("same_file", text, "error", Source(part.file.name))


def assemble(parts: Sequence[Part], rules: LedgerRules) -> Ledger:
    """The parts in the order of their dates, as the table of core/ledger.py."""
    ordered = sorted(parts, key=lambda part: (_begins(part), part.file.last or date.min, part.file.name))
    lines = pd.concat(
        [part.lines.assign(file=np.int16(number)) for number, part in enumerate(ordered)], ignore_index=True
    )
    lines = _with_shared_categories(lines, [part.lines for part in ordered])
    problems = [problem for part in ordered for problem in part.problems]
    lines, left_out = _without_strange_advances(lines, [part.file.name for part in ordered])
    lines = _with_customers(_with_pieces(lines, rules.piece_pattern), rules)
    lines = _with_entries(lines, len(ordered))
    files = tuple(part.file for part in ordered)
    problems += [*left_out, *_not_lettered(ordered, lines)]
    columns = [
        "file", "line", "journal", "opening", "entry", "entry_key", "date", "piece_date", "due", "account", "customer",
        "nobody", "name", "piece", "label", "amount", "code", "code_date", "counterparts",
    ]  # fmt: skip
    return Ledger(lines[columns], files, "accrual", tuple(problems))


def _begins(part: Part) -> date:
    if part.file.first:
        return part.file.first
    return part.lines["date"].min().date() if len(part.lines) else date.min


_SHARED = ("journal", "account", "account_name", "auxiliary", "auxiliary_name", "entry_text")


def _with_shared_categories(lines: pd.DataFrame, parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Categories over all files: concatenating different ones would have made texts of them."""
    for name in _SHARED:
        merged = pd.api.types.union_categoricals([part[name].astype("category") for part in parts])
        lines[name] = pd.Categorical.from_codes(merged.codes, categories=merged.categories)
    return lines


def _without_strange_advances(lines: pd.DataFrame, names: Sequence[str]) -> tuple[pd.DataFrame, list[Problem]]:
    """Advances count where their customer stands on a customer account, in any file (rule A1)."""
    auxiliary = lines["auxiliary"].astype(str)
    known = set(auxiliary[~lines["advance"]].unique()) - {""}
    strange = lines["advance"] & ~auxiliary.isin(known)
    if not strange.any():
        return lines, []
    problems = []
    out = lines[strange].assign(code=auxiliary[strange])
    for (code, account), part in out.groupby(["code", out["account"].astype(str)]):
        text = msg(
            "{amount:money} on the account {account} of {customer} are left out: that customer stands on no customer "
            "account.",
            amount=-int(part["amount"].sum()),
            account=account,
            customer=code or account,
        )
        source = Source(names[int(part["file"].to_numpy()[0])], int(part["line"].to_numpy()[0]))
        problems.append(Problem("strange_advance", text, "notice", source, str(code)))
    return lines[~strange].reset_index(drop=True), problems


def _with_pieces(lines: pd.DataFrame, pattern_text: str) -> pd.DataFrame:
    """Rule A4, for the lines whose own piece is a placeholder."""
    rows = np.flatnonzero(lines["piece"].isin(sorted(PLACEHOLDERS)))
    if len(rows):
        same = lines.groupby("file")["number"].transform("nunique").to_numpy()[rows] <= 1
        numbers = np.where(same, "", lines["number"].to_numpy(dtype=object)[rows])
        pattern = re.compile(pattern_text) if pattern_text else None
        labels = lines["label"].to_numpy(dtype=object)[rows]
        pieces = lines["piece"].to_numpy(dtype=object)
        pieces[rows] = [piece_of("", label, number, pattern) for label, number in zip(labels, numbers, strict=True)]
        lines["piece"] = pd.array(pieces, dtype="str")
    return lines


def _with_customers(lines: pd.DataFrame, rules: LedgerRules) -> pd.DataFrame:
    """Rule A2, once for each account, auxiliary and name that stand together."""
    columns = ("account", "auxiliary", "auxiliary_name")
    texts = {name: [str(text) for text in lines[name].cat.categories] for name in (*columns, "account_name")}
    account, auxiliary, name = (lines[column].cat.codes.to_numpy().astype(np.int64) for column in columns)
    key = (account * len(texts["auxiliary"]) + auxiliary) * len(texts["auxiliary_name"]) + name
    place, distinct = pd.factorize(key)
    first = np.zeros(len(distinct), np.int64)
    first[place[::-1]] = np.arange(len(key))[::-1]
    rows = list(zip(account[first].tolist(), auxiliary[first].tolist(), name[first].tolist(), strict=True))
    shared = {number for number, other, _ in rows if texts["auxiliary"][other]}
    prefixes = (*rules.customer_accounts, *rules.advance_accounts)
    found = [
        customer_of(
            texts["account"][number],
            texts["auxiliary"][other],
            texts["auxiliary_name"][named],
            collective=number in shared or is_collective(texts["account"][number], prefixes),
        )
        for number, other, named in rows
    ]
    categories = sorted({code for code, _ in found})
    rank = {code: place_of for place_of, code in enumerate(categories)}
    codes = np.array([rank[code] for code, _ in found], np.int64)[place]
    lines["customer"] = pd.Categorical.from_codes(codes.tolist(), categories=pd.Index(categories, dtype=object))
    lines["nobody"] = np.array([nobody for _, nobody in found], bool)[place]
    own = lines["auxiliary_name"].astype(object)
    lines["name"] = pd.Categorical(own.where(own != "", lines["account_name"].astype(object)))
    return lines


def _with_entries(lines: pd.DataFrame, files: int) -> pd.DataFrame:
    key = lines["entry_text"].cat.codes.to_numpy().astype(np.int64)
    return lines.assign(entry_key=key, entry=key * max(files, 1) + lines["file"].to_numpy())


def _not_lettered(parts: Sequence[Part], lines: pd.DataFrame) -> Iterable[Problem]:
    """A cash FEC says by no column what is unpaid; without lettering nothing does (rule C2)."""
    if len(lines) and (lines["code"] == "").all() and any("DateRglt" in part.file.dialect for part in parts):
        text = msg(
            "This FEC of a cash accounting is not lettered, and DateRglt does not say what is paid: what is asked "
            "follows from the amounts alone. Export the list of invoices with what was paid instead."
        )
        yield Problem("not_lettered", text, "warning", Source(parts[0].file.name))
