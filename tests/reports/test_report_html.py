"""`report.html`: one offline file, every value escaped, the same figures as `run.json`."""

import html
import json
import re
from html.parser import HTMLParser

import pytest

from tests.reports.months import AS_OF, month


class Page(HTMLParser):
    """What a browser would make of it."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.cells, self.rows, self.facts = set(), [], [], [], []
        self.inside = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name in {"href", "src"}]
        self.inside = tag
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
        if tag == "b":
            self.facts.append("")

    def handle_endtag(self, tag):
        self.inside = "" if tag in {"td", "b"} else self.inside

    def handle_data(self, data):
        if self.inside == "b":
            self.facts[-1] += data
        elif self.inside in {"td", "a", "span", "th"} and self.rows:
            self.rows[-1][-1] += data


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder of a run."""
    dossier = month(tmp_path_factory.mktemp("month"))
    assert dossier.run(f"run --by zip --yes --as-of {AS_OF}").code == 0
    return dossier.root / "output" / f"{AS_OF}-01"


@pytest.fixture(scope="module")
def text(made):
    """The page as written."""
    return (made / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def run(made):
    """The same run as JSON."""
    return json.loads((made / "run.json").read_text(encoding="utf-8"))


def euros(amount):
    """As the page prints it."""
    whole, cents = amount.split(".")
    return f"{int(whole):,}".replace(",", "\u202f") + f",{cents}"


def test_no_name_becomes_markup(text):
    page = Page(text)
    assert not page.tags & {"script", "sarl", "img", "link", "iframe", "object"}
    assert "<script>" not in text
    for name in ('<SARL> Dupont & Fils "été"', "<script>alert(1)</script>", "{{ 7*7 }}", '=HYPERLINK("http://x")', "F<4>"):
        assert any(name in cell for row in page.rows for cell in row), name
        assert html.escape(name, quote=False) in text.replace("&#34;", '"').replace("&#39;", "'")


def test_nothing_is_loaded_from_elsewhere(text):
    assert not re.search(r"url\(|@import|<link|srcset| on\w+=", text)
    assert all(not re.match(r"\w+:|//|/", link) for link in Page(text).links)


def test_every_link_opens(text, made):
    links = Page(text).links
    assert links
    assert all((made / link).is_file() for link in links)


def test_the_facts_are_those_of_run_json(text, run):
    total = f"{sum(round(float(one['total']) * 100) for one in run['reminders']) / 100:.2f}"
    assert Page(text).facts == [
        str(len(run["reminders"])), euros(total) + "\u00a0€",
        str(sum(item["decision"] == "remind" for item in run["items"])),
        euros(run["totals"]["open"]) + "\u00a0€", euros(run["totals"]["unallocated"]) + "\u00a0€",
    ]  # fmt: skip


def test_every_letter_has_its_row_and_amount(text, run):
    rows = [row for row in Page(text).rows if len(row) == 10]
    for one in run["reminders"]:
        [row] = [row for row in rows if f"({one['customer']})" in row[0]]
        assert (row[1], row[2], row[6]) == (str(one["level"]), str(len(one["items"])), euros(one["total"]))
    assert len(rows) == len(run["reminders"]) + 2  # headings, sum


def test_every_item_that_is_not_reminded_has_its_row(text, run):
    rows = [(row[0], row[4]) for row in Page(text).rows if len(row) == 7]
    for item in run["items"]:
        if item["decision"] != "remind":
            assert sum(f"({item['customer']})" in name and amount == euros(item["open"]) for name, amount in rows) == 1


def test_every_problem_is_told(text, run):
    cells = {cell for row in Page(text).rows for cell in row}
    assert run["problems"]
    assert all(problem["message"] in cells for problem in run["problems"])


def test_the_reconciliation_is_that_of_the_totals(text, run):
    figures = [row[1] for row in Page(text).rows if len(row) == 2][1:]
    names = ("open", "unallocated", "lettered_elsewhere", "settled_differences", "ledger_balance")
    assert figures == [euros(run["totals"][name]) for name in names]


def test_a_dry_run_says_that_nothing_was_delivered(tmp_path):
    dossier = month(tmp_path)
    assert dossier.run(f"run --by zip --dry-run --as-of {AS_OF}").code == 0
    [page] = (dossier.root / "output" / "dry-run").rglob("report.html")
    assert "Essai à blanc" in page.read_text(encoding="utf-8")


def test_a_month_without_letters_has_a_report(tmp_path):
    dossier = month(tmp_path)
    assert dossier.run("run --by zip --yes --as-of 2026-01-25").code == 0
    assert "Aucune lettre n&#39;était à faire." in next((dossier.root / "output").glob("*/report.html")).read_text("utf-8")
