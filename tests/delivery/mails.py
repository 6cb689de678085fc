"""What e-mails are made of in tests, and what a reader makes of their bytes."""

import email
import email.policy
from datetime import datetime, timedelta, timezone

from dunning_batch.delivery.mailbox import mailbox
from dunning_batch.delivery.message import Content, Heading, Words

MOMENT = datetime(2026, 11, 24, 10, 30, tzinfo=timezone(timedelta(hours=1)))
SENDER = mailbox("Atelier Exemple <compta@atelier-exemple.fr>")
PDF = b"%PDF-1.7 " + bytes(range(256)) * 16


def heading(**changes):
    return Heading(**{"sender": SENDER, "moment": MOMENT} | changes)


def content(reminder="ab12", **changes):
    words = {
        "subject": "Relevé de factures impayées",
        "text": "Madame, Monsieur,\n\nla facture F001 de 1 200,00 € reste due.\n",
        "html": "<p>Madame, Monsieur,</p>\n<p>la facture <b>F001</b> reste due.</p>\n",
    }
    words |= {name: changes.pop(name) for name in words if name in changes}
    given = {"name": "Dupont SARL", "addresses": ("compta@dupont.fr",), "file": "DUPONT-1.pdf", "pdf": PDF}
    return Content(reminder, words=Words(**words), **given | changes)


def read(data):
    """The message as a mail program reads it."""
    return email.message_from_bytes(data, policy=email.policy.default)


def body(message, kind):
    return message.get_body((kind,)).get_content().replace("\r\n", "\n")
