"""`sim run`: simulate a scenario, and tell whether every promise holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

import sim
from sim import bounds
from sim.cli.answer import answer
from sim.cli.messages import Bar, fail, messages, written
from sim.cli.options import BESIDE_THE_RESULT, Common, ScenarioArgument, with_options
from sim.translation import tr

if TYPE_CHECKING:
    from sim.cli.options import Keywords
    from sim.experiments import Keep, Result

Until = Literal["decided"] | float | None


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """The options of `sim run` alone."""

    until: Annotated[
        str | None,
        typer.Option(
            metavar="decided|PRECISION",
            help="Replicate until every verdict is decided (the default without -n), or every "
            "on-time share is known to ±PRECISION (0.01 is one point).",
        ),
    ] = None
    max_replications: Annotated[
        int,
        typer.Option(
            min=2,
            max=bounds.REPLICATIONS,
            help="Most replications of a run that goes on until it is decided.",
        ),
    ] = bounds.BUDGET
    window: Annotated[
        str | None,
        typer.Option(metavar="FROM..TO", help="Measure the cases that arrive on these dates."),
    ] = None
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            metavar="ATTRIBUTE",
            help="Also show results and a ranking by this attribute: zone.",
        ),
    ] = None
    uncertain: Annotated[
        bool,
        typer.Option(
            "--uncertain",
            help="Draw every input with a range anew for each replication, and judge under that "
            "doubt.",
        ),
    ] = False
    all_items: Annotated[
        bool,
        typer.Option(help="Write the steps of all replications, not of the first alone."),
        BESIDE_THE_RESULT,
    ] = False
    events: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR|FILE",
            help="Also write the cases as an event log: a folder of exchange tables, or a file "
            "that ends in .xes, .csv (also .gz) or .parquet.",
        ),
        BESIDE_THE_RESULT,
    ] = None
    all_events: Annotated[
        bool,
        typer.Option(help="Write the events of all replications, not of the first alone."),
        BESIDE_THE_RESULT,
    ] = False
    check: Annotated[
        bool,
        typer.Option("--check", help="Exit with 1 unless every limit holds."),
        BESIDE_THE_RESULT,
    ] = False
    trace: Annotated[bool, typer.Option("--trace", help="Print the life of one case instead.")] = (
        False
    )
    case: Annotated[
        str | None,
        typer.Option(
            metavar="CASE",
            help="The case that --trace prints: its number, or its name in the backlog; default: "
            "the first measured.",
        ),
    ] = None

    def settings(self) -> list[str]:
        """Return the settings of the scenario for --window and --by."""
        return [*_window_settings(self.window), *_by_settings(self.by)]


@with_options
def run(scenario: ScenarioArgument, options: RunOptions, common: Common) -> None:
    """Simulate a scenario and say whether every promise holds."""
    if options.trace or options.case is not None:
        _trace(scenario, options, common)
        return
    if options.all_items and common.out is None:
        fail(tr("--all-items needs --out DIR"))
    if options.until is not None and common.replications is not None:
        fail(tr("--until and -n/--replications: give one of them; --max-replications ends --until"))
    if options.uncertain and options.until is not None:
        fail(tr("--uncertain and --until: give -n, the number of draws of the inputs"))
    until = _until(options.until)
    _refuse_events(options, common)

    def experiment(keywords: Keywords) -> Result:
        result = sim.run(
            common.load(scenario, *options.settings()),
            until=until,
            max_replications=options.max_replications,
            on_look=_told_beside(keywords["progress"]),
            keep=_kept(options, common),
            uncertain=options.uncertain,
            **keywords,
        )
        _write_events(result, options, common)
        return result

    answer(
        experiment,
        common,
        note=lambda result: _where_it_ended(result, until, common),
        passes=lambda result: result.all_hold or not options.check,
    )


def _refuse_events(options: RunOptions, common: Common) -> None:
    """Fail before the work if the events could not be written."""
    if options.events is None:
        if options.all_events:
            fail(tr("--all-events needs --events DIR|FILE"))
        return
    from sim.records.writing import writing_refusal

    reason = writing_refusal(options.events, overwrite=common.overwrite)
    if reason is not None:
        fail(f"--events: {reason}")


def _write_events(result: Result, options: RunOptions, common: Common) -> None:
    if options.events is None:
        return
    from sim.records.writing import write_register

    every = [summary.number for summary in result.summaries] if options.all_events else None
    write_register(result.events(every), options.events, overwrite=common.overwrite)
    written(options.events, common.lang)


def _kept(options: RunOptions, common: Common) -> Keep:
    """Return how much of each replication the result keeps for --out."""
    if common.out is None:
        return "summary"
    return "items" if options.all_items else "cases"


def _window_settings(window: str | None) -> list[str]:
    if window is None:
        return []
    first, dots, last = window.partition("..")
    if not dots or not first.strip() or not last.strip():
        fail(
            tr(
                "--window: '{window}': must be FROM..TO, such as 2021-03-01..2021-06-30",
                window=window,
            )
        )
    return [f"period.window={{from: {first.strip()}, to: {last.strip()}}}"]


def _by_settings(by: list[str] | None) -> list[str]:
    import json

    return [] if by is None else [f"report.by={json.dumps(by, ensure_ascii=False)}"]


def _until(text: str | None) -> Until:
    if text is None:
        return None
    if text == "decided":
        return "decided"
    try:
        precision = float(text)
    except ValueError:
        precision = 0.0
    if not 0 < precision < 0.5:
        fail(
            tr(
                "--until: '{text}': must be 'decided', or a precision above 0 and below 0.5",
                text=text,
            )
        )
    return precision


def _told_beside(bar: object) -> Callable[[Result], None] | None:
    """Return what shows the verdicts so far beside the bar; None without one."""

    def show(result: Result) -> None:
        from sim.report.lines import standing

        if isinstance(bar, Bar):
            bar.say(standing(result.verdicts))

    return show if isinstance(bar, Bar) else None


def _where_it_ended(result: Result, until: Until, common: Common) -> str | None:
    """Return a line if a run reached its maximum before it was settled."""
    from sim.experiments.run import decides, settled
    from sim.report.words import say

    if result.inputs:
        return None
    if until is None and decides(result.scenario, common.replications):
        until = "decided"
    if until is None or result.interrupted or settled(result, until):
        return None
    return say("most_reached", common.lang, count=result.replications)


def _trace(scenario: str, options: RunOptions, common: Common) -> None:
    """Print the life of one case."""
    with messages():
        loaded = common.load(scenario, *options.settings())
        from sim.experiments.case_life.life import traced_case
        from sim.report.case_life.report import case_events_report
        from sim.report.terminal import show

        show(case_events_report(traced_case(loaded, options.case, common.seed), common.lang))
