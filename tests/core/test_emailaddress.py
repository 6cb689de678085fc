"""E-mail addresses as people write them (faults 36 to 39)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_batch.core.emailaddress import address_fault, read_addresses


@pytest.mark.parametrize(
    "address", ["a@x.fr", "jean.dupont+factures@compta.example.com", "o'neil@x.co.uk", "a@xn--t-9fab.fr", "A@X.FR"]
)
def test_good_addresses(address):
    assert address_fault(address) is None
    assert read_addresses(address) == ((address,), ())


@pytest.mark.parametrize(
    "address",
    ["a@exemple", "a..b@x.fr", "a@x.fr.", "a.@x.fr", ".a@x.fr", "a@x..fr", "@x.fr", "a@", "a", "a b@x.fr", "a@b@x.fr",
     "a@-x.fr", "a@x-.fr", "a@x.f", "a@x.1", "é@x.fr", '"a"@x.fr', "a@[127.0.0.1]", "a@x_y.fr", "a" * 65 + "@x.fr",
     "a@" + "x" * 64 + ".fr", "a@" + "x." * 130 + "fr", "a\u00a0@x.fr", "a@x.fr\u202e"],
)  # fmt: skip
def test_36_bad_addresses(address):
    """What fault 36 asks."""
    assert address_fault(address) is not None


def test_37_several_addresses_are_split_and_trimmed_and_none_is_lost():
    """What fault 37 asks."""
    good, bad = read_addresses(' a@x.fr ;b@x.fr;; Jean Dupont <c@x.fr> , d@x ;"Dupont, Jean" <e@x.fr>;a@x.fr')
    assert good == ("a@x.fr", "b@x.fr", "c@x.fr", "e@x.fr")
    assert [address for address, _ in bad] == ["d@x"]


@pytest.mark.parametrize("text", ["a@x.fr\r\nBcc: b@x.fr", "a@x.fr\nb@x.fr", "a@x.fr\x00", "a@x.fr\u2028b@x.fr"])
def test_38_a_line_end_refuses_the_whole_cell(text):
    """What fault 38 asks."""
    good, bad = read_addresses(text)
    assert (good, len(bad)) == ((), 1)


def test_39_an_accented_domain_in_punycode_and_an_accented_name_refused():
    """What fault 39 asks."""
    good, bad = read_addresses("compta@été.fr; été@x.fr")
    assert good == ("compta@xn--t-9fab.fr",)
    assert "accent before the @" in bad[0][1].text


@given(st.text(max_size=60))
def test_whatever_is_written_only_plain_addresses_come_out(text):
    good, _ = read_addresses(text)
    assert all(address.isascii() and address.isprintable() and address.count("@") == 1 for address in good)
