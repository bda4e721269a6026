"""The copied exact values follow from their formulas; no simulation here."""

from __future__ import annotations

from itertools import accumulate, pairwise

import pytest

from tests.build import theory
from tests.build.theory import erlang_c


def cobham(classes: list[tuple[float, float, float]]) -> list[float]:
    """Mean waits of a non-preemptive M/G/1 priority queue (Cobham 1954).

    Classes as (rate, mean work, second moment of work), first class first.
    """
    residual = sum(rate * second for rate, _, second in classes) / 2
    load = [0.0, *accumulate(rate * mean for rate, mean, _ in classes)]
    return [residual / (1 - above) / (1 - own) for above, own in pairwise(load)]


@pytest.mark.parametrize(
    ("known", "rate", "c"),
    [
        (theory.MM1, 0.5, 1),
        (theory.MM1_HEAVY, 0.9, 1),
        (theory.MM3, 1.5, 3),
        (theory.MM3_HEAVY, 2.7, 3),
    ],
)
def test_mmc(known: theory.Theory, rate: float, c: int) -> None:
    p = erlang_c(rate, c)
    wait = p / (c - rate)
    assert known.exact == pytest.approx(
        {"request W": wait + 1, "request Wq": wait, "request P": p, "counter Lq": rate * wait}
    )


@pytest.mark.parametrize("known", theory.MG1 + theory.MG1_HEAVY, ids=lambda t: str(t.system))
def test_mg1_pollaczek_khinchine(known: theory.Theory) -> None:
    kind = next((name for name in known.system.overrides if name != "heavy"), "deterministic")
    cv2 = {"deterministic": 0, "uniform": 1 / 3, "lognormal_cv1": 1, "gamma_cv2": 4}[kind]
    rho = known.exact["request P"]
    assert known.exact["request Wq"] == pytest.approx(rho / (1 - rho) * (1 + cv2) / 2)


@pytest.mark.parametrize(
    ("known", "classes"),
    [
        (theory.PRIORITY, [(0.2, 1 / 3, 2 / 9), (0.6, 1 / 3, 2 / 9), (1.2, 1 / 3, 2 / 9)]),
        (theory.PRIORITY_HEAVY[0], [(0.2, 1, 2), (0.6, 1, 2)]),
        (theory.PRIORITY_HEAVY[1], [(0.2, 1, 1), (0.3, 1, 1), (0.3, 1, 1)]),
        (theory.PRIORITY_HEAVY[2], [(0.1, 2, 8), (0.2, 1, 1), (0.15, 2, 5)]),
    ],
)
def test_priorities(known: theory.Theory, classes: list[tuple[float, float, float]]) -> None:
    waits = [value for name, value in known.exact.items() if name.endswith(" Wq")]
    assert waits == pytest.approx(cobham(classes))
    assert known.exact["counter P"] == pytest.approx(sum(rate * mean for rate, mean, _ in classes))


def test_jackson() -> None:
    def sojourn(rate: float, mean: float, c: int) -> float:
        return mean + erlang_c(rate * mean, c) / (c / mean - rate)

    one, two, three = sojourn(1, 0.5, 1), sojourn(1, 1, 2), sojourn(1, 1.5, 3)
    assert theory.TANDEM.exact["permit W"] == pytest.approx(one + two + three)
    back = 0.25
    rate = 0.75 / (1 - back)
    visits = sojourn(rate, 0.5, 1) + sojourn(rate, 1, 2)
    expected = visits / (1 - back) + 12 * back / (1 - back)
    assert theory.FEEDBACK.exact["permit W"] == pytest.approx(expected)
