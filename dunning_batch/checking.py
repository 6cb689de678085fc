"""`check`: everything is read, nothing is sent; what is wrong or doubtful is told, with what to do."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from dunning_batch.batch import papers_of, reminders_of
from dunning_batch.config import Settings
from dunning_batch.core.proposals import proposals_of
from dunning_batch.core.signlines import greatest_first, signs_of
from dunning_batch.errors import ConfigurationError, Problem, Source, UsageError, msg
from dunning_batch.language import Language
from dunning_batch.mailing import lacking_sign_in
from dunning_batch.readiness import refuse_conflicts, refuse_unready_levels
from dunning_batch.reading.missing_customers import missing_customers_workbook
from dunning_batch.reports.ledger_columns import columns_json, columns_text
from dunning_batch.reports.record import Record
from dunning_batch.reports.run_json import document, dump, problem_list
from dunning_batch.reports.status import totals_line
from dunning_batch.reports.tables import problem_line
from dunning_batch.reports.worklist import WorkList, worklist_json, worklist_xlsx
from dunning_batch.situation import Request, Situation, look, record_of
from dunning_batch.state.journal import Clock

_ORDER = ("error", "warning", "notice")


@dataclass(frozen=True, slots=True)
class Checked:
    """What `check` found; the problems include rates that letters would need."""

    situation: Situation
    problems: tuple[Problem, ...]


def check(settings: Settings, clock: Clock, as_of: date | None) -> Checked:
    """Read everything, as a run would. Raises what a run would raise, but for a missing rate, which is told."""
    papers = papers_of(settings)
    refuse_unready_levels(settings)
    situation = look(settings, Request(as_of or clock().date(), clock))
    refuse_conflicts(settings, situation.memory, situation.reconciled)
    unready = (replace(problem, severity="warning") for problem in lacking_sign_in(settings))
    found = (*situation.problems, *papers.problems, *_missing_rates(situation), *_missing_iban(settings), *unready)
    return Checked(situation, found)


def _missing_iban(settings: Settings) -> tuple[Problem, ...]:
    """A letter is lawful without it, and paid sooner with it."""
    if settings.creditor.iban:
        return ()
    text = msg("It is empty: letters and e-mails do not say on which account to pay. Write the company's IBAN there.")
    return (Problem("no_iban", text, "notice", Source(settings.file.name, key="[creditor] iban")),)


def _missing_rates(situation: Situation) -> tuple[Problem, ...]:
    """Rule G2: a run would stop; `check` says it before."""
    try:
        reminders_of(situation)
    except ConfigurationError as error:
        return error.problems
    return ()


def shown(checked: Checked, form: str, language: Language) -> bytes:
    """What was found, by severity and amount; as a document or a work list on request."""
    record = record_of(checked.situation)
    if form == "xlsx":
        return worklist_xlsx(_worklist(checked), language)
    if form == "json":
        more = {
            "problems": problem_list(checked.problems, language),
            "ledger_columns": columns_json(record.files),
            "worklist": worklist_json(_worklist(checked), language),
        }
        return dump(document(record, language) | more)
    problems = sorted(checked.problems, key=lambda one: (_ORDER.index(one.severity), greatest_first(one)))
    lines = [problem_line(problem, language) for problem in problems]
    if not lines:
        lines = [_nothing_to_say(record, language)]
    understood = columns_text(record.files, language)
    return (understood + "\n".join(lines) + "\n" + totals_line(record, language)).encode()


def _worklist(checked: Checked) -> WorkList:
    """The lettering that is left to do, and the signs in the ledger that are worth a look."""
    situation = checked.situation
    return WorkList(
        proposals_of(situation.settlement, situation.applications),
        signs_of(checked.problems, situation.ledger, situation.settlement),
        situation.names,
    )


def _nothing_to_say(record: Record, language: Language) -> str:
    if record.accounting == "cash":
        return language.text("Nothing to say: nothing in the list of invoices is doubtful.")
    return language.text("Nothing to say: the ledger is perfectly lettered.")


def refuse_other_target(target: Path) -> None:
    """A file that was filled in must not be lost, nor a workbook be called something else. Raises UsageError."""
    if target.exists():
        text = msg("{file} is there already and is left as it is: name another file.", file=str(target))
    elif target.suffix.lower() != ".xlsx":
        text = msg("{file} would be a workbook: give it a name that ends in .xlsx.", file=str(target))
    else:
        return
    raise UsageError(Problem("missing_customers_file", text, "error", Source(str(target))))


def missing_customers(checked: Checked) -> bytes:
    """The customers that the customers file lacks, as a workbook ready to fill."""
    situation = checked.situation
    accounts: dict[str, str] = {}
    for item in situation.settlement.items:
        accounts.setdefault(item.customer, item.account)
    return missing_customers_workbook(
        situation.settlement.balances, situation.customers, situation.settings.language, accounts, situation.emails
    )
