"""Delivery notices in words: Postfix, Exim, Sendmail, qmail, Exchange, Gmail, OVH, Orange and those like them.

Words alone prove nothing: a person who is away writes them too. They count from a mail system only.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.utils import getaddresses
from typing import Literal

from dunning_batch.delivery.noticeparts import clean, value

Kind = Literal["failure", "delayed", "delivered", "receipt", "reply", "other", "unreadable"]

_MOST_ADDRESSES = 100
_MOST_TEXT = 100_000


def _any_of(*forms: str) -> re.Pattern[str]:
    return re.compile("|".join(forms), re.IGNORECASE)


# From whom notices come.
_SYSTEM = _any_of(
    r"(?:mailer-?daemon|postmaster|mail-?daemon|mail-?deliver\w*|mdaemon|microsoftexchange[0-9a-f]+)[\w.+=-]*@",
    r"mail delivery (?:sub)?system|system administrator|administrateur syst",
)
_FAILED = _any_of(
    r"(?:could|can)(?:n't|not| not) be (?:delivered|reached)",
    r"(?:was|were|been)(?:n't| not) (?:been )?delivered",
    r"(?:was|were)?n't able to deliver|unable to deliver",
    r"permanent\w* (?:fatal |delivery )?(?:error|fail)|fail\w* permanently",
    r"delivery (?:has |to .{1,300} )?failed|did(?:n't| not) reach|undeliver(?:able|ed)",
    r"returned mail|failure notice|delivery failure|address not found|message (?:not delivered|blocked)",
    r"n['\u2019 ]\s?(?:a|ont) (?:malheureusement )?(?:pas )?pu [êe]tre (?:remis|distribu|d[ée]livr|achemin|transmis)",
    r"n['\u2019](?:a|ont) pas [ée]t[ée] (?:remis|distribu|d[ée]livr|achemin)|n['\u2019]est pas parvenu",
    r"[ée]chec (?:d[ée]finitif )?(?:de|lors de|dans) la (?:remise|distribution|livraison|transmission)",
    r"ne peu(?:t|vent) (?:pas )?[êe]tre (?:joint|atteint|remis|d[ée]livr)|non (?:remis|distribu|d[ée]livr)",
    r"adresse introuvable|impossible de (?:remettre|distribuer|d[ée]livrer|livrer)",
)
_DELAYED = _any_of(
    r"warning message only|\bdelayed\b|delivery delay|not (?:yet )?been delivered|still (?:being|trying)",
    r"will (?:continue|keep|be retried)|attempts will continue|need to resend|\btemporar",
    r"retard[ée]|report[ée]e|nouvelles? tentatives?|sera (?:r[ée])?essay|pas besoin de (?:le )?renvoyer",
)
_FINAL = _any_of(
    r"permanent|giv(?:en|ing) up|timeout exceeded|too long|expired|no further attempts|failed to deliver",
    r"abandon|d[ée]finiti",
)
_GOOD_CODE = _any_of(r"(?<![\d.])(?:5\.\d{1,3}\.\d{1,3}(?!\.?\d)|5[0-5]\d[ -](?=\S))")
_LATER_CODE = _any_of(r"(?<![\d.])(?:4\.\d{1,3}\.\d{1,3}(?!\.?\d)|4[0-5]\d[ -](?=\S))")
_ANSWER = _any_of(
    r"auto(?:matic|mated)?[- ]?(?:reply|response)|out of (?:the )?office|on (?:holiday|vacation|leave)",
    r"r[ée]ponse auto|absen[ct]|cong[ée]s",
)
# What stands above the message that is returned, or its first line.
_COPY = re.compile(
    r"^[-\s>*#]*(?:"
    r"below this line is|this is a copy|(?:a )?copy of (?:the|your)|(?:the )?original[- ]message(?! was)"
    r"|returned message|undelivered message|unsent message"
    r"|message (?:original|d['\u2019]origine)|copie (?:du|de votre)|en-t[êe]tes? "
    r"|(?:received|return-path|message-id)\s*:)",
    re.IGNORECASE | re.MULTILINE,
)
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{1,250}")


@dataclass(frozen=True, slots=True)
class Failure:
    """One address that did not get the message."""

    address: str  # as the message was sent to, where the notice says so
    final: str  # as it was in the end: it may have been forwarded
    reason: str  # status and diagnostic, one line


def read_words(mail: Message, text: str) -> tuple[Kind, tuple[Failure, ...]]:
    """What a message says in words."""
    failed_to = value(mail, "X-Failed-Recipients")
    subject, said = value(mail, "Subject"), before_copy(text[:_MOST_TEXT])
    if not failed_to and not _SYSTEM.search(value(mail, "From")):
        return ("reply" if _is_answer(mail, subject) else "other"), ()
    words = " ".join(f"{subject}\n{said}".split())
    for_good = bool(_GOOD_CODE.search(words) or _FINAL.search(words))
    if not for_good and (_DELAYED.search(words) or _LATER_CODE.search(words)):
        return "delayed", ()
    if not failed_to and not _FAILED.search(words):
        return "other", ()
    return "failure", tuple(_failures(said, failed_to))


def before_copy(text: str) -> str:
    """What a mail system says itself, without the message that it quotes below."""
    found = _COPY.search(text)
    return text[: found.start()] if found else text


def _is_answer(mail: Message, subject: str) -> bool:
    automatic = value(mail, "Auto-Submitted").lower().startswith("auto-")
    named = any(mail.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply-From"))
    return automatic or named or bool(_ANSWER.search(subject))


def _failures(said: str, failed_to: str) -> Iterator[Failure]:
    listed = [address for _, address in getaddresses([failed_to]) if address]
    found = listed or [one.group().rstrip(".") for one in _ADDRESS.finditer(said)]
    distinct = list(dict.fromkeys(found))[:_MOST_ADDRESSES]
    for address in distinct:
        yield Failure(clean(address), clean(address), _reason(said, address))
    if not distinct:
        yield Failure("", "", _reason(said, ""))


def _reason(said: str, address: str) -> str:
    """The lines that follow the address up to a blank one; else the first line with a code."""
    lines = said.splitlines()
    place = next((number for number, line in enumerate(lines) if address and address in line), None)
    if place is not None:
        block = [lines[place].replace(address, "").strip(" <>:()\t-*")]
        for line in lines[place + 1 : place + 12]:
            if not line.strip():
                break
            block.append(line)
        reason = clean(" ".join(block))
        if _GOOD_CODE.search(reason) or len(block) > 1:
            return reason
    coded = (line for line in lines if _GOOD_CODE.search(line))
    return clean(next(coded, ""))
