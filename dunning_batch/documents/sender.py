"""What letters need to know of the dossier, whoever holds it."""

from typing import Literal, Protocol


class Sender(Protocol):
    """The company that is owed: `[creditor]`."""

    @property
    def name(self) -> str:
        """As the bank holds it."""

    @property
    def address(self) -> tuple[str, ...]:
        """Its lines."""

    @property
    def legal_form(self) -> str:
        """With the capital."""

    @property
    def siren(self) -> str:
        """Nine digits."""

    @property
    def rcs(self) -> str:
        """Entry in the trade register."""

    @property
    def vat(self) -> str:
        """VAT number."""

    @property
    def phone(self) -> str:
        """Telephone."""

    @property
    def email(self) -> str:
        """Address for questions."""

    @property
    def website(self) -> str:
        """Website."""

    @property
    def iban(self) -> str:
        """Without blanks."""

    @property
    def bic(self) -> str:
        """Optional."""

    @property
    def signatory(self) -> str:
        """Who signs."""


class Look(Protocol):
    """How letters look: `[letters]`."""

    @property
    def letterhead(self) -> str:
        """A PDF, relative to the dossier; empty for none."""

    @property
    def logo(self) -> str:
        """A picture, relative to the dossier; empty for none."""

    @property
    def invoice_copies(self) -> str:
        """A folder, relative to the dossier; empty for none."""

    @property
    def payment_qr(self) -> bool:
        """A QR code beside the means of payment."""

    @property
    def window(self) -> Literal["right", "left"]:
        """Where the window of the envelope is."""

    @property
    def header(self) -> str:
        """A template in the place of the sender's block; empty for that block."""

    @property
    def footer(self) -> str:
        """A template in the place of the legal mentions; empty for these."""
