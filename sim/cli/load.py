"""`sim load`: how much load the promises bear."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.messages import (
    announce_compilation,
    fail,
    messages,
    progress,
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
)
from sim.cli.options import load as load_scenario
from sim.cli.output import Output


def load(
    context: typer.Context,
    scenario: ScenarioArgument,
    from_: Annotated[float, typer.Option("--from", help="Lowest load; 1 is the scenario.")] = 0.5,
    to: Annotated[float, typer.Option(help="Highest load.")] = 2.0,
    points: Annotated[int, typer.Option(min=2, max=100, help="Loads of the curve.")] = 7,
    precision: Annotated[
        float, typer.Option(help="Relative distance of two loads at which the search ends.")
    ] = 0.01,
    case_type: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Scale the arrivals of this case type only."),
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
    """Find the load at which each promise breaks, and the pool that breaks first.

    The arrivals are scaled from --from to --to times what the scenario says. Where a limit's
    on-time share falls below its target share, the load is searched for; it is told with an
    interval. Example: `sim load yingkou/base --case-type startup -n 20`.
    """
    with messages(store):
        loaded = load_scenario(scenario, with_, set_)
        output = Output(context, lang, json_, out, format_, overwrite, report, store)
        output.refuse_early()
        from sim.experiments import load_curve
        from sim.scenario import ScenarioError

        announce_compilation()
        try:
            with progress() as tell:
                curve = load_curve(
                    loaded,
                    between=(from_, to),
                    points=points,
                    precision=precision,
                    case_type=case_type,
                    replications=replications,
                    seed=seed,
                    **how_of(jobs, cluster, store, engine, tell),
                )
        except ScenarioError:
            raise
        except ValueError as error:
            fail(str(error))
        output.show(curve)
        output.keep(curve)
