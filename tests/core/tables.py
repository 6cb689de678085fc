"""A ledger from a text table, as the acceptance cases have them, without a reader.

Columns, any order, all optional: jnl, num, date, piece_date, due, account, customer, name, piece, label, debit, credit,
let, let_date, counter. A blank cell takes a default, `-` is really empty. `counter` names the accounts that balance the
line: `512`, `707+4457`, ...; the lines of an entry share what their counters stand on.
"""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd

from dunning_batch.core.ledger import PLACEHOLDERS, Counterpart, Ledger, LedgerFile, LedgerRules, is_opening_journal
from dunning_batch.core.settling import settle

NAME = "input/123456782FEC20261231.txt"
DAY = date.fromisoformat


def rows_of(table):
    """The rows of a table drawn with bars, the first line naming the columns."""
    lines = [line for line in table.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    head, *rows = [[cell.strip(" ") for cell in line.split("|")] for line in lines]
    assert all(len(row) == len(head) for row in rows), "a row has another number of cells than the head"
    return [dict(zip(head, row, strict=True)) for row in rows]


def cents(euros):
    return int(Decimal(euros or "0") * 100)


def ledger_of(*tables, names=(NAME,), closings=None):
    """The ledger of one table a file, in the order of their dates; `closings` as in the files' names, None for none."""
    names = names if len(names) == len(tables) else [f"input/{number}.txt" for number in range(len(tables))]
    closings = closings or [None] * len(tables)
    lines, files = [], []
    for number, (table, name, closing) in enumerate(zip(tables, names, closings, strict=True)):
        own = [_line(number, place, row) for place, row in enumerate(rows_of(table), 2)]
        _share_counterparts(own)
        lines += [line for line in own if line["amount"]]
        files.append(_file(name, own, closing))
    return Ledger(_frame(lines), tuple(files), "accrual")


def _line(file, place, row):
    def cell(name, default=""):
        text = row.get(name, "") or default
        return "" if text == "-" else text

    day, journal, customer = cell("date"), cell("jnl"), cell("customer")
    piece = cell("piece")
    return {
        "file": file, "line": place, "journal": journal, "opening": is_opening_journal(journal, "", ()),
        "key": (journal, cell("num", str(place)), day, piece), "date": day, "piece_date": cell("piece_date", day),
        "due": cell("due"), "account": cell("account", "411000"), "customer": customer or cell("account", "411000"),
        "nobody": not customer, "name": cell("name", customer), "piece": "" if piece in PLACEHOLDERS else piece,
        "label": cell("label", "Vente"), "amount": cents(cell("debit")) - cents(cell("credit")), "code": cell("let"),
        "code_date": cell("let_date"), "counterparts": _bits(cell("counter")),
    }  # fmt: skip


def _bits(counter):
    bits = 0
    for account in filter(None, counter.split("+")):
        known = {"7": Counterpart.SALES, "5": Counterpart.BANK}
        bits |= Counterpart.VAT if account.startswith("4457") else known.get(account[0], Counterpart.OTHER)
    return int(bits)


def _share_counterparts(lines):
    bits = defaultdict(int)
    for line in lines:
        bits[line["key"]] |= line["counterparts"]
    for line in lines:
        line["counterparts"] = 0 if line["opening"] else bits[line["key"]]


def _file(name, lines, closing):
    days = [DAY(line["date"]) for line in lines if not line["opening"]]
    bank = [DAY(line["date"]) for line in lines if line["counterparts"] & Counterpart.BANK]
    opens = any(line["opening"] for line in lines)
    first, last = min(days, default=None), max(days, default=None)
    return LedgerFile(
        name, "", len(lines), "FEC", first, last, closing and DAY(closing), max(bank, default=None), opens
    )


def _frame(lines):
    columns = ("file line journal opening key date piece_date due account customer nobody name piece label amount code "
               "code_date counterparts").split()  # fmt: skip
    table = {name: [line[name] for line in lines] for name in columns}
    entries = _numbers(zip(table["file"], table["key"], strict=True))
    keys = _numbers(table.pop("key"))
    frame = pd.DataFrame(table)
    for name in ("date", "piece_date", "due", "code_date"):
        frame[name] = np.array([text or "NaT" for text in table[name]], "datetime64[s]")
    for name in ("journal", "account", "customer", "name"):
        frame[name] = pd.Categorical(table[name], categories=sorted(set(table[name])))
    for name in ("piece", "label", "code"):
        frame[name] = frame[name].astype("str")
    kinds = {"file": "int16", "line": "int64", "amount": "int64", "counterparts": "uint8", "opening": "bool",
             "nobody": "bool"}  # fmt: skip
    return frame.astype(kinds).assign(entry=entries, entry_key=keys)


def _numbers(values):
    known = {}
    return np.array([known.setdefault(value, len(known)) for value in values], np.int64)


def settled(*tables, tolerance=0, terms=None, default="30 days", names=(NAME,), closings=None):
    """What `settle` makes of tables."""
    ledger = ledger_of(*tables, names=names, closings=closings)
    return settle(ledger, LedgerRules(tolerance=tolerance), terms or {}, default)


def opened(settlement):
    """What is open of each item, in cents, by customer and piece; a list where several share them."""
    found = defaultdict(list)
    for item in settlement.items:
        found[f"{item.customer}/{item.piece}"].append(item.open)
    return {name: amounts[0] if len(amounts) == 1 else sorted(amounts) for name, amounts in found.items()}


def unallocated(settlement):
    """What is left of each credit, in cents, by customer and piece."""
    return {f"{credit.customer}/{credit.piece}": credit.amount for credit in settlement.credits}


def totals(settlement):
    """Ledger balance, open, unallocated, lettered elsewhere, settled differences, in cents."""
    names = ("balance", "open", "unallocated", "lettered_elsewhere", "settled_differences")
    return tuple(sum(getattr(one, name) for one in settlement.balances) for name in names)


def codes_of(settlement):
    """The problems, as (code, customer)."""
    return [(problem.code, problem.customer) for problem in settlement.problems]
