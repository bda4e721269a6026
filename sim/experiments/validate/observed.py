"""What is compared of a history, whether it was recorded or simulated: one reading for both.

Only what was known at the end counts: a case that will be withdrawn later is open. Second 0 is the
morning of the first date that is compared. Cases that were open then are a group of their own,
the others are grouped by the month in which they were received.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.clocks import ClockReadings, Counting, History, Reading, read_clocks, read_each
from sim.engine.contract import OPEN
from sim.limits import PRESETS, STATE_SPAN, ClockRule, ResolvedLimit, Scope
from sim.measures.limits import Standing, left_out, read_limit_clocks, standing_of
from sim.process.graph import Mark, Outcome
from sim.scenario import Scenario

SPAN: Final[ClockRule] = replace(STATE_SPAN, name="span", stop=Mark.DECISION, resumes=True)
"""From the receipt to the end: what is in hand, whoever has it."""
OF_MATTERS: Final = PRESETS["promised"]
"""The clock of a matter without days of its own."""
TICK_H: Final = 900
"""Seconds in the smallest amount in which hours are compared."""
_ENDED: Final = (Standing.ON_TIME, Standing.LATE)
_JUDGED: Final = (*_ENDED, Standing.OPEN_OVERDUE, Standing.UNDETERMINED)


@dataclass(frozen=True)
class Part:
    """A matter of a case type."""

    case_type: str
    name: str
    department: str

    @property
    def scope(self) -> Scope:
        """The matter as a clock sees it."""
        return Scope(self.case_type, (self.name,))


@dataclass(frozen=True, eq=False)
class Seen:
    """A history, and which of its cases are looked at."""

    history: History
    offset_s: int
    """The second of the history that is second 0 here."""
    at_start: Bools
    """[C] the case was open in the morning of the first date, and the simulation begins with it."""
    counted: Bools
    """[C] the case is one of these, or was received later."""


@dataclass(frozen=True, eq=False)
class Observed:
    """The numbers of one history; L limits, K clocks, M matters, C case types, P periods.

    Where there are P + 1 groups of cases, the first are those that were open at the start, then
    those received in each period.
    """

    on_time: Ints
    """[L, P + 1] cases that kept the limit."""
    undetermined: Ints
    """[L, P + 1] cases still open, and not late so far."""
    judged: Ints
    """[L, P + 1] these, those that were late, and those open and late."""
    days: tuple[NDArray[np.int32], ...]
    """[K] days of each case that ended in the periods: of limits, then of matters without one."""
    decided: Ints
    """[M, P] matters that ended in each period."""
    in_hand: Ints
    """[M, P] matters received and not ended at the end of each period."""
    received: Ints
    """[C, P] cases received."""
    completed: Ints
    """[C, P] cases that ended."""
    open_cases: Ints
    """[C, P] cases not ended at the end of each period."""


@dataclass(frozen=True, eq=False)
class Instrument:
    """What is read of every history."""

    scenario: Scenario
    limits: tuple[ResolvedLimit, ...]
    own: Mapping[str, Part]
    """Name of a limit → the matter whose own limit it is."""
    matters: tuple[Part, ...]
    clocks_of: tuple[int, ...]
    """Numbers of the matters whose days are compared on `OF_MATTERS`."""
    resumed: frozenset[str]
    """Limits whose clocks go on for cases that were open at the start. Records tell the simulation
    for one scope only how long a clock has paused; other clocks are read of later cases alone."""
    edges_s: Ints
    """[P + 1] the seconds at which the periods begin, and the end of the last."""

    @property
    def periods(self) -> int:
        """P."""
        return len(self.edges_s) - 1

    def read(self, seen: Seen) -> Observed:
        """Read one history."""
        group = self._groups(seen)
        of_limits = [self._limit(limit, seen, group) for limit in self.limits]
        counts = np.array([counts for counts, _ in of_limits], np.int64)
        on_time, undetermined, judged = counts.reshape(-1, 3, self.periods + 1).swapaxes(0, 1)
        decided, in_hand = self._flows(seen)
        received, completed, open_cases = self._cases(seen, group)
        return Observed(
            on_time=on_time,
            undetermined=undetermined,
            judged=judged,
            days=(*(days for _, days in of_limits), *self._days_of_matters(seen)),
            decided=decided,
            in_hand=in_hand,
            received=received,
            completed=completed,
            open_cases=open_cases,
        )

    def _groups(self, seen: Seen) -> Ints:
        """Return [C] the group of each case; -1: it is not looked at."""
        arrival = seen.history.demand.workload.arrival_s - seen.offset_s
        group = 1 + np.searchsorted(self.edges_s[1:-1], arrival, side="right")
        group = np.where(seen.at_start, 0, group)
        return np.where(seen.counted, group, -1).astype(np.int64)

    # --- limits ------------------------------------------------------------------------------

    def _limit(
        self, limit: ResolvedLimit, seen: Seen, group: Ints
    ) -> tuple[Ints, NDArray[np.int32]]:
        """Return [3, P + 1] cases on time, undetermined, judged; and days of those that ended."""
        history, first = self._resumed(seen, limit)
        counting = Counting.of(self.scenario, history, [limit.rule, SPAN])
        readings = read_limit_clocks(limit, history, counting)
        case, reading = readings.case, readings.clocks[limit.clock]
        concerned = history.demand.matches(limit.when)[case]
        readings = replace(readings, in_scope=readings.in_scope & concerned)
        allowed = np.full(len(case), limit.ticks)
        extended = history.demand.extended.get(limit.name)
        if extended is not None:
            allowed += extended[case] * limit.extension_ticks
        outcome = known_outcomes(history)[case]
        standing = standing_of(reading, allowed, left_out(readings, outcome))
        # What is still to be handed in is known to a simulation alone.
        looked = (group[case] >= first) & readings.clocks[SPAN.name].started
        looked &= ~_over(reading, seen.offset_s)
        counts = np.array(
            [
                np.bincount(group[case][looked & np.isin(standing, of)], minlength=self.periods + 1)
                for of in ((Standing.ON_TIME,), (Standing.UNDETERMINED,), _JUDGED)
            ]
        )
        return counts, _days(reading, looked & np.isin(standing, _ENDED))

    def _resumed(self, seen: Seen, limit: ResolvedLimit) -> tuple[History, int]:
        """Return the history as a clock can read it, and the first group that it reads."""
        history = seen.history
        if limit.rule.resumes:
            return history, int(limit.name not in self.resumed)
        return replace(history, demand=replace(history.demand, backlog={})), 1

    # --- matters -----------------------------------------------------------------------------

    def _days_of_matters(self, seen: Seen) -> Iterator[NDArray[np.int32]]:
        history = seen.history
        counting = Counting.of(self.scenario, history, [OF_MATTERS])
        outcome = known_outcomes(history)
        wanted = [self.matters[number] for number in self.clocks_of]
        read: dict[Scope, ClockReadings] = {}
        for case_type in dict.fromkeys(part.case_type for part in wanted):
            asked = {p.scope: (OF_MATTERS,) for p in wanted if p.case_type == case_type}
            read |= read_each(history, asked, counting)
        for part in wanted:
            readings = read[part.scope]
            reading = readings.clocks[OF_MATTERS.name]
            standing = standing_of(reading, None, left_out(readings, outcome[readings.case]))
            looked = (seen.counted & ~seen.at_start)[readings.case]
            yield _days(reading, looked & np.isin(standing, _ENDED))

    def _flows(self, seen: Seen) -> tuple[Ints, Ints]:
        """Return [M, P] matters that ended in each period, and those in hand at its end."""
        decided = np.zeros((len(self.matters), self.periods), np.int64)
        in_hand = np.zeros_like(decided)
        counting = Counting.of(self.scenario, seen.history, [SPAN])
        for case_type in dict.fromkeys(part.case_type for part in self.matters):
            scopes = {
                number: Scope(case_type, (part.name,), "case")
                for number, part in enumerate(self.matters)
                if part.case_type == case_type
            }
            read = read_each(seen.history, dict.fromkeys(scopes.values(), (SPAN,)), counting)
            for number, scope in scopes.items():
                readings = read[scope]
                here = readings.in_scope & seen.counted[readings.case]
                reading = readings.clocks[SPAN.name]
                decided[number], in_hand[number] = self._flow(reading, here, seen.offset_s)
        return decided, in_hand

    def _flow(self, reading: Reading, here: Bools, offset_s: int) -> tuple[Ints, Ints]:
        """Return [P] how many spans ended in each period, and how many run at its end."""
        here = here & reading.started & ~_over(reading, offset_s)
        begin = np.sort(reading.start_s[here]) - offset_s
        stopped = np.sort(reading.stop_s[here & ~reading.open]) - offset_s
        ended = np.searchsorted(stopped, self.edges_s[1:])
        return np.diff(ended, prepend=0), np.searchsorted(begin, self.edges_s[1:]) - ended

    # --- cases -------------------------------------------------------------------------------

    def _cases(self, seen: Seen, group: Ints) -> tuple[Ints, Ints, Ints]:
        """Return [C, P] cases received and ended in each period, and open at its end."""
        history = seen.history
        names = tuple(self.scenario.case_types)
        received, completed, open_cases = np.zeros((3, len(names), self.periods), np.int64)
        counting = Counting.of(self.scenario, history, [SPAN])
        for row, name in enumerate(names):
            if name not in history.process.case_types:
                continue
            readings = read_clocks(history, Scope(name, None, "case"), counting)
            here = seen.counted[readings.case]
            known = group[readings.case[here]]
            received[row] = np.bincount(known, minlength=self.periods + 1)[1:]
            reading = readings.clocks[SPAN.name]
            completed[row], open_cases[row] = self._flow(reading, here, seen.offset_s)
        return received, completed, open_cases


def known_outcomes(history: History) -> NDArray[np.int8]:
    """Return [C] the outcome of each case as known at the end: not a failure still to come."""
    demand = history.demand
    failed = (demand.marks & np.uint8(Mark.FAILURE)) != 0
    failed &= history.schedule.end != OPEN
    if demand.application is not None:
        last = np.zeros(len(demand.case_type), np.int64)
        np.maximum.at(last, demand.case, demand.application)
        failed &= demand.application == last[demand.case]
    told = np.zeros(len(demand.case_type), np.bool_)
    told[demand.case[failed]] = True
    return np.where(told, demand.outcome, np.int8(Outcome.DONE)).astype(np.int8)


def _over(reading: Reading, offset_s: int) -> Bools:
    """Return [K] the clock stopped before second 0: what was over then is not looked at."""
    return ~reading.open & (reading.stop_s <= offset_s)


def _days(reading: Reading, which: Bools) -> NDArray[np.int32]:
    """Return the whole days, or quarters of hours, on a clock."""
    tick = TICK_H if reading.rule.unit == "h" else 1
    return np.sort(reading.value[which] // tick).astype(np.int32)
