"""The shortest promises of a scenario: one by one, and together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Literal

from sim.experiments.promise.days import Kind
from sim.experiments.promise.joint import JointSet, estimated, proven
from sim.limits import clock_rules
from sim.measures.checks import Check
from sim.results.finding import Finding
from sim.results.rows import frame
from sim.scenario import ClockUnit, Scenario

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class PromiseRow:
    """One limit, case type, stage or matter and target share.

    Empty in place of days means: longer than the longest case seen, by an unknown amount.
    """

    kind: Kind
    """What is promised: a limit, a whole case, a stage or a matter."""
    case_type: str
    """Case type."""
    name: str
    """Name of the limit, case type, stage or matter."""
    clock: str
    """Clock that counts the days."""
    unit: ClockUnit
    """Unit of the clock: working days, calendar days or hours."""
    target: float
    """Share of the cases that must keep the promise."""
    days: int | None
    """The shortest promise that this share keeps; open cases count as late. Empty also if there
    are no cases."""
    at_best: int | None
    """The shortest promise if open cases ended at once; empty only if there are no cases."""
    low: int
    """Lower end of its confidence interval: every shorter promise is proven to be too short."""
    high: int | None
    """Upper end of its confidence interval: this promise is proven to be kept; empty: none is."""
    promised_now: float | None
    """Days that the scenario promises; empty: it promises none, or in another unit than the
    clock's."""
    cases: int
    """Measured cases that the promise binds, in all replications."""
    open: int
    """Cases among them that were open when the run ended."""


@dataclass(frozen=True)
class JointAnswer:
    """How short the promises of several matters can be if a case must keep all of them."""

    kind: Literal["limit", "case_type"]
    """Whose matters they are: those of a limit, or of a whole case."""
    case_type: str
    """Case type."""
    name: str
    """Name of the limit or case type."""
    clock: str
    """Clock that counts the days of every matter."""
    unit: ClockUnit
    """Unit of the clock: working days, calendar days or hours."""
    target: float
    """Share of the cases that must keep the promises of all their matters."""
    proven: bool
    """Whether cases that were not used for the choice prove that the share reaches the target."""
    path_days: int | None
    """Days of the critical path, the longest chain of matters that wait for each other. Empty: no
    set of promises reaches the target, because too many cases are open or there are none."""
    estimated_days: int | None
    """Days of the critical path of the shortest set that reached the target where it was chosen,
    without proof."""
    share: float
    """Share of the fresh cases that keep all promises; open cases count as keeping none."""
    low: float
    """Lower end of its confidence interval; open cases count as keeping none."""
    high: float
    """Upper end of its confidence interval; open cases count as if they ended at once."""
    cases: int
    """Fresh cases."""


@dataclass(frozen=True)
class JointPromises:
    """Promises for all matters of a limit or a whole case, which are kept together."""

    answer: JointAnswer
    """Length of the critical path, and share of the cases that keep the promises."""
    path: tuple[str, ...]
    """Matters on the critical path, in order."""
    days: Mapping[str, int]
    """Matter → promised days, in serial order. Empty: no set reaches the target."""


@dataclass(frozen=True)
class JointRow:
    """One set of promises that are kept together, target and matter."""

    answer: JointAnswer
    """The set that the matter belongs to."""
    matter: str
    """The matter."""
    days: int | None
    """Days promised for it; empty: no set of promises reaches the target."""
    on_critical_path: bool
    """Whether it is on the critical path; other matters get all days that do not lengthen it."""


@dataclass(frozen=True)
class LengthRow:
    """One set of promises that are kept together, from the longest critical path to the shortest.

    The last one reached only the lowest target share in the replications that chose it.
    """

    kind: Literal["limit", "case_type"]
    """Whose matters they are: those of a limit, or of a whole case."""
    case_type: str
    """Case type."""
    name: str
    """Name of the limit or case type."""
    unit: ClockUnit
    """Unit of the clock: working days, calendar days or hours."""
    path_days: int
    """Days of the critical path."""
    share: float
    """Share of the fresh cases that keep all promises; open cases count as keeping none."""
    low: float
    """Lower end of its confidence interval; open cases count as keeping none."""
    high: float
    """Upper end of its confidence interval; open cases count as if they ended at once."""


