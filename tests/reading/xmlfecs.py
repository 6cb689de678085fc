"""FECs in XML for tests, from the same short tables as FECs in text."""

from itertools import groupby
from xml.sax.saxutils import escape

from tests.dossiers import fec_bytes

_HEADS = ("EcritureNum", "EcritureDate", "EcritureLib", "PieceRef", "PieceDate", "EcritureLet", "DateLet", "ValidDate")
_LINE = ("CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib")
_DAYS = ("EcritureDate", "PieceDate", "DateLet", "ValidDate")


def xml_of(table: str, closing: str = "2026-12-31", attributes: str = "", *, sides: bool = False) -> bytes:
    """A whole FEC from a short table; its rows stand entry by entry, as an entry has one piece, label and lettering."""
    names, *lines = (line.split("\t") for line in fec_bytes(table).decode().split("\r\n") if line)
    return xml_of_lines([dict(zip(names, line, strict=True)) for line in lines], closing, attributes, sides=sides)


def xml_of_lines(
    lines: list[dict[str, str]], closing: str = "2026-12-31", attributes: str = "", *, sides: bool = False
) -> bytes:
    """A whole FEC from lines: fields by FEC name, as in a text FEC."""
    journals = []
    for (code, label), of_journal in groupby(lines, lambda line: (line["JournalCode"], line["JournalLib"])):
        entries = [
            _entry(list(group), sides=sides)
            for _, group in groupby(
                of_journal, lambda line: [line[name] for name in ("EcritureNum", *_HEADS[1:2], "PieceRef")]
            )
        ]
        journals.append(
            f"<journal>{_element('JournalCode', code)}{_element('JournalLib', label)}{''.join(entries)}</journal>\n"
        )
    year = f"<exercice>\n<DateCloture>{closing}</DateCloture>\n{''.join(journals)}</exercice>\n"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<comptabilite{attributes}>\n{year}</comptabilite>\n'.encode()


def _entry(lines: list[dict[str, str]], *, sides: bool) -> str:
    lettered = next((line for line in lines if line["EcritureLet"]), lines[0])
    head = lines[0] | {name: lettered[name] for name in ("EcritureLet", "DateLet")}
    texts = "".join(_element(name, _written(name, head[name])) for name in _HEADS if head[name] or name == "ValidDate")
    return f"<ecriture>\n{texts}\n{''.join(_line(line, sides=sides) for line in lines)}</ecriture>\n"


def _line(line: dict[str, str], *, sides: bool) -> str:
    texts = "".join(_element(name, line[name]) for name in _LINE if line[name])
    debit, credit = (line[name].replace(",", ".") for name in ("Debit", "Credit"))
    if sides:
        is_credit = float(debit or 0) == 0
        money = _element("Montant", credit if is_credit else debit) + _element("Sens", "C" if is_credit else "D")
    else:
        money = _element("Debit", debit) + _element("Credit", credit)
    return f"<ligne>{texts}{money}</ligne>\n"


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"


def _written(name: str, text: str) -> str:
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if name in _DAYS and text else text
