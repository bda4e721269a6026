"""The due working day of every case, kept up to date while the run goes on.

A due day is an index on N(day) = `WorkingDays.cumulative`: the case is due on the working day
with that number. It moves only when an item ends or becomes ready, and only to a later day.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.engine.contract import DAY_S, NO_LIMIT, Workload

NO_DUE: Final = 2**62
"""The due day of a case without a limit: after all others, and never escalated."""


class Deadlines:
    """Due days of all cases.

    A due day is provisional from the arrival; it is counted again from the clock's start, and then
    moved by the working days of each finished suspension. A round that begins within a suspension
    counts it anew.
    """

    def __init__(self, workload: Workload) -> None:
        cumulative = workload.working_days.cumulative
        # Arrivals past the calendar's last day are past the horizon: their day does not matter.
        day = np.minimum(workload.arrival_s // DAY_S, len(cumulative) - 1)
        limited = workload.limit_wd != NO_LIMIT
        due = cumulative[day] + workload.limit_wd if workload.due_wd is None else workload.due_wd
        self.due: list[int] = np.where(limited, due, NO_DUE).tolist()
        self._limit: list[int] = workload.limit_wd.tolist()
        self._limited: list[bool] = limited.tolist()
        self._counted: list[bool] = workload.counted.tolist()
        self._starts_clock: list[bool] = workload.starts_clock.tolist()
        rounds = workload.begins_round
        self._begins_round: list[bool] = (
            [False] * len(workload.pool) if rounds is None else rounds.tolist()
        )
        self._n: list[int] = cumulative.tolist()
        self._open = [0] * len(self.due)  # counted items that are ready and have not ended
        runs = workload.clock_runs
        self._running: list[bool] = [False] * len(self.due) if runs is None else runs.tolist()
        """The clock has started."""
        self._paused_n: list[int] = cumulative[day].tolist()
        """N(day) when the suspension began, if in one; a clock that runs is in one on arrival."""

    def left(self, case: int, t: int) -> int:
        """Return how many working days the case has left at t; negative when overdue."""
        return self.due[case] - self._n[t // DAY_S]

    def item_ready(self, item: int, case: int, t: int) -> None:
        """Note that the item is open from t on; a suspension of its case may finish."""
        if not (self._counted[item] and self._limited[case]):
            return
        if self._running[case] and self._open[case] == 0:
            self.due[case] += self._n[t // DAY_S] - self._paused_n[case]
        self._open[case] += 1

    def item_ended(self, item: int, case: int, t: int) -> None:
        """Note the item's end: the clock may start, also anew, and a suspension may begin."""
        if not self._limited[case]:
            return
        counted = self._counted[item]
        starts = self._starts_clock[item] and not self._running[case]
        if counted:
            self._open[case] -= 1
        anew = self._begins_round[item] and self._running[case] and self._open[case] == 0
        if starts or anew:
            self._running[case] = True
            self.due[case] = self._n[t // DAY_S] + self._limit[case]
        if counted or starts or anew:
            # Only the value written last in a suspension is ever read.
            self._paused_n[case] = self._n[t // DAY_S]
