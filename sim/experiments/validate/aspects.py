"""From the histories to statistics that can be compared, and back to numbers that can be read.

Each statistic is looked at on a scale on which chance has the same spread whatever its size:
counts and distances as square roots, shares as arcsines (Anscombe 1948; Freeman & Tukey 1950).
There the least standard deviation is known, that of independent cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from sim.arrays import Floats, Ints
from sim.experiments.validate.observed import Instrument, Observed
from sim.measures.exchangeable import distribution_distances

Kind = Literal["on_time", "days", "received", "ended", "open"]
Of = Literal["limit", "matter", "case_type", "department"]
FAMILIES: Final = 5
"""Families in which histories are ranked; see `Aspect.family`."""
WHOLE: Final = -1
"""In place of a period: all of them."""
AT_START: Final = 0
"""In place of a group of cases: those that were open at the start."""
_EIGHTHS: Final = 3 / 8


@dataclass(frozen=True)
class Aspect:
    """What one number of a history is about."""

    kind: Kind
    """`on_time` and `days`: of a limit or matter; `received`: cases; `ended`, `open`: cases of a
    case type, a matter, or all matters of a department."""
    of: Of
    name: str
    case_type: str = ""
    department: str = ""
    clock: int = -1
    """Of `days`: the number of the clock."""
    period: int = WHOLE
    """The number of the period, or WHOLE; of `on_time`: of the group, AT_START or from 1 on."""

    @property
    def family(self) -> int:
        """The family: on time; days; what came and ended in all periods; in each; what is open.

        Totals are few and firm, and would drown among the numbers of single months.
        """
        if self.kind in {"received", "ended"}:
            return 2 if self.period == WHOLE else 3
        return {"on_time": 0, "days": 1, "open": 4}[self.kind]


@dataclass(frozen=True, eq=False)
class Statistic:
    """One number of every history: R simulated ones, and the recorded one last."""

    aspect: Aspect
    values: Floats
    """[R + 1] as it is read; of a share, with every unknown case late."""
    at_best: Floats | None
    """[R + 1] of a share: with every unknown case on time."""
    tested: tuple[Tested, ...]


@dataclass(frozen=True, eq=False)
class Tested:
    """A statistic on the scale on which it is tested."""

    values: Floats
    """[R + 1]"""
    floor: float
    """Least standard deviation."""
    side: int
    """1: only more counts; -1: only less; 0: both."""
    back: Callable[[float], float]
    """From the scale of the test to the number that is read."""


def statistics(
    instrument: Instrument, histories: Sequence[Observed], *, drawn: bool
) -> Iterator[Statistic]:
    """Yield all statistics; the recorded history is the last. `drawn`: no arrival is replayed."""
    yield from _on_time(instrument, histories)
    yield from _days(instrument, histories)
    for row, name in enumerate(instrument.scenario.case_types):
        fields: tuple[tuple[Kind, str], ...] = (
            *((("received", "received"),) if drawn else ()),
            *(("ended", "completed"), ("open", "open_cases")),
        )
        for kind, of in fields:
            table = np.array([getattr(one, of)[row] for one in histories])
            yield from _counts(Aspect(kind, "case_type", name, name), table)
    yield from _of_matters(instrument, histories)


def _on_time(instrument: Instrument, histories: Sequence[Observed]) -> Iterator[Statistic]:
    for row, (of, name, case_type, department) in enumerate(clocks(instrument)):
        if row == len(instrument.limits):
            return
        about = Aspect("on_time", of, name, case_type, department)
        on_time, unknown, judged = (
            np.array([getattr(one, name)[row] for one in histories])
            for name in ("on_time", "undetermined", "judged")
        )
        yield _share(about, *(x.sum(axis=1) for x in (on_time, unknown, judged)))
        for group in range(instrument.periods + 1):
            one = replace(about, period=group)
            if judged[:, group].any():
                yield _share(one, on_time[:, group], unknown[:, group], judged[:, group])


def _share(aspect: Aspect, on_time: Ints, unknown: Ints, judged: Ints) -> Statistic:
    """Return the share of cases on time.

    Few on time count if they are few with all unknown ones late, many if with all of them on time.
    """
    floor = 0.5 / np.sqrt(judged.mean() + 0.5)
    ways = []
    for side, kept in ((-1, on_time), (1, on_time + unknown)):
        angle = np.arcsin(np.sqrt((kept + _EIGHTHS) / (judged + 2 * _EIGHTHS)))
        angle = np.where(judged > 0, angle, np.nan)
        ways.append(Tested(angle, float(floor), side, _from_angle))
    with np.errstate(invalid="ignore", divide="ignore"):
        return Statistic(aspect, on_time / judged, (on_time + unknown) / judged, tuple(ways))


def _from_angle(angle: float) -> float:
    return float(np.sin(np.clip(angle, 0, np.pi / 2)) ** 2)


def _days(instrument: Instrument, histories: Sequence[Observed]) -> Iterator[Statistic]:
    for clock, subject in enumerate(clocks(instrument)):
        distance = distribution_distances([one.days[clock] for one in histories])
        about = Aspect("days", *subject, clock=clock)
        tested = Tested(np.sqrt(distance), 0.0, 1, lambda root: float(max(root, 0.0) ** 2))
        yield Statistic(about, distance, None, (tested,))


def clocks(instrument: Instrument) -> Iterator[tuple[Of, str, str, str]]:
    """Yield what each clock is about, first those of limits: name, case type and department."""
    for limit in instrument.limits:
        part = instrument.own.get(limit.name)
        if part is None:
            yield "limit", limit.name, limit.case_type, ""
        else:
            yield "matter", part.name, part.case_type, part.department
    for number in instrument.clocks_of:
        part = instrument.matters[number]
        yield "matter", part.name, part.case_type, part.department


def _of_matters(instrument: Instrument, histories: Sequence[Observed]) -> Iterator[Statistic]:
    """Yield matters over all periods, and departments by period."""
    departments: dict[str, list[int]] = {}
    for number, part in enumerate(instrument.matters):
        departments.setdefault(part.department, []).append(number)
    fields: tuple[tuple[Kind, str], ...] = (("ended", "decided"), ("open", "in_hand"))
    for kind, of in fields:
        table = np.array([getattr(one, of) for one in histories])
        for number, part in enumerate(instrument.matters):
            about = Aspect(kind, "matter", part.name, part.case_type, part.department)
            yield next(_counts(about, table[:, number]))
        for name, rows in departments.items():
            if name:
                about = Aspect(kind, "department", name, department=name)
                yield from _counts(about, table[:, rows].sum(axis=1))


def _counts(aspect: Aspect, by_period: Ints) -> Iterator[Statistic]:
    """Yield counts [R + 1, P] of all periods (their sum; of open ones, the mean), then of each."""
    whole = by_period.mean(axis=1) if aspect.kind == "open" else by_period.sum(axis=1)
    yield _count(aspect, whole)
    for period in range(by_period.shape[1]):
        yield _count(replace(aspect, period=period), by_period[:, period])


def _count(aspect: Aspect, counts: Ints | Floats) -> Statistic:
    values = counts.astype(np.float64)
    root = np.sqrt(values + _EIGHTHS)
    tested = Tested(root, 0.5, 0, lambda root: float(max(max(root, 0.0) ** 2 - _EIGHTHS, 0.0)))
    return Statistic(aspect, values, None, (tested,))
