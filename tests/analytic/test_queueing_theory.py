"""The simulator against queueing theory: M/M/c, M/G/1, priorities, Jackson networks, fork-join.

Every claim is tested twice over: the 99.9 % interval must cover the exact value, and its half-width
must lie below 4 % of it, so that a simulator that is 8 % wrong cannot pass. The numbers of
replications were chosen for the half-width alone, and nobody picked a seed.
"""

from __future__ import annotations

from itertools import product

import pytest

from tests.build.estimates import System, interval, observe
from tests.build.theory import (
    FEEDBACK,
    FORK_JOIN,
    MG1,
    MG1_HEAVY,
    MM1,
    MM1_HEAVY,
    MM3,
    MM3_HEAVY,
    PRIORITY,
    PRIORITY_HEAVY,
    TANDEM,
    Theory,
)

HALF_WIDTH = 0.04
"""The largest half-width of an interval, relative to the exact value."""


QUICK = [MM1, MM3, *MG1, PRIORITY, TANDEM, FEEDBACK, FORK_JOIN]
SLOW = [MM1_HEAVY, MM3_HEAVY, *MG1_HEAVY, *PRIORITY_HEAVY]


def claims(theories: list[Theory], *marks: pytest.MarkDecorator) -> list[object]:
    return [
        pytest.param(theory.system, measure, exact, id=f"{theory.system} {measure}", marks=marks)
        for theory in theories
        for measure, exact in theory.exact.items()
    ]


@pytest.mark.parametrize(
    ("system", "measure", "exact"), claims(QUICK) + claims(SLOW, pytest.mark.slow)
)
def test_the_interval_covers_the_exact_value_and_is_narrow(
    system: System, measure: str, exact: float
) -> None:
    found = interval(observe(system)[measure])
    assert found.half_width < HALF_WIDTH * exact, f"{found}: too wide to tell anything"
    assert found.covers(exact), f"{found} does not cover {exact}"


# --- can these tests fail? -----------------------------------------------------------------------

SHARPEST = [
    (MM1, "request P"),
    (MM1, "request W"),
    (MM3, "request W"),
    (MG1[0], "request W"),
    (MG1[3], "request P"),
    (PRIORITY, "second Wq"),
    (TANDEM, "permit W"),
    (FEEDBACK, "permit W"),
    (FORK_JOIN, "project W"),
]


@pytest.mark.parametrize(
    ("theory", "measure", "factor"),
    [
        pytest.param(theory, measure, factor, id=f"{theory.system} {measure} x {factor}")
        for (theory, measure), factor in product(SHARPEST, (0.95, 1.05))
    ],
)
def test_a_value_five_percent_off_is_not_covered(
    theory: Theory, measure: str, factor: float
) -> None:
    found = interval(observe(theory.system)[measure])
    assert not found.covers(factor * theory.exact[measure])


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ("case_types.request.steps.serve.work.exponential=63 min", "work 5 % longer"),
        ("case_types.request.steps.serve.work=1 h", "work that does not vary"),
        ("staff.clerk.speed=1.05", "a clerk 5 % faster"),
        ("staff.clerk.count=2", "one clerk too many"),
    ],
    ids=lambda text: text.split("=")[0] if "=" in text else text,
)
def test_a_slightly_different_system_is_told_apart(setting: str, why: str) -> None:
    wrong = System("mm1", replications=8, settings=(setting,))
    assert not interval(observe(wrong)["request W"]).covers(MM1.exact["request W"]), why
