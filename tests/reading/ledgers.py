"""FECs of a few lines, read by the reader itself."""

from dunning_batch.core.ledger import LedgerRules
from dunning_batch.errors import InputError
from dunning_batch.reading.reader import read_ledger
from tests.dossiers import FEC_NAME, fec_bytes


def ledger_of(folder, *tables, rules=None, columns=None, names=(), siren="", **dialect):
    """The ledger of one or more FECs: short tables (tests/dossiers.py), or bytes as they are."""
    paths = []
    for number, table in enumerate(tables):
        name = names[number] if names else FEC_NAME.replace("2026", str(2026 - len(tables) + 1 + number))
        path = folder / name
        path.write_bytes(table if isinstance(table, bytes) else fec_bytes(table, **dialect))
        paths.append(path)
    return read_ledger(paths, folder, rules or LedgerRules(), columns or {}, siren)


def rows(ledger, *columns):
    """Lines as tuples; amounts in euros, days as ISO text."""
    frame = ledger.lines
    texts = {}
    for name in columns:
        values = frame[name]
        if name == "amount":
            texts[name] = [cents / 100 for cents in values]
        elif str(values.dtype).startswith("datetime"):
            texts[name] = ["" if day != day else f"{day:%Y-%m-%d}" for day in values]  # noqa: PLR0124 - NaT is not itself
        else:
            texts[name] = values.tolist()
    return list(zip(*texts.values(), strict=True)) if len(columns) > 1 else texts[columns[0]]


def faults_of(folder, *tables, **how):
    """`code:line` of what stops the reading."""
    try:
        ledger_of(folder, *tables, **how)
    except InputError as error:
        return [f"{one.code}:{one.source.line}" for one in error.problems]
    return []


def codes(ledger):
    """The codes of what was noticed."""
    return [problem.code for problem in ledger.problems]
