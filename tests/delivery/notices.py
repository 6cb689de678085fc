"""Invented delivery notices, each in the form of a mail system: as it answers a message that it could not deliver."""

import base64
import quopri

MESSAGE_ID = "<ab12@atelier-exemple.fr>"
TO = "compta@dupont.fr"
DIAGNOSTIC = "550 5.1.1 <{to}>: Recipient address rejected: User unknown"


def head(sender, subject, kind='text/plain; charset="utf-8"', more="", identity="<n1@mx.example>"):
    return (f"Return-Path: <>\r\nFrom: {sender}\r\nTo: compta@atelier-exemple.fr\r\nSubject: {subject}\r\n"
            f"Date: Tue, 24 Nov 2026 10:31:00 +0100\r\nMessage-ID: {identity}\r\n{more}MIME-Version: 1.0\r\n"
            f"Content-Type: {kind}\r\n")  # fmt: skip


def returned(message_id=MESSAGE_ID, to=TO):
    """The head of the reminder, and a little of it."""
    return (f"From: Atelier Exemple <compta@atelier-exemple.fr>\r\nTo: Dupont SARL <{to}>\r\n"
            "Subject: =?utf-8?b?UmVsZXbDqQ==?=\r\n"
            f"Message-ID: {message_id}\r\nIn-Reply-To: <before@atelier-exemple.fr>\r\nMIME-Version: 1.0\r\n"
            'Content-Type: text/plain; charset="utf-8"\r\n\r\nMadame, Monsieur,\r\n')  # fmt: skip


def block(to=TO, action="failed", status="5.1.1", diagnostic=DIAGNOSTIC, original=True):
    first = f"Original-Recipient: rfc822;{to}\r\n" if original else ""
    last = f"Diagnostic-Code: smtp; {diagnostic.format(to=to)}\r\n" if diagnostic else ""
    return f"{first}Final-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: {status}\r\n{last}"


def report(*blocks, sender="MAILER-DAEMON@mx.example (Mail Delivery System)", text="I'm sorry to have to inform you.",
           kind="message/rfc822", message_id=MESSAGE_ID, more="", identity="<n1@mx.example>"):  # fmt: skip
    """A report of RFC 3464."""
    parts = (
        f"Content-Type: text/plain; charset=us-ascii\r\n\r\n{text}\r\n",
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n" + "\r\n".join(blocks),
        *([f"Content-Type: {kind}\r\n\r\n{returned(message_id)}"] if message_id else []),
    )
    body = "".join(f"--=_b\r\n{part}\r\n" for part in parts) + "--=_b--\r\n"
    form = 'multipart/report; report-type=delivery-status; boundary="=_b"'
    subject = "Undelivered Mail Returned to Sender"
    return f"{head(sender, subject, form, more, identity)}\r\n{body}".encode()


def postfix(to=TO, message_id=MESSAGE_ID, identity="<n1@mx.example>"):
    text = (f"This is the mail system at host mx.example.\r\n\r\nI'm sorry to have to inform you that your message could not\r\n"
            f"be delivered to one or more recipients. It's attached below.\r\n\r\n<{to}>: host mx.dupont.fr[192.0.2.7] said: "
            f"{DIAGNOSTIC.format(to=to)}")  # fmt: skip
    return report(
        block(to), text=text, message_id=message_id, identity=identity, more="Auto-Submitted: auto-replied\r\n"
    )


def exim(to=TO):
    text = f"""
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {to}
    host mx.dupont.fr [192.0.2.7]
    SMTP error from remote mail server after RCPT TO:<{to}>:
    550 5.1.1 No such user here

------ This is a copy of the message, including all the headers. ------

{returned(to=to)}""".replace("\r\n", "\n").replace("\n", "\r\n")
    more = f"X-Failed-Recipients: {to}\r\nAuto-Submitted: auto-replied\r\n"
    return (head("Mail Delivery System <Mailer-Daemon@mx.example>", "Mail delivery failed: returning message to sender",
                 more=more) + "\r\n" + text).encode()  # fmt: skip


