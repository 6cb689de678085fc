"""What the headings of ledgers in workbooks mean: words with weights, whatever their order and accents (fault 28).

A heading is the set of its words: `Date d'échéance`, `DATE_ECHEANCE` and `Échéance (date)` are one. Words that say the
same are one word, words that say nothing are none. Programs are not listed here: their headings are.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from dunning_batch.core.words import plain

_SAME = {
    "n": "no num numero number nr",
    "id": "identifiant",
    "compte": "comptes cpte cpt cte comp account acct",
    "auxiliaire": "aux auxil auxiliary",
    "general": "gen gal generaux comptable gl",
    "facture": "factures fact fac invoice invoices inv bill",
    "piece": "pieces pce voucher",
    "document": "documents doc docs",
    "reference": "references ref refs",
    "date": "dates dt",
    "echeance": "echeances ech eche echeancier due",
    "ecriture": "ecritures ecr entry entries",
    "mouvement": "mouvements mvt mvts mouv",
    "operation": "operations ope transaction",
    "libelle": "libelles lib label description designation memo narration details",
    "journal": "journaux jnl jal jrnl jrn",
    "debit": "debits debiteur debiteurs deb",
    "credit": "credits crediteur crediteurs cred",
    "montant": "montants mt mtt mnt amount amounts",
    "solde": "soldes balance",
    "cumul": "cumule cumulee cumules cumulative progressif progressifs running glissant",
    "lettrage": "lettrages let lett lettr lettre lettree lettres carlettrage matching reconciliation",
    "client": "clients customer customers debtor debiteur_",
    "tiers": "partenaire partner partners",
    "nom": "name denomination",
    "devise": "devises currency monnaie dev curr",
    "regle": "reglee regles reglees paye payee payes payees paid encaisse encaissee",
    "reglement": "reglements paiement paiements payment payments encaissement encaissements reglt reglmt",
    "statut": "etat status state",
    "reste": "restant restante residuel residual outstanding remaining",
    "code": "codes",
    "total": "totaux",
    "limite": "limit",
    "origine": "original initial initiale origin",
}  # fmt: skip
_CANONICAL = {word: first for first, others in _SAME.items() for word in others.split()}
_NOTHING = frozenset("de du d des la le les l of the a au do ec en et".split())
_UNSAID = frozenset({"eur", "euro", "euros", "signe", "signed", "signee"})  # wherever they stand
_OWED = re.compile(r"\b[dD][ûÛ](?:e|es|s)?\b")  # without its accent it cannot be told from an article
_WHOLE = {  # headings that are lost once their short words are taken away
    "d c": "side", "c d": "side", "dc": "side", "dr cr": "side", "debit credit": "side", "c j": "journal",
    "cj": "journal", "jo": "journal", "ct num": "customer", "cg num": "account", "cg comptenum": "account",
    "ec intitule": "label",
    "a payer le": "due_date", "a payer avant": "due_date", "a payer avant le": "due_date", "a payer": "residual",
    "amount due": "residual", "balance due": "residual", "l": "lettering", "a regler avant le": "due_date",
    "a regler": "residual", "le": "date",
}  # fmt: skip

# Field, weight and headings: the heaviest heading wins a field.
_VOCABULARY = """
date 1.0: Date; Date écriture; Date comptable; Date de comptabilisation; Date d'opération; Date mouvement; Jour; Date
  opération; Date compta; Posting date; Entry date; Accounting date; Transaction date; Date générale; Date de
  transaction; Date d'imputation
date 0.5: Date de saisie; Date de création; Date valeur
invoice 1.0: Facture; N° facture; Numéro de facture; Réf. facture; Facture n°; Invoice; Invoice number; Invoice no.;
  N° de la facture; Pièce facture
