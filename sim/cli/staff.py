"""`sim staff`: the fewest officers, and where, that keep every promise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

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

Value = TypeVar("Value")


def staff(
    context: typer.Context,
    scenario: ScenarioArgument,
    group: Annotated[
        list[str] | None,
        typer.Option(
            "--group",
            metavar="NAME",
            help="A roster group whose number is looked for; the others stay as they are. Default: "
            "all that a limit's cases wait for.",
        ),
    ] = None,
    least: Annotated[
        list[str] | None,
        typer.Option("--min", metavar="GROUP=N", help="At least so many: planners=2."),
    ] = None,
    most: Annotated[
        list[str] | None,
        typer.Option("--max", metavar="GROUP=N", help="At most so many: planners=5."),
    ] = None,
    cost: Annotated[
        list[str] | None,
        typer.Option("--cost", metavar="GROUP=C", help="Cost of one officer; default: 1."),
    ] = None,
    cap: Annotated[
        int | None,
        typer.Option(
            min=0,
            metavar="N",
            help="Officers in all these groups together, at most (员额总控). If they are too few: "
            "the best that they reach.",
        ),
    ] = None,
    wait: Annotated[
        list[str] | None,
        typer.Option(
            "--wait",
            metavar="POOL=TIME",
            help="Also required: mean wait at most, round the clock: general_window=20min.",
        ),
    ] = None,
    busy: Annotated[
        float,
        typer.Option(
            metavar="SHARE",
            help="The share of its rostered time that a group may be busy, above 0, up to 1.",
        ),
    ] = 1.0,
    replications: Annotated[
        int | None,
        typer.Option(
            "--replications",
            "-n",
            min=1,
            help="Of a plan that gets as far as the last look, and of its first confirmation; "
            "default: 40.",
        ),
    ] = None,
    seed: SeedOption = None,
    set_: SetOption = None,
    with_: WithOption = None,
    json_: JsonOption = False,
    out: OutOption = None,
    format_: FormatOption = None,
    overwrite: OverwriteOption = False,
    report: ReportOption = None,
    check: Annotated[
        bool, typer.Option("--check", help="Exit with 1 unless a plan was found and confirmed.")
    ] = False,
    lang: LanguageOption = Language.en,
    jobs: JobsOption = None,
    cluster: ClusterOption = None,
    store: StoreOption = None,
    engine: EngineOption = None,
) -> None:
    """Find the fewest officers, and where, that keep every promise.

    Beside every limit, each group must keep up with its work. The plan is confirmed on random
    numbers that the search has not seen.

    Example: sim staff yingkou/base --cap 30 --max planning_leader=1
    """
    with messages():
        loaded = load(scenario, with_, set_)
        output = Output(context, lang, json_, out, format_, overwrite, report, store)
        output.refuse_early()
        if not 0 < busy <= 1:
            fail(f"--busy: {busy:g}: must lie above 0 and be at most 1")
        bounds = {
            "least": _pairs("--min", least, _count),
            "most": _pairs("--max", most, _count),
        }
        costs = _pairs("--cost", cost, float)
        waits = _pairs("--wait", wait, _hours)
        from sim.experiments import staff as search

        announce_compilation()
        try:
            with progress() as tell:
                result = search(
                    loaded,
                    groups=group,
                    **bounds,
                    cost=costs,
                    cap=cap,
                    waits=waits,
                    busy=busy,
                    replications=replications,
                    seed=seed,
                    **how_of(jobs, cluster, store, engine, tell),
                )
        except KeyboardInterrupt:
            tell_how_to_go_on(store)
            raise typer.Exit(EXIT_INTERRUPTED) from None
        output.show(result)
        output.keep(result)
        if check and result.outcome != "found":
            raise typer.Exit(EXIT_LIMIT_BROKEN)


def _pairs(option: str, texts: list[str] | None, read: Callable[[str], Value]) -> dict[str, Value]:
    """Read NAME=VALUE texts."""
    found = {}
    for text in texts or ():
        name, equals, value = text.rpartition("=")
        try:
            if not equals or not name.strip():
                raise ValueError("must be NAME=VALUE")
            found[name.strip()] = read(value.strip())
        except ValueError as error:
            fail(f"{option}: '{text}': {error}")
    return found


def _count(text: str) -> int:
    if not text.isdecimal():
        raise ValueError("must be a whole number, such as planners=2")
    return int(text)


def _hours(text: str) -> float:
    from sim.scenario.schema.quantities import Duration

    duration = Duration.parse(text)
    if duration.unit == "wd":
        raise ValueError("a wait is measured round the clock: give s, min, h or cd")
    return duration.seconds / 3600
