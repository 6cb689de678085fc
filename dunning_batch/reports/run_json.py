"""`run.json`, and what `--format json` prints: one document that scripts may rely on (schema 1)."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any

from dunning_batch.core.customers import Customer
from dunning_batch.core.money import decimal_text
from dunning_batch.core.policy import Decision
from dunning_batch.core.reminders import Outcome, Reminder
from dunning_batch.errors import Problem
from dunning_batch.language import Language
from dunning_batch.reports.record import Record

SCHEMA = 1
_AT_ONCE = 500  # records of a list
RESULT = "run.json"  # in the folder of a run


def document(record: Record, language: Language) -> dict[str, Any]:
    """Everything that a record tells; `reminders` only where it is one of a run.

    What may be long is worked out when it is dumped, one after the other, once.
    """
    found = {
        "schema": SCHEMA,
        "run": record.run or None,
        "as_of": record.as_of.isoformat(),
        "dry_run": record.dry_run,
        "accounting": record.accounting,
        "inputs": [{"file": file.name, "sha256": file.sha256, "lines": file.lines, "dialect": file.dialect}
                   for file in record.files],
        "totals": totals(record),
        "customers": _customers(record, language),
        "items": map(_item, record.plan.decisions),
        "unallocated": [
            {"customer": credit.customer, "reference": credit.piece, "kind": credit.kind,
             "date": credit.date.isoformat(), "amount": decimal_text(credit.amount), "label": credit.label}
            for credit in record.settlement.credits
        ],
        "problems": problem_list(record.problems, language),
    }  # fmt: skip
    if record.run:
        pairs = zip(record.reminders, record.outcomes, strict=True)
        found["reminders"] = (_reminder(reminder, outcome, language) for reminder, outcome in pairs)
    return found


def failure(problems: Iterable[Problem], language: Language) -> dict[str, Any]:
    """The document of a command that stopped."""
    return {"schema": SCHEMA, "problems": problem_list(problems, language)}


def dump(found: dict[str, Any]) -> bytes:
    """A document as UTF-8, one line, ended by a line end."""
    return b"".join(dumped(found))


def dumped(found: dict[str, Any]) -> Iterator[bytes]:
    """The same bit by bit: a document of 50 000 items takes no more memory than one of 50."""
    before = "{"
    for name, value in found.items():
        yield f'{before}"{name}": '.encode()
        yield from _listed(value) if isinstance(value, Iterator) else (_json(value).encode(),)
        before = ", "
    yield b"}\n"


def _listed(things: Iterator[object]) -> Iterator[bytes]:
    before = "["
    while some := list(islice(things, _AT_ONCE)):
        yield f"{before}{', '.join(map(_json, some))}".encode()
        before = ", "
    yield b"]" if before == ", " else b"[]"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def totals(record: Record) -> dict[str, str]:
    """Sums over all customers and items."""
    balances, decisions = record.settlement.balances, record.plan.decisions
    cents = {
        "ledger_balance": sum(one.balance for one in balances),
        "open": sum(one.open for one in balances),
        "unallocated": sum(one.unallocated for one in balances),
        "lettered_elsewhere": sum(one.lettered_elsewhere for one in balances),
        "settled_differences": sum(one.settled_differences for one in balances),
        "overdue": int(decisions.items.open[decisions.days_overdue >= 1].sum()),
        "covered": int(decisions.covered.sum()),
        "reminded": int(decisions.asked[decisions.where("remind")].sum()),
        "penalties": sum(one.penalties for one in record.reminders),
        "indemnities": sum(one.indemnity for one in record.reminders),
    }
    return {name: decimal_text(amount) for name, amount in cents.items()}


def _customers(record: Record, language: Language) -> Iterator[dict[str, Any]]:
    for one in record.settlement.balances:
        customer = record.customers.get(one.code) or Customer(one.code)
        yield {
            "code": one.code,
            "name": customer.name or one.name,
            "balance": decimal_text(one.balance),
            "open": decimal_text(one.open),
            "unallocated": decimal_text(one.unallocated),
            "lettered_elsewhere": decimal_text(one.lettered_elsewhere),
            "settled_differences": decimal_text(one.settled_differences),
            "type": customer.type,
            "language": customer.language or language.code,
            "email": list(customer.emails),
        }


def _item(decision: Decision) -> dict[str, Any]:
    item, history = decision.item, decision.history
    return {
        "key": history.key,
        "customer": item.customer,
        "reference": item.piece,
        "kind": item.kind,
        "issued": item.issued.isoformat(),
        "due": item.due.isoformat(),
        "due_source": item.due_source,
        "amount": decimal_text(item.amount),
        "open": decimal_text(item.open),
        "covered": decimal_text(decision.covered),
        "asked": decimal_text(decision.asked),
        "days_overdue": decision.days_overdue,
        "last_level": history.last_level,
        "last_reminded": _day(history.last_reminded),
        "next_level": decision.next_level,
        "next_date": _day(decision.next_date),
        "decision": decision.reason,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _reminder(reminder: Reminder, outcome: Outcome, language: Language) -> dict[str, Any]:
    return {
        "customer": reminder.customer.code,
        "level": reminder.level.number,
        "channel": reminder.channel,
        "registered": reminder.level.registered,
        "items": [one.decision.history.key for one in reminder.items],
        "open": decimal_text(reminder.open),
        "credits": decimal_text(reminder.credits),
        "penalties": decimal_text(reminder.penalties),
        "indemnity": decimal_text(reminder.indemnity),
        "total": decimal_text(reminder.total),
        "document": outcome.document or None,
        "recipient": outcome.recipient or None,
        "result": outcome.result,
        "message_id": outcome.reference or None,
        "error": language.message(outcome.error) if outcome.error else None,
    }


def problem_list(problems: Iterable[Problem], language: Language) -> list[dict[str, Any]]:
    """Problems with their messages in the user's language; the cell of a sheet stands before the message."""
    return [
        {
            "severity": problem.severity,
            "code": problem.code,
            "message": _with_cell(problem, language),
            "file": problem.source.file or None,
            "line": problem.source.line,
            "customer": problem.customer or None,
        }
        for problem in problems
    ]


def _with_cell(problem: Problem, language: Language) -> str:
    source = problem.source
    cell = f"{source.sheet}!{source.cell}: " if source.sheet and source.cell else ""
    return cell + language.message(problem.message)
