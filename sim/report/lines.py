"""Lines, cells and tables that several reports have."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Final

from sim.measures.limits import ClockDays, LimitJudgement
from sim.measures.shares import Verdict
from sim.report.blocks import Cell, Column, Line, Row, Table
from sim.report.clocks import amount_text, clock_label, quantile_text
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.numbers import bounded_percent, date_text, percent, percent_range
from sim.report.words import say
from sim.results.finding import Finding
from sim.scenario import Scenario
from sim.translation import noted, speaking, tr

MARKS: Final[dict[Verdict, str]] = {"holds": "✓", "fails": "✗", "undecided": "?"}
CHECKS: Final = noted(("conservation", "Little's law", "engine contract", "clocks"))
"""Names of the self-checks; their details are for who mends the program, and stay English."""


def how_made(scenario: Scenario, seed: int, replications: str, language: Language) -> Line:
    """Return the seed, the replications and the measured cases of a result in a sentence."""
    window = scenario.period.window
    first, last = date_text(window.first, language), date_text(window.last, language)
    made = {"seed": seed, "replications": replications}
    return Line(say("run_line", language, **made, first=first, last=last), "faint")


def no_limits(language: Language) -> Line:
    """Return the sentence that the scenario has no limits."""
    return Line(say("no_limits", language))


def standing(verdicts: Sequence[LimitJudgement]) -> str:
    """Return the verdicts so far in one line, limits by their names in the file."""
    return "  ".join(
        f"{MARKS[each.verdict]} {each.name} {bounded_percent(each.share, each.share_at_best)}"
        for each in verdicts
    )


def verdict_cell(verdict: Verdict, language: Language) -> Cell:
    """Return the word for a verdict, in its colour."""
    return Cell(say(verdict, language), verdict)


def unit_of(days: ClockDays, language: Language) -> str:
    """Return the abbreviation of the clock's unit: working days, calendar days or hours."""
    return say(days.unit, language)


def check_name(name: str, language: Language) -> str:
    """Return the name of a self-check of a run (`sim.measures.checks`)."""
    with speaking(language):
        return tr(name) if name in CHECKS else name


def failed_checks(finding: Finding, labels: Labels) -> Iterator[Line]:
    """Yield the self-checks that failed."""
    for check in finding.failed_checks:
        name = check_name(check.name, labels.language)
        yield Line(labels.say("check_failed", name=name, detail=check.detail), "error")


def spare_text(limit: LimitJudgement) -> str:
    """Write the distance to a limit; as a most if open cases may still take more."""
    return ("≤ " if limit.kept_days.at_least else "") + amount_text(limit.spare_days, limit.unit)


JUDGED: Final[Mapping[str, Callable[[LimitJudgement, Language], str | Cell]]] = {
    "verdict": lambda limit, language: verdict_cell(limit.verdict, language),
    "on_time": lambda limit, _: bounded_percent(limit.share, limit.share_at_best),
    "interval": lambda limit, _: percent_range(limit.low, limit.high),
    "target": lambda limit, _: percent(limit.limit.target_share, None),
    "cases": lambda limit, _: f"{limit.measured:,}",
    "late": lambda limit, _: f"{limit.late + limit.open_overdue:,}",
    "open": lambda limit, _: f"{limit.open:,}",
    "spare": lambda limit, words: f"{spare_text(limit)} {unit_of(limit, words)}",
    "clock": lambda limit, language: clock_label(limit.rule, language),
    "P90": lambda limit, _: quantile_text(limit.quantiles[1], limit.unit),
}
"""Key of a column's heading → cell of a judgement."""


def judged_table(
    first: str,
    rows: Sequence[tuple[str | Cell, LimitJudgement]],
    keys: Sequence[str],
    labels: Labels,
    title: str = "",
    spare: Collection[str] = (),
) -> Table:
    """Return named judgements, with the columns of `JUDGED` that the keys name.

    The heading of the interval states the confidence if all limits share it.
    """
    language = labels.language
    levels = {limit.limit.confidence for _, limit in rows}
    headings = {key: say(key, language) for key in keys}
    if len(levels) == 1:
        headings["interval"] = f"{percent(levels.pop(), None)} {headings['interval']}"
    columns = (
        Column(headings[key], key not in {"verdict", "clock"}, spare=key in spare) for key in keys
    )
    cells: list[Row] = [
        (name, *(JUDGED[key](limit, language) for key in keys)) for name, limit in rows
    ]
    return Table((Column(first), *columns), tuple(cells), title)
