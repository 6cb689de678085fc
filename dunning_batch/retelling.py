"""What a run's own reports say once more is known of its reminders: results that came later, and notices of bounces.

`run.json` and `report.html` follow the journal, as the levels workbook does; what was taken away is not made anew.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from dunning_batch.config import Settings
from dunning_batch.errors import Message, Problem, msg
from dunning_batch.files import write_file
from dunning_batch.language import Language, language
from dunning_batch.packing import REPORT
from dunning_batch.reports.later import Later, html_with, json_with
from dunning_batch.reports.run_json import RESULT
from dunning_batch.state.journal import Body, Event


def retell(folder: Path, later: Mapping[str, Later], problems: Iterable[Problem], spoken: Language) -> None:
    """Put results, by document, into the reports of a run's folder. Raises OutputError."""
    result, report = folder / RESULT, folder / REPORT
    if result.is_file():
        write_file(result, json_with(result.read_bytes(), later, problems, spoken))
    if report.is_file():
        write_file(report, html_with(report.read_bytes(), later, spoken))


def retell_bounced(settings: Settings, events: Iterable[Event]) -> None:
    """Put what came back, of these events, into the reports of the runs concerned. Raises OutputError."""
    spoken = language(settings.language)
    runs: defaultdict[str, dict[str, Later]] = defaultdict(dict)
    for body in (event.body for event in events if event.kind == "bounced" and event.body["refused"]):
        runs[body["run"]][body["document"]] = Later("refused", spoken.message(_why(body)))
    for run, later in runs.items():
        retell(settings.output / run, later, (), spoken)


def _why(bounced: Body) -> Message:
    pairs = zip(bounced["addresses"], bounced["reasons"], strict=True)
    addresses = ", ".join(f"{address} ({reason})" if reason else address for address, reason in pairs)
    return msg("came back: {addresses}", addresses=addresses)
