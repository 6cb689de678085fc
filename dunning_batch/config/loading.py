"""`load_settings`: the file, checked as a whole, as the settings of a dossier."""

import os
import tomllib
from pathlib import Path
from typing import Any

from dunning_batch.config import source
from dunning_batch.config.accounting import ignored_in_cash
from dunning_batch.config.contradictions import check_together
from dunning_batch.config.findings import Findings, key_lines
from dunning_batch.config.folders import under
from dunning_batch.config.levels import levels_of
from dunning_batch.config.settings import (
    Creditor,
    DunningSettings,
    EmailSettings,
    LedgerSettings,
    LetterSettings,
    Settings,
)
from dunning_batch.config.tables import Values, is_given, read_levels, read_tables
from dunning_batch.config.warnings import warnings_of
from dunning_batch.core.ledger import LedgerRules
from dunning_batch.core.penalties import PenaltyTerms, Rates, rates_from
from dunning_batch.core.policy import Filters, Level, Policy
from dunning_batch.errors import msg
from dunning_batch.files import sha256_of
from dunning_batch.language import LanguageCode

_RATES = Path(__file__).parent.parent / "data" / "rates.toml"
_SIGNATORY = {"fr": "Le service comptabilité", "en": "The accounts department"}


def load_settings(file: Path, language: LanguageCode | None = None) -> Settings:
    """The configuration of a dossier.

    Args:
        file: `config.toml`; the folder it stands in is the dossier.
        language: of the screens, workbooks and reports, in place of the file's (`--lang`).

    Raises:
        ConfigurationError: with every problem of the file at once.
    """
    data = source.read_bytes(file)
    text = source.decode(data, file)
    document = source.parse(text, file)
    findings = Findings(str(file), key_lines(text))
    root = Path(os.path.abspath(file)).parent  # noqa: PTH100 - `..` is folded, links are kept
    values = read_tables(document, findings)
    spoken: LanguageCode = values[""]["language"]
    levels = levels_of(read_levels(document, findings), spoken, findings)
    if not is_given(document, "output", "levels"):
        values["output"]["levels"] = str(under(root, values["output"]["folder"]) / "levels.xlsx")
    check_together(values, levels, root, findings)
    customers = _customers_file(values["customers"]["file"], document, root, findings)
    rates = _rates(values["penalties"], findings)
    findings.raise_any()
    return Settings(
        root=root,
        file=file,
        sha256=sha256_of(data),
        language=language or spoken,
        dossier_language=spoken,
        customers_file=customers,
        rates=rates,
        output=under(root, values["output"]["folder"]),
        levels=under(root, values["output"]["levels"]),
        problems=warnings_of(values, root, findings),
        problems_in_cash=ignored_in_cash(document, findings),
        **_records(values, levels, spoken),
    )


def _records(values: dict[str, Values], levels: tuple[Level, ...], language: LanguageCode) -> Values:
    """The parts of the settings that need nothing but the values."""
    return {
        "creditor": _creditor(values["creditor"], language),
        "ledger": _chosen(LedgerSettings, values["ledger"], rules=_chosen(LedgerRules, values["ledger"])),
        "default_terms": values["terms"]["default"],
        "policy": _chosen(Policy, values["dunning"], levels=levels, filters=_chosen(Filters, values["filters"])),
        "dunning": _chosen(DunningSettings, values["dunning"]),
        "penalties": _chosen(PenaltyTerms, values["penalties"]),
        "letters": _chosen(LetterSettings, values["letters"]),
        "email": EmailSettings(**values["email"]),
    }


def _chosen(record: type[Any], values: Values, **more: Any) -> Any:  # noqa: ANN401 - any record of settings
    """A record from the values that bear the names of its fields."""
    fields = record.__dataclass_fields__
    return record(**{name: value for name, value in values.items() if name in fields}, **more)


def _creditor(values: Values, language: LanguageCode) -> Creditor:
    return Creditor(**{**values, "signatory": values["signatory"] or _SIGNATORY[language]})


def _customers_file(written: str, document: dict[str, Any], root: Path, findings: Findings) -> Path | None:
    """The customers file; where none is named, the usual one in any of the three forms, if it is there."""
    path = under(root, written)
    if not is_given(document, "customers", "file"):
        forms = (path.with_suffix(ending) for ending in (".xlsx", ".csv", ".ods"))
        return next((form for form in forms if form.is_file()), None)
    if not path.is_file():
        text = msg("[customers] file: there is no {file}. Put it there, or remove the line.", file=written)
        findings.add("customers", "file", text)
    return path


def _rates(penalties: Values, findings: Findings) -> Rates:
    """The program's table with the half-years of the file, which may be newer but not other (rule G2)."""
    with _RATES.open("rb") as file:
        table = rates_from(tomllib.load(file))
    for name, given in (("ecb", penalties["ecb"]), ("legal", penalties["legal"])):
        known = getattr(table, name)
        for half_year, rate in given.items():
            if known.get(half_year, rate) != rate:
                text = msg("[penalties] {name} gives {half_year} another rate than the program's table, {known} %: "
                           "remove it.", name=name, half_year=half_year, known=known[half_year])  # fmt: skip
                findings.add("penalties", name, text)
    return Rates(ecb=table.ecb | penalties["ecb"], legal=table.legal | penalties["legal"])
