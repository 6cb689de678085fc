"""Letters: what they say, where it stands, and what no customer's name can make of them (faults 57 to 60; F7 to G5)."""

import io
import re
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader

from dunning_batch.config.settings import LetterSettings
from dunning_batch.documents.letter import compose_letter
from dunning_batch.documents.papers import Papers
from tests.documents.letters import (
    LOOK,
    SENDER,
    finished,
    pages_of,
    pdf,
    put_template,
    reminder,
    renamed,
    templates,
    text_of,
    with_pieces,
)

MM = 72 / 25.4
EVIL = [
    '<SARL> Dupont & Fils "été"',
    "<font color=\"[[getattr(pow,'__globals__')]]\">x</font>",
    '<img src="http://127.0.0.1:1/x.png"/>',
    "</para><para>x",
    "**Dupont** _Fils_ `x` [x](javascript:alert(1))",
    "{{ creditor.iban }} {% include 'x' %}",
    "# Dupont",
    "1. Martin",
    "Dupont\\Fils\\",
    "(Dupont) Tj ET",
]


def placed(data, page=0):
    """Every text of a page with the place of its start, in points from the upper left corner."""
    found = []

    def seen(text, _matrix, place, *_):
        if text.strip():
            found.append((text.strip(), place[4], 841.89 - place[5]))

    PdfReader(io.BytesIO(data)).pages[page].extract_text(visitor_text=seen)
    return found


def test_a_letter_says_who_owes_what_to_whom_and_how_to_pay():
    text = text_of(reminder(level=3))
    for expected in (
        "Atelier du Bois Joli", "SARL au capital de 10 000 €", "RCS Lyon 123 456 782", "FR32123456782",
        "Dupont & Fils SARL", "75011 PARIS", "24 novembre 2026", "2 décembre 2026",
        "F2026-0118", "26/08/2026", "25/09/2026", "1 200,00", "F2026-0117", "1 545,50", "200,00",
        "4 386,50", "50,00", "123,91", "120,00", "4 630,41",
        "FR76 3000 6000 0112 3456 7890 189", "AGRIFRPP", "DUPONT", "Le service comptabilité",
    ):  # fmt: skip
        assert expected in text, expected


def test_only_the_recipient_stands_in_the_window():
    """The zone that French windows show: x 100 to 200 mm, y 50 to 85 mm."""
    data = pdf(renamed(reminder(level=4), "Dupont " * 40))
    window = [(text, x, y) for text, x, y in placed(data) if 100 * MM < x < 200 * MM and 50 * MM < y < 85 * MM]
    assert all(x >= 110 * MM - 0.5 and 55 * MM <= y <= 80 * MM + 1 for _, x, y in window)
    lines = [line for text, _, _ in window for line in text.split("\n")]
    assert len(lines) == 6
    assert lines[-1] == "75011 PARIS"


def test_the_window_may_be_on_the_left():
    places = placed(pdf(reminder(), look=LetterSettings(window="left")))
    assert all(x < 100 * MM for text, x, _ in places if "75011 PARIS" in text)


@pytest.mark.parametrize("name", EVIL)
def test_a_name_is_printed_as_it_is(name):
    """Faults 57 and 58: in the address, and in the text of a template."""
    text = text_of(renamed(reminder(), name))
    assert name in text or name in text.replace(" ", "") or name.replace(" ", "") in text.replace(" ", "")


@pytest.mark.parametrize("name", EVIL)
def test_a_name_inside_the_text_is_no_markup(tmp_path, name):
    put_template(tmp_path, "fr", "level1", "Subject: Pour {{ customer.name }}\n\nTexte [{{ customer.name }}] fin.\n")
    text = text_of(renamed(reminder(), name), root=tmp_path).replace(" ", "")
    assert f"Texte[{name}]fin.".replace(" ", "") in text
    assert f"Pour{name}".replace(" ", "") in text


