"""The worst month or week of a limit, in a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from sim.experiments import Result
from sim.report.blocks import Line
from sim.report.dates import date_text
from sim.report.labels import Labels
from sim.report.numbers import percent
from sim.report.words import say


def worst_periods(result: Result, labels: Labels) -> Iterator[Line]:
    """Yield a sentence for each limit that fails in some period, though not over the whole."""
    for whole in result.verdicts:
        over_time = zip(result.periods, result.limits_over_time[whole.limit.name], strict=True)
        failing = [(period, limit) for period, limit in over_time if limit.verdict == "fails"]
        if whole.verdict == "fails" or not failing:
            continue
        period, limit = min(failing, key=lambda pair: pair[1].share)
        text = say(
            "worst_period",
            labels.language,
            limit=labels.limit(whole.limit.name),
            first=date_text(period.first, labels.language),
            last=date_text(period.last, labels.language),
            share=percent(limit.share),
            low=percent(limit.low),
            high=percent(limit.high),
        )
        yield Line(text, "fails")
