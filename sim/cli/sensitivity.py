"""`sim sensitivity`: which assumption moves the answer, and which can turn it round."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from sim.cli.messages import announce_compilation, fail, messages, progress
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


class MethodName(StrEnum):
    """How the parameters are varied."""

    oat = "oat"
    morris = "morris"
    sobol = "sobol"


def sensitivity(
    context: typer.Context,
    scenario: ScenarioArgument,
    method: Annotated[
        MethodName,
        typer.Option(
            help="One at a time, with the values at which a verdict turns; screening all over the "
            "ranges (Morris); shares of the variance (Sobol)."
        ),
    ] = MethodName.oat,
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "--parameter",
            metavar="PATH",
            help="Vary this one (repeat for more); default: all that have a range.",
        ),
    ] = None,
    top: Annotated[
        int, typer.Option(min=1, help="sobol: so many parameters, the first of a screening.")
    ] = 5,
    trajectories: Annotated[
        int, typer.Option(min=2, help="morris: each has one point more than parameters.")
    ] = 10,
    samples: Annotated[
        int,
        typer.Option(min=2, help="sobol: a power of 2; each has two points more than parameters."),
    ] = 64,
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
    """Say which assumptions move the answer, and which can turn it round, at which value.

    `sim sensitivity yingkou/base`

    `sim sensitivity yingkou/base --method sobol --top 4`

    Varies every parameter for which the scenario states a range, always on the same cases.
    """
    with messages(store):
        if samples & (samples - 1):
            fail(f"--samples: {samples}: must be a power of 2, such as 64")
        loaded = load(scenario, with_, set_)
        output = Output(context, lang, json_, out, format_, overwrite, report, store)
        output.refuse_early()
        from sim.experiments import sensitivity as analyse

        announce_compilation()
        with progress() as tell:
            found = analyse(
                loaded,
                method=method.value,
                parameters=parameter,
                replications=replications,
                seed=seed,
                trajectories=trajectories,
                samples=samples,
                top=top,
                **how_of(jobs, cluster, store, engine, tell),
            )
        output.show(found)
        output.keep(found)
