"""Rows of printed ledgers that are no movements: titles of accounts and customers, totals, balances, carried sums.

A title names the account or customer of the movements below it (`411DUPONT DUPONT SA`, `Client : C001 - Dupont SA`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from dunning_batch.core.words import plain

Kind = Literal["account", "customer"]

_TOTAL = re.compile(
    r"(sous |sub ?)?tota(l|ux)\b.*"
    r"|(soldes?|balance)( (du|de|au|finale?|crediteur|debiteur|compte|client|tiers|general|progressif|en fin|fin"
    r"|cloture|total|period|account|le)\b.*)?"
    r"|(ending|closing|final) balance\b.*"
    r"|cumuls?( (du|de|au|des|general|total|mois|periode)\b.*)?|ensemble( des .*)?|net( a payer)?"
    r"|mouvements? (du|de|de la|des)\b.*"
)
_CARRIED = re.compile(r"(total )?(a )?reports?( (de )?(la )?page\b.*)?|a reporter.*|(carried|brought) forward.*")
_OPENING = re.compile(
    r"(soldes?|cumuls?|reports?|balance|totaux|total) (initial|initiaux|initiale|anterieurs?|precedents?"
    r"|(d )?ouverture|(de |en |au )?debut|reporte|a nouveaux?|an)\b.*"
    r"|a nouveaux?( .*)?|(initial|opening|beginning) balance.*"
    r"|report solde( .*)?|solde reporte.*"
)
_WORD = re.compile(
    r"(?:(?:grand[- ]livre|extrait|relev[ée]|historique)\s+)?(?:du |de |d')?\s*(?:code |nom |num[ée]ro |n[°º] ?)?"
    r"(?P<word>comptes?|cpte|account|tiers|clients?|customer|partenaire|partner|auxiliaire|collectif)"
    r"(?:\s+(?:client|tiers|g[ée]n[ée]ral|auxiliaire|comptable|name|code))?\s*(?:n[°ºo]\.?)?\s*"
    r"(?P<sign>[:\-–]?)\s*(?<=[\s:\-–])(?P<rest>\S.*)",
    re.IGNORECASE,
)
_GENERAL = re.compile(  # what stands behind the word in the title of a report: `Grand livre clients au 31/03/2026`
    r"(aux?|du|des?|d|et|a|non|tous|toutes|tout|lettrees?|lettres?|ledger|exercice|periode|dossier|auxiliaires?|clients?"
    r"|tiers|debiteurs?|lists?|transactions?|(19|20)\d\d)\b.*"
)
_ALL = re.compile(r"(tous|toutes|tout|all)\b.*")
_LONE_WORD = re.compile(
    r"(?P<word>comptes?|cpte|account|tiers|clients?|customer|partenaire|partner|auxiliaire)\s*(?:n[°ºo]\.?)?\s*:?",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(r"(?P<code>[1-8]\d{2}(?:\.(?=[A-Za-z]))?[0-9A-Za-z]*)(?:\.0+)?(?:\s*[-–:]\s*|\s+|$)(?P<name>.*)")
_SPLIT = re.compile(r"(?P<code>\S.*?)(?:\s+[-–:]\s+|\s*:\s+|\s{2,}|\t)(?P<name>\S.*)")
_COMPACT_DAY, _FIVE_DIGITS = re.compile(r"(19|20)\d{6}\b"), re.compile(r"\d{5}")
# `DUPONT SA (411DUPONT)`, `DUPONT SA` `41100012`
_BEHIND = re.compile(r"(?P<name>.*[^\W\d].*?)[\s(:–-]+(?P<code>[1-8]\d{2}(?:\d{3,5}|\.?[A-Z][0-9A-Z]*))\)?")
_COLLECTIVE = re.compile(r"[1-8]\d{2,11}")  # `DUPONT` `DUPONT SA` `41100000`
_AGAIN = re.compile(r"\s*\(?\bsuite\)?\s*$", re.IGNORECASE)  # on the next page
_NOISE = re.compile(
    r"(page( \d+)?|edit(ee?|ion) (le|du|au)|imprimee? (le|par)|periode|dates? (du|de|d|le)|du \d+|au \d+"
    r"|exercice( (du|clos|comptable|\d+))?|tri (par|des|sur)|devise|printed (on|by|at)|report (date|from|period)"
    r"|filtres?|total|mois (de|du|d)"
    r"|(janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre) \d{4})\b.*"
)


@dataclass(frozen=True, slots=True)
class Section:
    """A title: from this row on, movements are of an account or a customer."""

    row: int  # -1 for one above the headings
    kind: Kind
    code: str
    name: str
    behind: tuple[str, str] = ("", "")  # account and name, should accounts stand behind the names; without a name: both


def kind_of_sum(texts: Iterable[str]) -> Literal["opening", "total", ""]:
    """Whether one of the texts of a row says that it is a sum: an opening balance, or any other."""
    said = [plain(text) for text in texts]
    if any(_OPENING.fullmatch(text) for text in said):
        return "opening"
    return "total" if any(_TOTAL.fullmatch(text) or _CARRIED.fullmatch(text) for text in said) else ""


def section_of(row: int, texts: list[str], *, alone: bool) -> Section | None:
    """The title in a row that holds these texts and no movement.

    Args:
        row: For the result.
        texts: Not empty.
        alone: No column names an account or customer, so that any title may be a customer's name.
    """
    texts = [_AGAIN.sub("", text) for text in texts]
    first, rest = texts[0], texts[1:]
    if (found := _LONE_WORD.fullmatch(first)) and rest:
        return _named(row, found["word"], rest[0], rest[1:])
    if found := _WORD.fullmatch(first):
        if (_ALL if ":" in found["sign"] else _GENERAL).fullmatch(plain(found["rest"])):
            return None
        return _named(row, found["word"], found["rest"], rest)
    if (found := _ACCOUNT.fullmatch(first)) and (len(found["code"]) > 4 or found["name"] or rest):
        return Section(row, "account", found["code"], found["name"].strip() or _name(rest))
    return _untold(row, texts) if alone and not any(_NOISE.fullmatch(plain(text)) for text in texts) else None


def _untold(row: int, texts: list[str]) -> Section | None:
    """A title without a word or number that tells what it names: a customer, where no column names any."""
    first, rest = texts[0], texts[1:]
    if len(texts) == 3 and _COLLECTIVE.fullmatch(texts[2]) and _name(texts[1:2]):
        return Section(row, "customer", first, texts[1], (texts[2], ""))
    if len(texts) > 2 or not _name([first]):
        return None
    behind = _BEHIND.fullmatch(" ".join(texts))
    return replace(_customer(row, first, rest), behind=(behind["code"], behind["name"]) if behind else ("", ""))


def titled_sum(row: int, texts: list[str]) -> Section | None:
    """The title in a row that also holds sums: an account and its name, and nothing that may be a day gone wrong."""
    if len(texts) > 2 or _COMPACT_DAY.match(texts[0]):
        return None
    return section_of(row, texts, alone=False)


def without_addresses(sections: Iterable[Section]) -> list[Section]:
    """Titles in the order of their rows, without `69003 LYON` below a customer's name.

    An account of five digits is one only where accounts of customers have five digits too.
    """
    ordered = _with_accounts_behind(sorted(sections, key=lambda one: one.row))
    accounts = [section.code for section in ordered if section.kind == "account"]
    if any(_FIVE_DIGITS.fullmatch(code) and code.startswith("4") for code in accounts):
        return ordered
    return [one for one in ordered if one.kind == "customer" or not (one.name and _FIVE_DIGITS.fullmatch(one.code))]


def _with_accounts_behind(sections: list[Section]) -> list[Section]:
    """Titles with what stands behind their names: the account that collects a customer, or the customer's own.

    Own accounts only if one of them is a customer's, as numbers behind names may be anything; then banks are none.
    """
    are_own = any(section.behind[0].startswith("41") for section in sections)
    found = []
    for one in sections:
        account, name = one.behind
        if account and (are_own or not name):
            found.append(Section(one.row, "account", account, name))
        if not account or not (are_own and name):
            found.append(one)
    return found


def _named(row: int, word: str, text: str, others: list[str]) -> Section:
    found = _ACCOUNT.fullmatch(text)
    says_account = plain(word).startswith(("compte", "cpte", "account", "collectif"))
    if found and says_account:
        return Section(row, "account", found["code"], found["name"].strip() or _name(others))
    return _customer(row, text, others)


def _customer(row: int, text: str, others: list[str]) -> Section:
    """Code and name, if both can be told apart; else one text for both."""
    if found := _SPLIT.fullmatch(text):
        return Section(row, "customer", found["code"], found["name"].strip())
    code, _, name = text.partition(" ")
    has_code = any(sign.isdigit() for sign in code) or plain(name).startswith(plain(code))
    if name and has_code and plain(code):
        return Section(row, "customer", code, name.strip())
    return Section(row, "customer", text, _name(others) or text)


def _name(texts: list[str]) -> str:
    return next((text for text in texts if any(sign.isalpha() for sign in text)), "")
