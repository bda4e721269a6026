"""Take-over: with it, more staff of any kind does no harm to any item, on the same cases.

One pool under fifo, instants of readiness that do not depend on staff, no rework, and nobody who
works off duty. Then, at each instant, the i-th open item in order is with the i-th fastest officer
on duty.

Proof that no item ends later with more staff, by induction over the items in their order. More
staff means: at each instant the sorted speeds of those on duty are at each place no less (one more
officer inserts a speed; longer hours, a date more, a day of absence less do the same for a time).
The items before item j end no later, by induction, so at each instant no more of them are open: j
is at the same place or further in front. Its officer there is no slower than the one at its old
place, as sorted speeds fall along the places. So in each second at least as much of j is done, and
what is left of it is no more: it ends no later. Nothing is rounded on the way: work is counted in
parts of a second of which each officer does a whole number in each second; only the end is a whole
second, the first by which nothing is left.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.calendars import Intervals
from sim.engine import simulate
from sim.engine.contract import NEVER, OPEN, Schedule
from sim.engine.parts import all_parts
from tests.build.workloads import DAY, Case, H, Model, Officer, work

DAYS = 21
SPEEDS = (1000, 1000, 500, 200, 333, 1500, 7, 999)
Duty = tuple[tuple[int, int], ...]

instants = st.builds(lambda n, off: n * 6 * H + off, st.integers(0, 50), st.sampled_from([0, 0, 7]))
amounts = st.sampled_from([0, 1, 17, H, 3 * H, 8 * H, 21 * H])
steps = st.lists(st.tuples(instants, amounts), min_size=1, max_size=12)
dates = st.sets(st.integers(0, DAYS - 1), max_size=12)
stretches = st.lists(st.tuples(st.integers(0, 23), st.integers(1, 14)), min_size=1, max_size=2)


@st.composite
def duties(draw: st.DrawFn) -> Duty:
    """Hours of the day, but for some dates; from a date on, or up to one; past the end always."""
    first, last = draw(st.sampled_from([(0, DAYS), (0, DAYS), (7, DAYS), (0, 11)]))
    days = set(range(first, last)) - draw(dates)
    hours = draw(stretches)
    pairs = [(d * DAY + a * H, d * DAY + min(a + n, 24) * H) for d in days for a, n in hours]
    return united([*pairs, (DAYS * DAY, 900 * DAY)])


def united(pairs: list[tuple[int, int]]) -> Duty:
    joined = Intervals.of(pairs)
    return tuple(zip(joined.start.tolist(), joined.end.tolist(), strict=True))


@st.composite
def anybody(draw: st.DrawFn) -> Officer:
    return Officer(
        duty=draw(duties()),
        speed=draw(st.sampled_from(SPEEDS)),
        hands_over=draw(st.booleans()),
    )


offices = st.lists(anybody(), min_size=1, max_size=4)


@st.composite
def more_staff(draw: st.DrawFn, before: list[Officer]) -> list[Officer]:
    """The same officers with one more, longer hours, or a greater speed; in any roster order."""
    after = list(before)
    which = draw(st.integers(0, len(after) - 1))
    one = after[which]
    kind = draw(st.sampled_from(["officer", "officer", "hours", "speed"]))
    if kind == "officer":
        after.insert(which, draw(anybody()))
    elif kind == "hours":
        after[which] = replace(one, duty=united([*one.duty, *draw(duties())]))
    else:
        after[which] = replace(one, speed=draw(st.integers(one.speed, 2 * one.speed)))
    return after


def run(steps: list[tuple[int, int]], officers: list[Officer]) -> Schedule:
    model = Model(
        tuple(Case(t, (work(w),)) for t, w in sorted(steps)),
        tuple(officers),
        take_over=(True,),
        working=tuple(day % 7 < 5 for day in range(1000)),
        horizon=899 * DAY,
    )
    return simulate(model.workload, model.supply, model.horizon)


def check_no_harm(steps: list[tuple[int, int]], less: list[Officer], more: list[Officer]) -> None:
    before, after = (run(steps, officers).end for officers in (less, more))
    before, after = (np.where(end == OPEN, NEVER, end) for end in (before, after))
    assert np.all(after <= before)


@settings(max_examples=300, deadline=None)
@given(steps, offices, st.data())
def test_more_staff_of_any_kind_does_no_harm(
    steps: list[tuple[int, int]], less: list[Officer], data: st.DataObject
) -> None:
    check_no_harm(steps, less, data.draw(more_staff(less)))


@pytest.mark.study
def test_more_staff_of_any_kind_does_no_harm_in_many_offices() -> None:
    @settings(max_examples=1000, deadline=None)
    @given(steps, offices, st.data())
    def no_harm(steps: list[tuple[int, int]], less: list[Officer], data: st.DataObject) -> None:
        check_no_harm(steps, less, data.draw(more_staff(less)))

    no_harm()


@settings(max_examples=150, deadline=None)
@given(steps, offices)
def test_the_first_items_are_with_the_fastest_officers_on_duty(
    steps: list[tuple[int, int]], officers: list[Officer]
) -> None:
    schedule = run(steps, officers)
    parts = all_parts(schedule)
    ready, end = schedule.ready, np.where(schedule.end == OPEN, NEVER, schedule.end)
    changes = {t for officer in officers for pair in officer.duty for t in pair}
    instants = {*changes, *ready.tolist(), *parts.start.tolist(), *end.tolist()}
    for t in sorted(instants - {OPEN, NEVER}):
        on_duty = {o for o, who in enumerate(officers) if any(a <= t < b for a, b in who.duty)}
        items = np.flatnonzero((ready <= t) & (ready != OPEN) & (t < end))
        order = items[np.lexsort((items, ready[items]))]
        in_hand = (parts.start <= t) & ((t < parts.end) | (parts.end == OPEN))
        with_item = dict(zip(parts.item[in_hand].tolist(), parts.officer[in_hand], strict=True))
        speeds = sorted((officers[o].speed for o in on_duty), reverse=True)
        works = [officers[with_item[i]].speed if with_item.get(i) in on_duty else 0 for i in order]
        assert works == (speeds + [0] * len(works))[: len(works)], t
