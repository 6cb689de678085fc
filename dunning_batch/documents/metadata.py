"""What a PDF says of itself, twice as archives want it: for old readers, and as XMP; and which colours it means.

Both say the same of the same day, so that the same letter is the same bytes. The colours are sRGB, as screens and
offices have them: without that, a printer chooses what "red 0.12" looks like.
"""

import re
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

from dunning_batch.documents.pages import About
from dunning_batch.documents.pdffile import PdfFile, stream, string

_PROFILE = Path(__file__).parent.parent / "data" / "srgb.icc"  # as Little CMS writes it, with a fixed date
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MAKER = "dunning-batch"
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:description>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{maker}</xmp:CreatorTool>
<xmp:CreateDate>{moment}</xmp:CreateDate>
<xmp:ModifyDate>{moment}</xmp:ModifyDate>
<pdf:Producer>{maker}</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


def put_information(file: PdfFile, about: About) -> int:
    """Title, author and day for old readers; the number of the object."""
    day = f"(D:{about.day:%Y%m%d}120000+00'00')".encode()
    maker = string(_MAKER)
    says = {
        "Title": string(about.title), "Subject": string(about.title), "Author": string(about.author), "Creator": maker,
        "Producer": maker, "CreationDate": day, "ModDate": day,
    }  # fmt: skip
    return file.put(b"<<%s>>" % b"".join(b"/%s%s" % (key.encode(), value) for key, value in says.items()))


def catalogue_entries(file: PdfFile, about: About) -> bytes:
    """Language, title bar, XMP and colours, as entries of the catalogue; what they need is written."""
    xmp = _xmp(about)
    metadata = file.put(b"<</Type/Metadata/Subtype/XML/Length %d>>\nstream\n%s\nendstream" % (len(xmp), xmp))
    says = b"/OutputConditionIdentifier(sRGB)/Info(sRGB IEC61966-2.1)/DestOutputProfile %d 0 R" % file.put(_profile())
    return (
        b"/Lang%s/ViewerPreferences<</DisplayDocTitle true>>/Metadata %d 0 R"
        b"/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1%s>>]" % (string(about.language), metadata, says)
    )


def _xmp(about: About) -> bytes:
    moment = f"{about.day:%Y-%m-%d}T12:00:00+00:00"
    title, author = (escape(_NO_XML.sub("", text)) for text in (about.title, about.author))
    return _XMP.format(title=title, author=author, language=about.language, maker=_MAKER, moment=moment).encode()


@lru_cache(maxsize=1)
def _profile() -> bytes:
    return stream(_PROFILE.read_bytes(), b"/N 3")
