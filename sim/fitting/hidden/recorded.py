"""Recorded lives as stretches between stamps, each with the work that lies in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from sim.arrays import Bools, Ints
from sim.fitting.lives import AFTER, BEFORE, DAY_S, NOBODY, Lives
from sim.fitting.work import Task, Work
from sim.records.from_events import NEVER
from sim.records.register import DECIDED

REDO: Final = 0.5
"""Share of a review that its repetition takes, unless somebody knows better."""
_OLD_S: Final = 30 * DAY_S
Steps = tuple[tuple[int, float], ...]
"""The work of a stretch in its order: number of the task, and the part of it."""


@dataclass(frozen=True, eq=False)
class Stretches:
    """S stretches, by `ready`. Times are seconds of the lives; `NEVER`: not recorded by then."""

    ready: Ints
    """[S] when the stretch begins: hand-over to the office, or the end of a pause."""
    held: Ints
    """[S] seconds from then on until everything else that it waits for was decided."""
    way: Ints
    """[S] number of the course whose transfer comes first, or -1."""
    parts: Ints
    """[S] equal parts of which the work consists."""
    chain: Ints
    """[S] row of `chains`."""
    begin: Ints
    """[S] stamp of the begin of its first work."""
    end: Ints
    """[S] stamp of the end of its last work."""
    began_by: Ints
    """[S] officer of each stamp, or `NOBODY`."""
    ended_by: Ints
    chains: tuple[Steps, ...]

    def lost(self, now_s: int) -> tuple[Bools, Bools]:
        """Return [S], [S]: the stamp of the begin, and of the end, is missing in the records.

        A begin, though the end is there; an end that all others of the chain had long before.
        """
        gone = self.end == NEVER
        age = np.where(gone, now_s, self.end) - self.ready
        limit = np.full(len(self.chains), _OLD_S)
        for chain in np.unique(self.chain[~gone]).tolist():
            ended = age[~gone & (self.chain == chain)]
            limit[chain] = max(_OLD_S, 2 * int(np.quantile(ended, 0.99)))
        return (self.begin == NEVER) & ~gone, gone & (age > limit[self.chain])

    def __len__(self) -> int:
        """Return S."""
        return len(self.ready)

    def taken(self, rows: Ints | Bools) -> Stretches:
        """Return some of them."""
        columns = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "chains"}
        return Stretches(**{name: column[rows] for name, column in columns.items()},
                         chains=self.chains)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Stretch:
    ready: int
    steps: Steps
    end: int = NEVER
    ended_by: int = NOBODY
    held: int = 0
    way: int = -1
    parts: int = 1
    begin: int = NEVER
    began_by: int = NOBODY


def stretches_of(work: Work) -> Stretches:
    """Return the stretches of all items at windows and in departments."""
    found: list[_Stretch] = []
    pauses = _by_item(work.lives)
    numbers = {(task.role, task.key): number for number, task in enumerate(work.tasks)}
    ways = {name: number for number, name in enumerate(work.courses)}
    for number, task in enumerate(work.tasks):
        if task.role == "window":
            found += _at_window(work, task, number, pauses)
        elif task.role == "decision":
            review = numbers.get(("review", task.key))
            found += _in_department(work, task, number, review, ways[task.key[0]], pauses)
    found.sort(key=lambda one: one.ready)
    chains = tuple(dict.fromkeys(one.steps for one in found))
    place = {steps: at for at, steps in enumerate(chains)}

    def column(name: str) -> Ints:
        return np.array([getattr(one, name) for one in found], np.int64)

    names = ("ready", "held", "way", "parts", "begin", "end", "began_by", "ended_by")
    chain = np.array([place[one.steps] for one in found], np.int64)
    return Stretches(**{name: column(name) for name in names}, chain=chain, chains=chains)


_Pauses = dict[int, list[tuple[int, int, int]]]


def _by_item(lives: Lives) -> _Pauses:
    """Return item → kind, start and end of its pauses, in their order."""
    found: _Pauses = {}
    pauses = lives.pauses
    for at in np.argsort(pauses.start, kind="stable").tolist():
        one = int(pauses.kind[at]), int(pauses.start[at]), int(pauses.end[at])
        found.setdefault(int(pauses.item[at]), []).append(one)
    return found


def _at_window(work: Work, task: Task, number: int, pauses: _Pauses) -> Iterator[_Stretch]:
    """Yield the checks of the papers that were handed in: one before each notice, and the last."""
    lives, steps = work.lives, ((number, 1.0),)
    for row, parts in zip(task.rows.tolist(), work.papers(task).astype(int).tolist(), strict=True):
        ready = int(lives.received[row])
        until = int(lives.accepted[row])
        if lives.state[row] not in DECIDED:  # what was decided had been accepted, whenever it was
            until = min(until, int(lives.ended[row]))
        for kind, start, end in pauses.get(row, []):
            if kind == BEFORE and ready <= start < until and ready < NEVER:
                yield _Stretch(ready, steps, start, parts=parts)
                ready = end
        if ready < until or (ready == until < NEVER):
            accepted = until == lives.accepted[row] < NEVER
            by = int(lives.acceptor[row]) if accepted else NOBODY
            yield _Stretch(ready, steps, until, by, parts=parts)


def _in_department(
    work: Work, task: Task, decision: int, review: int | None, way: int, pauses: _Pauses
) -> Iterator[_Stretch]:
    """Yield the stretches of a matter's items from hand-over to decision.

    A pause is between two of them. What ended otherwise than by a decision has no last one.
    """
    lives, course, matter = work.lives, task.course, task.key[1]
    at_window = course.at_window(matter)
    handed = work.handed_on(course, matter)
    start = lives.accepted if at_window else lives.received
    first: Steps = () if review is None else ((review, 1.0),)
    for row, over in zip(course.items(matter).tolist(), handed.tolist(), strict=True):
        ready, steps, ended = int(start[row]), first, int(lives.ended[row])
        common = {"held": over - ready, "way": way if at_window else -1}
        if NEVER in (ready, over) or ended < over:
            continue
        after = [p for p in pauses.get(row, []) if p[0] != BEFORE and over <= p[1] <= ended]
        if not after or first:
            common |= {"begin": int(lives.begun[row]), "began_by": int(lives.reviewer[row])}
        for kind, begin, end in after:
            if steps:
                yield _Stretch(ready, steps, begin, **common)
            ready, common = end, {}
            steps = ((review, REDO),) if kind == AFTER and review is not None else ()
        if ready == NEVER or (ended < NEVER and lives.state[row] not in DECIDED):
            continue
        end, by = (ended, int(lives.decider[row])) if ended < NEVER else (NEVER, NOBODY)
        yield _Stretch(ready, (*steps, (decision, 1.0)), end, by, **common)
