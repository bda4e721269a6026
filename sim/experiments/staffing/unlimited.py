"""So many officers that nobody waits for one: what staff alone cannot make better."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from sim.clocks import History
from sim.engine.contract import OPEN
from sim.experiments.staffing.teams import Plan, Team, staffed
from sim.replications.model import Model

LOOKED_AT: Final = 2
"""Replications in which the peaks are counted …"""
SLACK: Final = 1.5
"""… and by how much more officers there are, since others may have higher ones."""
ROUNDS: Final = 4


def roomy(model: Model, teams: Sequence[Team], seed: int) -> Plan:
    """Return the plan with as many officers in each team as ever have work at once, and some more.

    An item of a pool that is served by more officers than the pool has items (from ready to end)
    waits for nobody, only for office hours. So the peaks of that number are counted, first with
    today's staff, then with a plan of these peaks, until they fit. Bounds hold all the same.
    """
    plan = tuple(max(team.today, 1) for team in teams)
    for _ in range(ROUNDS):
        peaks = _peaks(model.restaffed(staffed(model.scenario, teams, plan)), teams, seed)
        if all(peak <= heads for peak, heads in zip(peaks, plan, strict=True)):
            break
        plan = tuple(max(math.ceil(SLACK * peak), 1) for peak in peaks)
    return tuple(
        max(heads if team.most is None else min(heads, team.most), team.least)
        for team, heads in zip(teams, plan, strict=True)
    )


def _peaks(model: Model, teams: Sequence[Team], seed: int) -> list[int]:
    made = [model.replicate(seed, number) for number in range(LOOKED_AT)]
    return [max(_peak(each, team) for each in made) for team in teams]


def _peak(made: History, team: Team) -> int:
    """Return the most items that are ready and not ended at once, in the team's pools."""
    schedule = made.schedule
    mine = np.isin(made.demand.workload.pool, team.pools) & (schedule.ready != OPEN)
    end = np.where(schedule.end == OPEN, schedule.stopped_s + 1, schedule.end)[mine]
    t = np.concatenate([schedule.ready[mine], end])
    change = np.repeat([1, -1], len(end))
    order = np.lexsort((change, t))  # at one instant, who ends goes first
    return int(np.cumsum(change[order]).max(initial=0))
