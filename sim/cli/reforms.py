"""`sim reforms`: what each lever contributes on the way from serial counters to today."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.messages import EXIT_LIMIT_BROKEN, announce_compilation, messages, progress
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


def reforms(
    context: typer.Context,
    scenario: ScenarioArgument,
    lever: Annotated[
        list[str] | None,
        typer.Option(
            "--lever",
            metavar="NAME",
            help="Only this one (repeat for more): a switch of `handling`, or a named override of "
            "the scenario. Default: every switch that is on.",
        ),
    ] = None,
    add: Annotated[
        list[str] | None,
        typer.Option("--add", metavar="NAME", help="Also this one, which is off today."),
    ] = None,
    order: Annotated[
        str | None,
        typer.Option(metavar="A,B,C", help="Order of the steps; default: that of the model page."),
    ] = None,
    pairs: Annotated[
        int | None,
        typer.Option(
            min=2, help="Draw so many pairs of orders; default: all orders of up to 8 levers."
        ),
    ] = None,
    replications: ReplicationsOption = None,
    seed: SeedOption = None,
    set_: SetOption = None,
    with_: WithOption = None,
    json_: JsonOption = False,
    out: OutOption = None,
    format_: FormatOption = None,
    overwrite: OverwriteOption = False,
    report: ReportOption = None,
    lang: LanguageOption = Language.en,
    jobs: JobsOption = None,
    cluster: ClusterOption = None,
    store: StoreOption = None,
    engine: EngineOption = None,
) -> None:
    """Say what each lever of the reform contributes, from serial counters to today's handling.

    In points on time, in days, and in staff time; step by step, and as the mean over all orders
    (Shapley values). All sets of levers meet the same cases.

    Example: `sim reforms yingkou/levers --add online --add commitment`
    """
    with messages(store):
        loaded = load(scenario, with_, set_)
        output = Output(context, lang, json_, out, format_, overwrite, report, store)
        output.refuse_early()
        from sim.experiments import reforms as attribute

        announce_compilation()
        with progress() as tell:
            result = attribute(
                loaded,
                levers=lever,
                add=add or (),
                order=None if order is None else [name.strip() for name in order.split(",")],
                pairs=pairs,
                replications=replications,
                seed=seed,
                **how_of(jobs, cluster, store, engine, tell),
            )
        output.show(result)
        output.keep(result)
        if result.failed_checks:
            raise typer.Exit(EXIT_LIMIT_BROKEN)