@dataclass(frozen=True)
class Together:
    """Sets of promises for the matters of a limit or a whole case."""

    of_limit: bool
    """True: matters of a limit; false: matters of a whole case."""
    case_type: str
    """Case type."""
    name: str
    """Name of the limit or case type."""
    matters: tuple[str, ...]
    """The matters, in serial order."""
    sets: tuple[JointSet, ...]
    """The sets, from the longest critical path to the shortest."""

    @property
    def kind(self) -> Literal["limit", "case_type"]:
        """Whose matters they are."""
        return "limit" if self.of_limit else "case_type"

    def promises(self, clock: str, unit: ClockUnit, target: float) -> JointPromises:
        """Return the shortest proven set of promises, else the estimated one, on `clock`."""
        estimate, sure = estimated(self.sets, target), proven(self.sets, target)
        chosen = sure or estimate
        answer = JointAnswer(
            kind=self.kind,
            case_type=self.case_type,
            name=self.name,
            clock=clock,
            unit=unit,
            target=target,
            proven=sure is not None,
            path_days=None if chosen is None else chosen.path_days,
            estimated_days=None if estimate is None else estimate.path_days,
            share=math.nan if chosen is None else chosen.share,
            low=0.0 if chosen is None else chosen.low,
            high=1.0 if chosen is None else chosen.high,
            cases=0 if chosen is None else chosen.cases,
        )
        path = () if chosen is None else tuple(self.matters[m] for m in chosen.path)
        days = () if chosen is None else zip(self.matters, chosen.days, strict=True)
        return JointPromises(answer, path, dict(days))


@dataclass(frozen=True, eq=False, repr=False)
class ShortestPromises(Finding):
    """The shortest promises that can be kept with the staff and load of a scenario."""

    made_of: ClassVar[tuple[type, ...]] = (PromiseRow, Together, JointSet)
    row_types: ClassVar[Mapping[str, type]] = {
        "promises": PromiseRow,
        "joint": JointRow,
        "lengths": LengthRow,
    }

    scenario: Scenario
    seed: int
    replications: int
    """Number of replications. All count for promises one by one; for promises together, those with
    even numbers choose and those with odd numbers prove."""
    targets: tuple[float, ...]
    """Target shares, ascending."""
    confidence: float
    """Two-sided confidence of each interval by itself."""
    clock: str
    """Clock of case types, stages and matters; each limit has its own."""
    promise_rows: tuple[PromiseRow, ...]
    """Promises one by one, by part, targets ascending."""
    together: tuple[Together, ...]
    """Promises together, for each limit on some matters and each case type with matters."""
    failed_checks: tuple[Check, ...] = ()
    """Self-checks that failed in any replication; should be empty."""

    def rows_of(self, kind: Kind, case_type: str, name: str) -> tuple[PromiseRow, ...]:
        """Return the rows of one limit, case type, stage or matter, targets ascending."""
        wanted = (kind, case_type, name)
        rows = self.promise_rows
        return tuple(row for row in rows if (row.kind, row.case_type, row.name) == wanted)

    @property
    def unit(self) -> ClockUnit:
        """The unit of the clock."""
        return clock_rules(self.scenario)[self.clock].unit

    def joint_at(self, together: Together, target: float) -> JointPromises:
        """Return the promises of several matters at a target, on the clock of this result."""
        return together.promises(self.clock, self.unit, target)

    @cached_property
    def joint_promises(self) -> tuple[JointPromises, ...]:
        """The sets of promises that are kept together, targets ascending."""
        return tuple(self.joint_at(one, target) for one in self.together for target in self.targets)

    # --- tables ------------------------------------------------------------------------------

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Name → table: promises one by one, together, and by the length of the critical path."""
        return {"promises": self.promises, "joint": self.joint, "lengths": self.lengths}

    @property
    def promises(self) -> pd.DataFrame:
        """One row per limit, case type, stage or matter, and target."""
        whole = ("days", "at_best", "low", "high", "promised_now")
        return _with_whole(frame(self.promise_rows), whole)

    @property
    def joint(self) -> pd.DataFrame:
        """One row per set of promises that are kept together, target and matter."""
        return _with_whole(frame(self.joint_rows), ("path_days", "estimated_days", "days"))

    @property
    def lengths(self) -> pd.DataFrame:
        """One row per set of promises that are kept together: the share of cases that keep it."""
        return frame(self.length_rows)

    @property
    def joint_rows(self) -> tuple[JointRow, ...]:
        """One row per set of promises that are kept together, target and matter."""
        return tuple(
            JointRow(promises.answer, matter, promises.days.get(matter), matter in promises.path)
            for sets in self.together
            for target in self.targets
            for promises in [self.joint_at(sets, target)]
            for matter in sets.matters
        )

    @property
    def length_rows(self) -> tuple[LengthRow, ...]:
        """One row per set of promises, from the longest critical path to the shortest."""
        return tuple(
            LengthRow(
                *(sets.kind, sets.case_type, sets.name, self.unit),
                *(chosen.path_days, chosen.share, chosen.low, chosen.high),
            )
            for sets in self.together
            for chosen in sets.sets
        )


def _with_whole(table: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return a table with columns of whole numbers that may be empty."""
    return table.astype({column: "Int64" for column in columns if column in table})
