"""Systems of queueing theory, with what is exactly known of them.

The exact values are copied from the project's collection of exact queueing-theory values
(`queueing.json`: entries `mmc`, `mg1_Wq`, `priority_mg1`); `tests/analytic/test_exact_values.py`
derives them again from their formulas.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial

from tests.build.estimates import System


def erlang_c(load: float, c: int) -> float:
    """P(wait) in M/M/c with offered load lambda / mu (Erlang 1917)."""
    full = load**c / factorial(c) / (1 - load / c)
    return full / (sum(load**k / factorial(k) for k in range(c)) + full)


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
    System("priority_three_classes", replications=24),
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
        System("priority_three_classes", 40, ("deterministic",)),
        {"first Wq": 0.5, "second Wq": 1.0, "third Wq": 4.0, "counter P": 0.8},
    ),
    Theory(
        System("priority_three_classes", 240, ("mixed",)),
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
