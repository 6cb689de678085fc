"""`report.html`: what was made, what waits, who was left out and why; one file that opens offline and prints."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, select_autoescape

from dunning_batch import __version__
from dunning_batch.core.policy import Decision, Reason
from dunning_batch.core.reminders import Outcome, Reminder
from dunning_batch.language import Language
from dunning_batch.reports.record import Record, is_made
from dunning_batch.reports.run_json import problem_list
from dunning_batch.wording import CHANNELS, REASONS, RESULTS, reason_text

_MOST_ROWS = 500  # of one group; the rest is counted, and stands in run.json
_WAITING: tuple[Reason, ...] = ("too_soon", "not_overdue")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table."""

    text: str
    number: bool = False
    link: str = ""
    tag: str = ""
    place: bool = False  # a file and line: may be broken anywhere


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `sum`: a total."""

    cells: tuple[Cell, ...]
    sum: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """One table, folded under its title if it has one."""

    heads: tuple[Cell, ...]
    rows: tuple[Row, ...]
    title: str = ""
    shown: bool = True
    more: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the report."""

    title: str
    groups: tuple[Group, ...]
    lead: str = ""


def report_html(record: Record, creditor: str, language: Language) -> bytes:
    """The report of a run, every value escaped."""
    environment = Environment(
        loader=PackageLoader("dunning_batch.reports", "."),
        autoescape=select_autoescape(default=True, default_for_string=True),
        trim_blocks=True,
    )
    names = _names(record)
    sections = [
        _made(record, names, language),
        _waiting(record, names, language),
        _left_out(record, names, language),
        _problems(record, language),
        _inputs(record, language),
        _balance(record, language),
    ]
    return (
        environment.get_template("report.html.j2")
        .render(
            lang=language.code,
            title=language.text("Reminders of {creditor}", creditor=creditor),
            subtitle=language.text("Run {run}, as of {day:long_date}", run=record.run, day=record.as_of),
            notes=list(_notes(record, language)),
            facts=list(_facts(record, language)),
            sections=[section for section in sections if section],
            footer=f"dunning-batch {__version__}",
        )
        .encode()
    )


def _names(record: Record) -> dict[str, str]:
    names = {one.code: one.name for one in record.settlement.balances}
    return names | {code: customer.name for code, customer in record.customers.items() if customer.name}


def _notes(record: Record, language: Language) -> Iterator[str]:
    if record.dry_run:
        yield language.text("Dry run: nothing was delivered, no level was raised.")
    if record.stale_since and record.accounting == "cash":
        yield language.text(
            "The list of invoices knows of nothing after {day:date}: who has paid since then may be reminded.",
            day=record.stale_since,
        )
    elif record.stale_since:
        yield language.text(
            "The last bank entry is of {day:date}: who has paid since then may be reminded.", day=record.stale_since
        )


def _facts(record: Record, language: Language) -> Iterator[tuple[str, str]]:
    reminded = [one for one in record.plan.decisions if one.reason == "remind"]
    yield str(len(record.reminders)), language.text("letters")
    yield language.euros(sum(one.total for one in record.reminders)), language.text("asked by them")
    yield str(len(reminded)), language.text("items reminded")
    yield language.euros(sum(one.open for one in record.settlement.balances)), language.text("open in all")
    yield language.euros(sum(one.unallocated for one in record.settlement.balances)), language.text("in credit")


def _heads(language: Language, *texts: tuple[str, bool]) -> tuple[Cell, ...]:
    return tuple(Cell(text, number) for text, number in texts)


def _made(record: Record, names: dict[str, str], language: Language) -> Section:
    heads = _heads(
        language, (language.text("Customer"), False), (language.text("Level"), True), (language.text("Items"), True),
        (language.text("Principal"), True), (language.text("Penalties"), True), (language.text("Indemnity"), True),
        (language.text("Total"), True), (language.text("Recipient"), False), (language.text("Letter"), False),
        (language.text("Result"), False),
    )  # fmt: skip
    rows = []
    for reminder, outcome in _doubtful_first(record):
        document = Cell(language.text("open"), link=quote(outcome.document)) if outcome.document else Cell("")
        result = language.text("made") if is_made(record, outcome) else language.message(RESULTS[outcome.result])
        if outcome.error:
            result += language.colon + language.message(outcome.error)
        amounts = (reminder.open - reminder.credits, reminder.penalties, reminder.indemnity, reminder.total)
        rows.append(Row((
            Cell(f"{reminder.name} ({reminder.customer.code})"), Cell(str(reminder.level.number), number=True),
            Cell(str(len(reminder.items)), number=True),
            *(Cell(language.money(cents), number=True) for cents in amounts),
            Cell(_recipient(reminder, outcome, language)), document, Cell(result),
        )))  # fmt: skip
    sums = [
        sum(cents)
        for cents in zip(
            *((one.open - one.credits, one.penalties, one.indemnity, one.total) for one in record.reminders),
            strict=True,
        )
    ]
    if sums:
        rows.append(Row((
            Cell(language.text("Total")), Cell("", number=True),
            Cell(str(sum(len(one.items) for one in record.reminders)), number=True),
            *(Cell(language.money(cents), number=True) for cents in sums), Cell(""), Cell(""), Cell(""),
        ), sum=True))  # fmt: skip
    lead = "" if rows else language.text("No letter was due.")
    return Section(language.text("Letters"), (_capped(heads, rows, language),) if rows else (), lead)


