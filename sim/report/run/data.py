"""A result as plain data: the object that ``sim run --json`` prints."""

from __future__ import annotations

from typing import Any

from sim.clocks import CLOCKS
from sim.experiments import Account, Groups, PoolSummary, Result
from sim.measures.limits import LimitSummary
from sim.report.assumptions import arrivals_left_out, assumption_rows
from sim.report.plain_data import finding_data
from sim.report.run.notes import scenario_notes
from sim.results.groups import group_rows
from sim.results.over_time import limit_rows, pool_rows


def result_data(result: Result) -> dict[str, Any]:
    """Return the stable JSON object; every key is documented in ``docs/reference/json.md``."""
    data = {
        "assumptions": assumption_rows(result),
        "limits": [_limit(result, each) for each in result.verdicts],
        "groups": [_groups(each) for each in result.reported_groups],
        "months": [_with_unit(row) for row in limit_rows(result.periods, result.limits_over_time)],
        "clocks": _clocks(result),
        "pools": [_pool(each) for each in result.pool_summaries],
        "pool_months": list(pool_rows(result.periods, result.pools_over_time)),
        "matters": [_account(each) for each in result.accounts],
        "case_types": {
            name: {**states, "mean_sojourn_h": result.mean_sojourn_h(name)}
            for name, states in sorted(result.states.items())
        },
        "rounds_cut_off": sum(summary.cut_off for summary in result.summaries),
        "arrivals_left_out": arrivals_left_out(result),
        "notes": scenario_notes(result.scenario, "en"),
        "interrupted": result.interrupted,
        "checks": [{"name": c.name, "ok": c.ok, "detail": c.detail} for c in result.checks],
    }
    return finding_data(result, data)


def _limit(result: Result, each: LimitSummary) -> dict[str, Any]:
    quantiles = {
        f"p{round(100 * q.share)}_wd" if q.share < 1 else "max_wd": q.days for q in each.quantiles
    }
    return {
        "id": each.promise.name,
        "case_type": each.promise.case_type,
        "clock": each.clock,
        "limit_wd": each.promise.days,
        "target_share": each.promise.target_share,
        "confidence": result.scenario.limits[each.promise.name].confidence,
        "confidence_used": result.confidence_of.get(each.promise.name, each.promise.confidence),
        "on_time": each.on_time,
        "on_time_share": each.share,
        "ci_low": each.low,
        "ci_high": each.high,
        "verdict": each.verdict,
        "cases": each.measured,
        "late": each.late,
        "open": each.open,
        "open_overdue": each.open_overdue,
        "withdrawn": each.withdrawn,
        "no_decision": each.no_decision,
        **quantiles,
        "spare_wd": each.spare_days,
    }


def _groups(groups: Groups) -> dict[str, Any]:
    shared = {"limit", "attribute", "bottom", "signal", "signal_if_alike"}
    return {
        "limit": groups.promise.name,
        "attribute": groups.attribute,
        "bottom": groups.ranking.bottom,
        "signal": groups.ranking.signal,
        "signal_if_alike": groups.ranking.signal_if_alike,
        "values": [
            _with_unit({key: of for key, of in row.items() if key not in shared})
            for row in group_rows(groups)
        ],
    }


def _with_unit(row: dict[str, Any]) -> dict[str, Any]:
    return {("p90_wd" if key == "p90" else key): of for key, of in row.items()}


def _clocks(result: Result) -> dict[str, Any]:
    """Return case type → clock → statistics.

    Of several limits of a case type, the first by name gives the scope.
    """
    clocks: dict[str, Any] = {}
    for each in sorted(result.on_every_clock, key=lambda each: each.promise.name):
        by_clock = clocks.setdefault(each.promise.case_type, {})
        if each.clock not in by_clock:
            p50, p90, p95, largest = (quantile.days for quantile in each.quantiles)
            by_clock[each.clock] = {
                "unit": CLOCKS[each.clock].unit,
                "mean": result.mean_days(each.promise.name, each.clock),
                "p50": p50,
                "p90": p90,
                "p95": p95,
                "max": largest,
            }
    return clocks


def _pool(pool: PoolSummary) -> dict[str, Any]:
    return {
        "id": pool.name,
        "officers": pool.officers,
        "utilisation": pool.utilisation,
        "mean_wait_h": pool.mean_wait_h,
        "max_queue": pool.max_queue,
        "mean_queue": pool.mean_queue,
        "items": pool.items,
    }


def _account(account: Account) -> dict[str, Any]:
    return {
        "kind": account.kind,
        "of": account.of,
        "name": account.name,
        "late_only": account.late_only,
        "cases": account.cases,
        "total_wd": account.total_wd,
        "days_wd": dict(account.days_wd),
    }
