"""A search for staff as plain data."""

from __future__ import annotations

from typing import Any

from sim.experiments import Staffing
from sim.report.plain_data import finding_data
from sim.results.rows import records


def staff_data(result: Staffing) -> dict[str, Any]:
    """Return the stable JSON object; every key is documented in ``docs/reference/json.md``."""
    names = [team.name for team in result.teams]
    plan = None if result.plan is None else dict(zip(names, result.plan, strict=True))
    return finding_data(
        result,
        {
            "outcome": result.outcome,
            "cap": result.cap,
            "plan": plan,
            "settings": list(result.settings),
            "heads": None if result.plan is None else sum(result.plan),
            "heads_today": sum(result.today),
            "cost": None if result.plan is None else result.cost(result.plan),
            "cost_today": result.cost(result.today),
            "all_cheaper_tried": result.exhausted,
            "perhaps_heads": None if result.perhaps is None else result.perhaps.heads,
            "staff": result.records("staff"),
            "verdicts": result.records("verdicts"),
            "fresh_replications": (
                None if result.confirmation is None else result.confirmation.result.replications
            ),
            "rejected": [dict(zip(names, rejected, strict=True)) for rejected in result.rejected],
            "nobody_waits": records(result.reach_rows),
            "frontier": result.records("frontier"),
            "marginal": result.records("marginal"),
            "plans_tried": result.plans_tried,
            "replications_made": result.replications_made,
        },
    )