def test_a_piece_and_a_label_are_no_markup():
    text = text_of(with_pieces(reminder(), ["<b>F1</b>", "F&2", "**F3**"]))
    assert all(piece in text for piece in ("<b>F1</b>", "F&2", "**F3**"))


def test_signs_that_the_font_has_are_printed():
    name = "Łódź Şahin Αθήνα Москва Nguyễn"
    done = finished(renamed(reminder(), name))
    assert done.problems == ()
    assert name in text_of(renamed(reminder(), name))


@pytest.mark.parametrize(
    ("name", "lost"), [("株式会社", "株 式 会 社"), ("Dupont 😀", "😀"), ("Dupont \ue000", "\ue000")]
)
def test_signs_that_the_font_lacks_are_replaced_and_reported(name, lost):
    done = finished(renamed(reminder(), name))
    (problem,) = done.problems
    assert (problem.severity, problem.customer) == ("warning", "DUPONT")
    assert dict(problem.message.values)["signs"] == lost
    text = text_of(renamed(reminder(), name))
    assert "?" in text
    assert not set(lost.replace(" ", "")) & set(text)


def test_marks_that_nobody_sees_are_left_out():
    name = "Du\u200bpo\u202ent\ufeff"
    assert "Dupont" in text_of(renamed(reminder(), name))


def test_five_hundred_items_flow_over_numbered_pages_with_the_head_on_each():
    one = with_pieces(reminder(), [f"P-{number:04}" for number in range(500)])
    pages = pages_of(pdf(one))
    text = " ".join(pages)
    assert re.findall(r"P-\d{4}", text) == [f"P-{number:04}" for number in range(500)]
    assert len(pages) > 8
    heads = {"Dated", "Date", "Émise le", "Du"}
    for number, page in enumerate(pages, 1):
        assert f"{number}/{len(pages)}" in page
        assert "P-" not in page or any(head in page for head in heads)
    assert "600 000,00" in text


def test_a_name_of_300_signs_leaves_the_letter_in_its_place():
    done = finished(renamed(reminder(), "Dupont et Fils " * 20))
    assert [problem.code for problem in done.problems] == ["address_cut"]
    assert len(done.letter.pages) == 1


def test_a_customer_without_an_address_still_has_a_letter():
    text = text_of(reminder(full=False))
    assert "Dupont & Fils SARL" in text


@pytest.mark.parametrize("level", [1, 2, 3, 4])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_consumer_is_asked_neither_the_indemnity_nor_penalties(level, language):
    """Rule G3: before the formal notice no word of it; in the notice interest from now on, never the forty euros."""
    text = text_of(reminder(level, language, "consumer")).casefold()
    assert "40,00" not in text
    assert "€40.00" not in text
    assert not any(word in text for word in ("indemnité", "l441-10", "fixed sum", "recovery costs", "recouvrement"))
    if level < 4:
        assert not any(word in text for word in ("pénalités", "intérêts", "interest"))


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_a_customer_of_unknown_kind_is_treated_like_a_consumer(level):
    text = text_of(reminder(level, type_="unknown")).casefold()
    assert not any(word in text for word in ("indemnité", "l441-10", "40,00"))


@pytest.mark.parametrize(("type_", "code"), [("professional", "L441-10"), ("public", "L2192-13")])
@pytest.mark.parametrize("level", [3, 4])
def test_what_is_added_to_the_debt_names_its_law(level, type_, code):
    text = text_of(reminder(level, type_=type_))
    assert code in text
    assert "40,00" in text
    assert "120,00" in text


@pytest.mark.parametrize("type_", ["professional", "consumer", "public", "unknown"])
@pytest.mark.parametrize(("language", "words"), [("fr", "mise en demeure"), ("en", "formal notice")])
def test_a_formal_notice_says_so_in_its_subject_and_its_text(type_, language, words):
    done = finished(reminder(4, language, type_))
    assert words in done.text.subject.casefold()
    assert "en demeure" in done.text.body
    assert "1344" in done.text.body
    text = text_of(reminder(4, language, type_))
    assert ("10 octobre 2026" if language == "fr" else "10 October 2026") in text


