"""Faults 55, 57 to 70, 114, 117, 118 and 125 of what is written: letters, workbooks, zip, folders."""

import io
import json
import stat
import struct
import zipfile
import zlib

import openpyxl
import pytest
from pypdf import PdfReader, PdfWriter

from tests.dossiers import fec_bytes, make_dossier
from tests.faults.invariants import DAY, GOOD, HEAD, RUN, clean, levels, ok, recovers, stops

FEC = "input/123456782FEC20261231.txt"


def with_name(folder, name, code="DUPONT"):
    """A dossier whose first customer bears that name (and code)."""
    data = fec_bytes(GOOD).decode().replace("DUPONT\tDUPONT", f"{code}\t{name}")
    return make_dossier(folder, files={FEC: data})


def printed(dossier, run="2026-02-28-01"):
    """What stands on all letters of a run."""
    pages = (page for path in sorted(dossier.root.glob(f"output/{run}/letters/*.pdf")) for page in PdfReader(path).pages)
    return "\n".join(page.extract_text() for page in pages)


@pytest.mark.parametrize(
    "name",
    [
        '<SARL> Dupont & Fils "été"', '<font color="[[getattr(pow,Word)]]">x</font>', '<img src="http://127.0.0.1:9/x.png">',
        "</para><para>", "{{ 7 * 7 }}", "**gras** _x_ [l](http://127.0.0.1)", "# titre",
    ],
)  # fmt: skip
def test_57_58_a_name_is_printed_as_it_stands(tmp_path, name):
    dossier = with_name(tmp_path, name)
    ok(dossier)
    assert "".join(name.split()) in "".join(printed(dossier).split())
    rows = openpyxl.load_workbook(tmp_path / "output/levels.xlsx").worksheets[0].iter_rows(values_only=True)
    assert name in {cell for row in rows for cell in row}
    run = json.loads((tmp_path / "output/2026-02-28-01/run.json").read_text(encoding="utf-8"))
    assert name in {one["name"] for one in run["customers"]}
    report = (tmp_path / "output/2026-02-28-01/report.html").read_text(encoding="utf-8")
    assert "<img" not in report
    assert "<SARL>" not in report


@pytest.mark.parametrize("name", ["Łódź Şahin", "株式会社", "fusée 🚀", "A\u202fB"])
def test_59_signs_without_a_glyph_are_listed(tmp_path, name):
    dossier = with_name(tmp_path, name)
    ok(dossier)
    text = printed(dossier)
    assert "■" not in text
    run = json.loads((tmp_path / "output/2026-02-28-01/run.json").read_text(encoding="utf-8"))
    shown = "".join(name.split()) in "".join(text.split())
    assert shown or any(one["customer"] == "DUPONT" for one in run["problems"])


def test_60_a_long_name_and_many_items(tmp_path):
    rows = "".join(f"VE | 2026-01-05 | DUPONT | F{n:03} | 10.00 | | | 707\n" for n in range(500))
    dossier = make_dossier(tmp_path, files={FEC: fec_bytes(HEAD + rows).decode().replace("DUPONT\tDUPONT", "DUPONT\t" + "Maison longue " * 22)})
    ok(dossier)
    pages = PdfReader(next(tmp_path.glob("output/*/letters/*.pdf"))).pages
    assert len(pages) > 5
    text = printed(dossier)
    assert all(f"F{n:03}" in text for n in range(500))
    assert f"{len(pages)}/{len(pages)}" in text.replace(" ", "")
    assert "5000,00" in "".join(text.split())


def test_60_nothing_to_remind_makes_no_letter(tmp_path):
    dossier = make_dossier(tmp_path, fec=GOOD)
    ok(dossier, "run --by zip --yes --as-of 2026-01-10")
    assert not list(tmp_path.glob("output/*/letters"))


NAMES = ["../../x", "CON", "aux.", "a/b", "C:\\x", "~$x", "=x", "\u202egnp", "x" * 300, "é", "e\u0301", "DUpont", "dupont", ".", "-rf"]


