"""The interval of an on-time share covers the true share as often as it claims to.

Systems whose share is known exactly, run through everything from the scenario file to the verdict:
1,000 studies of 10 replications each. A time in the system is exponential with rate θ a day, both
without queues (independent cases) and in M/M/1 (cases that wait for each other; θ = μ - λ). A case
that arrives at a uniform time of day is on time within n dates with the probability
1 - (exp(-θ n) - exp(-θ (n + 1))) / θ.
"""

import dataclasses
import math
from pathlib import Path

import pytest
from scipy.stats import binom

import sim

SYSTEM = """
name: {{en: Known share}}
calendar: {{country: everyday}}
period: {{start: 2024-01-01, window: {window}, run_out: 300 cd}}
hours: {{always: 24x7}}
pools: {{desk: {{}}}}
staff: {{clerk: {{serves: [desk], count: 1, hours: always}}}}
case_types:
  paper:
    arrivals: {{every: {{exponential: {gap} h}}}}
    steps: {{handle: {{{step}}}}}
limits:
  limit: {{case_type: paper, limit: {days} wd, clock: gross_span, target_share: 0.9}}
"""
MONTH = "{from: 2024-01-01, to: 2024-01-31}"
AFTER_WARM_UP = "{from: 2024-03-01, to: 2024-03-31}"

SYSTEMS = {
    "no queue": (
        {"window": MONTH, "gap": 12, "step": "delay: {exponential: 24 h}", "days": 2},
        1.0,
    ),
    "M/M/1 at half load": (
        {
            "window": AFTER_WARM_UP,
            "gap": 4,
            "step": "pool: desk, work: {exponential: 2 h}",
            "days": 0,
        },
        24 / 2 - 24 / 4,
    ),
    "M/M/1 at 80 % load": (
        {
            "window": AFTER_WARM_UP,
            "gap": 5,
            "step": "pool: desk, work: {exponential: 4 h}",
            "days": 2,
        },
        24 / 4 - 24 / 5,
    ),
}


def exact_share(rate: float, days: int) -> float:
    return 1 - (math.exp(-rate * days) - math.exp(-rate * (days + 1))) / rate


def simulated(system: str, folder: Path) -> tuple[sim.Result, float]:
    """Run 10,000 replications; return them with the exact share."""
    values, rate = SYSTEMS[system]
    file = folder / "known.yaml"
    file.write_text(SYSTEM.format(**values), encoding="utf-8")
    many = sim.run(sim.load(file), replications=10_000, seed=1, keep="summary")
    exact = exact_share(rate, values["days"])
    (overall,) = many.verdicts
    assert overall.high - overall.low < 0.01
    assert abs(overall.share - exact) < 0.9 * (overall.high - overall.low)  # 3.5 standard errors
    return many, exact


def coverage(many: sim.Result, exact: float, replications: int) -> tuple[float, float]:
    """Return the shares of studies whose interval covers the exact share, and lies too high.

    Of so many replications each.
    """
    studies = [
        dataclasses.replace(many, summaries=many.summaries[first : first + replications])
        for first in range(0, len(many.summaries), replications)
    ]
    judged = [study.verdicts[0] for study in studies]
    covered = sum(each.low <= exact <= each.high for each in judged)
    return covered / len(judged), sum(each.low > exact for each in judged) / len(judged)


@pytest.mark.slow
@pytest.mark.parametrize("system", ["no queue", "M/M/1 at half load"])
def test_the_interval_covers_as_often_as_it_claims(system: str, tmp_path: Path) -> None:
    many, exact = simulated(system, tmp_path)
    share, too_high = coverage(many, exact, 10)
    print(f"{system}: {exact:.4f} covered by {share:.1%}, {too_high:.1%} too high")
    # What 1,000 intervals that cover with 95 % do, but for one time in 2,000 on each side. A design
    # effect below 1 is taken as 1, so that the upper side is allowed two points more.
    covered = 1000 * share
    assert binom.ppf(0.0005, 1000, 0.95) <= covered <= binom.ppf(0.9995, 1000, 0.95) + 20


@pytest.mark.slow
def test_a_share_that_a_few_bad_months_decide_needs_more_replications(tmp_path: Path) -> None:
    """The limit of the method, as `docs/explanation/statistics.md` tells it."""
    many, exact = simulated("M/M/1 at 80 % load", tmp_path)
    few, few_too_high = coverage(many, exact, 10)
    more, more_too_high = coverage(many, exact, 40)
    print(
        f"{exact:.4f} covered by {few:.1%} with 10 ({few_too_high:.1%} too high), "
        f"{more:.1%} with 40 ({more_too_high:.1%} too high)"
    )
    # On R - 1 degrees of freedom it is 83 % and 90 %, of 100,000 replications.
    assert 0.84 < few < 0.92
    assert more > 0.91
    assert more_too_high < few_too_high
