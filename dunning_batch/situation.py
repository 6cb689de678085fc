"""What is read and decided before anything is written: the first half of every command."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from dunning_batch.config import Settings, for_accounting, with_filters
from dunning_batch.core.allocation import Application, allocate
from dunning_batch.core.customer_doubts import doubt_names, unknown_customers, without_unknown
from dunning_batch.core.customers import Customer
from dunning_batch.core.diagnosis import diagnose
from dunning_batch.core.guards import stale_since
from dunning_batch.core.identity import Recall, recall
from dunning_batch.core.invoicecopies import Compared, problems_of
from dunning_batch.core.ledger import Ledger
from dunning_batch.core.openitems import Settlement
from dunning_batch.core.paidlists import settle_paid
from dunning_batch.core.paidsigns import vanished
from dunning_batch.core.policy import By, History, Plan, decide, limited
from dunning_batch.core.settling import settle
from dunning_batch.errors import Problem
from dunning_batch.files import make_folder, refuse_link, sha256_of
from dunning_batch.language import language
from dunning_batch.ledgerfiles import ledger_files
from dunning_batch.reading.customers import Customers, read_customers
from dunning_batch.reading.reader import read_ledger
from dunning_batch.reading.sheets import Sheet, read_file, read_sheets
from dunning_batch.registering import numbers_filled_in
from dunning_batch.reports.record import Record
from dunning_batch.state.advancing import Raised, advance, planned_rows
from dunning_batch.state.journal import Body, Clock, Journal
from dunning_batch.state.legacy import coded, unmatched
from dunning_batch.state.marks import Look
from dunning_batch.state.memory import Memory, fold, take_numbers
from dunning_batch.state.reading import Mark, book_of, mark_of
from dunning_batch.state.reconciling import Reconciled, reconcile
from dunning_batch.state.rows import Row
from dunning_batch.wording import reason_text

JOURNAL = "journal.sqlite"
_OWN = ("selection", "limit", "dry_run", "by", "redirect_to")  # typed for a run as a whole


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked of a command beside the configuration."""

    as_of: date
    clock: Clock
    selection: Path | None = None  # a ticked plan
    limit: int | None = None  # at most so many letters
    dry_run: bool = False
    by: By = "any"  # how a run delivers
    redirect_to: str = ""  # every e-mail goes there, and no level rises
    filters: Mapping[str, Any] = field(default_factory=dict)  # those that were typed
    planned: Mapping[str, int] | None = None  # of the run that is resumed: key of each item -> level of its reminder

    @property
    def resuming(self) -> bool:
        """The run that was cut is looked at itself: what is uncertain of it is no reason."""
        return self.planned is not None

    @property
    def leaves_no_trace(self) -> bool:
        """Letters and messages are made, and the state of the dossier stays as it is."""
        return self.dry_run or bool(self.redirect_to)


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that was read and decided."""

    settings: Settings
    request: Request
    ledger: Ledger
    customers: dict[str, Customer]
    customers_sha256: str
    settlement: Settlement
    applications: Sequence[Application]
    journal: Journal
    memory: Memory
    reconciled: Reconciled
    recall: Recall
    plan: Plan
    problems: tuple[Problem, ...]
    emails: Mapping[str, str]  # of customers, as invoice copies have them

    @property
    def names(self) -> dict[str, str]:
        """The name of each customer: the customers file's, else the ledger's."""
        names = {balance.code: balance.name for balance in self.settlement.balances}
        return names | {code: one.name for code, one in self.customers.items() if one.name}

    @property
    def look(self) -> Look:
        """Of the workbooks."""
        return Look(self.settings.language, len(self.settings.policy.levels))

    def rows_after(self, raised: Raised, reminders: Iterable[Body] = ()) -> dict[str, Row]:
        """The rows of the levels workbook once items are reminded.

        Args:
            raised: Key -> level, and how.
            reminders: Those of a past run: their items may be paid by now.
        """
        known, spoken = planned_rows(reminders) | self.reconciled.rows, language(self.settings.language)
        return advance(self.plan, self.recall, raised, known, self.names, self.settings.policy, spoken)


def request_of(settings: Settings, clock: Clock, typed: dict[str, Any]) -> tuple[Settings, Request]:
    """The settings with the filters that were typed, and the rest of what was typed. Raises UsageError."""
    own = {name: typed[name] for name in _OWN if typed.get(name) is not None}
    filters = {name: value for name, value in typed.items() if name not in {"as_of", *_OWN} and value not in (None, ())}
    request = Request(typed["as_of"] or clock().date(), clock, filters=filters, **own)
    return with_filters(settings, **filters), request


def look(settings: Settings, request: Request) -> Situation:
    """Read everything and decide. Raises every DunningError; writes nothing."""
    copies = _with_copies(settings, _read_ledger(settings))
    ledger = copies.ledger
    settings = for_accounting(settings, ledger.accounting)
    settings = replace(settings, policy=replace(settings.policy, by=request.by))
    customers = _read_customers(settings)
    terms = {code: customer.terms for code, customer in customers.by_code.items() if customer.terms}
    settlement, applications = _settled(settings, ledger, terms)
    names = {one.code: one.name for one in settlement.balances}
    journal = journal_of(settings, request.clock)
    memory = fold(journal.events)
    by_code, doubts = _doubted(customers, names, memory)
    reconciled = read_state(settings, journal, memory)
    listed = coded(reconciled.remembered, names)
    recalled = recall(settlement.items, listed, dossier_id(settings))
    histories = recalled.histories if request.resuming else _in_doubt(recalled.histories, memory)
    decided = partial(decide, settlement, applications, histories, by_code, settings.policy, request.as_of)
    plan = _planned(settings, request, decided)
    signs = diagnose(
        ledger, settlement, applications, request.as_of, settings.dunning.stale_after_days, by_code,
        settings.policy.levels,
    )  # fmt: skip
    problems = (
        *settings.problems, *ledger.problems, *customers.problems, *doubts, *unknown_customers(by_code, names.keys()),
        *problems_of(copies, settlement.items, by_code),
        *settlement.problems, *reconciled.problems, *recalled.problems,
        *unmatched(listed, recalled.settled, shown(settings, settings.levels)),
        *_vanished(ledger, recalled), *signs,
    )  # fmt: skip
    return Situation(
        settings, request, ledger, by_code, customers.sha256, settlement, applications, journal, memory, reconciled,
        recalled, plan, problems, {code: address for code, (address, _) in copies.emails.items()},
    )  # fmt: skip


def _doubted(
    customers: Customers, names: Mapping[str, str], memory: Memory
) -> tuple[dict[str, Customer], tuple[Problem, ...]]:
    """The customers by code: held where their name is another one, without the addresses that nobody knows."""
    by_code, other_names = doubt_names(customers.by_code, names)
    by_code, unknown = without_unknown(by_code, memory.unknown_addresses)
    return by_code, (*other_names, *unknown)


def _planned(settings: Settings, request: Request, decided: Callable[..., Plan]) -> Plan:
    """What is decided, less what a ticked plan or a limit leaves out; what the run that is resumed had planned."""
    if request.planned is not None:
        return decided(request.planned)
    plan = decided()
    if request.selection:
        plan = decided(_selected(settings, request.selection, plan))
    return plan if request.limit is None else limited(plan, request.limit)


def _settled(settings: Settings, ledger: Ledger, terms: Mapping[str, str]) -> tuple[Settlement, Sequence[Application]]:
    """What is owed, by lettering or by what a list says is paid (rules B or C), and what credits cover of it (F6)."""
    if ledger.accounting == "cash":
        return settle_paid(ledger, terms, settings.default_terms), ()
    settlement = settle(ledger, settings.ledger.rules, terms, settings.default_terms)
    return settlement, allocate(settlement)


def _in_doubt(histories: Sequence[History], memory: Memory) -> Sequence[History]:
    """The histories; those of items whose last reminder may have arrived say so (`delivery_uncertain`)."""
    run = memory.unfinished
    doubtful = {one["id"]: one["items"] for one in run.reminders if one["id"] in run.uncertain} if run else {}
    keys = {item["key"] for items in doubtful.values() for item in items}
    return [replace(one, uncertain=True) if one.key in keys else one for one in histories] if keys else histories


def _vanished(ledger: Ledger, recalled: Recall) -> Iterable[Problem]:
    """In a ledger, what was paid is still there; a list may have dropped it."""
    return vanished(ledger, recalled.settled) if ledger.accounting == "cash" else ()


def read_state(settings: Settings, journal: Journal, memory: Memory) -> Reconciled:
    """The journal and the levels workbook, or the legacy list in its place. Raises InputError and StateError."""
    path, name = settings.levels, shown(settings, settings.levels)
    book, digest = None, ""
    if path.exists():
        data = read_file(path, name)
        book, digest = book_of(*_sheets(data, name), len(settings.policy.levels)), sha256_of(data)
    found = reconcile(journal.events, memory, book, dossier_id(settings), name, digest)
    numbers = numbers_filled_in(settings, memory)
    for one in numbers:
        take_numbers(memory, one["run"], one["numbers"])
    return replace(found, numbers=numbers)


def _sheets(data: bytes, name: str) -> tuple[tuple[Sheet, ...], Mark | None]:
    return read_sheets(data, name), None if name.lower().endswith(".csv") else mark_of(data)


def _selected(settings: Settings, path: Path, plan: Plan) -> dict[str, int]:
    """What is ticked in a plan. Raises InputError where it no longer agrees with the ledger (fault 122)."""
    from dunning_batch.state.plan import selection  # noqa: PLC0415 - most commands load no library of workbooks

    name = shown(settings, path.absolute())
    sheets, mark = _sheets(read_file(path, name), name)
    return selection(sheets, mark, dossier_id(settings), plan.decisions, len(settings.policy.levels))


def shown(settings: Settings, path: Path) -> str:
    """A path as users see it."""
    return path.relative_to(settings.root).as_posix() if path.is_relative_to(settings.root) else str(path)


def journal_of(settings: Settings, clock: Clock) -> Journal:
    """The dossier's journal, verified. Raises StateError."""
    return Journal(settings.output / JOURNAL, dossier_id(settings), clock, settings.creditor.name)