def sendmail(to=TO):
    text = f"""The original message was received at Tue, 24 Nov 2026 10:30:00 +0100
from smtp.atelier-exemple.fr [192.0.2.1]

   ----- The following addresses had permanent fatal errors -----
<{to}>
    (reason: 550 5.1.1 User unknown)

   ----- Transcript of session follows -----
... while talking to mx.dupont.fr.:
>>> RCPT To:<{to}>
<<< 550 5.1.1 User unknown

   ----- Original message follows -----

""".replace("\n", "\r\n")
    sender = "Mail Delivery Subsystem <MAILER-DAEMON@mx.example>"
    return (head(sender, "Returned mail: see transcript for details") + "\r\n" + text + returned(to=to)).encode()


def qmail(to=TO):
    text = f"""Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{to}>:
192.0.2.7 does not like recipient.
Remote host said: 550 5.1.1 sorry, no mailbox here by that name
Giving up on 192.0.2.7.

--- Below this line is a copy of the message.

""".replace("\n", "\r\n")
    return (head("MAILER-DAEMON@mx.example", "failure notice") + "\r\n" + text + returned(to=to)).encode()


def exchange(to=TO):
    """Microsoft 365: a report, its words in French, and the message it answers."""
    text = (
        f"Échec de la remise à ces destinataires ou groupes :\r\n\r\n{to}\r\nL'adresse de messagerie est introuvable."
    )
    more = f"In-Reply-To: {MESSAGE_ID}\r\nReferences: {MESSAGE_ID}\r\n"
    diagnostic = "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {to} not found by SMTP address lookup"
    sender = "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.com>"
    return report(block(to, status="5.1.10", diagnostic=diagnostic), sender=sender, text=text, more=more)


def exchange_words(to=TO):
    """An old Exchange: HTML only, the head of the message quoted."""
    source = (f"<html><style>p {{ color: red }}</style><p>Votre message n&rsquo;est pas parvenu à certains des destinataires.</p>"
              f"<p>{to}<br>550 5.1.1 Destinataire introuvable</p><p>En-têtes de message d&#39;origine&nbsp;:<br>"
              f"Message-ID: &lt;{MESSAGE_ID.strip('<>')}&gt;</p></html>")  # fmt: skip
    body = base64.encodebytes(source.encode("cp1252")).decode()
    more = "Content-Transfer-Encoding: base64\r\n"
    sender = "=?utf-8?q?Administrateur_syst=C3=A8me?= <postmaster@example.com>"
    kind = 'text/html; charset="windows-1252"'
    return (head(sender, "=?utf-8?q?Non_remis_=3A_Relev=C3=A9?=", kind, more) + "\r\n" + body).encode()


def gmail(to=TO):
    text = (
        f"** Adresse introuvable **\r\n\r\nVotre message n'a pas été remis à {to}, car l'adresse est introuvable.\r\n"
    )
    more = f"X-Failed-Recipients: {to}\r\nIn-Reply-To: {MESSAGE_ID}\r\nReferences: {MESSAGE_ID}\r\n"
    diagnostic = "550-5.1.1 The email account that you tried to reach does not exist."
    sender = "Mail Delivery Subsystem <mailer-daemon@googlemail.com>"
    return report(block(to, diagnostic=diagnostic, original=False), sender=sender, text=text, more=more)


def gmail_words(to=TO):
    text = f"""Delivery to the following recipient failed permanently:

     {to}

Technical details of permanent failure:
The error that the other server returned was: 550 5.1.1 no such account

----- Original message -----

{returned(to=to)}"""
    return (head("Mail Delivery Subsystem <mailer-daemon@googlemail.com>", "Delivery Status Notification (Failure)")
            + "\r\n" + text.replace("\r\n", "\n").replace("\n", "\r\n")).encode()  # fmt: skip