def test_61_names_become_distinct_portable_files(tmp_path):
    # Codes that differ by case only are one customer or two, but never one file.
    rows = "".join(f"VE | 2026-01-05 | CODE{n:02} | F{n} | 100.00 | | | 707\n" for n in range(len(NAMES)))
    data = fec_bytes(HEAD + rows).decode()
    for number, name in enumerate(NAMES):
        data = data.replace(f"CODE{number:02}", name)
    dossier = make_dossier(tmp_path, files={FEC: data})
    outside = {path for path in tmp_path.parent.iterdir() if path != tmp_path}
    done = clean(dossier.run(f"--lang en {RUN}"))
    assert done.code == 0, done.stderr
    folder = tmp_path / "output/2026-02-28-01"
    made = [path.name for path in (folder / "letters").rglob("*") if path.is_file()]
    inside = zipfile.ZipFile(folder / "letters.zip").namelist()
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    for names in (made, inside):
        assert len(names) == len(run["reminders"])
        assert len({name.casefold() for name in names}) == len(names)
        assert all(name.isascii() and ".." not in name and not name.startswith(("/", "~", ".", "-", "=")) for name in names)
        assert all(not set('\\:*?"<>|') & set(name) for name in names)
        assert all(name.split(".")[0].upper() not in ("CON", "AUX") for name in names)
    assert {path for path in tmp_path.parent.iterdir() if path != tmp_path} == outside


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x")', "+33612345678", "-2+3+cmd|' /C calc'!A0", "@SUM(A1)", "\u00a0=1+1"])
def test_62_formulas_stay_text(tmp_path, name):
    dossier = with_name(tmp_path, name)
    ok(dossier)
    ok(dossier, f"plan {DAY}")
    for path in tmp_path.glob("output/*.xlsx"):
        for sheet in openpyxl.load_workbook(path).worksheets:
            assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    csv = ok(dossier, f"status {DAY} --format csv").stdout
    assert all(not cell.strip('"').lstrip("\u00a0 ").startswith(("=", "+", "@")) for line in csv.splitlines() for cell in line.split(";"))


def test_63_control_characters_are_removed(tmp_path):
    dossier = with_name(tmp_path, "Dup\x0bont\x08 SA\x01")
    ok(dossier)
    run = json.loads((tmp_path / "output/2026-02-28-01/run.json").read_text(encoding="utf-8"))
    assert "control_characters" in {one["code"] for one in run["problems"]}
    openpyxl.load_workbook(tmp_path / "output/levels.xlsx")


def test_64_a_missing_output_folder_is_made(tmp_path):
    """What fault 64 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    (tmp_path / "output").rmdir()
    ok(dossier)


def test_64_a_file_in_the_place_of_the_output_folder(tmp_path):
    """What fault 64 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    (tmp_path / "output").rmdir()
    dossier.write("output", "x")
    stops(dossier, 9, "output")
    (tmp_path / "output").unlink()
    recovers(dossier, lambda: None)


@pytest.mark.parametrize("where", ["output/2026-02-28-01", "output/.work-2026-02-28-01"])
def test_64_117_something_in_the_place_of_the_run(tmp_path, where):
    """What fault 64 asks."""
    dossier = make_dossier(tmp_path / "d", fec=GOOD)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (dossier.root / where).symlink_to(elsewhere)
    done = clean(dossier.run(f"--lang en {RUN}"))
    assert done.code in (0, 9)
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("name", ["levels.xlsx", "journal.sqlite", "journal.lock"])
def test_117_a_link_that_leads_outside_is_not_followed(tmp_path, name):
    dossier = make_dossier(tmp_path / "d", fec=GOOD)
    target = tmp_path / "target"
    target.write_bytes(b"")
    (dossier.root / "output" / name).symlink_to(target)
    stops(dossier, 9, "link")
    assert target.read_bytes() == b""


def test_118_what_is_written_is_its_owner_s(tmp_path):
    dossier = make_dossier(tmp_path, fec=GOOD)
    ok(dossier)
    ok(dossier, f"plan {DAY}")
    for path in (tmp_path / "output").rglob("*"):
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path


def test_70_a_run_cut_inside_the_zip_leaves_none(tmp_path, monkeypatch):
    """What fault 70 asks."""
    dossier = make_dossier(tmp_path, fec=GOOD)
    before = dossier.tree()

    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("dunning_batch.delivery.archive.ZipDelivery.finish", stop)
        assert dossier.run(RUN).code == 130
    assert dossier.tree() == before
    recovers(dossier, lambda: None)


@pytest.mark.parametrize("folder", ["a b", "été", "a#b", "100%", "[x]", "x" * 120])
def test_114_paths(tmp_path, folder):
    dossier = make_dossier(tmp_path / folder / "dossier", fec=GOOD)
    ok(dossier)
    assert levels(dossier) == {"F001": 1, "F002": 1}
    report = (dossier.root / "output/2026-02-28-01/report.html").read_text(encoding="utf-8")
    assert "DUPONT" in report


