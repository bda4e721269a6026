"""The table of the kinds of results, and how each is reported.

A new question needs its own folder in this package, and its row here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sim.experiments import (
    Comparison,
    Forecast,
    Judged,
    LoadCurve,
    Reforms,
    Result,
    Sensitivity,
    ShortestPromises,
    Staffing,
    Sweep,
    Validation,
)
from sim.report.blocks import Report
from sim.report.compare.figures import FIGURES as COMPARE
from sim.report.compare.report import comparison_data, comparison_report
from sim.report.drawing.figure import Figure
from sim.report.forecast.report import forecast_data, forecast_report
from sim.report.judge.report import judged_data, judged_report
from sim.report.language import Language
from sim.report.load_curve.figures import FIGURES as LOAD_CURVE
from sim.report.load_curve.report import load_curve_data, load_curve_report
from sim.report.promise.figures import FIGURES as PROMISE
from sim.report.promise.report import promise_data, promise_report
from sim.report.reforms.figures import FIGURES as REFORMS
from sim.report.reforms.report import reforms_data, reforms_report
from sim.report.run.data import result_data
from sim.report.run.figures import FIGURES as RUN
from sim.report.run.report import result_report
from sim.report.sensitivity.figures import FIGURES as SENSITIVITY
from sim.report.sensitivity.report import sensitivity_data, sensitivity_report
from sim.report.staffing.figures import FIGURES as STAFFING
from sim.report.staffing.report import staff_data, staff_report
from sim.report.sweep.figures import FIGURES as SWEEP
from sim.report.sweep.report import sweep_data, sweep_report
from sim.report.validate.figures import FIGURES as VALIDATE
from sim.report.validate.report import validation_data, validation_report


@dataclass(frozen=True)
class Kind:
    """How one kind of result is reported."""

    question: tuple[str, str]
    """The question that the result answers, in English and Chinese."""
    report: Callable[[Any, Language], Report]
    """Return the report on a result: terminal, notebook and page render it."""
    data: Callable[[Any], dict[str, Any]]
    """Return the result as the stable JSON object of `docs/reference/json.md`."""
    figures: tuple[Figure, ...]
    """The figures, the most important first; default: the first that has something to show."""


KINDS: Final[Mapping[type, Kind]] = {
    Result: Kind(("Does every promise hold?", "承诺是否守得住"), result_report, result_data, RUN),
    Comparison: Kind(("Comparison", "情景比较"), comparison_report, comparison_data, COMPARE),
    Reforms: Kind(
        ("What each lever brought", "各项改革举措的贡献"), reforms_report, reforms_data, REFORMS
    ),
    LoadCurve: Kind(
        ("The load that breaks a promise", "失守的负荷"),
        load_curve_report,
        load_curve_data,
        LOAD_CURVE,
    ),
    Staffing: Kind(
        ("The fewest officers, and where", "最少人数及其配置"), staff_report, staff_data, STAFFING
    ),
    ShortestPromises: Kind(
        ("How short could the promises be, and still be kept?", "承诺最短可以多短,而仍然守得住?"),
        promise_report,
        promise_data,
        PROMISE,
    ),
    Sensitivity: Kind(
        ("Which assumption matters", "哪些假设要紧"),
        sensitivity_report,
        sensitivity_data,
        SENSITIVITY,
    ),
    Forecast: Kind(
        ("Which open cases will be late?", "哪些在办件会超期?"), forecast_report, forecast_data, ()
    ),
    Judged: Kind(("What happened?", "实际办理得如何?"), judged_report, judged_data, ()),
    Validation: Kind(
        ("Does the simulation explain recorded months?", "仿真能否解释已登记的月份?"),
        validation_report,
        validation_data,
        VALIDATE,
    ),
    Sweep: Kind(("All combinations of values", "各种取值组合"), sweep_report, sweep_data, SWEEP),
}


def kind_of(result: object) -> Kind:
    """Return the kind of a result; raise TypeError for anything else."""
    if type(result) not in KINDS:
        raise TypeError(f"no report of a {type(result).__name__}")
    return KINDS[type(result)]