def ovh(to=TO):
    """A Postfix that returns the head of the message only."""
    return report(block(to), sender="MAILER-DAEMON@mx1.mail.example (Mail Delivery System)", kind="text/rfc822-headers")


def orange(to=TO):
    text = (f"Bonjour,\n\nVotre message n'a pas pu être délivré à l'adresse suivante :\n\n    {to}\n\n"
            "Raison : 550 5.1.1 Adresse d'au moins un destinataire invalide.\n\n"
            f"Message d'origine :\n\n> Message-Id: {MESSAGE_ID}\n> Subject: Relevé\n")  # fmt: skip
    body = quopri.encodestring(text.encode("iso-8859-15")).decode()
    more = "Content-Transfer-Encoding: quoted-printable\r\n"
    sender = "MAILER-DAEMON@orange.example"
    return (head(sender, "Message non =?utf-8?q?distribu=C3=A9?=", 'text/plain; charset="iso-8859-15"', more)
            + "\r\n" + body).encode()  # fmt: skip


FORMS = {
    one.__name__: one
    for one in (postfix, exim, sendmail, qmail, exchange, exchange_words, gmail, gmail_words, ovh, orange)
}


def delayed():
    return report(block(action="delayed", status="4.4.1", diagnostic="connection timed out"), text="This is a warning.")


def delayed_words():
    text = (f"THIS IS A WARNING MESSAGE ONLY.\r\nYOU DO NOT NEED TO RESEND YOUR MESSAGE.\r\n\r\nYour message could not be "
            f"delivered for more than 4 hours.\r\n\r\n<{TO}>: connect to mx.dupont.fr: 450 4.4.1 timed out\r\n\r\n")  # fmt: skip
    return (head("MAILER-DAEMON@mx.example", "Warning: could not send message") + "\r\n" + text + returned()).encode()


def success():
    return report(block(action="delivered", status="2.0.0", diagnostic="250 2.0.0 ok"))


def receipt():
    body = (f"--r\r\nContent-Type: text/plain\r\n\r\nLu.\r\n--r\r\nContent-Type: message/disposition-notification\r\n\r\n"
            f"Final-Recipient: rfc822;{TO}\r\nOriginal-Message-ID: {MESSAGE_ID}\r\nDisposition: manual-action/x; displayed\r\n"
            "--r--\r\n")  # fmt: skip
    kind = "multipart/report; report-type=disposition-notification; boundary=r"
    return (head(f"Marie <{TO}>", "Lu : Relevé", kind) + "\r\n" + body).encode()


def away():
    text = "Bonjour,\r\n\r\nJe suis en congés. Votre message ne peut être remis à personne d'autre.\r\n550 5.1.1\r\n"
    more = f"Auto-Submitted: auto-replied\r\nIn-Reply-To: {MESSAGE_ID}\r\nReferences: {MESSAGE_ID}\r\n"
    return (head(f"Marie <{TO}>", "=?utf-8?q?R=C3=A9ponse_automatique?= : Relevé", more=more) + "\r\n" + text).encode()


def answer():
    """A person who answers, and quotes."""
    more = f"In-Reply-To: {MESSAGE_ID}\r\n"
    text = f"Bonjour, nous avons payé ; votre courrier n'a pas pu être remis.\r\n> Message-ID: {MESSAGE_ID}\r\n"
    return (head(f"Marie <{TO}>", "Re: Relevé", more=more) + "\r\n" + text).encode()


OTHERS = {"delayed": (delayed, delayed_words), "delivered": (success,), "receipt": (receipt,), "reply": (away,),
          "other": (answer,)}  # fmt: skip


def bomb(depth=5_000):
    """Containers in containers."""
    inner = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(depth))
    return (head("MAILER-DAEMON@mx.example", "Undelivered").rpartition("Content-Type")[0] + inner).encode()


def box(*notices):
    """All of them in one file."""
    return b"\n\n".join(
        b"From MAILER-DAEMON Tue Nov 24 10:31:00 2026\n" + one.replace(b"\r\n", b"\n") for one in notices
    )
