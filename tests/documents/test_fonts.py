"""The font of the letters: what it has, what stands for what it lacks (fault 59)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_batch.documents.fonts import FACES, font, printable, width_of

FRENCH = "àâäæçéèêëîïôœöùûüÿÀÂÄÆÇÉÈÊËÎÏÔŒÖÙÛÜŸ«»’…–—€°\u00a0\u202f"
CENTRAL_EUROPEAN = "ĄąĆćČčĎďĐđĘęĚěĞğİıŁłŃńŇňŐőŘřŚśŞşŠšŤťŮůŰűŹźŻżŽžȘșȚț"


@pytest.mark.parametrize("face", FACES)
def test_every_face_has_the_signs_of_french_and_of_central_europe(face):
    known = set(map(chr, font(face).face.charToGlyph))
    assert set(FRENCH + CENTRAL_EUROPEAN) <= known


@pytest.mark.parametrize("text", ["Dupont", FRENCH, CENTRAL_EUROPEAN, "Αθήνα Москва Nguyễn"])
def test_what_the_font_has_is_printed_as_it_is(text):
    assert printable(text) == (text, "")


def test_letters_and_their_accents_are_put_together():
    assert printable(unicodedata.normalize("NFD", "Été")) == ("Été", "")


@pytest.mark.parametrize(
    ("text", "shown", "lost"),
    [
        ("株式", "??", "株式"),
        ("a😀b😀", "a?b?", "😀"),
        ("A\u2011B", "A-B", ""),
        ("ＡＢＣ", "ABC", ""),
        ("a\tb\nc", "a b c", ""),
        ("a\u202eb\u200bc\x00d\ufe0fe", "abcde", ""),
    ],
)
def test_what_the_font_lacks_has_a_plain_form_or_is_named(text, shown, lost):
    assert printable(text) == (shown, lost)


@given(st.text())
def test_whatever_is_printed_has_a_glyph_in_every_face(text):
    shown, lost = printable(text)
    assert all(set(map(ord, shown)) <= font(face).face.charToGlyph.keys() for face in FACES)
    assert shown.count("?") >= len(lost)


@given(st.text(st.sampled_from("aé 1,W")), st.text(st.sampled_from("bi.M")))
def test_widths_add_up(first, second):
    assert width_of(first + second, "regular", 10) == pytest.approx(
        width_of(first, "regular", 10) + width_of(second, "regular", 10)
    )
