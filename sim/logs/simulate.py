"""Event logs simulated with a fitted network: a discrete-event model of cases, steps and officers.

A step is ready when all that it waits for has ended. Then its delay passes, if it has one; then it
waits for an officer. Steps are served in the order in which they are ready for an officer; each is
given to the officer who can begin first, of equal ones to him who has worked least. Work pauses off
duty.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from typing import Final

import numpy as np

from sim.arrays import Floats, Ints
from sim.logs.duty import MONDAY_MS, WEEK_MS, Week
from sim.logs.event_log import DAY_MS, NOBODY, EventLog, event_log
from sim.logs.network import Activity, Delay, Network
from sim.scenario import ReadError
from sim.streams import generator
from sim.translation import tr

LATEST_MS: Final = 253_402_300_800_000
"""The end of the year 9999: no calendar of the program goes further."""
NEAREST: Final = 15
"""Recorded events, nearest by hour and kind of day, of which one gives its delay."""
STRETCH: Final = 50
"""Cases in a row that hold routes and gaps in recorded proportions. What the mix of cases does by
chance over longer times is left out: a log tells what the network does, and less of chance."""
_DAY_OFF: Final = DAY_MS
"""Distance of hours between a weekday and a day of the weekend, larger than of any two hours."""


def simulate(
    network: Network, cases: int, since: int, *, seed: int = 1, number: int = 0
) -> EventLog:
    """Return a simulated log.

    Parameters
    ----------
    cases
        How many arrive.
    since
        When the first one arrives, in milliseconds of local time since 1970.
    number
        Logs of one seed with different numbers are independent.

    Raises
    ------
    ReadError
        If the log would go on beyond the year 9999.
    """
    return _Simulation(network, cases, generator(seed, f"event log {number}")).run(since)


class _Simulation:
    """One simulated log under way."""

    def __init__(self, network: Network, cases: int, rng: np.random.Generator) -> None:
        self.network, self.rng = network, rng
        counts = np.array([route.cases for route in network.routes], np.float64)
        self.routes = _in_proportion(counts, cases, rng)
        gaps = network.gaps if len(network.gaps) else np.zeros(1, np.int64)
        self.gaps = gaps[_in_proportion(np.ones(len(gaps)), cases, rng)]
        self.free = [0] * len(network.officers)
        self.worked = [0] * len(network.officers)
        self.draws = [_Draws(one, network.together, rng) for one in network.activities]
        self.rows: list[tuple[int, int, int, int, int]] = []

    def run(self, since: int) -> EventLog:
        """Serve all steps in the order of time."""
        network = self.network
        left, until, following = [], [], []
        queue: list[tuple[int, int, int, int, bool]] = []
        at, turn = since, 0
        for case, route in enumerate(self.routes):
            steps = network.routes[route]
            left.append([len(after) for after in steps.after])
            until.append([at] * len(steps.activities))
            following.append(_following(steps.after))
            for step, after in enumerate(steps.after):
                if not after:
                    queue.append((at, turn, case, step, False))
                    turn += 1
            at = self._next_arrival(at, int(self.gaps[case]))
        heapq.heapify(queue)
        while queue:
            now, _, case, step, waited = heapq.heappop(queue)
            activity = network.routes[self.routes[case]].activities[step]
            begins = now if waited else self.draws[activity].ready(now)
            if begins > now:
                heapq.heappush(queue, (begins, turn, case, step, True))
                turn += 1
                continue
            end = self._serve(activity, now, case)
            for other in following[case][step]:
                until[case][other] = max(until[case][other], end)
                left[case][other] -= 1
                if not left[case][other]:
                    heapq.heappush(queue, (until[case][other], turn, case, other, False))
                    turn += 1
        return self._log()

    def _next_arrival(self, at: int, gap: int) -> int:
        week = self.network.arrivals
        found = week.finish(at, gap)
        return found if self.network.at_closing or gap <= 0 else week.on_duty(found)

    def _serve(self, activity: int, now: int, case: int) -> int:
        """Give a step to an officer; return when it ends."""
        draws = self.draws[activity]
        if draws.queues:
            hours = self.network.hours
            start, _, officer = min(
                (hours[one].begin(max(now, self.free[one])), self.worked[one], one)
                for one in draws.officers
            )
            work = draws.duration(officer)
            end = hours[officer].finish(start, work)
            self.free[officer] = end
            self.worked[officer] += work
        else:
            officer, start = draws.somebody(), now
            work = draws.duration(officer)
            week = self.network.hours[officer] if officer >= 0 else self.network.together
            if not draws.by_clock:
                start = week.begin(now)
            end = start + work if draws.by_clock else week.finish(start, work)
        self.rows.append((case, activity, officer, start, end))
        return end

    def _log(self) -> EventLog:
        network = self.network
        if max(row[-1] for row in self.rows) >= LATEST_MS:
            raise ReadError(
                tr(
                    "the simulated log goes on beyond the year 9999: simulate fewer cases, or "
                    "correct gaps, durations and delays of the network"
                )
            )
        table = np.array(self.rows, np.int64).reshape(-1, 5)
        names = np.array([one.name for one in network.activities], object)
        officers = np.array([*network.officers, ""], object)
        width = len(str(len(self.routes)))
        case = np.array([f"case {n + 1:0{width}}" for n in range(len(self.routes))], object)
        return event_log(
            case[table[:, 0]], names[table[:, 1]], officers[table[:, 2]], table[:, 3], table[:, 4],
            starts_known=network.origin.starts_known, dates_alone=network.origin.dates_alone,
        )  # fmt: skip


class _Draws:
    """What is drawn for one activity."""

    def __init__(self, activity: Activity, together: Week, rng: np.random.Generator) -> None:
        self.rng, self.activity, self.delay = rng, activity, activity.delay
        self.together = together
        self.by_clock = self.delay is not None and self.delay.kind == "clock"
        self.queues = bool(activity.officers) and not self.by_clock
        self.officers = list(activity.officers)
        self._shares = np.cumsum(list(activity.officers.values()))
        self._near = None if not self.by_clock or self.delay is None else _Near(self.delay)

    def ready(self, now: int) -> int:
        """Return when the delay has passed; a delay on duty passes in the hours of all."""
        if self.delay is None or not len(self.delay.delays):
            return now
        if self._near is not None:
            return now + self._near.draw(now, self.rng)
        delay = int(self.delay.delays[int(self.rng.random() * len(self.delay.delays))])
        return self.together.finish(now, delay)

    def duration(self, officer: int) -> int:
        """Return the duration of a step."""
        values = self.activity.own.get(officer, self.activity.durations)
        return int(values[int(self.rng.random() * len(values))])

    def somebody(self) -> int:
        """Return an officer by the shares of recorded events."""
        if not self.officers:
            return NOBODY
        at = int(np.searchsorted(self._shares, self.rng.random() * self._shares[-1], "right"))
        return self.officers[at]


class _Near:
    """Recorded delays by kind of day and hour at which they began."""

    def __init__(self, delay: Delay) -> None:
        place = _place(delay.ready)
        order = np.argsort(place, kind="stable")
        self.place: list[int] = place[order].tolist()
        self.delays = delay.delays[order]

    def draw(self, now: int, rng: np.random.Generator) -> int:
        """Return one of the delays that began nearest by kind of day and hour."""
        want = int(_place(np.array([(now - MONDAY_MS) % WEEK_MS]))[0])
        count = min(NEAREST, len(self.place))
        low = bisect_left(self.place, want)
        high = low
        while high - low < count:
            if low == 0 or (
                high < len(self.place) and self.place[high] - want < want - self.place[low - 1]
            ):
                high += 1
            else:
                low -= 1
        return int(self.delays[low + int(rng.random() * count)])


def _place(in_week: Ints) -> Ints:
    """Return the time of the day; two days later on the weekend."""
    return in_week % DAY_MS + 2 * _DAY_OFF * (in_week >= 5 * DAY_MS)


def _following(after: tuple[tuple[int, ...], ...]) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in after]
    for step, earlier in enumerate(after):
        for other in earlier:
            found[other].append(step)
    return found


def _in_proportion(weights: Floats, count: int, rng: np.random.Generator) -> Ints:
    """Return `count` places of a sorted list, in proportion to their weights, in random order.

    They are taken at equal distances from the list and dealt in turn to stretches of some
    `STRETCH` places. So each stretch holds each part of the list as often as it was recorded, as
    nearly as whole numbers allow.
    """
    ends = np.cumsum(weights)
    at = (np.arange(count) + rng.random()) * (ends[-1] / max(count, 1))
    places = np.minimum(np.searchsorted(ends, at, "right"), len(ends) - 1)
    stretches = max(1, round(count / STRETCH))
    rounds = [rng.permutation(stretches) for _ in range(-(-count // stretches))]
    dealt = np.concatenate([*rounds, np.zeros(0, np.int64)])[:count]
    found: Ints = places[np.lexsort((rng.random(count), dealt))]
    return found
