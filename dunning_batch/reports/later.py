"""Results that are known later than a run's report was written: put into `run.json` and `report.html` as they stand.

What a resumed run was made from cannot be had again (its items may be paid by then), so only the results change.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from dunning_batch.core.reminders import Result
from dunning_batch.errors import Problem
from dunning_batch.language import Language
from dunning_batch.reports.run_json import dump, problem_list
from dunning_batch.wording import RESULTS


@dataclass(frozen=True, slots=True)
class Later:
    """What became of one reminder."""

    result: Result
    error: str = ""


def json_with(data: bytes, later: Mapping[str, Later], problems: Iterable[Problem], language: Language) -> bytes:
    """`run.json` with these results, by document; what was told before stays, and more follows."""
    found = json.loads(data)
    for reminder in found["reminders"]:
        if (known := later.get(reminder["document"])) is not None:
            reminder["result"], reminder["error"] = known.result, known.error or None
    found["problems"] += problem_list(problems, language)
    return dump(found)


def html_with(data: bytes, later: Mapping[str, Later], language: Language) -> bytes:
    """`report.html` with these results, by document: they stand in the cell after the link to it."""
    text = data.decode()
    for document, known in later.items():
        cell = re.compile(rf'(href="{re.escape(escape(quote(document)))}">[^<]*</a></td><td[^>]*>)[^<]*(?=</td>)')
        word = escape(language.message(RESULTS[known.result]) + (language.colon + known.error if known.error else ""))
        text = cell.sub(lambda found, word=word: found[1] + word, text)  # type: ignore[misc]
    return text.encode()
