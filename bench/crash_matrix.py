"""Kills `run`, `resume`, `undo` and `bounces` at every step and recovers: no letter twice without an order, none lost.

    python -m bench.crash_matrix                        # every step of every scene, on two cores
    python -m bench.crash_matrix --sample 60            # so many of them, spread and the same each time (--seed)
    python -m bench.crash_matrix --scene email/next     # one scene; repeatable; --list names them
    python -m bench.crash_matrix --only email/next/88   # one kill, as a line that failed names it
    python -m bench.crash_matrix --plant sending-late   # with a planted defect: it must fail

`bench/crash_victim.py` says what a step is, `bench/crash_scenes.py` what is killed, `bench/crash_judge.py` what is held
against the undisturbed month. Each kill is recovered by `resume` or by the command typed again, every third time only
after that was killed too. Where the program says that nobody knows, a person looks at the server and answers; or has it
sent again without looking, or gives up: those are orders. After a commit, a row of the journal is also changed behind
the program's back: every command must refuse it, and once the file is put back all must go on.

The last line tells kills, duplicates and losses; the exit code is 1 where there is any of the latter two.
"""

import argparse
import random
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.crash_judge import End, duplicates, end_of, losses  # noqa: E402
from bench.crash_recovery import PERSONS, recover, refuses_damage  # noqa: E402
from bench.crash_scenes import DONE, SCENES, Bench, Scene, open_bench  # noqa: E402
from bench.crash_victim import DEFECTS  # noqa: E402
from dunning_batch.errors import DunningError  # noqa: E402

MEMORY = "/dev/shm"  # noqa: S108


@dataclass(frozen=True)
class Kill:
    """One kill: before that step of the scene."""

    scene: Scene
    step: int
    defect: str = ""

    @property
    def title(self) -> str:
        """By which it can be repeated alone."""
        return f"{self.scene.title}/{self.step}"

    @property
    def person(self) -> str:
        """Who answers for what is uncertain."""
        return PERSONS[self.step % len(PERSONS)] if self.scene.state == "february" and self.scene.repeat else PERSONS[0]


@dataclass
class Found:
    """What came of it."""

    kills: int = 0
    duplicates: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)

    @property
    def told(self) -> list[str]:
        """One line each."""
        return [*(f"DUPLICATE {text}" for text in self.duplicates), *(f"LOSS {text}" for text in self.losses)]


class Matrix:
    """Kills, and what they are held against; used by several threads, each with a bench of its own."""

    def __init__(self) -> None:
        self._calm: dict[str, End] = {}
        self._steps: dict[tuple[str, str], tuple[str, ...]] = {}
        self._lock = threading.Lock()

    def calm(self, bench: Bench, scene: Scene) -> End:
        """The undisturbed month: without a kill, and always without a defect."""
        with self._lock:
            if scene.title not in self._calm:
                state, command = scene.undisturbed
                with bench.case(state) as case:
                    for _ in range(1 + scene.repeat):
                        case.must(command, *DONE)
                    self._calm[scene.title] = end_of(case)
        return self._calm[scene.title]

    def steps(self, bench: Bench, scene: Scene, defect: str) -> tuple[str, ...]:
        """Those of the command that is killed; a defect may bring others."""
        with self._lock:
            if (scene.title, defect) not in self._steps:
                with bench.case(f"{scene.way}.{scene.state}", defect) as case:
                    self._steps[scene.title, defect] = case.call(scene.command).steps
        return self._steps[scene.title, defect]

    def kill(self, bench: Bench, kill: Kill) -> Found:
        """Kill, recover, compare."""
        scene, calm, found = kill.scene, self.calm(bench, kill.scene), Found(1)
        with bench.case(f"{scene.way}.{scene.state}", kill.defect) as case:
            done = case.call(scene.command, kill.step)
            if not done.killed:
                return Found(0, [], [f"ended with {done.code} before it: {done.said.strip()[-300:]}"])
            try:
                if kill.step > 1 and done.steps[-2].startswith("commit"):
                    found.losses += refuses_damage(case, scene)
                found.kills += recover(case, scene, kill.person, random.Random(kill.title))
                end = end_of(case)
            except (LookupError, OSError, ValueError, DunningError) as error:
                found.losses.append(f"{type(error).__name__}: {error}")
                return found
            found.duplicates = duplicates(end, case.orders)
            found.losses += losses(end, calm, dropped=case.dropped or "--drop" in scene.command)
        return found


def kills_of(matrix: Matrix, bench: Bench, scenes: list[Scene], named: str, defect: str) -> Iterator[Kill]:
    """Every step whose name is so."""
    for scene in scenes:
        for number, name in enumerate(matrix.steps(bench, scene, defect), 1):
            if fnmatchcase(name, named):
                yield Kill(scene, number, defect)


def go_through(matrix: Matrix, kills: list[Kill], benches: list[Bench]) -> Found:
    """All of them, a line for each that failed."""
    free: SimpleQueue[Bench] = SimpleQueue()
    for bench in benches:
        free.put(bench)

    def one(kill: Kill) -> tuple[Kill, Found]:
        bench = free.get()
        try:
            return kill, matrix.kill(bench, kill)
        finally:
            free.put(bench)

    total, scene = Found(), ""
    with ThreadPoolExecutor(len(benches)) as threads:
        for kill, found in threads.map(one, kills):
            if kill.scene.title != scene:
                scene = kill.scene.title
                print(f"{scene} ...", flush=True)
            total.kills += found.kills
            total.duplicates += found.duplicates
            total.losses += found.losses
            step = matrix.steps(benches[0], kill.scene, kill.defect)[kill.step - 1]
            for what in found.told:
                print(f"{kill.title} before `{step}`: {what}", flush=True)
    return total


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scene", choices=list(SCENES), action="append", metavar="SCENE")
    parser.add_argument("--only", action="append", default=[], metavar="SCENE/STEP", help="one kill; repeatable")
    parser.add_argument("--step", default="*", metavar="PATTERN", help="only before steps whose name is so")
    parser.add_argument("--sample", type=int, metavar="N", help="so many kills")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument("--plant", choices=[name for name in DEFECTS if name], default="", help="a defect")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--folder", default=MEMORY if Path(MEMORY).is_dir() else None, help="where dossiers are made")
    parser.add_argument("--list", action="store_true", help="name the scenes and the steps of each")
    asked = parser.parse_args(arguments)
    matrix, chosen = Matrix(), [SCENES[title] for title in asked.scene or SCENES]
    with ExitStack() as stack:
        benches = [stack.enter_context(open_bench(asked.folder)) for _ in range(asked.jobs)]
        if asked.only:
            named = [one.rpartition("/") for one in asked.only]
            kills = [Kill(SCENES[title], int(step), asked.plant) for title, _, step in named]
        else:
            kills = list(kills_of(matrix, benches[0], chosen, asked.step, asked.plant))
        if asked.list:
            for kill in kills:
                print(f"{kill.title}: {matrix.steps(benches[0], kill.scene, kill.defect)[kill.step - 1]}")
            return 0
        if asked.sample:
            kills = sorted(random.Random(asked.seed).sample(kills, min(asked.sample, len(kills))), key=kills.index)
        total = go_through(matrix, kills, benches)
    print(f"{total.kills} kills, {len(total.duplicates)} duplicates, {len(total.losses)} losses")
    return 1 if total.duplicates or total.losses or not total.kills else 0  # no kill proves nothing


if __name__ == "__main__":
    sys.exit(main())
