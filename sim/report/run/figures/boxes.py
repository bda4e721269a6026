"""The matters or steps of a case type as boxes, with the load of the pools that they pass."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from sim.experiments import Result
from sim.process.graph import Role
from sim.report.drawing.figure import choose
from sim.report.drawing.labels import Names
from sim.report.language import Language

REVIEWS: Final = frozenset({Role.REVIEW, Role.CO_REVIEW, Role.MEETING, Role.DECISION})
"""Roles of the steps that are a matter's own."""


@dataclass(frozen=True)
class Box:
    """A matter or step as it is drawn."""

    name: str
    label: str
    after: tuple[str, ...]
    group: str
    """Its stage; "" where there are none."""
    pool: str | None
    """The busiest pool that it passes; of those of its own, where it has any."""
    load: float
    """How busy that is; NaN without a pool."""
    days_wd: float
    """Mean working days used by its own steps, per case of the case type; NaN if none."""


def case_type_of(result: Result, case_type: str | None) -> str:
    """Return the case type of this name, by default the first.

    Raises
    ------
    ValueError
        If there is no such case type.
    """
    chosen = choose(case_type, result.scenario.case_types, "case type")
    assert chosen is not None, "a scenario has a case type"
    return chosen


def boxes_of(result: Result, case_type: str | None, language: Language) -> list[Box]:
    """Return the matters of a case type, or its steps."""
    chosen = case_type_of(result, case_type)
    spec = result.scenario.case_types[chosen]
    names = Names(result.scenario, language)
    if spec.matters:
        wanted = {
            name: (names.matter(chosen, name), matter.requires, matter.stage)
            for name, matter in spec.matters.items()
        }
    else:
        wanted = {name: (names.step(name), step.after, "") for name, step in spec.steps.items()}
    used = {
        account.name: account.total_wd
        for account in result.accounts
        if account.kind == "matter" and account.of == chosen and not account.late_only
    }
    busy = _busy(result, chosen)

    def busiest(name: str) -> tuple[str | None, float]:
        pools = busy.get(name, [])
        if not pools:
            return None, math.nan
        pool, load = max(pools, key=lambda pair: pair[1])
        return names.pool(pool), load

    return [
        Box(name, label, tuple(after), stage, *busiest(name), used.get(name, math.nan))
        for name, (label, after, stage) in wanted.items()
    ]


def _busy(result: Result, case_type: str) -> dict[str, list[tuple[str, float]]]:
    """Return matter or step → the pools that it passes, with how busy they are.

    Where matters have reviewers of their own, windows that all matters pass are left out: they
    would hide the differences between matters.
    """
    load = {pool.name: pool.utilisation for pool in result.pool_summaries if pool.items}
    graph = next(graph for graph in result.model.process.graphs if graph.case_type == case_type)
    pools: dict[str, list[tuple[str, float]]] = {}
    reviewed = {unit for node in graph.nodes if node.role in REVIEWS for unit in node.covers}
    for node in graph.nodes:
        if node.pool is None or (node.role not in REVIEWS and reviewed.issuperset(node.covers)):
            continue
        numbers = result.model.pools.numbers(node.pool)
        passed = [result.model.pools.names[number] for number in numbers]
        for unit in node.covers or (node.name.partition("/")[0],):
            pools.setdefault(unit, []).extend((pool, load[pool]) for pool in passed if pool in load)
    return pools
