"""The due working day of every clock, kept up to date while the run goes on.

A due day is an index on N(day) = `WorkingDays.cumulative`: the clock runs out on the working day
with that number. It moves only when an item ends or becomes ready, or a notice is late.
"""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np

from sim.engine.contract import DAY_S, NO_LIMIT, NO_NOTICE, NOTICE_WD, Workload

NO_DUE: Final = 2**62
"""The due day of a clock without a limit: after all others, and never escalated."""


class Deadlines:
    """Due days of all clocks.

    A due day is provisional from the beginning of the clock; it is counted again from the clock's
    start, and then moved by the working days of each finished suspension. A round that begins
    within a suspension counts it anew.
    """

    def __init__(self, workload: Workload) -> None:
        cumulative = workload.working_days.cumulative
        cases, clocks = len(workload.arrival_s), len(workload.limit_wd)
        # Arrivals past the calendar's last day are past the horizon: their day does not matter.
        day = np.minimum(workload.arrival_s // DAY_S, len(cumulative) - 1)
        first_n = np.concatenate([cumulative[day], np.zeros(clocks - cases, np.int64)])
        limited = workload.limit_wd != NO_LIMIT
        due = first_n + workload.limit_wd if workload.due_wd is None else workload.due_wd
        self._due: list[int] = np.where(limited, due, NO_DUE).tolist()
        self._limit: list[int] = workload.limit_wd.tolist()
        self._limited: list[bool] = limited.tolist()
        self._begun = [True] * cases + [False] * (clocks - cases)
        runs = workload.clock_runs
        self._running: list[bool] = [False] * clocks if runs is None else runs.tolist()
        """The clock has started."""
        self._started_n: list[int] = first_n.tolist()
        """N(day) of the start; of the beginning, if the clock had started then."""
        self._paused_n: list[int] = first_n.tolist()
        """N(day) when the suspension began, if in one; a clock that runs is in one as it begins."""
        self._open = [0] * clocks  # counted items that are ready and have not ended
        self._n: list[int] = cumulative.tolist()
        self._unpack(workload)
        self._told: set[int] = set()  # first checks that have ended
        self._received: set[int] = set()  # first checks whose papers are received
        self._awaited: deque[tuple[int, int]] = deque()  # N(receipt) and first check, by receipt
        self._late: set[int] = set()  # first checks that were late

    def _unpack(self, workload: Workload) -> None:
        """Turn the columns of the items into lists."""
        items = len(workload.pool)
        per_case = np.diff(workload.first_item)
        of_case = np.repeat(np.arange(len(per_case)), per_case)
        clock = of_case if workload.clock is None else workload.clock
        self._clock: list[int] = clock.tolist()
        self._counted: list[bool] = workload.counted.tolist()
        self._starts_clock: list[bool] = workload.starts_clock.tolist()
        rounds, notice, counted_late, rounds_late = (
            np.full(items, default) if column is None else column
            for column, default in (
                (workload.begins_round, False),
                (workload.notice, NO_NOTICE),
                (workload.counted_late, False),
                (workload.begins_round_late, False),
            )
        )
        self._begins_round: list[bool] = rounds.tolist()
        self._notice: list[int] = notice.tolist()
        self._counted_late: list[bool] = counted_late.tolist()
        self._begins_round_late: list[bool] = rounds_late.tolist()

    def due(self, item: int, t: int) -> int:
        """Return the due day of an item that is ready, as it is at t."""
        self._deem(t)
        return self._due[self._clock[item]]

    def left(self, item: int, t: int) -> int:
        """Return how many working days the item has left at t; negative when overdue."""
        return self.due(item, t) - self._n[t // DAY_S]

    def item_ready(self, item: int, t: int) -> None:
        """Note that the item is open from t on: its clock may begin, or a suspension finish."""
        clock, n = self._clock[item], self._n[t // DAY_S]
        if not self._limited[clock]:
            return
        self._deem(t)
        if not self._begun[clock]:
            self._begun[clock] = True
            self._due[clock] = n + self._limit[clock]
            self._started_n[clock] = self._paused_n[clock] = n
        check = self._notice[item]
        if check >= item and check not in self._received:
            self._received.add(check)
            self._awaited.append((n, check))
        if not self._counts(item):
            return
        if self._running[clock] and self._open[clock] == 0:
            self._due[clock] += n - self._paused_n[clock]
        self._open[clock] += 1

    def item_ended(self, item: int, t: int) -> None:
        """Note the item's end: the clock may start, also anew, and a suspension may begin."""
        clock, n = self._clock[item], self._n[t // DAY_S]
        if not self._limited[clock]:
            return
        self._deem(t)
        self._told.add(item)
        counted = self._counts(item)
        starts = self._starts_clock[item] and not self._running[clock]
        if counted:
            self._open[clock] -= 1
        anew = self._begins(item) and self._running[clock] and self._open[clock] == 0
        if starts:
            self._start(clock, n)
        elif anew:
            self._due[clock] = n + self._limit[clock]
        if counted or starts or anew:
            # Only the value written last in a suspension is ever read.
            self._paused_n[clock] = n

    def _start(self, clock: int, n: int) -> None:
        self._running[clock] = True
        self._started_n[clock] = n
        self._due[clock] = n + self._limit[clock]

    def _deem(self, t: int) -> None:
        """Let clocks start with the receipt of papers whose check is late by t."""
        while self._awaited and self._n[t // DAY_S] - self._awaited[0][0] > NOTICE_WD:
            received_n, check = self._awaited.popleft()
            if check in self._told:
                continue
            self._late.add(check)
            clock = self._clock[check]
            # From the receipt on a counted item has been open, so nothing was suspended since.
            if not self._running[clock] or self._started_n[clock] > received_n:
                self._start(clock, received_n)

    def _counts(self, item: int) -> bool:
        late = self._after_late_check(item)
        return (self._counted_late if late else self._counted)[item]

    def _begins(self, item: int) -> bool:
        late = self._after_late_check(item)
        return (self._begins_round_late if late else self._begins_round)[item]

    def _after_late_check(self, item: int) -> bool:
        return self._notice[item] < item and self._notice[item] in self._late
