"""An address with a name, as `[email]` has it and as a header shows it."""

from dataclasses import dataclass

from dunning_batch.core.emailaddress import read_addresses


@dataclass(frozen=True, slots=True)
class Mailbox:
    """`Name <address>`; the name may be empty."""

    address: str  # checked, its domain in punycode
    name: str = ""

    @property
    def domain(self) -> str:
        """What stands after the @."""
        return self.address.rpartition("@")[2]


def mailbox(written: str) -> Mailbox | None:
    """A setting that was checked when it was read; None where it is empty."""
    if not written.strip():
        return None
    (address,), _ = read_addresses(written)
    name = written[: written.rfind("<")] if written.rstrip().endswith(">") else ""
    return Mailbox(address, name.strip().strip('"'))
