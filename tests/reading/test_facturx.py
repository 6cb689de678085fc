"""Data inside invoice copies: offered where the ledger has none, said where they contradict it (rule E1; faults 25, 71)."""

import io
from datetime import date

import openpyxl
import pytest
from pypdf import PdfWriter

from dunning_batch.errors import Source
from dunning_batch.reading.facturx import invoice_in, read_invoices
from dunning_batch.reading.xml_guard import tree_of
from tests.dossiers import make_dossier
from tests.faults.invariants import DAY, HEAD, ok, state, stops_everywhere

NAMESPACES = (
    'xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" '
    'xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" '
    'xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"'
)
LEDGER = (
    HEAD + "VE | 2026-01-05 | DUPONT | F001 | 1200.00 | | | 707\nVE | 2026-01-06 | MARTIN | F002 | 240.00 | | | 707\n"
)


def cii(number="F001", total="1200.00", due="20260131", email="compta@dupont.example", **more):
    """An invoice in CII, with what a profile has of it."""
    seller = more.get("seller", "123456782")
    dues = "".join(
        f'<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString format="102">{day}</udt:DateTimeString>'
        "</ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>"
        for day in due.split()
    )
    mail = (
        f'<ram:URIUniversalCommunication><ram:URIID schemeID="EM">{email}</ram:URIID></ram:URIUniversalCommunication>'
        if email
        else ""
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{more.get("declared", "")}<rsm:CrossIndustryInvoice {NAMESPACES}>'
        "<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn:cen.eu:en16931:2017</ram:ID>"
        "</ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>"
        f"<rsm:ExchangedDocument><ram:ID>{number}</ram:ID><ram:TypeCode>{more.get('type', '380')}</ram:TypeCode></rsm:ExchangedDocument>"
        "<rsm:SupplyChainTradeTransaction><ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty><ram:Name>Atelier</ram:Name>"
        f'<ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">{seller}</ram:ID></ram:SpecifiedLegalOrganization></ram:SellerTradeParty>'
        f"<ram:BuyerTradeParty><ram:Name>Dupont SA</ram:Name>{mail}</ram:BuyerTradeParty></ram:ApplicableHeaderTradeAgreement>"
        f"<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>{more.get('currency', 'EUR')}</ram:InvoiceCurrencyCode>{dues}"
        "<ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
        f"<ram:GrandTotalAmount>{total}</ram:GrandTotalAmount><ram:DuePayableAmount>{more.get('payable', total)}</ram:DuePayableAmount>"
        "</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>"
        "</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"
    ).encode()


def pdf(xml, name="factur-x.xml"):
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    if xml is not None:
        writer.add_attachment(name, xml)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def invoice(siren="123456782", **fields):
    return invoice_in(tree_of(cii(**fields)), Source("f.pdf"), siren)


def test_what_an_invoice_says():
    found = invoice(total="1200.5", payable="1000.00")
    assert (found.number, found.totals, found.due, found.email, found.buyer) == (
        "F001", {120050, 100000}, date(2026, 1, 31), "compta@dupont.example", "Dupont SA",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "due", "email"),
    [
        ({"due": "", "email": ""}, None, ""),
        ({"due": "20260131 20260228"}, None, "compta@dupont.example"),
        ({"due": "20260131 20260131", "email": "a@exemple"}, date(2026, 1, 31), ""),
        ({"due": "20260231"}, None, "compta@dupont.example"),
    ],
    ids=["minimum", "instalments", "bad-address", "no-day"],
)
def test_profiles_and_doubts(fields, due, email):
    found = invoice(**fields)
    assert (found.due, found.email) == (due, email)


@pytest.mark.parametrize(
    "fields",
    [{"type": "381"}, {"seller": "987654321"}, {"currency": "USD"}, {"number": ""}, {"total": "", "payable": ""}],
)
def test_what_is_no_invoice_of_ours(fields):
    assert invoice(**fields) is None


def dossier_with(folder, ledger=LEDGER, config="", **copies):
    dossier = make_dossier(folder, fec=ledger)
    dossier.configure(f'[letters]\ninvoice_copies = "factures"\n{config}')
    for name, data in copies.items():
        dossier.write(f"factures/{name}.pdf", data)
    return dossier


def dues(found):
    return {item["reference"]: (item["due"], item["due_source"]) for item in found["items"]}


def said(found, *codes):
    return [(one["code"], one["file"], one["customer"]) for one in found["problems"] if one["code"] in codes]


