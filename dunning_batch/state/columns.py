"""The columns of the levels workbook: what each is called in French and English, and what stands in it."""

from dataclasses import dataclass, replace
from typing import Literal

from dunning_batch.core.words import plain
from dunning_batch.language import LanguageCode

Kind = Literal["text", "money", "date", "number", "yes"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `edited`: the user's to change."""

    field: str
    fr: str
    en: str
    kind: Kind = "text"
    width: int = 12
    edited: bool = False
    hidden: bool = False

    def heading(self, language: LanguageCode) -> str:
        """The heading in that language."""
        return self.fr if language == "fr" else self.en


LEVELS = (
    Column("customer", "Client", "Customer", width=13),
    Column("name", "Nom", "Name", width=24),
    Column("piece", "Pièce", "Piece", width=14),
    Column("issued", "Date facture", "Invoice date", "date", 11),
    Column("due", "Échéance", "Due date", "date", 11),
    Column("amount", "Montant", "Amount", "money", 12),
    Column("open", "Reste dû", "Open", "money", 12),
    Column("asked", "Demandé", "Asked", "money", 12),
    Column("days_overdue", "Jours de retard", "Days late", "number", 8),
    Column("level", "Niveau", "Level", "number", 8, edited=True),
    Column("last_reminded", "Dernière relance", "Last reminder", "date", 11),
    Column("channel", "Canal", "Channel", width=9),
    Column("next_level", "Prochain niveau", "Next level", "number", 9),
    Column("next_date", "Prochaine date", "Next date", "date", 11),
    Column("held", "Suspendu", "Held", "yes", 10, edited=True),
    Column("held_until", "Suspendu jusqu'au", "Held until", "date", 11, edited=True),
    Column("reason", "Motif", "Reason", width=18, edited=True),
    Column("note", "Note", "Note", width=18, edited=True),
    Column("key", "Clé", "Key", width=13),
)
SETTLED = (
    *(column for column in LEVELS if column.field in (
        "customer", "name", "piece", "issued", "due", "amount", "level", "last_reminded")),
    Column("settled_on", "Soldée le", "Settled on", "date", 12),
    *(column for column in LEVELS if column.field in ("held", "held_until", "reason", "note", "key")),
)  # fmt: skip
PAST = (
    Column("run", "Lot", "Run", width=14),
    Column("day", "Date", "Date", "date", 12),
    Column("customer", "Client", "Customer", width=13),
    Column("name", "Nom", "Name", width=26),
    Column("piece", "Pièce", "Piece", width=14),
    Column("before", "Niveau avant", "Level before", "number", 9),
    Column("level", "Niveau", "Level", "number", 8),
    Column("channel", "Canal", "Channel", width=9),
    Column("recipient", "Destinataire", "Recipient", width=26),
    Column("document", "Document", "Document", width=26),
    Column("open", "Reste dû", "Open", "money", 13),
    Column("result", "Résultat", "Result", width=18),
    Column("reference", "Référence", "Reference", width=24),
)
# What the user may change in a plan, and what stood there when it was written: level and next level, as `1/2`.
_PLAN = tuple(replace(column, edited=column.field in ("level", "next_level")) for column in LEVELS)
STATE = Column("state", "État", "State", width=8, hidden=True)
TICK = Column("tick", "Relancer", "Remind", "yes", 10, edited=True)
WHY = Column("why", "Raison", "Why", width=40)
PLAN = (TICK, *_PLAN, STATE)
LEFT = (WHY, *(replace(column, edited=False) for column in LEVELS))

SHEETS = {"levels": ("Niveaux", "Levels"), "past": ("Historique", "History"), "settled": ("Soldées", "Settled"),
          "plan": ("Relances", "Reminders"), "left": ("Non relancées", "Not reminded")}  # fmt: skip
# Spellings of a legacy list from another program, beside the headings above.
_LEGACY = {
    "piece": (
        "facture; n facture; numero de facture; numero facture; no facture; num facture; facture n; n de facture; "
        "invoice; invoice number; invoice no; reference; ref; reference facture; ref facture; n piece; n de piece; "
        "numero de piece; no piece; piece comptable; document; n document; numero de document; document number; "
        "voucher; bill"
    ),
    "level": (
        "niveau de relance; niveau relance; niv; niv relance; dernier niveau; relance; relances; n relance; "
        "n de relance; numero de relance; nb relances; nb de relances; nombre de relances; rappel; rappels; "
        "niveau de rappel; "
        "niveau rappel; nombre de rappels; etape; etape de relance; etat de relance; statut de relance; dunning level; "
        "dunning stage; reminder level; level of reminder; last level; reminder; reminders; reminders sent; stage"
    ),
    "customer": (
        "code client; n client; numero client; numero de client; compte; compte client; compte auxiliaire; code tiers; "
        "compauxnum; customer code; customer number; customer no; account; tiers; debtor"
    ),
    "name": "nom du client; raison sociale; customer name; client name; company",
    "last_reminded": (
        "date relance; date de relance; date de la derniere relance; date derniere relance; derniere relance le; "
        "relance le; date de rappel; date rappel; last reminded; last reminder date; date of last reminder; "
        "reminder date; last dunning date; dunning date"
    ),
    "amount": "montant ttc; montant facture; total ttc; ttc; total; invoice amount",
    "due": "date d echeance; date echeance",
    "issued": "date; date de facture; date de la facture; date piece; date de piece",
}


def sheet_name(sheet: str, language: LanguageCode) -> str:
    """The name of a sheet in that language."""
    return SHEETS[sheet][0 if language == "fr" else 1]


def spellings(columns: tuple[Column, ...], *, legacy: bool = False) -> dict[str, Column]:
    """Headings as `core.words.plain` makes them -> column; accents, case and blanks count for nothing."""
    known = {plain(text): column for column in columns for text in (column.fr, column.en)}
    if legacy:
        by_field = {column.field: column for column in columns}
        for field, texts in _LEGACY.items():
            for text in texts.split("; "):
                known.setdefault(text, by_field[field])
    return known
