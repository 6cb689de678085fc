"""The settings of a dossier, complete and checked."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from dunning_batch.core.ledger import LedgerRules
from dunning_batch.core.penalties import PenaltyTerms, Rates
from dunning_batch.core.policy import Policy
from dunning_batch.errors import Problem
from dunning_batch.language import LanguageCode


@dataclass(frozen=True, slots=True)
class Creditor:
    """`[creditor]`: the company that is owed; printed on letters."""

    name: str
    address: tuple[str, ...]
    legal_form: str = ""
    siren: str = ""
    rcs: str = ""
    vat: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    iban: str = ""  # without blanks, checked
    bic: str = ""
    signatory: str = ""


@dataclass(frozen=True, slots=True)
class LedgerSettings:
    """`[ledger]`: which files, read how."""

    rules: LedgerRules = LedgerRules()
    files: tuple[str, ...] = ()  # patterns, relative to the dossier
    format: Literal["auto", "fec", "workbook"] = "auto"
    accounting: Literal["auto", "accrual", "cash"] = "auto"
    columns: dict[str, str] = field(default_factory=dict)  # field -> heading


@dataclass(frozen=True, slots=True)
class DunningSettings:
    """What of `[dunning]` concerns a run as a whole; the rest is in `Policy`."""

    max_letters: int = 200
    stale_after_days: int = 35
    max_growth: float = 3.0


@dataclass(frozen=True, slots=True)
class LetterSettings:
    """`[letters]`."""

    letterhead: str = ""  # a PDF, relative to the dossier
    logo: str = ""  # a picture, relative to the dossier
    window: Literal["right", "left"] = "right"
    payment_qr: bool = False
    invoice_copies: str = ""  # a folder of PDFs, relative to the dossier
    header: str = ""
    footer: str = ""
    print_file: bool = True
    duplex: bool = False  # of the print file


@dataclass(frozen=True, slots=True)
class EmailSettings:
    """`[email]`; a password is never among them."""

    host: str = ""
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    auth: Literal["password", "microsoft", "none"] = "password"
    username: str = ""
    password_env: str = "DUNNING_SMTP_PASSWORD"  # noqa: S105 - where it is, not what it is
    client_id: str = ""  # of the application at Microsoft, with auth = "microsoft"
    tenant: str = "organizations"  # whose users may sign in to it
    local_hostname: str = ""
    sender: str = ""  # `Name <address>`
    reply_to: str = ""
    bcc: tuple[str, ...] = ()
    per_minute: int = 20
    connections: int = 1
    retries: int = 3
    timeout_seconds: int = 30
    final_timeout_seconds: int = 600
    max_same_address: int = 5
    stop_after_failures: int = 5
    ca_file: str = ""  # relative to the dossier


@dataclass(frozen=True, slots=True)
class Settings:
    """A dossier's configuration, complete and checked."""

    root: Path  # the dossier
    file: Path  # config.toml
    sha256: str  # of the file as read
    language: LanguageCode
    creditor: Creditor
    ledger: LedgerSettings
    customers_file: Path | None
    default_terms: str
    policy: Policy
    dunning: DunningSettings
    penalties: PenaltyTerms
    rates: Rates  # the program's table extended by `[penalties] ecb` and `legal`
    letters: LetterSettings
    email: EmailSettings
    output: Path  # folder
    levels: Path  # workbook
    dossier_language: LanguageCode = "fr"  # the file's, whatever `--lang` says: letters without a language of their own
    problems: tuple[Problem, ...] = ()  # what is said, and stops nothing
    problems_in_cash: tuple[Problem, ...] = ()  # said of a list of invoices only (rule C3)
    balance_typed: bool = False  # `--positive-balance` or `--any-balance`

    @property
    def output_is_outside(self) -> bool:
        """The output folder lies outside the dossier: named in the question before a run (fault 119)."""
        return not self.output.resolve().is_relative_to(self.root.resolve())