def dossier_id(settings: Settings) -> str:
    """What tells this dossier from another: the creditor's SIREN, else its name."""
    return settings.creditor.siren or settings.creditor.name


def _read_ledger(settings: Settings) -> Ledger:
    rules = settings.ledger
    return read_ledger(ledger_files(settings), settings.root, rules.rules, rules.columns, settings.creditor.siren)


def _with_copies(settings: Settings, ledger: Ledger) -> Compared:
    """The ledger with what the invoice copies add to it."""
    if not settings.letters.invoice_copies:
        return Compared(ledger, {}, {})
    from dunning_batch.reading.facturx import with_copies  # noqa: PLC0415 - most dossiers need no reader of PDF

    return with_copies(ledger, settings.root, settings.letters.invoice_copies, settings.creditor.siren)


def _read_customers(settings: Settings) -> Customers:
    return read_customers(settings.customers_file, settings.root) if settings.customers_file else Customers({})


def record_of(situation: Situation) -> Record:
    """What `status` tells."""
    settings = situation.settings
    return Record(
        as_of=situation.request.as_of,
        accounting=situation.ledger.accounting,
        files=situation.ledger.files,
        settlement=situation.settlement,
        customers=situation.customers,
        plan=situation.plan,
        problems=situation.problems,
        dry_run=situation.request.dry_run,
        stale_since=stale_since(
            situation.ledger.files,
            situation.request.as_of,
            settings.dunning.stale_after_days,
            situation.ledger.accounting,
        ),
    )


def write_plan(situation: Situation) -> Path:
    """The review workbook of the day; what it would replace is kept beside it."""
    from dunning_batch.state.plan import plan_bytes, put_plan  # noqa: PLC0415 - see `_selected`

    settings, spoken = situation.settings, language(situation.settings.language)
    path = settings.output / f"plan-{situation.request.as_of.isoformat()}.xlsx"
    make_folder(settings.output)
    refuse_link(path, settings.output)
    data = plan_bytes(
        situation.plan,
        situation.rows_after({}),
        lambda one: reason_text(one, spoken),
        dossier_id(settings),
        situation.look,
    )
    put_plan(path, data)
    return path