piece 1.1: Réf. pièce; Référence pièce; Réf. de la pièce
piece 1.0: Pièce; N° pièce; Numéro de pièce; Pièce comptable; N° pièce comptable; Voucher; Pièce n°; Code pièce
piece 0.8: N° document; Document; Réf. document; Document number; Doc. no.
piece 0.6: Référence; Réf.; Reference; Ref.; Réf. externe; Référence externe
piece 0.4: N°; Numéro; Num; No.; Number
number 1.0: N° écriture; Numéro d'écriture; Écriture; N° mouvement; Mouvement; N° mvt; N° saisie; N° de saisie; Entry
  number; Entry no.; N° opération; Journal entry; Transaction no.; Écriture n°; N° compta; Folio; N° folio; N°
  séquence; Num écriture; Écriture comptable; N° d'écriture comptable; Saisie
piece_date 1.0: Date pièce; Date facture; Date de facture; Date de facturation; Date document; Date du document;
  Invoice date; Document date; Date d'émission; Émise le; Émis le; Facturé le; Issue date; Issued on; Date
  facturation; Bill date
due_date 1.0: Échéance; Date d'échéance; Échéance le; Date limite de règlement; Date limite; Due date; Due; Due on;
  Date limite de paiement; Payment due; Payment due date; Payable le; Échéance facture; Échéance règlement; Date
  échéance règlement; Date de règlement prévue; Échéance prévue; Date d'échéance facture; Échéance pièce; Date limite
  paiement facture
label 1.0: Libellé; Libellé écriture; Libellé de l'écriture; Libellé opération; Libellé mouvement; Label; Description;
  Désignation; Memo; Narration; Libellé pièce; Libellé de la pièce; Libellé facture; Libellé de l'opération; Réf -
  Libellé; Référence libellé; Memo/Description; Libellé du mouvement
label 0.5: Intitulé
label 0.7: Objet; Commentaire; Nature; Motif; Détail; Subject; Intitulé écriture
account 1.0: Compte; N° compte; Numéro de compte; Compte général; N° compte général; Compte comptable; CompteNum; Code
  compte; N° de compte général; Account; Account number; Account no.; GL account; Cpte; Général; Numéro de compte
  comptable; Account code; Compte de la ligne
account 0.8: Compte collectif; Collectif; Compte centralisateur
account_name 0.7: Intitulé
account_name 1.0: Intitulé compte; Intitulé du compte; Libellé compte; Libellé du compte; Nom du compte; CompteLib;
  Account name; Libellé de compte; Intitulé du compte général; Désignation compte
customer 1.0: Code compta client; Code comptable client; Id client; Code client; N° client; Numéro client; Compte
  client; Code tiers; Compte tiers; N° tiers; Compte auxiliaire; N° compte auxiliaire; N° auxiliaire; Code auxiliaire;
  CompAuxNum; Customer code; Customer number; Customer no.; Customer ID; Customer account; N° compte client; N° compte
  tiers; Identifiant client; Partner code; Account customer; Code compte auxiliaire; Code compte tiers
customer 0.9: Client; Tiers; Auxiliaire; Customer; Debtor; Partenaire; Partner; Code; Client/Tiers
customer_name 1.0: Nom; Nom client; Nom du client; Nom tiers; Nom du tiers; Raison sociale; Intitulé tiers; Libellé
  tiers; Intitulé du tiers; Intitulé client; Libellé client; Dénomination; Customer name; Name; Partner name;
  CompAuxLib; Nom auxiliaire; Libellé auxiliaire; Intitulé auxiliaire; Libellé compte auxiliaire; Nom / Raison
  sociale; Raison sociale client; Nom de la société; Nom du partenaire; Libellé compte tiers; Intitulé compte
  auxiliaire; Intitulé compte tiers; Nom complet; Raison sociale du client
