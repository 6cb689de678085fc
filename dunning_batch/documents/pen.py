"""What writes a letter: words in its language, and the signs that its font lacked."""

from dataclasses import dataclass, field

from dunning_batch.documents.fonts import printable
from dunning_batch.documents.typeset import Span, french, with_whole_dates
from dunning_batch.language import Language


@dataclass(frozen=True, slots=True)
class Pen:
    """One letter's; `lost` collects what could not be printed (fault 59)."""

    language: Language
    lost: dict[str, None] = field(default_factory=dict)

    def show(self, text: str) -> str:
        """Somebody's text, as it can be printed."""
        shown, lost = printable(text)
        self.lost.update(dict.fromkeys(lost))
        return shown

    def say(self, text: str, /, **values: object) -> str:
        """Words of our own, in the letter's language."""
        return self.set(self.show(self.language.text(text, **values)))

    def set(self, text: str) -> str:
        """A text with the spaces of its language."""
        return with_whole_dates(french(text) if self.language.code == "fr" else text)

    def spans(self, spans: tuple[Span, ...]) -> tuple[Span, ...]:
        """The words of a template; the ends of their lines are kept."""
        return tuple(
            span._replace(text="\n".join(self.set(self.show(line)) for line in span.text.split("\n"))) for span in spans
        )
