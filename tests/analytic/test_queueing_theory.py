"""The simulator against queueing theory: M/M/c, M/G/1, priorities, Jackson networks, fork-join.

Every claim is tested twice over: the 99.9 % interval must cover the exact value, and its half-width
must lie below 4 % of it, so that a simulator that is 8 % wrong cannot pass. The numbers of
replications were chosen for the half-width alone, and nobody picked a seed.

The exact values are copied from the project's collection of exact queueing-theory values
(`queueing.json`: entries `mmc`, `mg1_Wq`, `priority_mg1`); `test_exact_values.py` derives them
again from their formulas.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import pytest

from tests.analytic.estimates import System, interval, observe

HALF_WIDTH = 0.04
"""The largest half-width of an interval, relative to the exact value."""


@dataclass(frozen=True)
class Theory:
    """A system and what is exactly known of it: measure (see `measures`) → value."""

    system: System
    exact: dict[str, float]


MM1 = Theory(
    System("mm1", replications=30),
    {"request W": 2.0, "request Wq": 1.0, "request P": 0.5, "counter Lq": 0.5},
)
MM1_HEAVY = Theory(
    System("mm1", replications=150, overrides=("heavy",)),
    {"request W": 10.0, "request Wq": 9.0, "request P": 0.9, "counter Lq": 8.1},
)
MM3 = Theory(
    System("mm3", replications=40),
    {
        "request W": 1.1578947368421053,
        "request Wq": 0.15789473684210523,
        "request P": 0.23684210526315785,
        "counter Lq": 0.23684210526315785,
    },
)
MM3_HEAVY = Theory(
    System("mm3", replications=50, overrides=("heavy",)),
    {
        "request W": 3.7235367372353694,
        "request Wq": 2.7235367372353694,
        "request P": 0.8170610211706103,
        "counter Lq": 7.353549190535498,
    },
)


def mg1(wait: float, replications: int, *overrides: str) -> Theory:
    """M/G/1 with one hour of work on average; arrivals see the time average, so P(wait) = rho."""
    rho = 0.9 if "heavy" in overrides else 0.5
    return Theory(
        System("mg1", replications, overrides),
        {"request W": wait + 1, "request Wq": wait, "request P": rho, "counter Lq": rho * wait},
    )


MG1 = [
    mg1(0.5, 20),
    mg1(0.6666666666666666, 22, "uniform"),
    mg1(1.0, 30, "lognormal_cv1"),
    mg1(2.5, 60, "gamma_cv2"),
]
MG1_HEAVY = [
    mg1(4.5, 60, "heavy"),
    mg1(6.0, 85, "uniform", "heavy"),
    mg1(9.0, 150, "lognormal_cv1", "heavy"),
]

PRIORITY = Theory(
    System("priority_three_classes", replications=12),
    {
        "first Wq": 0.23809523809523808,
        "second Wq": 0.3246753246753246,
        "third Wq": 0.9090909090909088,
        "counter P": 2 / 3,
    },
)
PRIORITY_HEAVY = [
    Theory(
        System("priority_two_classes", replications=60),
        {"urgent Wq": 1.0, "ordinary Wq": 5.0, "counter P": 0.8},
    ),
    Theory(
        System("priority_three_classes", 30, ("deterministic",)),
        {"first Wq": 0.5, "second Wq": 1.0, "third Wq": 4.0, "counter P": 0.8},
    ),
    Theory(
        System("priority_three_classes", 60, ("mixed",)),
        {
            "first Wq": 1.09375,
            "second Wq": 1.8229166666666667,
            "third Wq": 4.861111111111111,
            "counter P": 0.7,
        },
    ),
]

# Jackson (1957): each station is an M/M/c of its own; times of `mmc` scaled by the mean work.
TANDEM = Theory(
    System("tandem", replications=12),
    {
        "window W": 2.0 * 0.5,
        "reviewers W": 1.3333333333333335,
        "signers W": 1.1578947368421053 * 1.5,
        "permit W": 2.0 * 0.5 + 1.3333333333333335 + 1.1578947368421053 * 1.5,
        "window P": 0.5,
        "reviewers P": 0.33333333333333337,
        "signers P": 0.23684210526315785,
    },
)
FEEDBACK = Theory(
    System("feedback", replications=12),
    {
        "checkers W": 2.0 * 0.5,
        "reviewers W": 1.3333333333333335,
        "permit W": (2.0 * 0.5 + 1.3333333333333335) * 4 / 3 + 12 / 3,
        "checkers P": 0.5,
        "reviewers P": 0.33333333333333337,
    },
)
# Nelson & Tantawi (1988), IEEE Trans. Computers 37: (12 - rho) / 8 x 1 / (mu - lambda).
FORK_JOIN = Theory(
    System("fork_join", replications=18),
    {"project W": (12 - 0.5) / 8 / (1 - 0.5), "planning W": 2.0, "ecology W": 2.0},
)

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