customer_name 0.8: Société; Company; Entreprise
first_name 1.0: Prénom; Prénom client; Prénom du client; First name; Given name
journal 1.0: Journal; Code journal; Jnl; Jal; Journal code; Code jnl; Codejournal; Code du journal
journal_label 1.0: Libellé journal; Libellé du journal; Intitulé journal; JournalLib; Journal name; Nom du journal
debit 1.0: Débit; Débits; Montant débit; Mouvement débit; Mouvements débit; Débit (-); Debit amount; Débit TTC;
  Mouvements de la période débit; Mouvement période débit; Montant au débit; Débit mouvement
credit 1.0: Crédit; Crédits; Montant crédit; Mouvement crédit; Mouvements crédit; Crédit (+); Credit amount; Crédit
  TTC; Mouvements de la période crédit; Mouvement période crédit; Montant au crédit
amount 1.0: Montant TTC; Total TTC; TTC; Montant total TTC; Montant facture TTC; Total facture TTC; TotalTTC; Montant
  TTC facture; Amount incl. tax; Montant signé; Net à payer TTC; Prix TTC
amount 0.9: Montant; Amount; Montant facture; Montant de la facture; Invoice amount; Montant initial; Montant
  d'origine; Original; Original amount; Montant échéance; Montant de l'échéance; Montant ligne
amount 0.8: Montant total; Total amount; Net à payer; Total facture; Invoice total
amount 0.5: Total
side 1.0: Sens; Sens débit/crédit; Sens écriture; Sens du mouvement; D ou C; Débit/Crédit; Sens D/C; Code sens; Side
lettering 1.0: Lettrage; Let.; Lettre; Code lettrage; N° lettrage; N° de lettrage; EcritureLet; Lettrée; Matching;
  Matching number; CARLETTRAGE; Code lettre; Lettre de lettrage; Lettrage écriture; Lettrage client; Reconciliation;
  Lettrage n°
lettering_date 1.0: Date lettrage; Date de lettrage; DateLet; Lettré le; Matching date
paid 1.0: Payée; Payé; Réglée; Réglé; Soldée; Acquittée; Encaissée; Paid; Facture payée; Facture réglée; Payée ?;
  Réglée O/N; Payée oui/non; Est payée; Is paid; Payée (oui/non)
paid 0.7: État de paiement; Statut de paiement; Payment status; État du règlement; Statut règlement; Statut du
  paiement; Statut de règlement
paid 0.3: Statut; Statut facture; Statut de la facture; Invoice status; Situation
period 1.0: Période; Mois; Period; Month
type 1.0: Type; Transaction type; Type de pièce; Type de document; Type de transaction; Document type; Type pièce
item 1.0: Item; Item name; Article; Product/Service; Produit; Item total; Désignation article; Line item; Item price
last_paid 1.0: Date dernier règlement; Date du dernier règlement; Last payment date; Dernier règlement
paid_on 1.0: Payée le; Payé le; Date de paiement; Date paiement; Date de règlement; Réglée le; Réglé le; Paid on; Date
  du paiement; Date d'encaissement; Encaissée le; Payment date; Date paid; Paid date; Soldée le; Acquittée le
paid_amount 0.9: Règlements; Encaissements; Payments
paid_amount 1.0: Montant payé; Montant réglé; Montant encaissé; Total réglé; Déjà réglé; Déjà payé; Amount paid; Paid
  amount; Montant du règlement; MontantRegle; Réglé TTC; Montant payé TTC; Total encaissé; Total payé; Montant réglé
  TTC; Déjà encaissé
residual 1.0: Reste dû; Restant dû; Reste à payer; Reste à régler; Solde dû; Résiduel; Montant dû; Montant restant;
  Montant restant dû; Solde restant; Solde restant dû; Open balance; Outstanding; Residual; Residual amount; Reste;
  Restant; Solde à payer; Reste à encaisser; Montant résiduel; Solde à régler; Open amount; Solde facture; Solde
  ouvert; Reste à payer TTC; Restant dû TTC
balance 1.0: Solde; Solde progressif; Solde cumulé; Cumul; Balance; Running balance; Solde glissant; Cumul solde;
  Solde courant; Solde du compte
