"""What a reader makes of one file; `reader.py` puts the parts together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from dunning_batch.core.ledger import Accounting, LedgerFile, LedgerRules
from dunning_batch.errors import Problem

if TYPE_CHECKING:
    import pandas as pd
else:
    from dunning_batch.core import frames as pd


@dataclass(frozen=True, slots=True)
class Part:
    """The customer lines of one file, before customers are named (rule A2).

    `lines` has the columns of core/ledger.py but for `file`, `entry_key`, `customer`, `nobody` and `name`, and these
    categories: `auxiliary`, `auxiliary_name`, `account_name`; `advance` (bool); `run` (int32, for `entry_texts`).
    Its `entry` counts within the file. A cash list has one column more, `paid`: the cents paid of each row (rule C1).
    """

    file: LedgerFile
    lines: "pd.DataFrame"
    entry_texts: Callable[[np.ndarray], list[str]]  # journal, number, date and piece as one text, of each run
    problems: tuple[Problem, ...] = ()
    accounting: Accounting = "accrual"


class Reader(Protocol):
    """One kind of file."""

    name: str  # as told to users

    def identify(self, path: Path, columns: Mapping[str, str]) -> bool:
        """Whether the file is of that kind; must not raise for any bytes."""
        ...

    def read(self, path: Path, shown: str, rules: LedgerRules, columns: Mapping[str, str]) -> Part:
        """The customer lines of the file. Raises InputError with every problem."""
        ...
