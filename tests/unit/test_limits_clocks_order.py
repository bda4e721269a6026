"""Which of two clocks never shows more: each condition alone decides."""

from dataclasses import replace

import pytest

from sim.limits import PRESETS, never_exceeds
from sim.limits.clocks import Counts, Level
from sim.process.graph import Mark, Pause

ONE = replace(
    PRESETS["gross_span"],
    start=Mark.SUBMISSION,
    stop=Mark.DELIVERY,
    counts=Counts.STEPS,
    pauses=frozenset({Pause.PUBLICITY}),
    each=Level.CASE,
    summed=False,
    without_refused=False,
    deemed_acceptance=False,
    ends_on_working_day=False,
    per_round=False,
    unit="cd",
    hours=None,
)
LESS = (
    {"unit": "wd"},
    {"start": Mark.ACCEPTANCE},
    {"stop": Mark.DECISION},
    {"counts": Counts.RUNNING_STEPS},
    {"pauses": frozenset({Pause.PUBLICITY, Pause.THIRD_PARTY})},
    {"per_round": True},
)
"""What makes a clock show less; the other way round, nothing holds."""
UNLIKE = ({"hours": "desk"}, {"deemed_acceptance": True}, {"each": Level.MATTER})
"""What makes two clocks differ either way."""


def test_a_clock_never_shows_more_than_itself() -> None:
    assert never_exceeds(ONE, ONE)


@pytest.mark.parametrize("change", LESS, ids=str)
def test_one_that_counts_less_shows_no_more(change) -> None:
    less = replace(ONE, **change)
    assert never_exceeds(less, ONE)
    assert not never_exceeds(ONE, less)


@pytest.mark.parametrize("change", UNLIKE, ids=str)
def test_one_that_counts_otherwise_says_nothing(change) -> None:
    other = replace(ONE, **change)
    assert not never_exceeds(other, ONE)
    assert not never_exceeds(ONE, other)


def test_days_off_at_the_end_take_away_from_the_wider_clock_only() -> None:
    shorter = replace(ONE, ends_on_working_day=True)
    assert never_exceeds(shorter, ONE)
    assert not never_exceeds(ONE, shorter)


def test_a_pause_of_one_matter_stops_what_counts_everything() -> None:
    everything = replace(ONE, counts=Counts.EVERYTHING)
    assert not never_exceeds(ONE, everything)
    assert never_exceeds(ONE, replace(everything, pauses=frozenset()))
    assert never_exceeds(everything, everything)
