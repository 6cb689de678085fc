"""Foreign artwork inside our PDFs: a page of another PDF, or an image, as one form object that a document holds once.

Only what a page draws with is taken: its contents and resources. Scripts, links, forms, attachments, metadata and the
private data of editors stay behind (S7). It is taken apart once; each document then only numbers the objects anew.
"""

import hashlib
import io
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pypdf import PageObject
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, NullObject, PdfObject, StreamObject

from dunning_batch.documents.pdffile import PdfFile

_PRIVATE = frozenset({
    "/AA", "/A", "/AF", "/Annots", "/B", "/JS", "/LastModified", "/Length", "/Metadata", "/OPI", "/OpenAction",
    "/Parent", "/PieceInfo", "/Ref", "/StructParent", "/StructParents", "/Thumb",
})  # fmt: skip
_MOST_OBJECTS = 5000


class ArtworkError(Exception):
    """A page that cannot be taken: too many objects, or no page at all."""


class Use(NamedTuple):
    """An object of the artwork, named where another one uses it."""

    name: str


Pieces = tuple[bytes | Use, ...]


@dataclass(frozen=True, slots=True)
class Artwork:
    """A drawing, ready to be placed. Its name is a digest: the same drawing is held once."""

    name: str
    pieces: tuple[tuple[str, Pieces], ...]  # objects by name, the drawing itself last

    def put(self, file: PdfFile) -> int:
        """Write it into a document; the number by which pages place it."""
        numbers = {name: file.reserve() for name, _ in self.pieces}
        for name, pieces in self.pieces:
            parts = (one if isinstance(one, bytes) else b"%d 0 R" % numbers[one.name] for one in pieces)
            file.put(b"".join(parts), numbers[name])
        return numbers[self.name]


def page_artwork(page: PageObject, matrix: tuple[float, ...]) -> Artwork:
    """A page as artwork.

    Args:
        page: Of a file that pypdf has open.
        matrix: From the page's own space onto our page, six numbers.

    Raises:
        ArtworkError: the page holds more objects than any stationery does.
    """
    content = page.get_contents()
    data = content.get_data() if content is not None else b""
    box = b" ".join(b"%.4f" % float(number) for number in page.mediabox)
    place = b" ".join(b"%.6f" % number for number in matrix)
    head = b"/Type /XObject /Subtype /Form /BBox [%s] /Matrix [%s] " % (box, place)
    return _Taken(hashlib.sha256(data).hexdigest()[:16]).artwork(page, head, data)


def image_artwork(pixels: bytes, width: int, height: int) -> Artwork:
    """A picture that fills the unit square; three bytes a pixel (red, green, blue), row by row from the top."""
    name = f"image-{hashlib.sha256(pixels).hexdigest()[:16]}"
    data = zlib.compress(pixels, 9)
    head = b"/Type /XObject /Subtype /Image /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode"
    image = b"<<%s /Width %d /Height %d /Length %d>>\nstream\n%s\nendstream" % (head, width, height, len(data), data)
    form: Pieces = (
        b"<</Type /XObject /Subtype /Form /BBox [0 0 1 1] /Resources <</XObject <</I ",
        Use(name),
        b">> >> /Length 5>>\nstream\n/I Do\nendstream",
    )
    return Artwork(f"art-{name}", ((name, (image,)), (f"art-{name}", form)))


class _Taken:
    """The objects that a page uses, taken one after the other."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._waiting: list[IndirectObject] = []
        self._names: dict[tuple[int, int], str] = {}

    def artwork(self, page: PageObject, head: bytes, data: bytes) -> Artwork:
        """The page and everything that it uses; `head`: entries of the form, `data`: its drawing commands."""
        used = DictionaryObject({NameObject(key): page.raw_get(key) for key in ("/Resources", "/Group") if key in page})
        form = _joined(self._stream([head, *self._pairs(used)], zlib.compress(data), b" /Filter /FlateDecode"))
        objects: list[tuple[str, Pieces]] = []
        while self._waiting:
            reference = self._waiting.pop()
            objects.append((self._name_of(reference), _joined(self._taken(reference.get_object()))))
            if len(objects) > _MOST_OBJECTS:
                raise ArtworkError
        digest = hashlib.sha256(repr((form, objects)).encode()).hexdigest()[:16]
        return Artwork(f"art-{digest}", (*objects, (f"art-{digest}", form)))

    def _taken(self, thing: PdfObject | None) -> Iterator[bytes | Use]:
        if isinstance(thing, IndirectObject):
            yield self._use(thing)
        elif isinstance(thing, StreamObject):
            yield from self._stream([*self._pairs(thing)], thing._data)  # noqa: SLF001 - the bytes as they are packed
        elif isinstance(thing, DictionaryObject):
            yield b"<<"
            yield from self._pairs(thing)
            yield b">>"
        elif isinstance(thing, ArrayObject):
            yield b"["
            for one in thing:
                yield from self._taken(one)
                yield b" "
            yield b"]"
        else:
            yield _literal(thing if thing is not None else NullObject())

    def _pairs(self, things: DictionaryObject) -> Iterator[bytes | Use]:
        for key in sorted(things, key=str):
            if key not in _PRIVATE:
                yield _literal(NameObject(key)) + b" "
                yield from self._taken(things.raw_get(key))
                yield b" "

    def _stream(self, pairs: list[bytes | Use], data: bytes | str, more: bytes = b"") -> Iterator[bytes | Use]:
        packed = data if isinstance(data, bytes) else data.encode("latin-1")
        yield b"<<"
        yield from pairs
        yield b"/Length %d%s>>\nstream\n" % (len(packed), more)
        yield packed
        yield b"\nendstream"

    def _use(self, reference: IndirectObject) -> Use:
        if (reference.idnum, reference.generation) not in self._names:
            self._names[reference.idnum, reference.generation] = f"{self._prefix}-{len(self._names)}"
            self._waiting.append(reference)
        return Use(self._name_of(reference))

    def _name_of(self, reference: IndirectObject) -> str:
        return self._names[reference.idnum, reference.generation]


def _joined(pieces: Iterable[bytes | Use]) -> Pieces:
    """Neighbouring bytes in one piece: they are written with every letter."""
    joined: list[bytes | Use] = []
    for piece in pieces:
        if isinstance(piece, bytes) and joined and isinstance(joined[-1], bytes):
            joined[-1] += piece
        else:
            joined.append(piece)
    return tuple(joined)


def _literal(thing: PdfObject) -> bytes:
    written = io.BytesIO()
    thing.write_to_stream(written)
    return written.getvalue()
