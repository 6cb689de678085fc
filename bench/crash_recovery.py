"""What a person does after a kill: types the command again or `resume`, and answers for what nobody knows."""

import random
import sqlite3
from contextlib import closing

from bench.crash_scenes import CONFLICT, DONE, RUN, UNCERTAIN, Case, Scene, message_id

PERSONS = ("looks", "sends again", "looks", "gives up")
_NOTHING = "Nothing to resume"
_UNKNOWN_ORDER = 2
_STEPS = 25  # a recovery is killed before one of its first steps
# What a flipped bit would make of a row, and nobody would see but for its digest.
_CHANGES = (('"level": 2', '"level": 4'), ('"level": 1', '"level": 3'), ('"result": "delivered"', '"result": "refused"'),
            ('"id": "', '"id": "0'), ('"sha256": "', '"sha256": "0'), ('"run": "2026', '"run": "2027'))  # fmt: skip


def recover(case: Case, scene: Scene, person: str, chance: random.Random) -> int:
    """Until the month is finished; how often that was killed in turn. Raises LookupError where it cannot be."""
    kills, first = 0, chance.choice(("resume", scene.command))
    if chance.randrange(3) == 0 and not _is_done(case, scene):
        _count_orders(case, first)
        kills += case.call(first, chance.randint(1, _STEPS)).killed
    if not _is_done(case, scene):
        _finish(case, scene, first, person)
    if scene.repeat:
        case.must(scene.calm[1] or scene.command, *DONE)
    return kills


def _is_done(case: Case, scene: Scene) -> bool:
    """Of a command that would do more when typed again: the journal says that there is nothing left of it to do."""
    if scene.repeat or not case.journal.exists():
        return False
    memory = case.memory()
    run = memory.runs.get(RUN)
    return bool(run and (run.closed if scene.command.startswith("run") else run.undone) and memory.is_published)


def _finish(case: Case, scene: Scene, first: str, person: str) -> None:
    if first != "resume":
        _count_orders(case, first)
        done = case.must(first, *DONE, CONFLICT, UNCERTAIN, *([_UNKNOWN_ORDER] if "--" in first else []))
        if done.code in DONE and not scene.command.startswith("resume"):
            return
        if done.code == CONFLICT and "resume" not in done.said:
            raise LookupError(f"`{first}` refuses, and does not name the way on: {done.said}")
    done = case.must("resume", *DONE, UNCERTAIN)
    if done.code == UNCERTAIN:
        _settle(case, person)
    elif _NOTHING in done.said and not scene.command.startswith("resume"):
        case.must(scene.command, *DONE)


def _count_orders(case: Case, command: str) -> None:
    """Typed again, an order is an order again."""
    if "--resend" in command or "--drop" in command:
        for identity in _uncertain(case):
            case.orders[identity] = case.orders.get(identity, 0) + 1


def _uncertain(case: Case) -> list[str]:
    run = case.memory().unfinished if case.journal.exists() else None
    return [run.messages[one]["message_id"] for one in run.uncertain] if run else []


def _settle(case: Case, person: str) -> None:
    arrived = {message_id(one) for one in case.stored}
    if person == "gives up":
        command = "resume --drop"
        case.dropped = True
    else:
        sure = arrived if person == "looks" else set()
        orders = {one: "--assume-sent" if one in sure else "--resend" for one in _uncertain(case)}
        command = " ".join(["resume", *(f"{order} {one}" for one, order in orders.items())])
    for one in _uncertain(case) if command == "resume --drop" else ():
        case.orders[one] = case.orders.get(one, 0) + 1
    if "--resend" in command:
        for one in _uncertain(case):
            if f"--resend {one}" in command:
                case.orders[one] = case.orders.get(one, 0) + 1
    case.must(command, *DONE)


def refuses_damage(case: Case, scene: Scene) -> list[str]:
    """Change the last row of the journal behind the program's back: what takes it for sound; then put it back."""
    if not case.journal.exists():  # its first rows do not bear its name yet
        return []
    whole, found = case.journal.read_bytes(), []
    with closing(sqlite3.connect(case.journal)) as connection, connection:
        number, body = connection.execute("SELECT number, body FROM event ORDER BY number DESC LIMIT 1").fetchone()
        before, after = next(change for change in _CHANGES if change[0] in body)
        connection.execute("UPDATE event SET body = ? WHERE number = ?", (body.replace(before, after, 1), number))
    damaged, sent = case.one.tree(), len(case.stored)
    for command in (scene.command, "resume"):
        done = case.call(command)
        if done.code != CONFLICT or case.one.tree() != damaged or len(case.stored) != sent:
            found.append(f"`{command}` took a journal with {after} for {before} in its last row (exit {done.code})")
            return found  # and the month goes on with it
    case.journal.write_bytes(whole)
    return found