def _doubtful_first(record: Record) -> list[tuple[Reminder, Outcome]]:
    """Letters in their order, but those of which nobody knows before all others: a person decides on them."""
    pairs = zip(record.reminders, record.outcomes, strict=True)
    return sorted(pairs, key=lambda pair: pair[1].result != "uncertain")


def _recipient(reminder: Reminder, outcome: Outcome, language: Language) -> str:
    """Where it went: by post, or to which addresses."""
    return language.message(CHANNELS["zip"]) if reminder.channel == "zip" else outcome.recipient


def _capped(
    heads: tuple[Cell, ...], rows: Sequence[Row], language: Language, title: str = "", *, shown: bool = True
) -> Group:
    more = len(rows) - _MOST_ROWS
    text = language.text("{count} more: see run.json.", count=more) if more > 0 else ""
    kept = (*rows[:_MOST_ROWS], *(row for row in rows[_MOST_ROWS:] if row.sum))
    return Group(heads, tuple(kept), title, shown, text)


def _waiting(record: Record, names: dict[str, str], language: Language) -> Section | None:
    return _by_reason(record, names, language, language.text("What waits"), _WAITING)


def _left_out(record: Record, names: dict[str, str], language: Language) -> Section | None:
    reasons = [reason for reason in REASONS if reason not in ("remind", *_WAITING)]
    return _by_reason(record, names, language, language.text("Who was left out, and why"), reasons)


def _by_reason(
    record: Record, names: dict[str, str], language: Language, title: str, reasons: Iterable[Reason]
) -> Section | None:
    found: dict[Reason, list[Decision]] = defaultdict(list)
    for one in record.plan.decisions:
        found[one.reason].append(one)
    heads = _heads(
        language, (language.text("Customer"), False), (language.text("Piece"), False), (language.text("Due"), False),
        (language.text("Days late"), True), (language.text("Open"), True), (language.text("Level"), True),
        (language.text("Why"), False),
    )  # fmt: skip
    groups = [
        _capped(heads, [_decision_row(one, names, language) for one in found[reason]], language,
                _reason_title(reason, found[reason], language), shown=len(found[reason]) <= 20)
        for reason in reasons if found.get(reason)
    ]  # fmt: skip
    return Section(title, tuple(groups)) if groups else None


def _reason_title(reason: Reason, decisions: Sequence[Decision], language: Language) -> str:
    return language.text(
        "{reason}: {count:item|items}, {open:money}",
        reason=REASONS[reason],
        count=len(decisions),
        open=sum(one.item.open for one in decisions),
    )


def _decision_row(one: Decision, names: dict[str, str], language: Language) -> Row:
    item = one.item
    return Row((
        Cell(f"{names.get(item.customer, '')} ({item.customer})"), Cell(item.piece or item.label),
        Cell(language.date(item.due)), Cell(str(one.days_overdue), number=True),
        Cell(language.money(item.open), number=True), Cell(str(one.history.last_level), number=True),
        Cell(reason_text(one, language)),
    ))  # fmt: skip


def _problems(record: Record, language: Language) -> Section | None:
    heads = _heads(
        language, (language.text("Kind"), False), (language.text("Where"), False), (language.text("Customer"), False),
        (language.text("What"), False),
    )  # fmt: skip
    words = {"error": language.text("error"), "warning": language.text("warning"), "notice": language.text("notice")}
    order = list(words)
    found = sorted(problem_list(record.problems, language), key=lambda one: order.index(one["severity"]))
    rows = [
        Row((
            Cell(words[one["severity"]], tag=one["severity"]), Cell(_place(one["file"], one["line"]), place=True),
            Cell(one["customer"] or ""), Cell(one["message"]),
        ))
        for one in found
    ]  # fmt: skip
    return Section(language.text("Checks"), (_capped(heads, rows, language),)) if rows else None


def _place(file: str | None, line: int | None) -> str:
    return f"{file or ''}:{line}" if line else file or ""


def _inputs(record: Record, language: Language) -> Section:
    heads = _heads(
        language, (language.text("File"), False), (language.text("Form"), False), (language.text("Lines"), True),
        (language.text("First entry"), False), (language.text("Last entry"), False), ("SHA-256", False),
    )  # fmt: skip
    rows = [
        Row((
            Cell(file.name, place=True), Cell(file.dialect), Cell(str(file.lines), number=True),
            Cell(language.date(file.first) if file.first else ""), Cell(language.date(file.last) if file.last else ""),
            Cell(file.sha256[:16] + "…"),
        ))
        for file in record.files
    ]  # fmt: skip
    return Section(language.text("What was read"), (Group(heads, tuple(rows)),))


def _balance(record: Record, language: Language) -> Section:
    """The invariant, with its figures: an accountant checks it against the ledger."""
    names = (
        ("balance", language.text("balance of the customer accounts")), ("open", language.text("open items")),
        ("unallocated", language.text("less what customers have in credit")),
        ("lettered_elsewhere", language.text("lettered with payments of another year")),
        ("settled_differences", language.text("differences settled by the tolerance")),
    )  # fmt: skip
    rows = [
        Row(
            (
                Cell(text),
                Cell(language.money(sum(getattr(one, name) for one in record.settlement.balances)), number=True),
            )
        )
        for name, text in (*names[1:], names[0])
    ]
    rows[-1] = Row(rows[-1].cells, sum=True)
    heads = _heads(language, (language.text("Sum"), False), ("€", True))
    lead = language.text("These figures add up to the balance of the ledger for every customer, to the cent.")
    return Section(language.text("Reconciliation"), (Group(heads, tuple(rows)),), lead)