def test_e1_the_due_date_of_the_copy_before_any_terms(tmp_path):
    found = state(dossier_with(tmp_path, F001=pdf(cii(due="20260115")), F002=pdf(None)))
    assert dues(found) == {"F001": ("2026-01-15", "invoice"), "F002": ("2026-02-05", "default_terms")}
    assert not said(found, "copy_contradicts", "copy_data")


def with_due_column(text):
    from tests.dossiers import fec_bytes

    head, *lines = fec_bytes(LEDGER).decode().splitlines()
    return "\r\n".join([f"{head}\tDateLimitReglmt", *(f"{line}\t{text}" for line in lines), ""]).encode()


def test_e1_the_ledger_wins_and_a_contradiction_is_said(tmp_path):
    dossier = dossier_with(tmp_path, F001=pdf(cii(due="20260115")))
    (path,) = (dossier.root / "input").glob("*.txt")
    path.write_bytes(with_due_column("20260210"))
    found = state(dossier)
    assert dues(found)["F001"] == ("2026-02-10", "ledger")
    assert said(found, "copy_contradicts") == [("copy_contradicts", "factures/F001.pdf", "DUPONT")]
    path.write_bytes(with_due_column("20260115"))
    assert not said(state(dossier), "copy_contradicts")


def test_another_amount_is_said_and_nothing_is_taken(tmp_path):
    found = state(dossier_with(tmp_path, F001=pdf(cii(due="20260115", total="999.00"))))
    assert dues(found)["F001"] == ("2026-02-04", "default_terms")
    assert said(found, "copy_contradicts") == [("copy_contradicts", "factures/F001.pdf", "DUPONT")]


def test_two_copies_that_differ_count_for_nothing(tmp_path):
    found = state(dossier_with(tmp_path, a=pdf(cii(due="20260115")), b=pdf(cii(due="20260116"))))
    assert dues(found)["F001"][1] == "default_terms"
    assert [(code, file) for code, file, _ in said(found, "copy_data")] == [("copy_data", "factures/b.pdf")]


def test_h3_an_invoice_number_of_two_customers(tmp_path):
    ledger = (
        HEAD
        + "VE | 2026-01-05 | DUPONT | F001 | 1200.00 | | | 707\nVE | 2026-01-06 | MARTIN | F001 | 1200.00 | | | 707\n"
    )
    found = state(dossier_with(tmp_path, ledger, F001=pdf(cii(due="20260115"))))
    assert {item["due_source"] for item in found["items"]} == {"default_terms"}
    assert said(found, "copy_contradicts")


def test_the_address_is_offered_and_never_used(tmp_path):
    dossier = dossier_with(tmp_path, config='[customers]\nfile = "input/customers.csv"\n', F001=pdf(cii()))
    dossier.write("input/customers.csv", "Client;Nom;Email\nDUPONT;Dupont;\n")
    found = state(dossier)
    assert said(found, "address_in_copy") == [("address_in_copy", "input/customers.csv", "DUPONT")]
    assert {one["code"]: one["email"] for one in found["customers"]}["DUPONT"] == []
    dossier.write("input/customers.csv", "Client;Nom;Email\nMARTIN;Martin;\n")
    ok(dossier, f"check {DAY} --missing-customers new.xlsx")
    row = [cell.value for cell in openpyxl.load_workbook(dossier.root / "new.xlsx").active[2]]
    assert (row[0], row[9], row[18]) == ("DUPONT", "compta@dupont.example", "411000")


@pytest.mark.parametrize(
    "declared",
    ['<!DOCTYPE a [<!ENTITY b "x">]>', '<!DOCTYPE a SYSTEM "file:///etc/hostname">'],
)
def test_25_an_entity_in_a_copy_is_refused(tmp_path, declared):
    dossier = dossier_with(tmp_path, F001=pdf(cii(due="20260115", declared=declared)))
    stops_everywhere(dossier, 4, "factures/F001.pdf", "document type")


def test_71_damaged_copies_have_no_data(tmp_path):
    """What fault 71 asks."""
    whole = pdf(cii(due="20260115"))
    files = {"cut": whole[: len(whole) // 2], "empty": b"", "text": b"%PDF-1.4 /EmbeddedFile", "other": pdf(b"<a/>"),
             "broken": pdf(b"<rsm:CrossIndustryInvoice"), "huge": pdf(b" " * 5_000_001)}  # fmt: skip
    for name, data in files.items():
        (tmp_path / f"{name}.pdf").write_bytes(data)
    found, problems = read_invoices(tmp_path, "factures", "")
    assert found == {}
    assert [str(one.source) for one in problems] == ["factures/broken.pdf"]
    assert read_invoices(tmp_path / "none", "none", "") == ({}, ())
