"""FECs in XML (fec.md of A47 A-1): the same ledger as the text, or refused (faults 1, 2, 8, 10, 21, 25)."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dunning_batch.core.ledger import LedgerRules
from dunning_batch.core.settling import settle
from dunning_batch.errors import InputError
from dunning_batch.reading.reader import read_ledger
from tests.dossiers import COLUMNS, FEC_NAME, fec_bytes
from tests.reading.ledgers import rows
from tests.reading.xmlfecs import xml_of, xml_of_lines

NAME = FEC_NAME.replace(".txt", ".xml")
TABLE = """
    jnl | num | date       | account | customer | name        | piece | debit   | credit | let | counter
    VE  | 1   | 2026-01-05 |         | DUPONT   | Dupont & Fils | F001 | 1000.00 |       | A   | 707
    VE  | 2   | 2026-01-06 |         | MARTIN   | Martin SA   | F002  | 240.00  |        |     | 707
    AN  | 3   | 2026-01-01 |         | ROUX     | Roux        | F900  | 12.5    |        |     | 890
    BQ  | 4   | 2026-02-20 |         | DUPONT   | Dupont & Fils | V1  |         | 400.00 | A   | 512
"""
ONE = """
    jnl | date       | customer | piece | debit  | credit | counter
    VE  | 2026-01-05 | DUPONT   | F001  | 100.00 |        | 707
