"""Holds what rule F6 proposes against what was lettered: the codes of a random part of the groups are hidden.

    python bench/matching.py                         # invented ledgers
    python bench/matching.py FEC.txt ...             # lettered ledgers of one's own too
    python bench/matching.py --hide 0.5 --seeds 10

A link (credit, item) is right if both stood in one lettered group. Precision counts links, recall euros: the share of
the hidden credits that a pass has put on an item of their own group. Links between lines that were never lettered are
not judged; a link of a hidden line with one of those is wrong. Passes 1 to 4 are what is proposed for lettering; what an
amount alone decides without being certain is deducted and not proposed, and has columns of its own ("unsure"). Each seed
hides other groups, and invents another ledger.
"""

import argparse
import random
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import repeat
from pathlib import Path

import pandas as pd
from lettered import HARDER, WAYS, lettered_fec, mixed

from dunning_batch.core.allocation import allocate
from dunning_batch.core.ledger import Ledger, LedgerRules
from dunning_batch.core.settling import settle
from dunning_batch.reading.reader import read_ledger

RULES = LedgerRules()
PASSES = (1, 2, 3, 4, 5)
UNSURE = 10  # added to the pass of a link that is deducted and not proposed


@dataclass
class Tally:
    """What was found: links and euro cents by pass, right and wrong."""

    groups: int = 0
    hidden: int = 0  # cents of the credits whose codes were hidden
    links: dict[tuple[int, bool], int] = field(default_factory=lambda: defaultdict(int))
    cents: dict[tuple[int, bool], int] = field(default_factory=lambda: defaultdict(int))

    def precision(self, passes: Sequence[int]) -> str:
        """Right links among the links of these passes."""
        right, wrong = (sum(self.links[number, is_right] for number in passes) for is_right in (True, False))
        return f"{right / (right + wrong):.4f} of {right + wrong}" if right + wrong else "–"

    def recall(self, passes: Sequence[int]) -> str:
        """Cents rightly placed by these passes among those hidden."""
        return f"{sum(self.cents[number, True] for number in passes) / self.hidden:.3f}" if self.hidden else "–"


def truth_of(lines: pd.DataFrame) -> "pd.Series[int]":
    """For each line the number of its lettered group (rule B1), 0 for none: groups with both sides that balance."""
    lettered = lines[lines["code"] != ""]
    keys = [lettered[name].astype(str) for name in ("customer", "account", "code")]
    number = lettered.groupby(keys, sort=False).ngroup() + 1
    sums, least = (lettered["amount"].groupby(number).transform(how) for how in ("sum", "min"))
    return number.where((sums == 0) & (least < 0), 0).reindex(lines.index, fill_value=0)


def hide(ledger: Ledger, truth: "pd.Series[int]", groups: set[int]) -> Ledger:
    """The ledger without the codes of these groups."""
    is_hidden = truth.isin(groups)
    lines = ledger.lines.copy()
    lines["code"] = lines["code"].mask(is_hidden, "")
    lines["code_date"] = lines["code_date"].mask(is_hidden)
    return replace(ledger, lines=lines)


def judge(ledger: Ledger, truth: "pd.Series[int]", part: float, chance: random.Random, tally: Tally) -> None:
    """Hide a part of the groups, let F6 propose, and count."""
    groups = sorted(set(truth) - {0})
    chosen = {group for group in groups if chance.random() < part}
    bare = hide(ledger, truth, chosen)
    settlement = settle(bare, RULES, {}, "30 days")
    hidden = truth.where(truth.isin(chosen), 0).tolist()
    of_item = _groups_of_items(bare.lines, hidden)
    items, credits = settlement.items, settlement.credits
    tally.groups += len(chosen)
    tally.hidden -= int(ledger.lines["amount"].where(truth.isin(chosen), 0).clip(upper=0).sum())
    for one in allocate(settlement):
        credit, item = credits[one.credit], items[one.item]
        own, others = hidden[credit.order], of_item[item.order]
        if own or others - {0}:
            is_right = bool(own) and own in others
            number = one.number + (0 if one.sure or one.number not in PASSES[:4] else UNSURE)
            tally.links[number, is_right] += 1
            tally.cents[number, is_right] += one.amount


def _groups_of_items(lines: pd.DataFrame, hidden: Sequence[int]) -> dict[int, set[int]]:
    """The hidden groups of each item by its first line: debits of one customer in one entry are one item (rule A6)."""
    found: dict[tuple[int, str], set[int]] = defaultdict(set)
    keys = list(zip(lines["entry"].tolist(), lines["customer"].astype(str).tolist(), strict=True))
    for key, cents, group in zip(keys, lines["amount"].tolist(), hidden, strict=True):
        if cents > 0:
            found[key].add(group)
    return {place: found[key] for place, key in enumerate(keys)}


def ledgers(files: Iterable[Path], customers: int, seeds: int) -> Iterator[tuple[str, Iterable[Ledger]]]:
    """One for each seed: the files given again and again, then an invented one for each way of paying."""
    for path in files:
        yield path.name, repeat(read_ledger([path], path.parent, RULES, {}, ""), seeds)
    with tempfile.TemporaryDirectory() as folder:
        for name, way in (WAYS | {"all of these": mixed} | HARDER).items():
            yield name, (_invented(Path(folder), lettered_fec(way, customers, seed)) for seed in range(seeds))


def _invented(folder: Path, data: bytes) -> Ledger:
    path = folder / "ledger.txt"
    path.write_bytes(data)
    return read_ledger([path], folder, RULES, {}, "")


def main() -> None:
    """Print a row for each ledger."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--hide", type=float, default=0.3)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--customers", type=int, default=200)
    options = parser.parse_args()
    columns = {str(number): (number,) for number in PASSES} | {"1-4": PASSES[:4], "unsure": (UNSURE + 3, UNSURE + 4)}
    heads = [f"precision {name} | recall {name}" for name in columns]
    print("| ledger | groups hidden |", " | ".join(heads), "|")
    print("|---|---:|" + "---:|" * (2 * len(heads)))
    for name, some in ledgers(options.files, options.customers, options.seeds):
        tally = Tally()
        for seed, ledger in enumerate(some):
            judge(ledger, truth_of(ledger.lines), options.hide, random.Random(seed), tally)
        cells = [f"{tally.precision(some)} | {tally.recall(some)}" for some in columns.values()]
        print(f"| {name} | {tally.groups} |", " | ".join(cells), "|", flush=True)


if __name__ == "__main__":
    main()