currency 1.0: Devise; Code devise; Currency; Monnaie; Currency code; Dev.; Idevise
bucket 1.0: Non échu; Échu; Non échue; Actuel; Not due; Current; Plus ancien; Older; Total échu; Total non échu; À
  échoir; Solde débiteur; Solde créditeur; Solde débit; Solde crédit; Échues; Non échues; Débit ouverture; Crédit
  ouverture; Débit clôture; Crédit clôture
"""
_BUCKET = re.compile(r"((de )?\d+ (a )?\d+( jours?| j| days)?|(plus de |moins de |over |ech )?\d+ ?(jours?|j|days|mois)"
                     r"( et plus)?|\d+ et plus|over \d+)")  # fmt: skip
# What a heading that is not listed may still mean, by one of its words, if none of the others speaks against it.
_NO_MOVEMENT = ("devise", "contrevaleur", "solde", "cumul", "total", "sens", "ht", "n", "compte")
_BY_WORD = (
    ("due_date", {"echeance"}, {"montant", "total", "solde", "n", "mode", "code", "type", "condition", "conditions"}),
    ("lettering", {"lettrage"}, {"date", "partiel", "montant", "solde", "user", "utilisateur"}),
    ("debit", {"debit"}, {"credit", "nombre", *_NO_MOVEMENT}),
    ("credit", {"credit"}, {"debit", "note", *_NO_MOVEMENT}),
    ("amount", {"montant", "ttc"}, {"devise", "regle", "reste", "solde", "date"}),
    ("label", {"libelle"}, {"journal", "compte", "tiers", "client", "auxiliaire", "analytique", "section", "date"}),
    ("journal", {"journal"}, {"libelle", "nom", "date", "type", "n"}),
)
_WEAK = 0.45
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def words_of(heading: str) -> frozenset[str]:
    """The words of a heading that say something, each in one spelling."""
    written = _CAMEL.sub(" ", _OWED.sub(" exigible ", heading))
    words = [word for word in plain(written).split() if word not in _UNSAID]
    said = [word for word in words[:-1] if word not in _NOTHING] + words[-1:]  # `Payée le`, `Reste du`: the end counts
    if said and said[-1] == "du":
        said[-1] = "exigible"
    return frozenset(_CANONICAL.get(word, word) for word in said)


def vocabulary() -> Iterator[tuple[str, float, tuple[str, ...]]]:
    """Every field with the headings that name it, and their weight."""
    for entry in re.split(r"\n(?=\S)", _VOCABULARY.strip()):
        named, _, spellings = entry.partition(":")
        field, weight = named.split()
        yield field, float(weight), tuple(" ".join(spelling.split()) for spelling in spellings.split(";"))


def _table() -> dict[frozenset[str], dict[str, float]]:
    table: dict[frozenset[str], dict[str, float]] = {}
    for field, weight, spellings in vocabulary():
        for spelling in spellings:
            meanings = table.setdefault(words_of(spelling), {})
            meanings[field] = max(weight, meanings.get(field, 0.0))
    return table


_TABLE = _table()
HEADING_FIELDS = frozenset(field for field, _, _ in vocabulary())


@lru_cache(maxsize=1 << 12)
def _meanings(heading: str) -> tuple[tuple[str, float], ...]:
    flat = plain(heading)
    if flat in _WHOLE:
        return ((_WHOLE[flat], 1.0 if len(flat) > 1 else _WEAK),)
    if _BUCKET.fullmatch(flat):
        return (("bucket", 1.0),)
    words = words_of(heading)
    found = _TABLE.get(words) or {
        field: _WEAK for field, needed, against in _BY_WORD if needed <= words and not words & against
    }
    return tuple(found.items())


def meanings(heading: str) -> dict[str, float]:
    """The fields that a heading may name, with their weights; empty for a text that is no heading."""
    return dict(_meanings(heading)) if heading and len(heading) <= 80 else {}
