"""Open cases at the start: how long what is under way still takes, and whose turn is first.

The network: a handles 1 h, then the applicant has it (b), then c handles 1 h. Two officers, open
9-12 and 13-17. The start is Thu 23 Sep 2021.
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.replications.model import Model
from tests.build.backlogs import HAND, as_csv, written

DAY = 86_400


def open_network(folder, rows, *settings):
    return written(folder, as_csv(rows), HAND, settings=settings)


def left_s(scenario, step: str, replications: int = 400) -> np.ndarray:
    """Return when the step ends in each replication, for all open cases."""
    model, ends = Model(scenario), []
    for number in range(replications):
        done = model.replicate(1, number)
        name = [node.name for node in done.process.nodes]
        mine = np.array([name[node] == step for node in done.demand.node])
        ends.append(done.schedule.end[mine])
    return np.concatenate(ends)


def rows(since: str, n: int = 40) -> list[dict[str, str]]:
    return [
        {"case": f"k{i:02}", "case_type": "network", "submitted": "2021-06-01", "under_way": since}
        for i in range(n)
    ]


def delay(law: str) -> str:
    return f"case_types.network.steps.b.delay={law}"


def test_an_exponential_delay_forgets_how_long_it_lasts(tmp_path) -> None:
    """Mean 40 h, whether it began yesterday or 100 days ago, which it outlives once in e^60."""
    for since in ("b=2021-09-22 12:00", "b=2021-06-15 12:00"):
        scenario = open_network(tmp_path, rows(since), delay("{exponential: 40 h}"))
        left = left_s(scenario, "b", 50) / 3600
        assert left.mean() == pytest.approx(40, abs=4 * 40 / np.sqrt(len(left)))
        assert np.median(left) == pytest.approx(40 * np.log(2), abs=4 * 40 / np.sqrt(len(left)))


def test_a_uniform_delay_is_uniform_on_what_is_left(tmp_path) -> None:
    """From 10 to 50 h, of which 24 h have passed: from 0 to 26 h, and 13 h in the mean."""
    law = delay("{uniform: {low: 10 h, high: 50 h}}")
    left = left_s(open_network(tmp_path, rows("b=2021-09-22 00:00"), law), "b", 50) / 3600
    assert left.min() > 0
    assert left.max() <= 26
    assert left.mean() == pytest.approx(13, abs=4 * 26 / np.sqrt(12 * len(left)))


def test_a_fixed_delay_has_its_rest_left_and_one_that_is_over_none(tmp_path) -> None:
    law = delay("{constant: 50 h}")
    left = left_s(open_network(tmp_path, rows("b=2021-09-22 00:00", 1), law), "b", 2)
    assert left.tolist() == [26 * 3600] * 2
    left = left_s(open_network(tmp_path, rows("b=2021-09-01 00:00", 1), law), "b", 2)
    assert left.tolist() == [0] * 2


def test_who_waits_longer_goes_first(tmp_path) -> None:
    """All wait for c; 1, the last handed in, waits for it the longest. Two officers, 1 h each."""
    since = {"1": "2021-09-01 10:00", "2": "2021-09-20 10:00", "3": "2021-09-10 10:00"}
    given = [
        {"case": name, "case_type": "network", "submitted": submitted, "done": "a;b"}
        | {"waits_since": since[name]}
        for name, submitted in (("1", "2021-08-30"), ("2", "2021-08-02"), ("3", "2021-08-03"))
    ]
    scenario = open_network(tmp_path, given)
    done = Model(scenario).replicate(1, 0)
    open_cases = done.demand.backlog["network"]
    start = dict(zip(open_cases.name, done.schedule.start[open_cases.case].tolist(), strict=True))
    assert start == {"1": 9 * 3600, "3": 9 * 3600, "2": 10 * 3600}


def test_several_replications_at_once_draw_the_same(tmp_path) -> None:
    law = delay("{lognormal: {median: 30 h, p90: 90 h}}")
    scenario = open_network(tmp_path, rows("b=2021-09-20 00:00", 5), law)
    at_once = Model(scenario)
    drawn = [at_once.demand.draw(1, number).workload.amount for number in range(12)]
    for number in (11, 5, 0):
        alone = Model(scenario).demand.draw(1, number).workload.amount
        assert np.array_equal(alone, drawn[number])
    assert not np.array_equal(drawn[3], drawn[4])
