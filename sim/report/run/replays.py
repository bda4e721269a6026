"""What was taken of recorded logs, listed arrivals and open cases, and what was left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sim.demand.replay import ReplayCount
from sim.experiments import Model
from sim.report.blocks import Line
from sim.report.labels import Labels
from sim.report.numbers import date_text
from sim.scenario import last_day

TOLD: Final = 3
"""Problems of records that are quoted."""


def replay_lines(model: Model, labels: Labels) -> Iterator[Line]:
    """Yield a sentence for each recorded log; a notice where cases were left out."""
    period = model.scenario.period
    dates = {
        "first": date_text(period.start, labels.language),
        "last": date_text(last_day(model.scenario), labels.language),
    }
    for count in model.demand.replayed:
        parts = [
            labels.say(f"replayed_{part}", count=number, **dates)
            for part, number in _numbers(count, stated=period.run_out is not None).items()
            if number or part == "cases"
        ]
        whose = labels.case_type(count.case_type)
        whose += f" ({count.more_arrivals})" if count.more_arrivals else ""
        text = labels.say(
            "replayed", file=count.file, case_type=whose, rows=count.rows, parts="; ".join(parts)
        )
        yield Line(text, "notice" if count.cases_before + count.cases_after else "faint")


def listed_line(model: Model, left_out: int, labels: Labels) -> Iterator[Line]:
    """Yield how many listed arrivals lie outside the simulated dates, if any do.

    `left_out`: all arrivals outside, with those of recorded logs, which `replay_lines` tells.
    """
    replayed = sum(count.cases_before + count.cases_after for count in model.demand.replayed)
    if left_out > replayed:
        yield Line(labels.say("left_out", count=left_out - replayed), "notice")


def opened_lines(model: Model, labels: Labels) -> Iterator[Line]:
    """Yield what was taken of the records that the backlog names, and what was not."""
    opened, records = model.opened, model.scenario.backlog.records
    if opened is None or records is None:
        return
    problems = model.demand.backlog.left_out
    left_out = len({(problem.file, problem.line) for problem in problems})
    date = date_text(opened.date, labels.language)
    numbers = {"count": len(opened.rows) - left_out, "received": opened.received}
    yield Line(labels.say("opened", file=records.file, date=date, **numbers), "faint")
    if opened.failed:
        yield Line(labels.say("opened_failed", file=records.file, count=opened.failed), "faint")
    for key, count, told in (
        ("opened_left_out", left_out, problems),
        ("opened_not_taken", len(opened.told), opened.told),
    ):
        if count:
            first = "; ".join(str(problem) for problem in told[:TOLD])
            text = labels.say(key, file=records.file, count=count, first=first)
            yield Line(text, "notice")


def _numbers(count: ReplayCount, *, stated: bool) -> dict[str, int]:
    """Return the parts of a log; `stated`: whether the scenario states the run-out."""
    return {
        "where": count.where_rows,
        "later": count.later_rows,
        "before": count.cases_before,
        "after" if stated else "beyond": count.cases_after,
        "cases": count.cases,
    }
