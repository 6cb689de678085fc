"""The Markdown of templates, and values that must not become any (faults 57, 58)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_batch.documents.markdown import TABLE, Paragraph, TablePlace, blocks_of, escaped, plain_line
from dunning_batch.documents.typeset import Span


def paragraphs(text):
    return ["".join(span.text for span in block.spans) for block in blocks_of(text) if isinstance(block, Paragraph)]


def test_bold_italic_and_both():
    (block,) = blocks_of("un **deux *trois*** *quatre*")
    assert block.spans == (
        Span("un "), Span("deux ", "bold"), Span("trois", "bolditalic"), Span(" "), Span("quatre", "italic"),
    )  # fmt: skip


def test_a_line_end_is_a_blank_unless_two_blanks_or_a_backslash_stand_before_it():
    assert paragraphs("un\ndeux  \ntrois\\\nquatre\n\ncinq") == ["un deux\ntrois\nquatre", "cinq"]


def test_lists_have_markers_and_depths():
    blocks = blocks_of("- un\n- deux\n\n  encore\n  1. trois\n  2. quatre\n\n7. sept")
    assert [(block.marker, block.depth) for block in blocks] == [
        ("•", 1), ("•", 1), ("", 1), ("1.", 2), ("2.", 2), ("7.", 1),
    ]  # fmt: skip


def test_a_heading_is_one():
    assert [block.heading for block in blocks_of("# Titre\n\nTexte")] == [True, False]


def test_the_place_of_the_table_is_a_paragraph_of_its_own():
    assert [type(block) for block in blocks_of(f"un\n\n{TABLE}\n\ndeux")] == [Paragraph, TablePlace, Paragraph]


@pytest.mark.parametrize(
    "text",
    ["<b>un</b>", "[un](http://x)", "![un](x.png)", "`un`", "<http://x>", "&eacute;", "~~un~~", "| a | b |", "---"],
)
def test_nothing_else_is_interpreted(text):
    assert paragraphs(text) == [text]


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"], exclude_characters=[TABLE]), min_size=1)
)
def test_an_escaped_value_is_printed_as_it_is(value):
    assert paragraphs(f"a {escaped(value)} b") == [f"a {value} b"]
    assert paragraphs(escaped(value)) == [value]
    assert plain_line(f"**{escaped('x' + value + 'x')}**") == f"x{value}x"


def test_a_value_stays_on_one_line_and_cannot_place_the_table():
    assert escaped(f"un\r\n\tdeux {TABLE}") == "un deux"
    assert escaped("1\u202f234") == "1\u202f234"
