"""Commands that look and change no state: `check`, `status`, `plan`."""

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from dunning_batch.cli.options import AS_OF, OUTPUT, deciding, output_format
from dunning_batch.cli.output import put
from dunning_batch.cli.progress import reading
from dunning_batch.cli.session import Session, now
from dunning_batch.cli.words import command, option, text
from dunning_batch.errors import ExitCode


@command(help=text("Read everything, send nothing, and say what is wrong or doubtful."))
@AS_OF
@option("--missing-customers", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
        help=text("Write the customers that the customers file lacks, ready to fill in."))  # fmt: skip
@output_format("table", "json", "xlsx")
@OUTPUT
@click.pass_obj
def check(
    session: Session, as_of: datetime.date | None, missing_customers: Path | None, form: str, output: Path | None
) -> int:
    """Configuration, templates, customers, ledger, levels and lettering; xlsx: the lettering that is left to do."""
    from dunning_batch import checking

    if missing_customers:
        checking.refuse_other_target(missing_customers)
    checked = checking.check(reading(session), now, as_of)
    if missing_customers:
        put(checking.missing_customers(checked), missing_customers)
    put(checking.shown(checked, form, session.language), output)
    return ExitCode.OK


@command(help=text("Show every open item with its level, what comes next and why."))
@deciding
@output_format("table", "json", "csv", "xlsx")
@OUTPUT
@click.pass_obj
def status(session: Session, /, form: str, output: Path | None, **typed: Any) -> int:  # noqa: ANN401
    """Every open item of every customer."""
    from dunning_batch.readiness import warnings_of
    from dunning_batch.reports.status import status_bytes
    from dunning_batch.situation import look, record_of, request_of

    situation = look(*request_of(reading(session), now, typed))
    record = replace(record := record_of(situation), problems=(*record.problems, *warnings_of(situation)))
    session.say_problems(record.problems)
    put(status_bytes(record, form, session.language), output)
    return ExitCode.OK


@command(help=text("Write what a run would do now as a workbook to tick."))
@deciding
@output_format("table", "json", "csv", "xlsx")
@click.pass_obj
def plan(session: Session, /, form: str, **typed: Any) -> int:  # noqa: ANN401
    """The review workbook of a month."""
    from dunning_batch.readiness import warnings_of
    from dunning_batch.reports.status import status_bytes
    from dunning_batch.situation import look, record_of, request_of, write_plan

    situation = look(*request_of(reading(session), now, typed))
    record = replace(record := record_of(situation), problems=(*record.problems, *warnings_of(situation)))
    session.say_problems(record.problems)
    path = write_plan(situation)
    put(status_bytes(record, form, session.language, proposed_only=True), None)
    session.say("{path} is written: tick it, then type: dunning-batch run --selection {path}", path=str(path))
    return ExitCode.OK
