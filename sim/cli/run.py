"""`sim run`: simulate a scenario, and say whether every promise holds."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sim.cli.messages import (
    EXIT_INTERRUPTED,
    EXIT_LIMIT_BROKEN,
    announce_compilation,
    fail,
    messages,
    progress,
    tell_how_to_go_on,
)
from sim.cli.options import (
    ClusterOption,
    EngineOption,
    FormatOption,
    JobsOption,
    JsonOption,
    Language,
    LanguageOption,
    OutOption,
    OverwriteOption,
    ReplicationsOption,
    ReportOption,
    ScenarioArgument,
    SeedOption,
    SetOption,
    StoreOption,
    WithOption,
    how_of,
    load,
)
from sim.cli.output import Output

if TYPE_CHECKING:
    from sim.experiments import Keep, Result
    from sim.scenario import Scenario


def run(
    context: typer.Context,
    scenario: ScenarioArgument,
    replications: ReplicationsOption = None,
    seed: SeedOption = None,
    until: Annotated[
        str | None,
        typer.Option(
            metavar="decided|PRECISION",
            help="Replicate until every verdict is decided, or every on-time share is known to "
            "±PRECISION (0.01 is one point).",
        ),
    ] = None,
    max_replications: Annotated[
        int, typer.Option(min=2, help="Where a run with --until ends at the latest.")
    ] = 1000,
    window: Annotated[
        str | None,
        typer.Option(metavar="FROM..TO", help="Measure the cases that arrive on these dates."),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by", metavar="ATTRIBUTE", help="Also results and a ranking by attribute: zone."
        ),
    ] = None,
    set_: SetOption = None,
    with_: WithOption = None,
    json_: JsonOption = False,
    out: OutOption = None,
    format_: FormatOption = None,
    overwrite: OverwriteOption = False,
    report: ReportOption = None,
    all_items: Annotated[
        bool, typer.Option(help="Write the steps of all replications, not of the first alone.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Exit with 1 unless every limit holds.")
    ] = False,
    trace: Annotated[
        bool, typer.Option("--trace", help="Tell the life of one case instead.")
    ] = False,
    case: Annotated[
        str | None,
        typer.Option(
            metavar="CASE",
            help="Which case --trace tells: its number, or its name in the backlog; default: the "
            "first measured.",
        ),
    ] = None,
    lang: LanguageOption = Language.en,
    jobs: JobsOption = None,
    cluster: ClusterOption = None,
    store: StoreOption = None,
    engine: EngineOption = None,
) -> None:
    """Simulate a scenario and say whether every promise holds."""
    with messages():
        loaded = load(
            scenario, with_, [*(set_ or []), *_window_settings(window), *_by_settings(by)]
        )
        if trace or case is not None:
            _trace(loaded, seed, case, lang)
            return
        output = Output(context, lang, json_, out, format_, overwrite, report, store)
        output.refuse_early()
        if all_items and out is None:
            fail("--all-items needs --out DIR")
        if until is not None and replications is not None:
            fail("--until and -n/--replications: give one of them; --max-replications ends --until")
        from sim.experiments import run as simulate

        keep: Keep = "summary" if out is None else ("items" if all_items else "cases")
        announce_compilation()
        with progress() as tell:
            result = simulate(
                loaded,
                replications=replications,
                seed=seed,
                until=_until(until),
                max_replications=max_replications,
                keep=keep,
                **how_of(jobs, cluster, store, engine, tell),
            )
        output.show(result)
        _tell_where_it_ended(result, _until(until), lang)
        output.keep(result)
        if result.interrupted:
            tell_how_to_go_on(store)
            raise typer.Exit(EXIT_INTERRUPTED)
        if not all(each.ok for each in result.checks) or (check and not result.all_hold):
            raise typer.Exit(EXIT_LIMIT_BROKEN)


def _window_settings(window: str | None) -> list[str]:
    if window is None:
        return []
    first, dots, last = window.partition("..")
    if not dots or not first.strip() or not last.strip():
        fail(f"--window: '{window}': must be FROM..TO, such as 2021-03-01..2021-06-30")
    return [f"period.window={{from: {first.strip()}, to: {last.strip()}}}"]


def _by_settings(by: list[str] | None) -> list[str]:
    import json

    return [] if by is None else [f"report.by={json.dumps(by, ensure_ascii=False)}"]


def _until(text: str | None) -> Literal["decided"] | float | None:
    if text is None:
        return None
    if text == "decided":
        return "decided"
    try:
        precision = float(text)
    except ValueError:
        precision = 0.0
    if not 0 < precision < 0.5:
        fail(f"--until: '{text}': must be 'decided', or a precision above 0 and below 0.5")
    return precision


def _tell_where_it_ended(
    result: Result, until: Literal["decided"] | float | None, lang: Language
) -> None:
    """Say that a run with --until ended at its maximum, and not because it was settled."""
    from sim.experiments.run import settled
    from sim.report.words import say

    if until is not None and not result.interrupted and not settled(result, until):
        print(say("most_reached", lang.value, count=result.replications), file=sys.stderr)


def _trace(loaded: Scenario, seed: int | None, case: str | None, lang: Language) -> None:
    from sim.experiments.case_life.life import traced_case
    from sim.report.case_life.report import case_events_report
    from sim.report.terminal import show as print_text

    print_text(case_events_report(traced_case(loaded, case, seed), lang.value))
