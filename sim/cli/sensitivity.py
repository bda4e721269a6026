"""`sim sensitivity`: the assumptions that change the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import typer

import sim
from sim import bounds
from sim.cli.answer import answer
from sim.cli.messages import fail
from sim.cli.options import Common, ScenarioArgument, with_options
from sim.translation import tr


@dataclass(frozen=True, kw_only=True)
class Design:
    """How many points of the ranges are tried."""

    top: Annotated[
        int,
        typer.Option(
            min=1,
            max=bounds.PARAMETERS,
            help="sobol: number of parameters, the first of a screening.",
        ),
    ] = 5
    trajectories: Annotated[
        int,
        typer.Option(
            min=2,
            max=bounds.TRAJECTORIES,
            help="morris: trajectories, each of one point more than parameters.",
        ),
    ] = 10
    samples: Annotated[
        int,
        typer.Option(
            min=2,
            max=bounds.SAMPLES,
            help="sobol: samples, a power of 2, each of two points more than parameters.",
        ),
    ] = 64


@with_options
def sensitivity(
    scenario: ScenarioArgument,
    method: Annotated[
        Literal["oat", "morris", "sobol"],
        typer.Option(
            help="One at a time, with the values at which a verdict turns; screening all over the "
            "ranges (Morris); shares of the variance (Sobol)."
        ),
    ] = "oat",
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "--parameter",
            metavar="PATH",
            help="Vary this one (repeat for more); default: all that have a range.",
        ),
    ] = None,
    *,
    design: Design,
    common: Common,
) -> None:
    """Say which assumptions move the answer, and which can turn it round, at which value.

    `sim sensitivity yingkou/base`

    `sim sensitivity yingkou/base --method sobol --top 4`

    Varies every parameter for which the scenario states a range, always on the same cases.
    """
    if design.samples & (design.samples - 1):
        fail(tr("--samples: {samples}: must be a power of 2, such as 64", samples=design.samples))
    answer(
        lambda keywords: sim.sensitivity(
            common.load(scenario),
            method=method,
            parameters=parameter,
            trajectories=design.trajectories,
            samples=design.samples,
            top=design.top,
            **keywords,
        ),
        common,
    )
