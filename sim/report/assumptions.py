"""The assumptions behind a result: numbers without a source, and what the calendar assumed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.experiments import Result
from sim.report.language import Language
from sim.scenario import Parameter, Scenario, calendar_of, is_quantity, parameters_of, with_run_out
from sim.translation import speaking, tr


def assumptions(scenario: Scenario) -> list[Parameter]:
    """Return every quantity that is assumed, or set without a source."""
    return [row for row in quantities(scenario) if row.source.kind in {"assumed", "none"}]


def quantities(scenario: Scenario) -> list[Parameter]:
    """Return every parameter of a scenario that is a quantity, not a name or wiring."""
    return [row for row in parameters_of(scenario) if is_quantity(row.path)]


def source_text(parameter: Parameter, language: Language) -> str:
    """Return where a value comes from; sources of the library in Chinese, others as written."""
    source = parameter.source
    with speaking(language):
        if source.kind == "none" and source.file:
            return tr("set in {file}", file=source.file)
        return tr(source.text)


def note_text(parameter: Parameter, language: Language) -> str:
    """Return the note on a value as `source_text` does; "" without one."""
    with speaking(language):
        return tr(parameter.note or "")


def count_assumed(parameters: Sequence[Parameter]) -> int:
    """Return how many parameters are marked as assumed."""
    return sum(parameter.source.kind == "assumed" for parameter in parameters)


def stamps(result: Result) -> tuple[str, ...]:
    """Return what the calendar had to assume."""
    return calendar_of(with_run_out(result.scenario, result.longest_run_out)).stamps


def arrivals_left_out(result: Result) -> int:
    """Return how many recorded or listed arrivals lie outside the simulated dates.

    Those are the dates of the shortest run-out. The count is the same in every replication.
    """
    model = result.model
    return model.demand.draw(result.seed, 0).left_out if model.demand.lists_arrivals else 0


def assumption_rows(result: Result) -> list[dict[str, Any]]:
    """Return the assumptions as plain data: path, value, source, range."""
    rows: list[dict[str, Any]] = [
        {"path": "calendar", "value": text, "source": "assumed: calendar fallback", "range": None}
        for text in stamps(result)
    ]
    return rows + [
        {
            "path": ".".join(map(str, parameter.path)),
            "value": parameter.value,
            "source": parameter.source.text,
            "range": parameter.range,
        }
        for parameter in assumptions(result.scenario)
    ]
