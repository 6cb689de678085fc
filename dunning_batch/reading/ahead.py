"""Work on pieces of a file beside the reading of it."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")


def worked_ahead(pieces: Iterable[Piece], work: Callable[[Piece], Result], workers: int) -> Iterator[Result]:
    """What each piece becomes, in order, made by so many threads; so many pieces and one are kept at most.

    It pays where the work leaves the interpreter free, as pyarrow and NumPy do. What the work raises is raised in turn.
    """
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[Result]] = deque()
        for piece in pieces:
            waiting.append(pool.submit(work, piece))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        for future in waiting:
            yield future.result()
