"""What the customers file says of a customer, and what holds when it says nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from dunning_batch.errors import Source

CustomerType = Literal["professional", "consumer", "public", "unknown"]
CustomerChannel = Literal["", "email", "post"]


@dataclass(frozen=True, slots=True)
class Customer:
    """One row of the customers file; a customer without a row has only a code and the ledger's name."""

    code: str  # CompAuxNum or account
    name: str = ""
    address: tuple[str, ...] = ()  # street lines, none empty
    postcode: str = ""
    town: str = ""
    country: str = ""
    emails: tuple[str, ...] = ()  # valid ones only
    language: str = ""  # "fr", "en" or empty: the dossier's
    type: CustomerType = "unknown"
    terms: str = ""  # rule E2, empty: the default terms
    remind: bool = True  # `Relancer`
    channel: CustomerChannel = ""
    held_until: date | None = None  # inclusive
    reason: str = ""  # `Motif`
    start_level: int = 1
    doubtful: bool = False  # a cell that could not be read: held (faults 42, 43)
    source: Source = Source()

    @property
    def has_postal_address(self) -> bool:
        """A street line and a town (rule F9)."""
        return bool(self.address and self.town)


def is_held(held: bool, until: date | None, as_of: date) -> bool:
    """Whether a hold stands on that day: up to its last day included, or without end where it has none (rule F4)."""
    return as_of <= until if until else held


def customer_of(code: str, customers: Mapping[str, Customer], ledger_name: str) -> Customer:
    """The row of the customers file, else what the ledger alone says; its name is never empty where one is known."""
    known = customers.get(code)
    if known is None:
        return Customer(code, ledger_name)
    return known if known.name else replace(known, name=ledger_name)
