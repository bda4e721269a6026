"""The plates of one run."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sim.experiments import Result
from sim.measures.limits import LimitSummary
from sim.report.figures.clock import clock_distribution
from sim.report.figures.labels import Names
from sim.report.figures.plates import Plate, plate
from sim.report.figures.shares import on_time, promises_told
from sim.report.figures.words import tell
from sim.report.layout import percent, rounded
from sim.report.words import Language


def result_plates(result: Result, language: Language) -> Iterator[Plate]:
    """Yield the figures of one run."""
    if result.verdicts:
        yield plate(
            "on-time",
            tell("limits_title", language),
            tell("limits_caption", language, each=promises_told(result, language)),
            partial(on_time, result, language=language),
        )
    for number, of in enumerate(result.verdicts):
        if of.on_time + of.late + of.open_overdue:
            yield _clock(result, of, number, language)


def _clock(result: Result, of: LimitSummary, number: int, language: Language) -> Plate:
    label = Names(result.scenario, language).limit(of.promise.name)
    unit = tell("unit_cd" if of.clock == "calendar_days" else "unit_wd", language)
    p50, p90 = (rounded(each.days, 0) for each in of.quantiles[:2])
    late = of.late + of.open_overdue
    return plate(
        f"clock-{number}",
        tell("clock_title_late", language, limit=label, share=percent(1 - of.share)),
        tell(
            "clock_caption", language, limit=label, p50=p50, p90=p90, unit=unit,
            days=of.promise.days, late=f"{late:,}", judged=f"{of.on_time + late:,}",
            share=percent(1 - of.share),
        ),
        partial(clock_distribution, result, of.promise.name, language=language),
    )  # fmt: skip
