"""A letter with ten invoices and a payment code, against the same words drawn by hand on a reportlab canvas.

    python bench/letters.py              # processor time, medians of five rounds of forty letters, taken in turn
    python bench/letters.py --workers 2  # 1 000 such letters, zip and print file: by the clock, one process and two in turn

The floor draws each word at the place that our layout gave it, in one TrueType font for each face, with the QR code made at
a fixed mask: what any program pays that uses the same library and knows where everything stands.
"""

import argparse
import io
import re
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import segno
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from dunning_batch.config import Creditor, LetterSettings
from dunning_batch.core.policy import Level
from dunning_batch.core.reminders import Reminder
from dunning_batch.delivery.archive import Parcel, ZipDelivery
from dunning_batch.documents.binding import PrintFile, bound, pdf_of
from dunning_batch.documents.letter import compose_letter
from dunning_batch.documents.letterhead import load_stationery
from dunning_batch.documents.pages import HEIGHT, MM, About, Letter
from dunning_batch.documents.papers import Papers, load_papers
from dunning_batch.documents.paymentqr import transfer_of
from dunning_batch.documents.samples import sample_reminder
from dunning_batch.language import language
from dunning_batch.making import Making
from dunning_batch.sharing import makers

SENDER = Creditor(
    name="Atelier Exemple SARL", address=("12 rue des Lilas", "69003 LYON"), legal_form="SARL au capital de 10 000 €",
    siren="123456782", rcs="RCS Lyon 123 456 782", iban="FR7630006000011234567890189", bic="AGRIFRPP",
)  # fmt: skip
LEVEL = Level(2, "2ème relance de paiement", "level2")
FONTS = Path(__file__).parent.parent / "dunning_batch" / "data" / "fonts"
COUNT = 40


def reminder_of(number: int) -> Reminder:
    """A second reminder of ten invoices, another one each time."""
    one = sample_reminder(LEVEL, "fr", "professional", full=False)
    line = one.items[0]
    items = tuple(
        replace(line, decision=replace(line.decision, item=replace(line.decision.item, piece=f"F2026-{number}{rank}")))
        for rank in range(10)
    )
    total = sum(line.decision.item.open for line in items) + number
    return replace(one, items=items, open=total, total=total)


def ours(papers: Papers, look: LetterSettings) -> None:
    """Lay out and write letters."""
    for number in range(COUNT):
        pdf_of(compose_letter(reminder_of(number), SENDER, look, papers).letter)


def by_hand(letters: list[tuple[Letter, str]]) -> None:
    """Draw what is laid out already, with reportlab's own calls."""
    for letter, transfer in letters:
        canvas = Canvas(io.BytesIO(), invariant=1, pageCompression=1)
        for page in letter.pages:
            for top, row in page:
                for rule in row.rules:
                    canvas.line(rule.x, HEIGHT - top - rule.y, rule.to_x, HEIGHT - top - rule.to_y)
                for text in row.texts:
                    canvas.setFont(f"floor-{text.face}", text.size)
                    canvas.drawString(text.x, HEIGHT - top - text.y, text.text)
            matrix = segno.make(transfer, error="m", mask=3, boost_error=False, micro=False).matrix
            modules = canvas.beginPath()
            for y, line in enumerate(matrix):
                for run in re.finditer(rb"\x01+", bytes(line)):
                    modules.rect(150 * MM + run.start(), 150 * MM - y, len(run[0]), 1)
            canvas.drawPath(modules, stroke=0, fill=1)
            canvas.showPage()
        canvas.save()


def cost(work: Callable[[], None]) -> float:
    """Milliseconds of processor time a letter."""
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000 / COUNT


