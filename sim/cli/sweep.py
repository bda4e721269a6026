"""`sim sweep`: every combination of some values."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.messages import (
    EXIT_INTERRUPTED,
    announce_compilation,
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


def sweep(
    context: typer.Context,
    scenario: ScenarioArgument,
    vary: Annotated[
        list[str],
        typer.Option(
            metavar="PATH=VALUES",
            help="Values to try: a list 4,6,8, or a range 4..8, 1..9/2 (every second), "
            "10..30/5 wd. Several: all combinations.",
        ),
    ],
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
    """Try every combination of some values on the same cases, and show where the limits hold.

    `sim sweep yingkou/base --vary staff.planners.count=3..6 --vary staff.window.count=7,8,9`

    --set and --with change the scenario before anything is varied.
    """
    with messages(store):
        loaded = load(scenario, with_, set_)
        output = Output(context, lang, json_, out, format_, overwrite, report, store)
        output.refuse_early()
        from sim.experiments import Grid
        from sim.experiments import sweep as run_sweep

        announce_compilation()
        with progress() as tell:
            found = run_sweep(
                loaded,
                Grid.parse(vary),
                replications=replications,
                seed=seed,
                **how_of(jobs, cluster, store, engine, tell),
            )
        output.show(found)
        output.keep(found)
        if found.interrupted:
            tell_how_to_go_on(store)
            raise typer.Exit(EXIT_INTERRUPTED)
