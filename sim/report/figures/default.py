"""The default figure of each kind of result, and all of them by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from sim.experiments import (
    CaseLife,
    Comparison,
    Groups,
    LoadCurve,
    Reforms,
    Result,
    Sensitivity,
    Staffing,
    Sweep,
)
from sim.experiments import case_life as life_of
from sim.report.case_life.figure import case_life
from sim.report.compare.figures import differences
from sim.report.load_curve.figures import load_curve
from sim.report.reforms.figures import reform_bars, reform_waterfall
from sim.report.run.figures.clock import clock_distribution
from sim.report.run.figures.days import days_used
from sim.report.run.figures.pools import pool_load, pools_heat_map, queue_over_time
from sim.report.run.figures.process_graph import process_graph
from sim.report.run.figures.shares import (
    on_time,
    on_time_by_group,
    on_time_by_period,
    on_time_by_scenario,
)
from sim.report.sensitivity.figures import screening, sobol, tornado
from sim.report.staffing.figures import one_more, staff_frontier, staff_plan
from sim.report.sweep.figures import sweep
from sim.report.words import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Draw: TypeAlias = Callable[..., "Axes"]


def plot(
    result: Any,
    figure: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
    **options: Any,
) -> Axes:
    """Draw the default figure of a result, or the one named.

    Parameters
    ----------
    result
        Whatever an experiment returns; also `Groups` and a `CaseLife`.
    figure
        Its name in `sim.figures`.
    **options
        Of that figure, such as ``limit="project_30"``.

    Raises
    ------
    ValueError
        If there is no such figure of such a result; it says which there are.
    TypeError
        If there are no figures of such a result.
    """
    known = figures_of(result)
    name = figure or _default(result, known)
    if name not in known:
        kind = type(result).__name__
        raise ValueError(f"no figure '{name}' of a {kind}; there are: {', '.join(known)}")
    return known[name](result, ax=ax, language=language, **options)


def _default(result: Any, known: Mapping[str, Draw]) -> str:
    if isinstance(result, Result) and not result.verdicts:
        return "pool_load"
    if isinstance(result, Sensitivity):
        return {"oat": "tornado", "morris": "screening", "sobol": "sobol"}[result.method]
    return next(iter(known))


def figures_of(result: Any) -> Mapping[str, Draw]:
    """Return the figures of a result by name, the default one first.

    Raises
    ------
    TypeError
        If there are none.
    """
    for kind, draws in _FIGURES.items():
        if isinstance(result, kind):
            return draws
    raise TypeError(f"no figures of a {type(result).__name__}")


def _by_group(
    result: Result,
    attribute: str | None = None,
    limit: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw one limit by an attribute; by default the first that the scenario reports by, or has."""
    wanted = (*result.scenario.report.by, *sorted(result.model.demand.attribute_values), "")
    found = result.groups_by(attribute or wanted[0])
    groups = next((each for each in found if limit in (None, each.limit.name)), None)
    if groups is None:
        names = ", ".join(each.limit.name for each in found)
        raise ValueError(f"no limit '{limit}'; there are: {names}")
    return on_time_by_group(groups, scenario=result.scenario, ax=ax, language=language)


def _case(
    result: Result,
    case: str | int | None = None,
    limit: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the life of one case of the first replication."""
    return case_life(life_of(result, case, limit=limit), limit, ax=ax, language=language)


_FIGURES: Mapping[type, Mapping[str, Draw]] = {
    Result: {
        "on_time": on_time,
        "clock_distribution": clock_distribution,
        "days_used": days_used,
        "on_time_by_group": _by_group,
        "on_time_by_period": on_time_by_period,
        "pool_load": pool_load,
        "pools_heat_map": pools_heat_map,
        "queue_over_time": queue_over_time,
        "process_graph": process_graph,
        "case_life": _case,
    },
    Comparison: {"differences": differences, "on_time_by_scenario": on_time_by_scenario},
    LoadCurve: {"load_curve": load_curve},
    Staffing: {"staff_plan": staff_plan, "staff_frontier": staff_frontier, "one_more": one_more},
    Reforms: {"reform_waterfall": reform_waterfall, "reform_bars": reform_bars},
    Sensitivity: {"tornado": tornado, "screening": screening, "sobol": sobol},
    Sweep: {"sweep": sweep},
    Groups: {"on_time_by_group": on_time_by_group},
    CaseLife: {"case_life": case_life},
}
