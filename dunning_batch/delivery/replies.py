"""What mail servers answer, and what it means for a message and for a run (faults 80 to 85)."""

import re
from dataclasses import dataclass

from dunning_batch.errors import Problem, ServerError, Source, msg

_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_LONGEST = 300
# Daily quota of the account or of the whole tenant: going on makes it worse (Google 5.4.5, Microsoft the others).
_QUOTA = frozenset({"5.4.5", "5.1.90", "5.7.232", "5.7.233", "5.7.705", "5.7.708"})
_BUSY = frozenset({421, 452, 454})


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply."""

    code: int  # -1 where it is none
    text: str  # one line

    @property
    def ok(self) -> bool:
        """Taken."""
        return 200 <= self.code < 300

    @property
    def for_now(self) -> bool:
        """Refused for the moment only."""
        return 400 <= self.code < 500

    @property
    def for_good(self) -> bool:
        """Refused for good."""
        return 500 <= self.code < 600

    @property
    def status(self) -> str:
        """The enhanced status code (RFC 3463), empty where there is none."""
        found = _STATUS.match(self.text)
        return found[1] if found else ""

    @property
    def is_quota(self) -> bool:
        """The account may send no more today."""
        return self.status in _QUOTA

    @property
    def is_busy(self) -> bool:
        """The server wants fewer messages at a time."""
        return self.code in _BUSY

    @property
    def blames_address(self) -> bool:
        """It is this address that is not taken, not the sender or the way of sending."""
        known = not self.status or self.status.startswith(("5.1.", "5.2."))
        return self.code in (550, 551, 553) and known and not self.is_quota

    def __str__(self) -> str:
        """As shown to users: cut here, after secrets are out of it, so that no half of one is left."""
        return (f"{self.code} {self.text}".strip() if self.code > 0 else self.text)[:_LONGEST]


def reply_of(answer: tuple[int, bytes]) -> Reply:
    """What smtplib returns, as one line of text."""
    code, data = answer
    return Reply(code, _CONTROLS.sub(" ", data.decode("utf-8", "replace")).strip())


def unfit(host: str, reply: Reply) -> ServerError:
    """The error for a server that answers and does not work with us."""
    text = msg("{host} refuses the connection: {reply}. Ask its provider, or try again later.", host=host,
               reply=str(reply))  # fmt: skip
    return ServerError(Problem("server_refuses", text, "error", Source(key="[email] host")))
