"""Small items, credits, histories and settlements for the tests of the rules. Amounts are written in euros."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from dunning_batch.core.allocation import Application
from dunning_batch.core.openitems import Credit, CustomerBalance, OpenItem, Settlement
from dunning_batch.core.policy import Decision, Filters, History, Level, Plan, Policy, decide
from dunning_batch.errors import Source

DAY = date.fromisoformat


def cents(euros):
    return int(Decimal(str(euros)) * 100)


def item(customer, piece, due, open_, *, issued=None, amount=None, kind="invoice", payments=(), order=0):
    return OpenItem(
        customer=customer,
        account="411000",
        piece=piece,
        label="Vente",
        kind=kind,
        issued=DAY(issued or due),
        due=DAY(due),
        due_source="ledger",
        amount=cents(open_ if amount is None else amount),
        open=cents(open_),
        payments=tuple((DAY(day), cents(paid)) for day, paid in payments),
        order=order,
        source=Source("ledger.txt", order + 2),
    )


def credit(customer, day, amount, piece="", label="Virement", order=100):
    return Credit(customer, piece, label, "payment", DAY(day), cents(amount), order, Source("ledger.txt", order + 2))


def settlement(items, credits_=(), names=None, nobodies=()):
    items, credits_ = tuple(items), tuple(credits_)
    open_, unallocated = defaultdict(int), defaultdict(int)
    for one in items:
        open_[one.customer] += one.open
    for one in credits_:
        unallocated[one.customer] += one.amount
    balances = tuple(
        CustomerBalance(
            code,
            (names or {}).get(code, code.title()),
            code in nobodies,
            open_[code] - unallocated[code],
            open_[code],
            unallocated[code],
            0,
            0,
        )
        for code in sorted(open_.keys() | unallocated.keys())
    )
    return Settlement(items, credits_, balances)


def levels(*changes):
    """The four default levels of the configuration; each change is a dict for the level of its rank."""
    days, gaps = (1, 15, 30, 45), (0, 15, 15, 15)
    return tuple(
        Level(
            **{
                "number": rank,
                "name": f"Niveau {rank}",
                "template": f"level{rank}",
                "min_days_overdue": days[rank - 1],
                "min_days_since_previous": gaps[rank - 1],
                "registered": rank == 4,
                "show_penalties": rank >= 3,
            }
            | (changes[rank - 1] if rank <= len(changes) else {})
        )
        for rank in range(1, 5)
    )


def policy(**changes):
    filters = {name: changes.pop(name) for name in list(changes) if name in Filters.__dataclass_fields__}
    return Policy(**{"levels": levels(), "filters": Filters(**filters)} | changes)


def plan_of(items, as_of, *, credits_=(), applied=(), histories=None, known=(), selection=None, **rules):
    """A plan; `applied` is (credit, item, euros, pass) each, `histories` maps the rank of an item to its History,
    `known` is the customers file."""
    settled = settlement(items, credits_, nobodies=rules.pop("nobodies", ()))
    given = histories or {}
    return decide(
        settled,
        [Application(one, other, cents(amount), number) for one, other, amount, number in applied],
        [given.get(index, History(f"K{index}")) for index in range(len(settled.items))],
        {customer.code: customer for customer in known},
        policy(**rules),
        DAY(as_of),
        selection,
    )


def reasons(plan: Plan):
    """Piece -> reason of each decision."""
    return {decision.item.piece: decision.reason for decision in plan.decisions}


def letters(plan: Plan):
    """Customer, level and pieces of each letter."""
    return [
        (dunning.customer, dunning.level.number, [decision.item.piece for decision in dunning.decisions])
        for dunning in plan.dunnings
    ]


def decision_of(plan: Plan, piece) -> Decision:
    return next(decision for decision in plan.decisions if decision.item.piece == piece)
