"""Every key of `config.toml`: its kind, its default, and what it is for in both languages (contract section 3).

Reading, the starter file of `init` and docs/reference/configuration.md are all made from this table.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from dunning_batch.config import kinds as k
from dunning_batch.config.kinds import Kind, choice, whole, wholes

REQUIRED: Final = object()
LEVELS = "dunning.levels"

COLUMNS = (
    "date", "piece", "piece_date", "due_date", "label", "account", "customer", "customer_name", "journal", "debit",
    "credit", "amount", "lettering", "paid", "paid_on", "paid_amount", "currency",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table; `default` as it would stand in the file, None where there is none."""

    name: str
    kind: Kind
    default: Any
    french: str
    english: str
    example: str = ""  # as it would stand in the file; needed where the default shows nothing
    later: bool = False  # known, but nothing other than the default is available in this version


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the file; the first one, without a name, is the top of the file."""

    name: str
    french: str
    english: str
    keys: tuple[Key, ...]

    def key(self, name: str) -> Key | None:
        """The key of that name."""
        return next((key for key in self.keys if key.name == name), None)


_DAYS = whole(0, 3650)

_TOP = Table("", "Réglages de tout le dossier", "Settings of the whole dossier", (
    Key("language", choice("fr", "en"), "fr",
        "Langue des écrans, des classeurs, des rapports, et des lettres aux clients sans langue indiquée",
        "Language of screens, workbooks, reports, and of letters to customers without a language of their own"),
))  # fmt: skip

_CREDITOR = Table("creditor", "La société créancière, imprimée sur les lettres",
                  "The company that is owed, printed on the letters", (
    Key("name", k.TEXT, REQUIRED, "Raison sociale, telle que la banque la connaît", "Name, as the bank holds it",
        '"Atelier Exemple SARL"'),
    Key("legal_form", k.TEXT, "", "Forme juridique et capital", "Legal form and capital",
        '"SARL au capital de 10 000 €"'),
    Key("address", k.TEXTS, REQUIRED, "Adresse, une ligne par texte", "Address, one line a text",
        '["12 rue des Lilas", "69003 LYON"]'),
    Key("siren", k.SIREN, "", "SIREN, neuf chiffres, vérifié ; comparé au nom du FEC",
        "SIREN, nine digits, checked; compared with the name of the FEC", '"123 456 782"'),
    Key("rcs", k.TEXT, "", "Immatriculation au registre du commerce", "Entry in the trade register", '"RCS Lyon"'),
    Key("vat", k.VAT, "", "Numéro de TVA intracommunautaire, vérifié", "VAT number, checked", '"FR11123456782"'),
    Key("phone", k.TEXT, "", "Téléphone", "Telephone", '"04 72 00 00 00"'),
    Key("email", k.ADDRESS, "", "Adresse électronique, imprimée", "E-mail address printed on the letters",
        '"compta@example.com"'),
    Key("website", k.TEXT, "", "Site internet", "Website", '"www.example.com"'),
    Key("iban", k.IBAN, "", "IBAN sur lequel les clients paient, vérifié", "IBAN on which customers pay, checked",
        '"FR76 3000 6000 0112 3456 7890 189"'),
    Key("bic", k.BIC, "", "BIC, vérifié", "BIC, checked", '"AGRIFRPP"'),
    Key("signatory", k.TEXT, "", "Signature des lettres (« Le service comptabilité » si vide)",
        "Signature of the letters (“The accounts department” if empty)", '"Le service comptabilité"'),
))  # fmt: skip

_LEDGER = Table("ledger", "Le grand livre : un ou plusieurs FEC", "The ledger: one or more FECs", (
    Key("files", k.PATTERNS,
        ["input/*.txt", "input/*.csv", "input/*.xlsx", "input/*.xls", "input/*.ods", "input/*.xml"],
        "Fichiers à lire, les caractères * et ? étant permis", "Files to read, * and ? being allowed",
        '["input/*.txt"]'),
    Key("format", choice("auto", "fec", "workbook"), "auto",
        "Forme du grand livre ; workbook : classeur ou tableau de texte de tout logiciel, même pareil à un FEC",
        "Form of the ledger; workbook: workbook or table of text from any program, even where it looks like a FEC"),
    Key("accounting", choice("auto", "accrual", "cash"), "auto",
        "accrual : engagement, jugé par le lettrage (toujours pour un FEC) ; cash : trésorerie, une liste de factures "
        "qui dit ce qui est payé",
        "accrual: judged by lettering codes (always for a FEC); cash: a list of invoices that says what is paid"),
    Key("customer_accounts", k.ACCOUNTS, ["411"],
        "Comptes clients ; ajouter 413 ou 416 pour suivre les effets et les créances douteuses",
        "Customer accounts; add 413 or 416 to follow bills and doubtful debts"),
    Key("advance_accounts", k.ACCOUNTS, ["4191"], "Comptes d'avances, déduites de ce que doit le client",
        "Accounts of advances, which are deducted from what the customer owes"),
    Key("piece_pattern", k.PATTERN, "",
        "Expression régulière à un groupe : le numéro de facture dans le libellé, si la pièce est vide",
        "Regular expression with one group: the invoice number inside the label, where the piece is empty",
        r"'Facture (\w+)'"),
    Key("excluded_journals", k.TEXTS, [], "Codes des journaux à ignorer", "Codes of journals to leave out", '["OD"]'),
    Key("opening_journals", k.TEXTS, [], "Codes des journaux d'à-nouveaux que le programme ne reconnaît pas",
        "Codes of opening journals that the program does not recognise", '["RP"]'),
    Key("tolerance", k.AMOUNT, "0.00", "Un lettrage dont l'écart ne dépasse pas ce montant est soldé",
        "A lettered group off by no more than this is settled"),
    Key("sheet", k.TEXT, "", "Classeurs : la feuille à lire, si elle n'est pas trouvée",
        "Workbooks: the sheet to read, if it is not found", '"Feuil1"'),
    Key("header_row", whole(0, 1000), 0, "Classeurs : la ligne des titres, si elle n'est pas trouvée (0 : cherchée)",
        "Workbooks: the row of the headings, if it is not found (0: looked for)"),
    Key("columns", k.columns(COLUMNS), {}, "Titres des colonnes, si elles ne sont pas reconnues (FEC aussi)",
        "Headings of columns, if they are not recognised (for a FEC too)", '{ due_date = "Echeance client" }'),
))  # fmt: skip

_CUSTOMERS = Table("customers", "Le fichier des clients : adresses, délais, suspensions",
                   "The customers file: addresses, terms, holds", (
    Key("file", k.PATH, "input/customers.xlsx", "Fichier .xlsx, .csv ou .ods ; facultatif",
        "An .xlsx, .csv or .ods file; optional"),
))  # fmt: skip

_TERMS = Table("terms", "Délais de paiement", "Payment terms", (
    Key("default", k.TERMS, "30 days", "Délai des clients qui n'en ont pas, si le grand livre n'a pas d'échéance",
        "Terms of customers without their own, where the ledger holds no due date", '"30 jours fin de mois"'),
))  # fmt: skip

_FILTERS = Table("filters", "Ce qui est relancé ; la ligne de commande l'emporte",
                 "What is reminded; the command line wins", (
    Key("customers", k.TEXTS, [], "Seulement ces clients : code ou nom, * et ? permis",
        "Only these customers: code or name, * and ? allowed", '["DUP*"]'),
    Key("exclude_customers", k.TEXTS, [], "Sans ces clients", "Without these customers", '["DUPONT"]'),
    Key("due_from", k.DAY, None, "Échéance à partir de ce jour", "Due on that day or later", "2026-01-01"),
    Key("due_to", k.DAY, None, "Échéance jusqu'à ce jour compris", "Due on that day or earlier", "2026-12-31"),
    Key("last_levels", wholes(0, 9), [], "Seulement les pièces dont la dernière relance a ce niveau (0 : jamais)",
        "Only items whose last reminder had one of these levels (0: never)", "[0, 1]"),
    Key("min_days_overdue", _DAYS, 1, "Jours de retard au moins", "Days overdue at least"),
    Key("min_amount", k.AMOUNT, "1.00", "Montant au moins, par pièce", "Amount at least, for each item"),
    Key("positive_balance", k.FLAG, True, "Seulement les clients dont le solde est débiteur",
        "Only customers who owe on the whole"),
))  # fmt: skip

_DUNNING = Table("dunning", "Les relances", "The reminders", (
    Key("grouping", choice("level", "customer", "invoice"), "level",
        "level : une lettre par client et niveau ; customer : une par client, au plus haut ; invoice : une par pièce",
        "level: a letter per customer and level; customer: one at its highest level; invoice: one an item"),
    Key("unallocated_credits", choice("apply", "show", "ignore"), "apply",
        "Règlements et avoirs non lettrés : apply : déduits ; show : montrés ; ignore : ni l'un ni l'autre",
        "Payments and credit notes not lettered: apply: deducted; show: shown; ignore: neither"),
    Key("on_lettering_doubt", choice("remind", "hold"), "remind",
        "Client dont un règlement ne désigne aucune facture : remind : relancé ; hold : mis en attente",
        "A customer with a payment that names no invoice: remind, or hold"),
    Key("repeat_last_level", k.FLAG, False, "Répéter le dernier niveau", "Repeat the last level"),
    Key("max_letters", whole(1, 1_000_000), 200, "Au-delà de ce nombre de lettres, il faut le confirmer",
        "Above so many letters the number must be confirmed"),
    Key("stale_after_days", whole(1, 3650), 35,
        "Âge de la dernière écriture de banque à partir duquel il faut confirmer (jours)",
        "Age of the last bank entry above which a run must be confirmed (days)"),
    Key("max_growth", k.factor(1), 3.0, "Il faut confirmer un total qui dépasse tant de fois celui du lot précédent",
        "A total above so many times that of the last run must be confirmed"),
))  # fmt: skip

_LEVELS = Table(LEVELS, "Un niveau de relance : de 1 à 9, dans l'ordre ; quatre par défaut",
                "A level of reminders: 1 to 9, in order; four by default", (
    Key("name", k.TEXT, None, "Nom du niveau (à partir du cinquième : obligatoire)",
        "Name of the level (required from the fifth on)", '"2ème relance de paiement"'),
    Key("template", k.TEMPLATE, None, "Modèle de lettre, dans templates/<langue>/ (obligatoire dès le cinquième)",
        "Template of the letter, in templates/<language>/ (required from the fifth on)", '"level2"'),
    Key("min_days_overdue", _DAYS, 1, "Jours de retard au moins", "Days overdue at least"),
    Key("min_days_since_previous", _DAYS, 0, "Jours depuis la relance précédente au moins",
        "Days since the previous reminder at least"),
    Key("min_amount", k.AMOUNT, "0.00", "Total de la lettre au moins", "Total of the letter at least"),
    Key("channel", choice("auto", "email", "post"), "auto", "Canal", "Channel"),
    Key("registered", k.FLAG, False, "Lettre recommandée (mise en demeure)", "Registered letter (formal notice)"),
    Key("payment_deadline_days", whole(0, 365), 8, "Délai laissé par la lettre (jours)",
        "Time that the letter leaves to pay (days)"),
    Key("show_penalties", k.FLAG, False, "Pénalités de retard et indemnité forfaitaire sur la lettre",
        "Late interest and the fixed indemnity on the letter"),
))  # fmt: skip

_PENALTIES = Table("penalties", "Pénalités de retard (L441-10 du code de commerce)",
                   "Late interest (L441-10 of the commercial code)", (
    Key("professional", k.FORMULA, "ecb+10",
        "Taux annuel, clients professionnels : ecb+10, legal*3, 12.5% ou none",
        "Annual rate for professional customers"),
    Key("consumer", choice("none", "legal"), "none", "Particuliers : none, ou legal à partir de la mise en demeure",
        "Consumers: none, or legal from the formal notice on"),
    Key("public", k.FORMULA, "ecb+8", "Acheteurs publics", "Public buyers"),
    Key("fixed_indemnity", k.AMOUNT, "40.00", "Indemnité par facture en retard, hors particuliers",
        "Indemnity for each late invoice, consumers apart"),
    Key("ecb", k.RATES, {}, "Taux de la BCE des semestres plus récents que le programme (pour cent)",
        "ECB rates of half-years newer than the program (percent)", '{ "2027-S1" = "2.15" }'),
    Key("legal", k.RATES, {}, "Taux légaux des semestres plus récents que le programme (pour cent)",
        "Legal rates of half-years newer than the program (percent)", '{ "2027-S1" = "2.62" }'),
))  # fmt: skip

_LETTERS = Table("letters", "Présentation des lettres", "Look of the letters", (
    Key("letterhead", k.OPTIONAL_PATH, "",
        "Papier à en-tête, un PDF A4 : sa première page sous la première, sa dernière sous les autres",
        "Letterhead, a PDF of A4 pages: its first under the first page, its last under the others", '"papier.pdf"'),
    Key("logo", k.OPTIONAL_PATH, "", "Logo en SVG, PNG ou JPEG, au-dessus du nom (sans papier à en-tête)",
        "Logo as SVG, PNG or JPEG, above the name (without a letterhead)", '"logo.svg"'),
    Key("header", k.BLOCK, "", "En-tête, texte Jinja2", "Header, Jinja2 text", '"{{ creditor.name }}"'),
    Key("footer", k.BLOCK, "", "Pied de page, texte Jinja2", "Footer, Jinja2 text", '"{{ creditor.rcs }}"'),
    Key("window", choice("right", "left"), "right", "Fenêtre de l'enveloppe : à droite ou à gauche",
        "Window of the envelope: on the right or on the left"),
    Key("payment_qr", k.FLAG, False, "QR code de virement (norme EPC ; peu de banques françaises le lisent)",
        "QR code for the transfer (EPC; few French banks read it)"),
    Key("invoice_copies", k.OPTIONAL_PATH, "",
        "Dossier des copies de factures en PDF, jointes à la lettre ; trouvées par leur numéro de pièce",
        "Folder of invoice copies in PDF, put behind the letter; found by their piece number", '"factures"'),
    Key("duplex", k.FLAG, False, "Impression recto verso : chaque lettre de print.pdf commence au recto",
        "Printing on both sides: each letter of print.pdf starts on a front page"),
    Key("print_file", k.FLAG, True, "Un PDF de toutes les lettres, dans l'ordre postal",
        "One PDF with all letters, in postal order"),
))  # fmt: skip

_EMAIL = Table("email", "Envoi par courriel (run --by email, auto ou drafts)",
               "Sending by e-mail (run --by email, auto or drafts)", (
    Key("host", k.TEXT, "", "Serveur d'envoi (SMTP)", "Mail server (SMTP)", '"smtp.example.com"'),
    Key("port", whole(1, 65535), 587, "Port : 587 avec starttls, 465 avec tls",
        "Port: 587 with starttls, 465 with tls"),
    Key("security", choice("starttls", "tls", "none"), "starttls",
        "Chiffrement ; none : seulement pour un serveur sur cet ordinateur",
        "Encryption; none: only for a server on this computer"),
    Key("auth", choice("password", "microsoft", "none"), "password",
        "Connexion : password ; none : sans ; microsoft : par Microsoft 365, sans mot de passe",
        "Login: password; none: without; microsoft: through Microsoft 365, without a password"),
    Key("username", k.TEXT, "", "Identifiant", "User name", '"compta@example.com"'),
    Key("password_env", k.VARIABLE, "DUNNING_SMTP_PASSWORD",
        "Variable d'environnement du mot de passe, qui ne s'écrit jamais dans ce fichier",
        "Environment variable of the password, which is never written in this file"),
    Key("client_id", k.TEXT, "", "Numéro de l'application inscrite chez Microsoft, pour auth = \"microsoft\"",
        'Number of the application registered at Microsoft, for auth = "microsoft"',
        '"11111111-2222-3333-4444-555555555555"'),
    Key("tenant", k.TEXT, "organizations",
        "Organisation Microsoft dont les comptes se connectent : numéro ou domaine",
        "Microsoft organisation whose accounts sign in: number or domain", '"example.com"'),
    Key("local_hostname", k.TEXT, "", "Nom donné au serveur (EHLO) ; vide : le domaine de l'expéditeur",
        "Name given to the server (EHLO); empty: the sender's domain", '"example.com"'),
    Key("sender", k.MAILBOX, "", "Expéditeur ; vide : l'adresse de la société", "Sender; empty: the company's address",
        '"Atelier Exemple <compta@example.com>"'),
    Key("reply_to", k.MAILBOX, "", "Adresse de réponse", "Address of replies", '"compta@example.com"'),
    Key("bcc", k.ADDRESSES, [], "Copies cachées, pour l'archive", "Blind copies, for the archive",
        '["archive@example.com"]'),
    Key("per_minute", whole(1, 6000), 20, "Messages par minute au plus", "Messages a minute at most"),
    Key("connections", whole(1, 20), 1, "Connexions à la fois, si le fournisseur en permet plusieurs",
        "Connections at a time, where the provider allows several"),
    Key("retries", whole(0, 20), 3, "Nouveaux essais de ce qui n'est certainement pas parti",
        "Retries of what was certainly not sent"),
    Key("timeout_seconds", whole(1, 600), 30, "Attente d'une réponse (secondes)", "Wait for a reply (seconds)"),
    Key("final_timeout_seconds", whole(1, 3600), 600, "Attente de la dernière réponse (secondes)",
        "Wait for the final reply (seconds)"),
    Key("max_same_address", whole(2, 1000), 5,
        "Clients de noms différents à une même adresse à partir desquels c'est signalé",
        "Customers of different names at one address from which on it is said"),
    Key("stop_after_failures", whole(1, 1000), 5, "Arrêt après tant d'échecs de suite", "Stop after failures in a row"),
    Key("ca_file", k.TEXT, "", "Autorité de certification supplémentaire", "Extra certificate authority", '"ca.pem"'),
))  # fmt: skip

_OUTPUT = Table("output", "Ce que le programme écrit", "What the program writes", (
    Key("folder", k.PATH, "output", "Dossier de sortie", "Output folder"),
    Key("levels", k.PATH, "output/levels.xlsx", "Classeur des niveaux, dans le dossier de sortie",
        "Levels workbook, in the output folder"),
))  # fmt: skip

TABLES = (
    _TOP, _CREDITOR, _LEDGER, _CUSTOMERS, _TERMS, _FILTERS, _DUNNING, _LEVELS, _PENALTIES, _LETTERS, _EMAIL, _OUTPUT,
)  # fmt: skip


def table_named(name: str) -> Table:
    """The table of that name; the top of the file has none."""
    return next(table for table in TABLES if table.name == name)


def homes_of(name: str) -> Iterator[str]:
    """The tables that have a key of that name."""
    return (table.name for table in TABLES if table.key(name))