def test_125_a_formal_notice_that_lacks_something_is_not_made(tmp_path):
    customers = "Client | Nom | Adresse 1 | Code postal | Ville\nDUPONT | Dupont | 1 rue Haute | 75001 | PARIS\n"
    config = '[[dunning.levels]]\nname = "Mise en demeure"\ntemplate = "level1"\nregistered = true\n'
    dossier = make_dossier(tmp_path, fec=GOOD, config=config, customers=customers)
    done = ok(dossier, RUN, 5)
    run = json.loads((tmp_path / "output/2026-02-28-01/run.json").read_text(encoding="utf-8"))
    assert {one["reference"]: one["decision"] for one in run["items"]} == {"F001": "remind", "F002": "no_channel"}
    lacks = [one["message"] for one in run["problems"] if one["code"] == "formal_notice_lacks"]
    assert len(lacks) == 1
    assert "DUPONT" in lacks[0] or "Dupont" in lacks[0]
    assert [one["result"] for one in run["reminders"]] == ["refused"]
    assert done.stdout
    assert not list(tmp_path.glob("output/*/letters/*.pdf"))
    assert set(levels(dossier).values()) == {0}


@pytest.mark.parametrize(
    ("letters", "lacking"),
    [
        ("", False), ('footer = "Merci de votre confiance"', True), ('header = "Bonjour"\nfooter = "Merci"', True),
        ('footer = "{{ creditor.name }}, SIREN {{ creditor.siren }}"', False), ('header = "# Chez nous"', False),
        ('header = "SIREN {{ creditor.siren }}"\nfooter = "Merci"', False),
    ],
)  # fmt: skip
def test_125_a_foot_of_ones_own_that_drops_the_legal_mentions_is_said(tmp_path, letters, lacking):
    dossier = make_dossier(tmp_path, fec=GOOD, config=f"[letters]\n{letters}\n")
    for command in (f"check {DAY}", RUN):
        done = ok(dossier, command)
        assert ("stands nowhere on the letters" in done.stdout + done.stderr) is lacking, command
    assert "Atelier Exemple SARL" in printed(dossier)


def png(width, height, pixels=b""):
    """A picture that says it has that size."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")


WHITE = png(2, 2, 2 * (b"\0" + 6 * b"\xff"))
SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><image href="http://127.0.0.1:9/x"/></svg>'


def locked_pdf():
    pdf = PdfWriter()
    pdf.add_blank_page(595, 842)
    pdf.encrypt("secret")
    out = io.BytesIO()
    pdf.write(out)
    return out.getvalue()


STATIONERY = [
    ("logo", "logo.png", None), ("logo", "logo.png", b""), ("logo", "logo.png", b"no picture"), ("logo", "logo.png", WHITE[:40]),
    ("logo", "logo.svg", SCRIPT), ("logo", "logo.png", SCRIPT), ("logo", "logo.png", png(60_000, 60_000)), ("logo", "logo.png", png(12_000, 12_000)),
    ("logo", "logo.png", WHITE + bytes(50_000_000)), ("logo", "templates", None), ("letterhead", "head.pdf", None), ("letterhead", "head.pdf", b""),
    ("letterhead", "head.pdf", b"%PDF-1.7 no more"), ("letterhead", "head.pdf", locked_pdf()), ("letterhead", "head.pdf", bytes(50_000_000)),
    ("letterhead", "templates", None),
]  # fmt: skip


@pytest.mark.parametrize(("key", "name", "data"), STATIONERY, ids=range(len(STATIONERY)))
def test_55_a_logo_or_letterhead_that_cannot_serve(tmp_path, key, name, data):
    files = {} if data is None else {name: data}
    dossier = make_dossier(tmp_path, fec=GOOD, config=f'[letters]\n{key} = "{name}"\n', files=files)
    for command in (RUN, f"check {DAY}"):
        stops(dossier, 3, f"[letters] {key}", name, command=command)
    recovers(dossier, lambda: dossier.configure(""))


def test_55_a_logo_that_can(tmp_path):
    dossier = make_dossier(tmp_path, fec=GOOD, config='[letters]\nlogo = "logo.png"\n', files={"logo.png": WHITE})
    ok(dossier)
    assert "logo.png" in (tmp_path / "output/journal.sqlite").read_bytes().decode(errors="replace")
