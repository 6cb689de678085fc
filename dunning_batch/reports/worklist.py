"""The work list of the accountant: one row a lettering to accept in the accounting package, or a sign to look at."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from dunning_batch.core.money import decimal_text
from dunning_batch.core.proposals import PROPOSED, RELATIONS, Proposal
from dunning_batch.core.signlines import Sign
from dunning_batch.errors import Message, Source, msg
from dunning_batch.language import Language
from dunning_batch.reports.tables import Column, Value, xlsx_bytes

COLUMNS = (
    Column(msg("Group"), "number", 8),
    Column(msg("Customer"), width=14),
    Column(msg("Name"), width=28),
    Column(msg("Sign"), width=30),
    Column(msg("Amount"), "money", 14),
    Column(msg("Payment"), width=28),
    Column(msg("Of"), "date"),
    Column(msg("Found by"), width=32),
    Column(msg("Invoices"), width=28),
    Column(msg("Rest"), "money", 14),
    Column(msg("Lines"), width=32),
    Column(msg("To do"), width=70),
)
_TITLES: dict[str, Message] = {
    PROPOSED: msg("Payment to letter"),
    "group_unbalanced": msg("Lettering that does not balance"),
    "code_on_two_accounts": msg("Code on two accounts"),
    "codes_reused": msg("Codes used again"),
    "lettering_date_alone": msg("Date of lettering without a code"),
    "lettered_elsewhere": msg("Lettered in another year"),
    "credit_fits_several": msg("Payment that may fit several invoices"),
    "lettering_doubt": msg("Payment that fits no invoice"),
    "account_in_credit": msg("Account in credit"),
    "lines_without_customer": msg("Lines without a customer"),
    "invoices_without_piece": msg("Invoices without a number"),
    "opening_mismatch": msg("Opening balance that differs"),
    "not_lettered": msg("Ledger that is not lettered"),
    "years_overlap": msg("Years that overlap"),
    "bank_entries_old": msg("Old bank entries"),
    "list_old": msg("Old list"),
    "credit_note_left": msg("Credit note not used"),
    "credit_note_deducted": msg("Credit note to mark as used"),
    "invoice_rows_alike": msg("Rows alike"),
    "invoices_vanished": msg("Invoices no longer listed"),
    "paid_too_much": msg("Paid too much"),
    "paid_in_part_and_whole": msg("Paid in part and in whole"),
}
_SHOWN = 20  # lines in one cell


@dataclass(frozen=True, slots=True)
class WorkList:
    """What is to be lettered, and what else is to be looked at."""

    proposals: Sequence[Proposal]
    signs: Sequence[Sign]
    names: Mapping[str, str]  # of customers, by code


def worklist_xlsx(work: WorkList, language: Language) -> bytes:
    """As a workbook with a filter: proposals first, each part by amount."""
    return xlsx_bytes(language.text("Work list"), COLUMNS, _rows(work, language), language)


def _rows(work: WorkList, language: Language) -> Iterator[tuple[Value, ...]]:
    title = language.message(_TITLES[PROPOSED])
    for one in work.proposals:
        yield (
            one.group, one.credit.customer, work.names.get(one.credit.customer, ""), title, one.amount,
            one.credit.label, one.credit.date, f"{one.number} - {language.message(RELATIONS[one.number])}",
            ", ".join(item.piece or item.label for item in one.items), one.rest, _places(_sources(one)),
            language.message(_advice(one)),
        )  # fmt: skip
    for sign in work.signs:
        problem = sign.problem
        yield (
            None, problem.customer, work.names.get(problem.customer, ""), language.message(_TITLES[problem.code]),
            sign.amount, None, None, None, None, None, _places(sign.lines), language.message(problem.message),
        )  # fmt: skip


def _advice(one: Proposal) -> Message:
    """What is to be done with a group."""
    if one.rest == 0:
        return msg("Letter all lines of group {group} together: they balance.", group=one.group)
    if one.rest > 0:
        return msg(
            "Letter all lines of group {group} together, in part: {rest:money} stay owed.",
            group=one.group,
            rest=one.rest,
        )
    return msg(
        "Letter all lines of group {group} together, in part: {rest:money} stay in credit.",
        group=one.group,
        rest=-one.rest,
    )


def _sources(one: Proposal) -> tuple[Source, ...]:
    return (one.credit.source, *(item.source for item in one.items))


def _places(sources: Sequence[Source]) -> str:
    """`input/ledger.txt:12, 15, 19`; each file is named once where its lines stand together."""
    parts = []
    for file, lines in groupby(sources[:_SHOWN], key=lambda source: source.file):
        numbers = ", ".join(str(source.line) for source in lines if source.line is not None)
        parts.append(f"{file}:{numbers}" if numbers else file)
    return "; ".join(parts) + (", ..." if len(sources) > _SHOWN else "")


def worklist_json(work: WorkList, language: Language) -> list[dict[str, Any]]:
    """As a part of the JSON document, in the same order and with every line."""
    return [*_proposals(work, language), *_signs(work, language)]


def _proposals(work: WorkList, language: Language) -> Iterator[dict[str, Any]]:
    for one in work.proposals:
        credit = one.credit
        yield _entry(work, PROPOSED, credit.customer, one.amount, _sources(one), language.message(_advice(one))) | {
            "group": one.group,
            "pass": one.number,
            "credit": {"reference": credit.piece, "label": credit.label, "date": credit.date.isoformat(),
                       "amount": decimal_text(credit.amount)},
            "items": [{"reference": item.piece, "due": item.due.isoformat(), "open": decimal_text(item.open)}
                      for item in one.items],
            "rest": decimal_text(one.rest),
        }  # fmt: skip


def _signs(work: WorkList, language: Language) -> Iterator[dict[str, Any]]:
    for sign in work.signs:
        problem = sign.problem
        message = language.message(problem.message)
        yield _entry(work, problem.code, problem.customer, sign.amount, sign.lines, message) | {
            "group": None, "pass": None, "credit": None, "items": [], "rest": None,
        }  # fmt: skip


def _entry(
    work: WorkList, code: str, customer: str, amount: int | None, lines: Iterable[Source], message: str
) -> dict[str, Any]:
    return {
        "sign": code,
        "customer": customer or None,
        "name": work.names.get(customer),
        "amount": None if amount is None else decimal_text(amount),
        "lines": [str(source) for source in lines],
        "message": message,
    }