def test_a_formal_notice_may_be_the_only_level(tmp_path):
    """Its texts must not count the letters that came before."""
    text = text_of(replace(reminder(4), level=replace(reminder(4).level, number=1), previous_reminders=()))
    assert re.search(r"(?is)mise en demeure.*mettons en demeure", text)
    assert "Malgré" not in text


def test_texts_add_nothing_that_the_law_forbids():
    """Law, section 4: no fees of the creditor's own, nothing that looks like an act of a court."""
    for level in (1, 2, 3, 4):
        for type_ in ("professional", "consumer", "public", "unknown"):
            text = text_of(reminder(level, type_=type_)).casefold()
            for word in ("frais de dossier", "frais de relance", "huissier", "sommation", "injonction", "saisie",
                         "dommages", "avocat"):  # fmt: skip
                assert word not in text, (level, type_, word)


def test_credits_are_shown_beside_what_is_asked_or_not_at_all():
    shown = reminder()
    assert "Virement" in text_of(shown)
    assert "Virement" not in text_of(replace(shown, shown_credits=()))


def test_french_has_its_spaces():
    """Law, section 6: narrow before ; ! ?, plain no-break before : and €, both never at the end of a line."""
    done = finished(reminder(level=4))
    shown = "|".join(text.text for page in done.letter.pages for _, row in page for text in row.texts)
    shown = shown.replace(SENDER.legal_form, "")  # printed as its owner wrote it
    assert not re.search(r" [;!?:€»]", shown)
    assert re.search("\u202f;", shown)
    assert re.search("\u00a0:", shown)
    assert "4\u202f630,41\u00a0€" in shown


def test_a_pdf_says_what_it_is():
    read = PdfReader(io.BytesIO(pdf(reminder())))
    assert "Relevé de factures impayées" in read.metadata.title
    assert read.metadata.author == "Atelier du Bois Joli"
    assert read.metadata.creation_date.date() == date(2026, 11, 24)
    assert read.trailer["/Root"]["/Lang"] == "fr-FR"
    assert (read.pages[0].mediabox.width, read.pages[0].mediabox.height) == pytest.approx((595.28, 841.89), abs=0.1)


def test_fonts_are_embedded_and_nothing_else_is_inside():
    data = pdf(renamed(reminder(level=4), EVIL[2]))
    read = PdfReader(io.BytesIO(data))
    for page in read.pages:
        assert "/Annots" not in page
        assert "/XObject" not in page["/Resources"]
        for font in page["/Resources"]["/Font"].values():
            assert "/FontFile2" in font.get_object()["/FontDescriptor"]
    assert len(data) < 60_000
    assert b"/JavaScript" not in data
    assert b"/URI" not in data


def test_the_same_letter_is_the_same_bytes():
    assert pdf(reminder(level=4)) == pdf(reminder(level=4))


def test_amounts_stand_in_columns_of_equal_right_edges():
    """Figures under figures: the balances of all rows end at one x."""
    done = compose_letter(with_pieces(reminder(), ["A", "B", "C"]), SENDER, LOOK, Papers(templates()))
    from dunning_batch.documents.fonts import width_of

    ends = {
        round(text.x + width_of(text.text, text.face, text.size), 1)
        for _, row in done.letter.pages[0]
        for text in row.texts
        if text.text == "1\u202f200,00"
    }
    assert 1 <= len(ends) <= 2


def pages_with(one, **settings):
    return pages_of(pdf(one, **settings))


