"""The parts of a graph that the levers added: what one draw decides, in which unit."""

from __future__ import annotations

import numpy as np
import pytest

from sim.demand.course import CaseDraws
from sim.demand.sampling import RecordedValues
from sim.process.graph import Attribute, Chance, Longer, Round, Rounds, Term
from sim.replications.model import Model
from sim.scenario import Distribution
from sim.streams import Streams
from tests.build.stories import scenario
from tests.build.three_matters import LEVERS, matters

N = 20_000
DAY = 86_400


def draws() -> CaseDraws:
    half = (np.arange(N) % 2).astype(np.int32)
    return CaseDraws(
        Streams(1, 0),
        N,
        {"kind": (("x", "y"), half)},
        lambda term: term.distribution.sampler(RecordedValues({})),
    )


def distribution(spec) -> Distribution:
    return Distribution.model_validate(spec)


def test_a_chance_and_its_opposite_share_one_draw():
    cases = draws()
    happens = cases.holds((Chance("s", 0.3),))
    assert happens.mean() == pytest.approx(0.3, abs=0.02)
    assert np.array_equal(cases.holds((Chance("s", 0.3, happens=False),)), ~happens)
    assert cases.holds((Chance("s", 1.0),)).all()
    assert not cases.holds((Chance("s", 1.0, happens=False),)).any()
    assert not cases.holds((Chance("s", 0.0),)).any()


def test_longer_looks_at_the_very_duration_that_is_used():
    cases = draws()
    spec = distribution({"exponential": "2 wd"})
    lasts = cases._duration(Term("s", spec))
    longer = cases.holds((Longer("s", spec, 3 * DAY),))
    assert np.array_equal(longer, lasts > 3 * DAY)
    assert longer.mean() == pytest.approx(np.exp(-1.5), abs=0.02)
    cut = cases._duration(Term("s", spec, at_most_s=3 * DAY))
    assert np.array_equal(cut, np.minimum(lasts, 3 * DAY))


@pytest.mark.parametrize(
    ("spec", "unit"), [("3 wd", 1), ({"constant": "3 wd"}, DAY), ({"constant": "72 h"}, DAY)]
)
def test_longer_and_at_most_are_in_days_for_a_legal_period_else_in_seconds(spec, unit):
    cases, three = draws(), distribution(spec)
    assert set(cases._duration(Term("s", three))) == {3 * unit}
    assert set(cases._duration(Term("s", three, at_most_s=2 * unit))) == {2 * unit}
    assert set(cases._duration(Term("s", three, at_most_s=4 * unit))) == {3 * unit}
    assert cases.holds((Longer("s", three, 3 * unit - 1),)).all()
    assert not cases.holds((Longer("s", three, 3 * unit),)).any()  # not longer: just as long


def test_factors_of_rounds_are_multiplied_and_end_at_one():
    x, y = (Attribute("kind", (value,)) for value in "xy")

    def share(first, factors, number=1, again=0.5):
        reached = draws().holds((Round(((Rounds("s", first, again, 3, factors), ()),), number),))
        return reached[::2].mean(), reached[1::2].mean()

    about = {"abs": 0.02}
    assert share(0.5, ()) == pytest.approx((0.5, 0.5), **about)
    assert share(0.5, (((x,), 0.4),)) == pytest.approx((0.2, 0.5), **about)
    both = (((x,), 0.4), ((), 0.5), ((y,), 1.2))
    assert share(0.5, both) == pytest.approx((0.1, 0.3), **about)
    # of those sent back, as many again as ever
    assert share(0.5, both, number=2) == pytest.approx((0.05, 0.15), **about)
    assert share(0.5, (((y,), 3.0),)) == pytest.approx((0.5, 1.0), **about)
    assert share(0.5, (((y,), 3.0),), number=2) == pytest.approx((0.25, 0.5), **about)
    assert share(0.5, (((x,), 0.0),)) == (0.0, pytest.approx(0.5, **about))


def test_a_smaller_factor_takes_rounds_away_and_adds_none():
    reached = [
        draws().holds((Round(((Rounds("s", 0.5, 0.5, 3, (((), factor),)), ()),), 1),))
        for factor in (0.3, 0.6, 1.0)
    ]
    assert not (reached[0] & ~reached[1]).any()
    assert not (reached[1] & ~reached[2]).any()


def test_each_round_of_corrections_has_a_withdrawal_of_its_own():
    """Else who stays once would stay for ever, and who leaves would leave at the first."""
    often = "{probability: 1.0, again: 1.0, withdrawal: 0.5, max_rounds: 3, turnaround: 1 wd}"
    texts = matters(A=f"correction: {often}", B=f"review_correction: {often}")
    process = Model(scenario(LEVERS, texts)).process
    streams = [stop.stream for node in process.nodes for stop in node.stops]
    assert len(streams) == len(set(streams)) == 6