def processor() -> float:
    """Seconds of the processor so far, of this process and of those that have ended."""
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def written(making: Making, reminders: list[Reminder], processes: int) -> tuple[float, float]:
    """Seconds by the clock, and of the processor, for letters on the disk, their zip and the print file."""
    about = About("Letters", SENDER.name, "fr-FR", reminders[0].as_of)
    with tempfile.TemporaryDirectory() as name:
        start, spent = time.perf_counter(), processor()
        with ZipDelivery(Path(name), reminders[0].as_of, language("fr")) as archive:
            with makers(making, processes) as found, PrintFile(archive.print_file(), about) as book:
                for number, (reminder, made) in enumerate(zip(reminders, found.made(reminders), strict=True)):
                    archive.deliver(Parcel(reminder, f"{number}.pdf", f"{number}.pdf", bound(made.drawn)))
                    book.add(made.drawn)
            archive.finish()
        return time.perf_counter() - start, processor() - spent


def workers(count: int, letters: int, rounds: int) -> None:
    """One process and several, in turn; the ratio is the median of the pairs."""
    look = LetterSettings(payment_qr=True)
    making = Making(SENDER, look, load_papers(Path(), (LEVEL,), "fr", SENDER, look))
    reminders = [reminder_of(number) for number in range(letters)]
    pairs = [(written(making, reminders, 1), written(making, reminders, count)) for _ in range(rounds + 1)][1:]
    alone, shared = ([statistics.median(part) for part in zip(*side, strict=True)] for side in zip(*pairs, strict=True))
    ratio = statistics.median(one[0] / two[0] for one, two in pairs)
    met = f" (aim 1.7); {'met' if ratio >= 1.7 else 'NOT MET'}" if count == 2 else ""
    print(f"{letters} letters, zip, print file: {alone[0]:.2f} s alone, {shared[0]:.2f} s by {count} = {ratio:.2f} x{met}")
    print(f"processor: {alone[1]:.2f} s / {shared[1]:.2f} s")


def letterhead(path: Path) -> None:
    """Two pages with a name, a line and the mentions."""
    canvas = Canvas(str(path), invariant=1)
    for _ in range(2):
        canvas.drawString(20 * MM, 275 * MM, "ATELIER EXEMPLE")
        canvas.line(20 * MM, 20 * MM, 190 * MM, 20 * MM)
        canvas.drawString(20 * MM, 15 * MM, "SIREN 123 456 782")
        canvas.showPage()
    canvas.save()


def main() -> None:
    """Measure in turn and print medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--letters", type=int, default=1000)
    options = parser.parse_args()
    rounds = options.rounds
    if options.workers:
        workers(options.workers, options.letters, rounds)
        return
    for face in ("regular", "bold", "italic", "bolditalic"):
        pdfmetrics.registerFont(TTFont(f"floor-{face}", str(FONTS / f"{face}.ttf")))
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        letterhead(root / "paper.pdf")
        plain, coded = LetterSettings(), LetterSettings(payment_qr=True)
        headed = LetterSettings(letterhead="paper.pdf", payment_qr=True)
        papers = load_papers(root, (LEVEL,), "fr", SENDER, plain)
        on_paper = replace(papers, stationery=load_stationery(root, headed, SENDER))
        reminders = [reminder_of(number) for number in range(COUNT)]
        laid = [(compose_letter(one, SENDER, plain, papers).letter, transfer_of(one, SENDER)) for one in reminders]
        works = {
            "floor, canvas by hand": lambda: by_hand(laid),
            "letter": lambda: ours(papers, plain),
            "letter with code": lambda: ours(papers, coded),
            "letter with code on a letterhead": lambda: ours(on_paper, headed),
        }
        found: dict[str, list[float]] = {name: [] for name in works}
        for _ in range(rounds + 1):
            for label, work in works.items():
                found[label].append(cost(work))
    medians = {label: statistics.median(costs[1:]) for label, costs in found.items()}
    for label, milliseconds in medians.items():
        print(f"{label}: {milliseconds:.2f} ms")
    floor, _, code, head = medians.values()
    print(f"letter with code / floor = {code / floor:.2f} (aim 1.5); {'met' if code <= 1.5 * floor else 'NOT MET'}")
    print(f"a letterhead adds {head - code:.2f} ms (aim 1); {'met' if head - code <= 1 else 'NOT MET'}")


if __name__ == "__main__":
    main()