"""


def read(folder, data, name=NAME, rules=None, columns=None):
    path = folder / name
    path.write_bytes(data)
    return read_ledger([path], folder, rules or LedgerRules(), columns or {}, "")


def refused(folder, data, name=NAME):
    with pytest.raises(InputError) as caught:
        read(folder, data, name)
    return [(one.code, one.source.line, dict(one.message.values)) for one in caught.value.problems]


def same(one, other):
    """The same table but for the lines of the files, and the same items."""
    frames = [ledger.lines.drop(columns=["line", "entry", "entry_key"]) for ledger in (one, other)]
    for frame in frames:
        for name in frame.columns:
            if isinstance(frame[name].dtype, pd.CategoricalDtype):
                frame[name] = frame[name].astype(str)
    pd.testing.assert_frame_equal(*frames)
    assert entries_of(one) == entries_of(other)
    settled = [settle(ledger, LedgerRules(), {}, "30 days") for ledger in (one, other)]
    items = [
        [(i.customer, i.piece, i.kind, i.issued, i.due, i.amount, i.open) for i in found.items] for found in settled
    ]
    assert items[0] == items[1]
    return items[0]


def entries_of(ledger):
    """Which lines are one entry."""
    return ledger.lines.groupby("entry", sort=False).ngroup().tolist()


def test_the_same_as_text(tmp_path):
    text, xml = read(tmp_path, fec_bytes(TABLE), FEC_NAME), read(tmp_path, xml_of(TABLE))
    items = same(text, xml)
    assert sorted((customer, kind, left) for customer, _, kind, _, _, _, left in items) == [
        ("DUPONT", "invoice", 60000), ("MARTIN", "invoice", 24000), ("ROUX", "opening", 1250),
    ]  # fmt: skip
    (file,), (other,) = xml.files, text.files
    assert (file.lines, file.dialect, file.closing, file.first, file.last, file.last_bank, file.has_opening) == (
        8, "FEC, XML, UTF-8", other.closing, other.first, other.last, other.last_bank, True,
    )  # fmt: skip


_AMOUNT = st.integers(1, 99999).map(lambda cents: f"{cents // 100}.{cents % 100:02d}")
_ROW = st.tuples(
    st.sampled_from(["VE", "BQ", "OD", "AN"]), st.dates(pd.Timestamp("2026-01-01").date(), pd.Timestamp("2026-12-31").date()),
    st.sampled_from(["DUPONT", "MARTIN", "ROUX"]), st.sampled_from(["F001", "F002", "-", "F/2026/3"]), st.booleans(), _AMOUNT,
    st.sampled_from(["", "", "A", "AB"]), st.sampled_from(["707", "512", "401", ""]), st.sampled_from(["", "<&>'\"", "Été 2026"]),
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_ROW, min_size=1, max_size=8))
def test_any_ledger_is_the_same_as_text_and_as_xml(tmp_path, drawn):
    head = "jnl | num | date | customer | piece | label | debit | credit | let | counter\n"
    drawn = sorted(drawn, key=lambda row: row[0])  # an XML has an entry's journal around it
    table = head + "".join(
        f"{jnl} | {number} | {day} | {customer} | {piece} | {label} | {money if debit else ''} | {'' if debit else money} | {let} | {counter}\n"
        for number, (jnl, day, customer, piece, debit, money, let, counter, label) in enumerate(drawn, 1)
    )
    same(read(tmp_path, fec_bytes(table), FEC_NAME), read(tmp_path, xml_of(table)))


def test_montant_and_sens(tmp_path):
    same(read(tmp_path, xml_of(TABLE)), read(tmp_path, xml_of(TABLE, sides=True), "a.xml"))


def test_a_side_that_is_none_is_named(tmp_path):
    data = xml_of(ONE, sides=True).replace(b"<Sens>C<", b"<Sens>X<")
    assert refused(tmp_path, data) == [("wrong_side", 8, {"column": "Sens", "text": "X"})]


def test_both_elements_on_a_line_count_as_one_amount(tmp_path):
    data = xml_of(ONE)
    assert b"<Debit>100.00</Debit><Credit>0.00</Credit>" in data
    assert rows(read(tmp_path, data), "amount") == [100.0]


def test_the_lettering_of_an_entry_is_that_of_its_customers_only(tmp_path):
    line = dict.fromkeys(COLUMNS, "") | {
        "JournalCode": "OD", "JournalLib": "OD", "EcritureNum": "1", "EcritureDate": "20260105", "PieceRef": "P1",
        "PieceDate": "20260105", "EcritureLib": "Acompte", "EcritureLet": "A", "ValidDate": "20260105", "CompteLib": "Compte",
        "CompAuxNum": "DUPONT", "CompAuxLib": "Dupont", "Debit": "0,00", "Credit": "0,00",
    }  # fmt: skip
    lines = [line | {"CompteNum": "411000", "Credit": "50,00"}, line | {"CompteNum": "419100", "Debit": "50,00"},
             line | {"CompteNum": "401000", "CompAuxNum": "F"}]  # fmt: skip
    assert rows(read(tmp_path, xml_of_lines(lines)), "account", "amount", "code") == [
        ("411000", -50.0, "A"), ("419100", 50.0, ""),
    ]  # fmt: skip


def test_a_line_may_letter_itself_and_say_when_it_is_due(tmp_path):
    added = b"<EcritureLet>B</EcritureLet><DateLimitReglmt>2026-03-01</DateLimitReglmt><X>1</X><X><Y>2</Y></X></ligne>"
    data = xml_of(ONE).replace(b"</ligne>", added, 1)
    assert rows(read(tmp_path, data), "code", "due") == [("B", "2026-03-01")]


def test_a_column_of_the_configuration_is_an_element(tmp_path):
    data = xml_of(ONE).replace(b"</ligne>", b"<Echeance2>2026-03-02T00:00:00</Echeance2></ligne>", 1)
    assert rows(read(tmp_path, data, columns={"due_date": "Echeance2"}), "due") == ["2026-03-02"]


@pytest.mark.parametrize(
    ("schema", "more", "cash"),
    [
        ("VII-1", b"", ""),
        ("VIII-3", b"", ""),
        ("VIII-5", b"<DateRglt>2026-01-05</DateRglt><ModeRglt>CH</ModeRglt>", ", DateRglt"),
        (
            "VIII-7",
            b"<DateRglt>2026-01-05</DateRglt><ModeRglt>CH</ModeRglt><NatOp/><IdClient>D</IdClient>",
            ", DateRglt",
        ),
    ],
)
def test_the_four_schemas(tmp_path, schema, more, cash):
    data = xml_of(
        ONE,
        attributes=f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="formatA47A-I-{schema}.xsd"',
    ).replace(b"</ValidDate>", b"</ValidDate>" + more)
    ledger = read(tmp_path, data)
    assert (rows(ledger, "amount"), ledger.files[0].dialect) == ([100.0], f"FEC, XML, UTF-8{cash}")


def test_prefixes_comments_and_odd_names_of_the_auxiliary(tmp_path):
    data = (
        xml_of(ONE)
        .replace(b"CompAuxNum>", b"CompteAuxNum>")
        .replace(b"<Debit>100.00", b"<Debit>1<!-- x -->00<![CDATA[.00]]>")
    )
    data = data.replace(b"<comptabilite>", b'<c:comptabilite xmlns:c="urn:x">').replace(
        b"</comptabilite>", b"</c:comptabilite>"
    )
    assert rows(read(tmp_path, data), "customer", "amount") == [("DUPONT", 100.0)]


@pytest.mark.parametrize("encoding", ["iso-8859-15", "windows-1252", "utf-16", "utf-8-sig"])
def test_05_encodings(tmp_path, encoding):
    text = xml_of(ONE.replace("DUPONT", "DÉPÔT")).decode()
    data = text.replace('"UTF-8"', f'"{encoding.removesuffix("-sig")}"').encode(encoding)
    assert rows(read(tmp_path, data), "customer") == ["DÉPÔT"]


def test_the_year_closes_where_the_file_says(tmp_path):
    assert str(read(tmp_path, xml_of(ONE, closing="2026-06-30"), "fec.xml").files[0].closing) == "2026-06-30"
    assert str(read(tmp_path, xml_of(ONE, closing="2026-06-30")).files[0].closing) == "2026-12-31"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b"<Debit>100.00<", b"<Debit>12,5O<", ("wrong_amount", 7)),
        (b"<Debit>100.00<", b"<Debit>1.234<", ("wrong_amount", 7)),
        (b"<EcritureDate>2026-01-05<", b"<EcritureDate>2026-02-31<", ("wrong_date", 7)),
        (b"<PieceDate>2026-01-05<", b"<PieceDate>1900-01-05<", ("wrong_date", 7)),
        (b"<EcritureDate>2026-01-05</EcritureDate>", b"", ("wrong_date", 7)),
        (b"<CompteNum>411000</CompteNum>", b"", ("no_account", 7)),
        (b"<Debit>100.00</Debit><Credit>0.00</Credit>", b"<Solde>100.00</Solde>", ("no_amount", 7)),
    ],
    ids=["08-letter", "08-three-decimals", "10-no-day", "10-year", "no-date", "no-account", "no-amount"],
)
def test_what_cannot_be_read_is_named_by_its_line(tmp_path, old, new, expected):
    data = xml_of(ONE)
    assert old in data
    found = refused(tmp_path, data.replace(old, new, 1))
    assert found[0][:2] == expected


def test_02_cut_anywhere_is_incomplete(tmp_path):
    whole = xml_of(TABLE)
    start = whole.index(b"<exercice>")
    for size in range(start, len(whole) - len("comptabilite>\n"), 37):
        assert {code for code, _, _ in refused(tmp_path, whole[:size])} == {"unreadable_xml"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<Debit>100.00</Debit>", b"<Debit>100.00</Debit><Debit>900.00</Debit>"),
        (b"<Debit>100.00</Debit>", b"<Debit>100.00<x>0</x></Debit>"),
        (b"<PieceRef>F001</PieceRef>", b"<PieceRef>F001</PieceRef><PieceRef>F002</PieceRef>"),
        (b"</ligne>", b"<ligne><CompteNum>411000</CompteNum><Debit>5</Debit></ligne></ligne>"),
        (b"</exercice>", b"<ligne><CompteNum>411000</CompteNum><Debit>5</Debit></ligne></exercice>"),
        (b"</journal>", b"</journal><ecriture><ligne><CompteNum>411000</CompteNum></ligne></ecriture>"),
        (b"</ecriture>", b"<ligne/></ecriture>"),
        (b"<ecriture>", b"<lot><ecriture>"),
        (
            b"</exercice>",
            b"</exercice><exercice><journal><ecriture><ligne><CompteNum>4</CompteNum></ligne></ecriture></journal></exercice>",
        ),
    ],
    ids=[
        "twice",
        "mixed",
        "entry-twice",
        "line-in-line",
        "stray-line",
        "stray-entry",
        "empty-line",
        "wrapped",
        "two-years",
    ],
)
def test_what_would_lose_somebodys_money_is_refused(tmp_path, old, new):
    data = xml_of(ONE).replace(old, new, 1)
    if new.startswith(b"<lot>"):
        data = data.replace(b"</ecriture>", b"</ecriture></lot>")
    ((code, line, _),) = refused(tmp_path, data)
    assert code == "unreadable_xml"
    assert line is None or line > 3


def test_01_another_xml_is_named_by_its_outermost_element(tmp_path):
    assert refused(tmp_path, b'<?xml version="1.0"?><Document xmlns="urn:camt"><X/></Document>') == [
        ("xml_ledger", None, {"name": "Document"})
    ]
    assert refused(tmp_path, b"<?xml ") == [("xml_ledger", None, {"name": "?"})]


def test_01_a_fec_without_a_line(tmp_path):
    assert [code for code, _, _ in refused(tmp_path, xml_of("jnl | date"))] == ["no_lines"]


LAUGHS = b'<!DOCTYPE comptabilite [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE comptabilite [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    "declared", [LAUGHS, OUTSIDE, b"<!DOCTYPE comptabilite>", b'<!DOCTYPE comptabilite SYSTEM "http://127.0.0.1:9/x">']
)
def test_25_a_document_type_is_refused(tmp_path, declared):
    data = xml_of(ONE).replace(b"<comptabilite>", declared + b"<comptabilite>").replace(b"DUPONT", b"&a;")
    (found,) = refused(tmp_path, data)
    assert found[0] in {"unreadable_xml", "xml_ledger"}


def test_25_a_document_type_is_refused_even_where_nothing_uses_it(tmp_path):
    data = xml_of(ONE).replace(b"<comptabilite>", LAUGHS + b"<comptabilite>")
    ((code, _, values),) = refused(tmp_path, data)
    assert code == "unreadable_xml"
    assert "document type" in values["fault"].text


def test_21_an_endless_text_and_a_deep_tree_are_refused(tmp_path):
    for filler in (b"x" * 11_000_000, b"<a>" * 1000 + b"</a>" * 1000):
        data = xml_of(ONE).replace(b"</ligne>", b"<Note>" + filler + b"</Note></ligne>", 1)
        assert refused(tmp_path, data)[0][0] == "unreadable_xml"


def test_line_numbers_stay_true_in_long_files(tmp_path):
    line = xml_of(ONE).replace(b"<comptabilite>", b"<comptabilite>" + b"\n" * 70_000).replace(b"100.00", b"1O0.00", 1)
    assert refused(tmp_path, line)[0][:2] == ("wrong_amount", 70_007)
