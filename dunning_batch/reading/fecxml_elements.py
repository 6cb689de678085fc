"""The elements of a FEC in XML (A47 A-1): `comptabilite/exercice/journal/ecriture/ligne`, one entry after the other.

Two elements of one name, one inside another, one where it does not belong: refused, as somebody's money is in them.
A line of the ledger is told by the line of the file where its first element stands.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from dunning_batch.errors import Message, msg
from dunning_batch.reading.xml_guard import Element, Readable, XmlFaultError, elements, local

ROOT = "comptabilite"
_LINES = 10_000  # of what is handed over at once

Cells = dict[str, str | None]  # tag -> text, None for none


@dataclass(slots=True)
class Entries:
    """Some entries and their lines."""

    journals: list[Cells] = field(default_factory=list)  # of each entry
    heads: list[Cells] = field(default_factory=list)  # what each entry says itself
    counts: list[int] = field(default_factory=list)  # its lines
    lines: list[Cells] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)  # where they stand in the file
    tags: tuple[frozenset[str], ...] = ()  # of lines, heads and journals, once all are there


class Walk:
    """The entries of a file, and what is known of it as a whole."""

    def __init__(self, source: Readable, is_known: Callable[[str], bool]) -> None:
        """Over a file, from its beginning; `is_known`: whether an element of that name counts."""
        self._source, self._is_known = source, is_known
        self._journal: Element = None
        self._year: Element = None
        self._of_journal: Cells = {}
        self.of_year: Cells = {}
        self.tags: set[str] = set()  # of what entries say
        self.encoding = ""

    def entries(self) -> Iterator[Entries]:
        """A few thousand lines at a time. Raises XmlFaultError."""
        taken = Entries()
        for element in elements(self._source, "ecriture"):
            if element.getparent() is None:
                self._end(element)
                break
            self._take(element, taken)
            if len(taken.lines) >= _LINES:
                yield self._noted(taken)
                taken = Entries()
        if taken.lines:
            yield self._noted(taken)

    def _noted(self, taken: Entries) -> Entries:
        levels = (taken.lines, taken.heads, taken.journals)
        taken.tags = tuple(frozenset().union(*cells) for cells in levels)
        self.tags |= taken.tags[1]
        if any(local(tag) == "ligne" for tag in self.tags):
            raise XmlFaultError(msg("has a line with nothing in it: export it again"))
        return taken

    def _take(self, element: Element, taken: Entries) -> None:
        journal = element.getparent()
        if journal is not self._journal:
            self._begin_journal(journal, element)
        lines, numbers = taken.lines, taken.numbers
        before, head = len(lines), []
        for child in element:
            if not len(child):
                head.append(child)
                continue
            cells = list(child)
            if child.tag != "ligne" and local(child.tag) != "ligne":
                raise _holds_others(child)
            numbers.append(cells[0].sourceline)
            lines.append(self._cells(child, cells))
        taken.heads.append(self._cells(element, head))
        taken.journals.append(self._of_journal)
        taken.counts.append(len(lines) - before)
        element.clear()
        while element.getprevious() is not None:
            del journal[0]

    def _begin_journal(self, journal: Element, entry: Element) -> None:
        year = journal.getparent()
        if year is None or local(journal.tag) != "journal":
            raise _misplaced(entry)
        if year is not self._year:
            self._begin_year(year, entry)
        if self._journal is not None:
            _refuse_left(self._journal)
            year.remove(self._journal)
        self._journal = journal
        self._of_journal = self._cells(journal, [child for child in journal if local(child.tag) != "ecriture"])

    def _begin_year(self, year: Element, entry: Element) -> None:
        root = year.getparent()
        if root is None or root.getparent() is not None or (local(root.tag), local(year.tag)) != (ROOT, "exercice"):
            raise _misplaced(entry)
        if self._year is not None:
            raise _fault(msg("holds several fiscal years: export each into a file of its own"), year)
        self._year = year
        self.of_year = self._cells(year, [child for child in year if local(child.tag) != "journal"])

    def _cells(self, holder: Element, cells: list[Element]) -> Cells:
        """The texts of some elements of a holder, by tag."""
        texts: Cells = {cell.tag: cell.text for cell in cells}
        if len(texts) != len(cells) or any(map(len, cells)):
            self._refuse_doubts(holder, cells, texts)
        return texts

    def _refuse_doubts(self, holder: Element, cells: list[Element], texts: Cells) -> None:
        """A line may hold anything beyond its own elements; what counts must stand once and hold a text only."""
        for cell in cells:
            name = local(cell.tag)
            is_known = local(holder.tag) != "ligne" or self._is_known(name)
            if len(cell) and (is_known or next(cell.iter("{*}ligne"), None) is not None):
                raise _holds_others(cell)
            if is_known and texts[cell.tag] != cell.text:
                text = msg("has an element {name} twice in one place, with other contents: export it again", name=name)
                raise _fault(text, cell)

    def _end(self, root: Element) -> None:
        """The file ends."""
        self.encoding = root.getroottree().docinfo.encoding or ""
        _refuse_left(root)


def _refuse_left(holder: Element) -> None:
    """Lines of entries were taken away; what is left is looked for only in what holds something: the rest is quick."""
    for child in holder:
        left = next(child.iter("{*}ligne"), None) if len(child) or local(child.tag) == "ligne" else None
        if left is not None:
            raise _misplaced(left)


def _holds_others(element: Element) -> XmlFaultError:
    text = msg("has an element {name} that holds others: export it again", name=local(element.tag))
    return _fault(text, element)


def _misplaced(element: Element) -> XmlFaultError:
    text = msg("has an element {name} where none belongs: export it again", name=local(element.tag))
    return _fault(text, element)


def _fault(fault: Message, element: Element) -> XmlFaultError:
    return XmlFaultError(fault, element.sourceline)
