"""XML from strangers: no document type, no entity, no file, no network (fault 25, security rule S9).

lxml parses, with every way out of the document shut and its limits on: depth, length of a text, growth. A document
type is refused: without one there is no entity to expand.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Protocol

from lxml import etree

from dunning_batch.errors import Message, msg
from dunning_batch.reading.encodings import encoding_of

_SHUT = {"resolve_entities": False, "load_dtd": False, "no_network": True, "huge_tree": False,
         "remove_comments": True, "remove_pis": True}  # fmt: skip
_LOOKS_LIKE_XML = re.compile(r"\s*<[?!\w]")
_HEAD = 1 << 16
_CUT = frozenset(
    (etree.ErrorTypes.ERR_TAG_NOT_FINISHED, etree.ErrorTypes.ERR_DOCUMENT_END, etree.ErrorTypes.ERR_GT_REQUIRED,
     etree.ErrorTypes.ERR_LTSLASH_REQUIRED)
)  # fmt: skip

Element = Any  # lxml has no types of its own


class Readable(Protocol):
    """A stream of bytes."""

    def read(self, size: int, /) -> bytes:
        """At most so many; none at the end."""
        ...


class XmlFaultError(ValueError):
    """XML that is not read, with the line where it went wrong."""

    def __init__(self, fault: Message, line: int | None = None) -> None:
        """What is wrong, as the end of a sentence that begins with the file's name."""
        super().__init__(fault.text)
        self.fault, self.line = fault, line


class XmlTypeError(XmlFaultError):
    """XML that declares a document type: nobody does so by accident."""


def elements(source: Readable, name: str) -> Iterator[Element]:
    """The elements of that name, whatever their prefix, each once it is whole; then the outermost one.

    Raises XmlFaultError where it is no XML, ends too early, or declares a document type.
    """
    walk = etree.iterparse(source, tag=f"{{*}}{name}", collect_ids=False, remove_blank_text=True, **_SHUT)
    try:
        for number, (_, element) in enumerate(walk):
            if not number:
                _refuse_type(element)
            yield element
    except etree.XMLSyntaxError as error:
        raise _fault_of(error) from None
    _refuse_type(walk.root)
    yield walk.root


def tree_of(data: bytes) -> Element:
    """The outermost element of a small document. Raises XmlFaultError."""
    try:
        root = etree.fromstring(data, etree.XMLParser(**_SHUT))
    except etree.XMLSyntaxError as error:
        raise _fault_of(error) from None
    _refuse_type(root)
    return root


def local(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition("}")[2] if tag[0] == "{" else tag


def _refuse_type(element: Element) -> None:
    if element.getroottree().docinfo.doctype:
        raise XmlTypeError(
            msg("declares a document type, as no accounting package does: it is not read. Export it again"), 1
        )


def _fault_of(error: Any) -> XmlFaultError:  # noqa: ANN401 - etree.XMLSyntaxError
    if error.code in _CUT:
        return XmlFaultError(msg("is incomplete: it ends in the middle of an element. Export or copy it again"),
                             error.lineno)  # fmt: skip
    reason = str(error.msg or "").partition(", line ")[0]
    fault = msg("is no readable XML from this line on ({reason}): it is damaged. Export it again", reason=reason[:120])
    return XmlFaultError(fault, error.lineno)


def outermost(head: bytes) -> str | None:
    """The name of the outermost element of what begins so; empty where it cannot be told, None where it is no XML."""
    mark, encoding = encoding_of(head)
    if not _LOOKS_LIKE_XML.match(head[mark:_HEAD].decode(encoding or "utf-8", "replace")):
        return None
    parser = etree.XMLPullParser(("start",), **_SHUT)
    with suppress(etree.XMLSyntaxError):
        parser.feed(head[:_HEAD])
    with suppress(etree.XMLSyntaxError):
        begun = next(parser.read_events(), None)
        return local(begun[1].tag) if begun else ""
    return ""
