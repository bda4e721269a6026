"""A result as plain data: the object that ``sim run --json`` prints."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sim.experiments import Result
from sim.report.assumptions import arrivals_left_out, assumption_rows
from sim.report.plain_data import finding_data
from sim.report.run.notes import scenario_notes
from sim.results.rows import raised, records


def result_data(result: Result) -> dict[str, Any]:
    """Return the stable JSON object; every key is documented in ``docs/reference/json.md``."""
    data = {
        "assumptions": assumption_rows(result),
        "limits": [row for row in result.records("limits") if row["decides"]],
        "replications_to_decide": result.replications_to_decide,
        "own_limits": result.records("own_limits"),
        "departments": result.records("departments"),
        "doubt": result.records("doubt"),
        "inputs": [asdict(factor) for factor in result.inputs],
        "years_kept": result.records("years_kept"),
        "years": result.records("years"),
        "resubmissions": result.records("resubmissions"),
        "groups": result.records("groups"),
        "months": result.records("months"),
        "clocks": _clocks(result),
        "own_time": result.records("own_time"),
        "pools": result.records("pools"),
        "pool_months": result.records("pool_months"),
        "response": result.records("response"),
        **{name: rows for name in ("costs", "case_costs") if (rows := result.records(name))},
        "matters": result.records("matters"),
        "case_types": {
            name: {**states, "mean_sojourn_h": result.mean_sojourn_h(name)}
            for name, states in sorted(result.states.items())
        },
        "run_out_cd": result.longest_run_out,
        "rounds_cut_off": sum(summary.cut_off for summary in result.summaries),
        "arrivals_left_out": arrivals_left_out(result),
        "replayed": records(result.model.demand.replayed),
        "notes": scenario_notes(result.scenario, "en"),
        "interrupted": result.interrupted,
        "checks": records(result.checks),
    }
    return finding_data(result, data)


def _clocks(result: Result) -> dict[str, Any]:
    """Return case type → clock → statistics.

    If a case type has several limits, the first by name gives the scope.
    """
    clocks: dict[str, Any] = {}
    for days in sorted(result.on_every_clock, key=lambda days: days.name):
        by_clock = clocks.setdefault(days.case_type, {})
        if days.clock not in by_clock:
            by_clock[days.clock] = {
                "unit": days.unit,
                "mean": result.mean_days(days.name, days.clock),
                **{name: quantile.days for name, quantile in days.named_quantiles.items()},
                "at_least": raised(days.named_quantiles),
            }
    return clocks
