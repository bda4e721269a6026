"""More staff, longer hours, one absence less: what never does harm, on the same cases.

One pool under fifo, one step a case. Two statements hold for every item; a third, stronger one does
not hold by nature, so it is measured.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.arrays import Bools, Ints
from sim.calendars import Intervals
from sim.engine import simulate
from sim.engine.contract import NEVER, OPEN, Schedule
from sim.engine.parts import all_parts
from tests.build.workloads import DAY, Case, H, Model, Officer, office, work

ROOT = Path(__file__).parents[2]
DAYS = 28
SPEEDS = (1000, 2000)
"""A second of duty does whole seconds of work, so that nothing is rounded at a hand-over."""
SHIFTS = ((9, 17), (9, 12), (13, 17), (8, 20), (0, 24), (20, 22))

instants = st.builds(lambda n, off: n * 6 * H + off, st.integers(0, 60), st.sampled_from([0, 0, 7]))
steps = st.lists(
    st.tuples(instants, st.sampled_from([0, 1, H, 3 * H, 8 * H, 21 * H])), min_size=1, max_size=14
)
days = st.sets(st.integers(0, DAYS - 1), max_size=12)


def duty(on: set[int], opens: int, closes: int) -> tuple[tuple[int, int], ...]:
    # Past the last day, everybody is on duty: nobody leaves for good.
    pairs = [(d * DAY + opens * H, d * DAY + closes * H) for d in on]
    joined = Intervals.of([*pairs, (DAYS * DAY, 900 * DAY)])
    return tuple(zip(joined.start.tolist(), joined.end.tolist(), strict=True))


def run(steps: list[tuple[int, int]], officers: tuple[Officer, ...]) -> Schedule:
    cases = tuple(Case(t, (work(w),)) for t, w in sorted(steps))
    return _run(Model(cases, officers, working=(True,) * 1000, horizon=899 * DAY))


def _run(model: Model) -> Schedule:
    return simulate(model.workload, model.supply, model.horizon)


def happened(t: Ints) -> Ints:
    return np.where(t == OPEN, NEVER, t)


@st.composite
def alike(draw: st.DrawFn) -> tuple[tuple[Officer, ...], set[int], tuple[int, int]]:
    """Draw officers who are alike, and the days and hours of their duty."""
    on, shift = set(range(DAYS)) - draw(days), draw(st.sampled_from(SHIFTS))
    one = Officer(
        duty=duty(on, *shift),
        speed=draw(st.sampled_from(SPEEDS)),
        in_hand=draw(st.booleans()),
        hands_over=draw(st.booleans()),
    )
    return (one,) * draw(st.integers(1, 3)), on, shift


@settings(max_examples=150, deadline=None)
@given(steps, alike(), st.data())
def test_officers_as_good_as_the_best_do_no_harm(
    steps: list[tuple[int, int]],
    office: tuple[tuple[Officer, ...], set[int], tuple[int, int]],
    data: st.DataObject,
) -> None:
    """n officers who are alike, against at most n whose duty and speed are no more: all the better.

    So: one more of the same, a longer duty until it is that of the others, the last absence taken
    away, a share raised to that of the others. The worse office may have hours, leave, absence,
    shares, hand-over and rework of any kind.

    Proof, by induction over the items in their order. Say item j starts at T in the worse office.
    All items before it have started there by T, and none of them waits again, since it would go
    first. So at T at most n - 1 of them are not done: the others of the office hold them. In the
    better office, each of them started no later, works within no less duty, at no less speed and
    without a break, so it ended no later: at most n - 1 are not done at T. Hence an officer is
    free at T, and on duty, since somebody is in the worse office: j starts by T, and so it ends no
    later either.
    """
    better, on, shift = office

    def worse(one: Officer) -> Officer:
        opens = data.draw(st.integers(shift[0], shift[1] - 1))
        closes = data.draw(st.integers(opens + 1, shift[1]))
        planned = on - data.draw(days)
        return replace(
            one,
            duty=duty_within(planned - data.draw(days), opens, closes, one),
            planned=duty_within(planned, opens, closes, one),
            speed=data.draw(st.sampled_from([one.speed, one.speed, one.speed // 2, 333])),
            in_hand=one.in_hand and data.draw(st.booleans()),
            hands_over=data.draw(st.booleans()),
            rework_ppm=data.draw(st.sampled_from([0, 250_000])),
        )

    def duty_within(on: set[int], opens: int, closes: int, one: Officer) -> tuple:
        within = Intervals.of(list(duty(on, opens, closes))).intersect(Intervals.of(one.duty))
        return tuple(zip(within.start.tolist(), within.end.tolist(), strict=True))

    fewer = data.draw(st.integers(1, len(better)))
    less, more = run(steps, tuple(worse(one) for one in better[:fewer])), run(steps, better)
    assert np.all(happened(more.start) <= happened(less.start))
    assert np.all(happened(more.end) <= happened(less.end))


@st.composite
def anybody(draw: st.DrawFn) -> Officer:
    """Draw an officer of any share, speed and hours, who keeps what is in hand."""
    planned = set(range(DAYS)) - draw(days)
    shift = draw(st.sampled_from(SHIFTS))
    return Officer(
        duty=duty(planned - draw(days), *shift),
        planned=duty(planned, *shift),
        speed=draw(st.sampled_from([1, 10, 200, 500, 1000, 1500, 7000])),
        in_hand=draw(st.booleans()),
    )


def had(schedule: Schedule, officer: int) -> Bools:
    """Return [I] whether the officer had the item in hand at any time."""
    parts = all_parts(schedule)
    touched = np.zeros(len(schedule.ready), np.bool_)
    touched[parts.item[parts.officer == officer]] = True
    return touched


@settings(max_examples=150, deadline=None)
@given(steps, alike(), anybody(), st.booleans())
def test_one_more_of_any_kind_beside_officers_who_are_alike(
    steps: list[tuple[int, int]],
    office: tuple[tuple[Officer, ...], set[int], tuple[int, int]],
    one_more: Officer,
    first: bool,
) -> None:
    """No item starts later, and none that the new officer did not have in hand ends later.

    Officers who are alike, and one more of any share, speed and hours, who keeps what is in hand.

    Proof: say item j starts at T in the office without the new one; then at most n - 1 of the items
    before j are not done there at T. If j had not started by T in the other office, all n of the
    old officers would hold an item before j there. By induction each of these started no later,
    and the new officer had none of them: they would be done by T wherever they are in the first
    office (what an old one lays down for the new one, and the new one does not take, goes on when
    the old ones are back, as without him). That is one too many.

    What the new one had in hand may end later: a slow officer who is free takes an item although a
    fast one would be free a minute later. And whoever lays down such an item leaves it to the
    others, who may then be busy longer than without any help: so he has to keep it.
    """
    old, _, _ = office
    officers = (one_more, *old) if first else (*old, one_more)
    less, more = run(steps, old), run(steps, officers)
    assert np.all(happened(more.start) <= happened(less.start))
    others = ~had(more, 0 if first else len(old))
    assert np.all(happened(more.end)[others] <= happened(less.end)[others])


# What does not hold, and how much

OFFICE_DAYS = [day for day in range(400) if day % 7 < 5]


def clerk(opens: int = 9, closes: int = 17, speed: int = 1000) -> Officer:
    return Officer(duty=office(OFFICE_DAYS, opens * H, closes * H), speed=speed, hands_over=True)


def test_a_slower_officer_may_do_harm_by_nature() -> None:
    # The clerk has case 0 from 9:00 to 14:00; case 1 comes at 13:50 and takes an hour. Alone, the
    # clerk ends it at 15:00; a helper with a fifth of the time begins at 13:50 and needs 5 h.
    cases = [(9 * H, 5 * H), (13 * H + 3000, 1 * H)]
    alone, helped = run(cases, (clerk(),)), run(cases, (clerk(), clerk(speed=200)))
    assert alone.end.tolist() == [14 * H, 15 * H]
    assert (helped.start[1], helped.officer[1]) == (13 * H + 3000, 1)
    # 3 h 10 min on Monday, 1 h 50 min on Tuesday.
    assert helped.end.tolist() == [14 * H, DAY + 10 * H + 3000]


ONE_MORE = {
    "like the others": clerk(),
    "half of the time": clerk(speed=500),
    "a fifth of the time": clerk(speed=200),
    "9:00 to 12:00": clerk(9, 12),
    "18:00 to 20:00": clerk(18, 20),
}


@pytest.mark.slow
@pytest.mark.parametrize("take_over", [False, True], ids=["kept", "take-over"])
@pytest.mark.parametrize("kind", ONE_MORE)
def test_the_explanation_says_how_much_it_is(kind: str, take_over: bool) -> None:
    later: list[float] = []
    before, after, longer = [], [], 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        n, cases = int(rng.integers(1, 4)), 60
        t = np.sort(rng.integers(0, 28 * DAY, cases))
        w = np.round(rng.exponential(1, cases) * n * 7 * H * 20 * 0.6 / cases).astype(int)
        less, more = (
            _run(
                Model(
                    tuple(Case(int(a), (work(int(b)),)) for a, b in zip(t, w, strict=True)),
                    officers,
                    take_over=(take_over,),
                    working=tuple(day % 7 < 5 for day in range(400)),
                    horizon=399 * DAY,
                )
            ).end
            for officers in ((clerk(),) * n, (*(clerk(),) * n, ONE_MORE[kind]))
        )
        later += ((more - less)[more > less] / H).tolist()
        before.append((less - t).mean() / H)
        after.append((more - t).mean() / H)
        longer += more.sum() > less.sum()
    share, sets = f"{len(later) / 180:.1f} %", f"{longer / 3:.0f} %"
    means = f"{np.mean(before):.1f} → {np.mean(after):.1f} h"
    by = "" if take_over else f"{np.median(later) if later else 0:.1f} h | "
    row = f"| {kind} | {share} | {by}{means} | {sets} |"
    assert row in (ROOT / "docs/explanation/model.md").read_text(encoding="utf-8"), row
    if take_over:
        assert not later
