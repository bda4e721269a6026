"""The interval of an on-time share misses the true share no more often than it claims.

Systems whose share is known exactly, run through everything from the scenario file to the verdict:
300 studies of 10 replications each, 75 of 40. A time in the system is exponential with rate θ a
day, both without queues (independent cases) and in M/M/1 (cases that wait for each other; θ = μ -
λ). A case that arrives at a uniform time of day is on time within n dates with the probability
1 - (exp(-θ n) - exp(-θ (n + 1))) / θ.
"""

import dataclasses
import math
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom

import sim
from sim.bounds import BUDGET
from sim.experiments.run import looks
from sim.measures.shares import OnTimeCounts, confidence_of_each

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
    """Run 3,000 replications; return them with the exact share."""
    values, rate = SYSTEMS[system]
    file = folder / "known.yaml"
    file.write_text(SYSTEM.format(**values), encoding="utf-8")
    many = sim.run(sim.load(file), replications=3_000, seed=1, keep="summary")
    exact = exact_share(rate, values["days"])
    (overall,) = many.verdicts
    assert overall.high - overall.low < 0.02
    assert overall.low < exact < overall.high
    return many, exact


def missed(many: sim.Result, exact: float, replications: int) -> tuple[int, int, int]:
    """Return the studies, and those whose interval lies too high and too low.

    Of so many replications each.
    """
    studies = [
        dataclasses.replace(many, summaries=many.summaries[first : first + replications])
        for first in range(0, len(many.summaries), replications)
    ]
    judged = [study.verdicts[0] for study in studies]
    too_high, too_low = (
        (each.low > exact for each in judged),
        (each.high < exact for each in judged),
    )
    return len(judged), sum(too_high), sum(too_low)


@pytest.mark.study
@pytest.mark.parametrize("system", SYSTEMS)
def test_each_side_errs_as_seldom_as_it_claims(system: str, tmp_path: Path) -> None:
    many, exact = simulated(system, tmp_path)
    for replications in (10, 40):
        number, *errors = missed(many, exact, replications)
        print(f"{system}, {replications}: {exact:.4f}; of {number}: too high, too low: {errors}")
        # At most what intervals that err with 2.5 % on each side do, but for one time in 2,000.
        assert max(errors) <= binom.ppf(0.9995, number, 0.025)


@pytest.mark.study
@pytest.mark.parametrize("shift", [-1, -0.3, 0.3, 1])
def test_looking_again_and_again_errs_as_seldom_as_it_claims(shift: float) -> None:
    """300 runs until decided, of replications of which a few are bad, at targets near the truth.

    One in ten replications is bad, with 30 % of its cases on time, the others with 99 %.
    """
    exact, spread, runs = 0.9 * 0.99 + 0.1 * 0.3, 0.69 * math.sqrt(0.9 * 0.1), 300
    target = exact + shift * spread / math.sqrt(BUDGET)
    generator, wrong = np.random.default_rng(5), 0
    planned = looks(BUDGET)
    for _ in range(runs):
        luck = np.where(generator.random(BUDGET) < 0.1, 0.3, 0.99)
        on_time, cases = generator.binomial(200, luck), np.full(BUDGET, 200)
        for number in planned:
            counts = OnTimeCounts(on_time[:number], on_time[:number], cases[:number])
            said = counts.share(confidence_of_each(0.95, len(planned))).verdict(target)
            if said != "undecided":
                wrong += said == ("holds" if shift > 0 else "fails")
                break
    print(f"{shift}: {wrong} of {runs} wrong")
    assert wrong <= binom.ppf(0.9995, runs, 0.025)