@pytest.mark.parametrize(
    ("type_", "rate", "language", "words"),
    [
        ("professional", "ecb+10", "fr", ["Banque centrale européenne", "majoré de 10 points", "L441-10 II"]),
        ("professional", "ecb+12.5", "fr", ["majoré de 12,5 points"]),
        ("professional", "legal*3", "fr", ["intérêt légal", "multiplié par 3"]),
        ("professional", "12.5%", "fr", ["12,5 %, taux convenu"]),
        ("public", "ecb+8", "fr", ["premier jour du semestre", "majoré de 8 points", "R2192-31"]),
        ("consumer", "legal", "fr", ["intérêt légal", "mise en demeure", "1344-1"]),
        ("professional", "ecb+10", "en", ["European Central Bank", "plus 10 points"]),
    ],
)
def test_the_sheet_of_the_interest_says_where_its_rate_comes_from(type_, rate, language, words):
    one = reminder(4, language)
    text = text_of(replace(one, rate=rate, customer=replace(one.customer, type=type_)))
    for word in (*words, "÷ 365"):
        assert word in text


def test_no_source_is_named_for_a_rate_that_nobody_knows():
    text = text_of(reminder(4, rate=""))
    assert "÷ 365" in text
    assert "Taux annuel :" not in text


def signed_at(data):
    """Millimetres from the signature to what is printed below it on its page."""
    for page in PdfReader(io.BytesIO(data)).pages:
        places = []

        def seen(text, _matrix, place, *_, places=places):
            places.append((place[5] / 72 * 25.4, text.strip()))

        page.extract_text(visitor_text=seen)
        for rank, (height, text) in enumerate(places):
            if text.endswith("Atelier du Bois Joli") and rank and "comptabilité" in places[rank - 1][1] + text:
                below = [other for other, said in places if said and other < height - 0.1]
                return height - max(below)
    raise AssertionError


def test_a_registered_letter_leaves_room_for_the_hand():
    assert signed_at(pdf(reminder(4))) > 14  # with what lies before the next block


def test_a_last_page_of_a_few_lines_is_saved():
    """Three items, a payment code and credits: the closing words would else stand alone on a second page."""
    one = with_pieces(reminder(2), [f"F{number}" for number in range(4)])
    assert len(pages_with(one, look=LetterSettings(payment_qr=True))) == 1


def test_blocks_keep_their_distance_where_closer_ones_save_no_page():
    one = with_pieces(reminder(2), [f"F{number}" for number in range(9)])
    letter = finished(one, look=LetterSettings(payment_qr=True)).letter
    assert len(letter.pages) == 2
    tops = [top for top, row in letter.pages[0] if any(text.text == "Madame, Monsieur," for text in row.texts)]
    (plain,) = [
        top
        for top, row in finished(reminder(2)).letter.pages[0]
        if any(text.text == "Madame, Monsieur," for text in row.texts)
    ]
    assert tops == [plain]


@pytest.mark.parametrize(("language", "day"), [("fr", "1er décembre 2026"), ("en", "1 December 2026")])
def test_a_date_is_not_parted_by_the_end_of_a_line(language, day):
    one = reminder(1, language, deadline=date(2026, 12, 1))
    texts = [text.text for page in finished(one).letter.pages for _, row in page for text in row.texts]
    assert any(day.replace(" ", "\u00a0") in text for text in texts)
    assert not any(day in text for text in texts)


def test_the_closing_words_do_not_stand_alone_above_the_signature():
    """Whatever the length of the table, the last page of the body has a paragraph before them."""
    for count in range(1, 30):
        letter = finished(with_pieces(reminder(2), [f"F{number}" for number in range(count)])).letter
        last = [text.text for _, row in letter.pages[-1] for text in row.texts if text.size == 10]
        place = next(rank for rank, text in enumerate(last) if text.startswith("Nous vous prions"))
        assert place or len(letter.pages) == 1, count


def test_the_sample_of_a_public_buyer_has_the_rate_that_it_names():
    text = text_of(reminder(4, type_="public"))
    assert "10,40 %" in text
    assert "12,40 %" not in text
