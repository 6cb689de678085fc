"""Who the customer of each line is, and which advances are somebody's (rules A1, A2), over the lines of all files."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from dunning_batch.core.ledger import LedgerRules, customer_of, is_collective
from dunning_batch.errors import Problem, Source, msg

if TYPE_CHECKING:
    import pandas as pd
else:
    from dunning_batch.core import frames as pd


def without_strange_advances(lines: "pd.DataFrame", files: Sequence[str]) -> "tuple[pd.DataFrame, list[Problem]]":
    """Advances count where their `CompAuxNum` stands on a customer account, in any file (rule A1).

    Args:
        lines: Of all files.
        files: Their names by number.
    """
    advance = lines["advance"].to_numpy()
    if not advance.any():
        return lines, []
    codes, texts = _codes(lines, "auxiliary")
    is_known = np.zeros(len(texts), bool)
    is_known[codes[~advance]] = True
    is_known[[place for place, text in enumerate(texts) if not text]] = False
    strange = advance & ~is_known[codes]
    if not strange.any():
        return lines, []
    return lines[~strange].reset_index(drop=True), _strange(lines[strange], files)


def _strange(out: "pd.DataFrame", files: Sequence[str]) -> list[Problem]:
    problems = []
    named = out.assign(code=out["auxiliary"].astype(str), number=out["account"].astype(str))
    for (code, account), part in named.groupby(["code", "number"]):
        text = msg(
            "{amount:money} on the account {account} of {customer} are left out: that customer stands on no customer "
            "account.",
            amount=-int(part["amount"].sum()),
            account=account,
            customer=code or account,
        )
        source = Source(files[int(part["file"].iloc[0])], int(part["line"].iloc[0]))
        problems.append(Problem("strange_advance", text, "notice", source, str(code)))
    return problems


def with_customers(lines: "pd.DataFrame", rules: LedgerRules) -> "pd.DataFrame":
    """The columns `customer`, `nobody` and `name`: rule A2, once for each account, auxiliary and name that meet."""
    (account, accounts), (auxiliary, auxiliaries), (named, names) = (
        _codes(lines, column) for column in ("account", "auxiliary", "auxiliary_name")
    )
    meeting = account.astype(np.int64)
    for other, count in ((auxiliary, len(auxiliaries)), (named, len(names))):
        meeting *= count
        meeting += other
    place, distinct = pd.factorize(meeting)
    del meeting
    rest, third = np.divmod(distinct, max(len(names), 1))
    first, second = np.divmod(rest, max(len(auxiliaries), 1))
    shared = {one for one, other in zip(first.tolist(), second.tolist(), strict=True) if auxiliaries[other]}
    prefixes = (*rules.customer_accounts, *rules.advance_accounts)
    collective = [one in shared or is_collective(text, prefixes) for one, text in enumerate(accounts)]
    found = [
        customer_of(accounts[one], auxiliaries[two], names[three], collective=collective[one])
        for one, two, three in zip(first.tolist(), second.tolist(), third.tolist(), strict=True)
    ]
    categories = sorted({code for code, _ in found})
    rank = {code: number for number, code in enumerate(categories)}
    codes = np.array([rank[code] for code, _ in found], np.int32)[place]
    return lines.assign(
        customer=pd.Categorical.from_codes(codes, categories=pd.Index(categories, dtype=object)),
        nobody=np.array([nobody for _, nobody in found], bool)[place],
        name=_names(lines, named, names),
    )


def _names(lines: "pd.DataFrame", named: np.ndarray, names: list[str]) -> "pd.Categorical":
    """`CompAuxLib`, else the label of the account."""
    account_name, account_names = _codes(lines, "account_name")
    rank: dict[str, int] = {}
    own, other = (np.array([rank.setdefault(text, len(rank)) for text in texts] or [0], np.int32)
                  for texts in (names, account_names))  # fmt: skip
    has_none = np.array([not text for text in names] or [True])
    codes = np.where(has_none[named], other[account_name], own[named])
    return pd.Categorical.from_codes(codes, categories=pd.Index(list(rank), dtype="str"))


def _codes(lines: "pd.DataFrame", column: str) -> tuple[np.ndarray, list[str]]:
    category = lines[column].cat
    return category.codes.to_numpy(), category.categories.tolist()
