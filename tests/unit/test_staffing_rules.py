"""The rules behind a staffing plan: what must be done, who is there, and what proves a plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import sim
from sim.engine.contract import DELAY, NO_TACIT
from sim.experiments.staffing.capacity_bounds import Floor, floors_of, keeps_up
from sim.experiments.staffing.capacity_bounds import _work_h as work_h
from sim.experiments.staffing.teams import all_teams
from sim.experiments.staffing.trials import FRESH, confirm, proofs
from sim.measures.shares import confidence_at_look
from sim.replications.model import Model
from tests.build.commands import write_small

LEAVE = "[{dates: {from: 2024-01-15, to: 2024-01-19}, officers: 1}]"


def test_any_work_needs_somebody() -> None:
    """Be there hours enough by rounding, or next to no work: nobody is not enough."""
    assert not keeps_up((Floor(("a",), 0.0, 0.0, {0: 8.0}),), (0,))
    assert keeps_up((Floor(("a",), 0.0, 0.0, {0: 8.0}),), (1,))
    assert keeps_up((Floor(("a",), 0.0, 8.0, {0: 8.0}),), (0,)), "others do it"


def floors(tmp_path, busy: float, *settings: str) -> tuple[Floor, ...]:
    scenario = sim.load(write_small(tmp_path, 2), settings=settings)
    model = Model(scenario)
    teams = all_teams(scenario, model.process, model.pools, model.supply)
    return floors_of(model, teams, 1, busy)


def test_officers_who_may_be_less_busy_must_be_more(tmp_path) -> None:
    (whole,), (part,) = (floors(tmp_path, busy) for busy in (1.0, 0.8))
    assert part.work_h == pytest.approx(whole.work_h / 0.8)


def test_an_officer_counts_with_the_hours_of_one_without_leave(tmp_path) -> None:
    """Seven hours a day in the five weeks until the end of the window; the other has a week off."""
    (floor,) = floors(tmp_path, 1.0, f"staff.clerks.leave={LEAVE}")
    assert dict(floor.hours) == pytest.approx({0: 5 * 5 * 7})


def test_work_that_may_lapse_need_not_be_done() -> None:
    """By hand: two items of an hour must be done; others lapse, wait for nobody, or come later."""
    load = SimpleNamespace(
        pool=np.array([0, 0, 0, DELAY, 1]),
        arrival_s=np.array([0, 99, 100]),
        tacit_wd=np.array([NO_TACIT, 5, NO_TACIT, NO_TACIT, NO_TACIT]),
        amount=np.array([3600, 3600, 3600, 3600, 3600]),
    )
    drawn = SimpleNamespace(workload=load, case=np.array([0, 0, 1, 1, 2]))
    model: Any = SimpleNamespace(
        window_s=(0, 100),
        pools=SimpleNamespace(names=("p", "q")),
        demand=SimpleNamespace(draw=lambda seed, number: drawn),
    )
    assert work_h(model, 1).tolist() == [2.0, 0.0]
    load.tacit_wd = None
    assert work_h(model, 1).tolist() == [3.0, 0.0]


@dataclass(frozen=True)
class Made:
    """What trials give back of some replications."""

    summaries: tuple[int, ...]
    confidence_of: dict[str, float] = field(default_factory=dict)


class Undecided:
    """Trials in which nothing is ever decided; they note what they are asked for."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.confidences: list[float] = []
        self.requirements = [SimpleNamespace(name="limit", confidence=0.9, judge=self.judge)]

    def apart(self, plan: object, replications: int, first: int) -> Made:
        numbers = tuple(range(first, first + replications))
        self.numbers += numbers
        return Made(numbers)

    def counts(self, requirement: object, summaries: tuple[int, ...]) -> tuple[int, ...]:
        return summaries

    def judge(self, counts: tuple[int, ...], confidence: float) -> SimpleNamespace:
        assert list(counts) == self.numbers[-len(counts) :], "all of this attempt, and no others"
        self.confidences.append(confidence)
        return SimpleNamespace(verdict="undecided")


def test_a_plan_is_proven_on_random_numbers_of_its_own_and_each_look_costs() -> None:
    trials: Any = Undecided()
    first = confirm(trials, (1,), 5, attempt=1, look=0)
    second = confirm(trials, (2,), 5, attempt=2, look=first.look)
    planned = proofs(5)
    assert len(trials.numbers) == len(set(trials.numbers)) == 2 * planned[-1]
    assert min(trials.numbers) >= FRESH > 10**5, "a search has other replications"
    assert second.look == 2 * len(planned)
    assert trials.confidences == [confidence_at_look(0.9, 1 + k) for k in range(second.look)]
    assert np.all(np.diff(trials.confidences) > 0)
