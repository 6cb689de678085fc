"""Pieces that a label names (rule F6, pass 2), found without comparing every label with every piece."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

_SHORTEST = 4
_RUN = re.compile(r"[^\W_]+")  # letters and digits


class NamedPieces:
    """Pieces with a digit and at least four characters, whatever the case.

    A piece that touches no other letter or digit in a label has each of its own runs of letters and digits as a whole
    run there. So only the labels that have its rarest run are looked at.
    """

    def __init__(self, pieces: Sequence[str]) -> None:
        """Pieces in the order in which they are to be found."""
        folded = {place: piece.strip().casefold() for place, piece in enumerate(pieces)}
        self._named = {place: piece for place, piece in folded.items() if _can_be_named(piece)}
        runs = {piece: _RUN.findall(piece) for piece in self._named.values()}
        frequency = Counter(run for piece in self._named.values() for run in runs[piece])
        self._by_run: dict[str, list[int]] = defaultdict(list)
        for place, piece in self._named.items():
            self._by_run[min(runs[piece], key=frequency.__getitem__)].append(place)

    def in_label(self, label: str) -> list[int]:
        """The places of the pieces that the label names."""
        label = label.casefold()
        places = {place for run in set(_RUN.findall(label)) for place in self._by_run.get(run, ())}
        return [place for place in sorted(places) if _is_named(self._named[place], label)]


def _can_be_named(piece: str) -> bool:
    return len(piece) >= _SHORTEST and any(sign.isdigit() for sign in piece)


def _is_named(piece: str, label: str) -> bool:
    """Whether the piece stands in the label and touches no other letter or digit."""
    start = label.find(piece)
    while start >= 0:
        end = start + len(piece)
        if not label[max(start - 1, 0) : start].isalnum() and not label[end : end + 1].isalnum():
            return True
        start = label.find(piece, start + 1)
    return False
