"""Commands that vary one scenario: its levers, its load, its values, its assumptions."""

from __future__ import annotations

import sys
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

import sim
from sim.cli.answer import answer
from sim.cli.messages import fail
from sim.cli.options import Common, ScenarioArgument, with_options

if TYPE_CHECKING:
    from sim.cli.options import Keywords
    from sim.results.finding import Finding


@with_options
def reforms(
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
            min=2, help="Number of pairs of orders to draw; default: all orders of up to 8 levers."
        ),
    ] = None,
    *,
    common: Common,
) -> None:
    """Say what each lever of the reform contributes, from serial counters to today's handling.

    In points on time, in days, and in staff time; step by step, and as the mean over all orders
    (Shapley values). All sets of levers meet the same cases.

    Example: `sim reforms yingkou/levers --add online --add commitment`
    """
    steps = None if order is None else [name.strip() for name in order.split(",")]
    answer(
        lambda keywords: sim.reforms(
            common.load(scenario),
            levers=lever,
            add=add or (),
            order=steps,
            pairs=pairs,
            **keywords,
        ),
        common,
    )


@with_options
def load_curve(
    scenario: ScenarioArgument,
    from_: Annotated[float, typer.Option("--from", help="Lowest load; 1 is the scenario.")] = 0.5,
    to: Annotated[float, typer.Option(help="Highest load.")] = 2.0,
    points: Annotated[int, typer.Option(min=2, max=100, help="Number of loads of the curve.")] = 7,
    precision: Annotated[
        float,
        typer.Option(help="The search ends when two loads are this close (relative distance)."),
    ] = 0.01,
    case_type: Annotated[
        str | None, typer.Option(metavar="NAME", help="Scale the arrivals of this case type only.")
    ] = None,
    *,
    common: Common,
) -> None:
    """Find the load at which each promise breaks, and the pool that breaks first.

    The arrivals are scaled from --from to --to times what the scenario says. Where a limit's
    on-time share falls below its target share, the load is searched for and shown with an
    interval.

    Example: `sim load-curve yingkou/base --case-type startup -n 20`.
    """

    def experiment(keywords: Keywords) -> Finding:
        try:
            return sim.load_curve(
                common.load(scenario),
                between=(from_, to),
                points=points,
                precision=precision,
                case_type=case_type,
                **keywords,
            )
        except sim.ScenarioError:
            raise
        except ValueError as error:
            fail(str(error))

    answer(experiment, common)


@wraps(load_curve)
def load(**options: Any) -> None:
    """Do what `sim load-curve` does, under its old name."""
    print("`sim load` is now called `sim load-curve`; the old name will go.", file=sys.stderr)
    load_curve(**options)


@with_options
def sweep(
    scenario: ScenarioArgument,
    vary: Annotated[
        list[str],
        typer.Option(
            metavar="PATH=VALUES",
            help="Values to try: a list 4,6,8, or a range 4..8, 1..9/2 (every second), "
            "10..30/5 wd. Several: all combinations.",
        ),
    ],
    *,
    common: Common,
) -> None:
    """Try every combination of some values on the same cases, and show where the limits hold.

    `sim sweep yingkou/base --vary staff.planners.count=3..6 --vary staff.window.count=7,8,9`

    --set and --with change the scenario before anything is varied.
    """

    def experiment(keywords: Keywords) -> Finding:
        from sim.experiments import Grid

        return sim.sweep(common.load(scenario), Grid.parse(vary), **keywords)

    answer(experiment, common)


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
    top: Annotated[
        int, typer.Option(min=1, help="sobol: number of parameters, the first of a screening.")
    ] = 5,
    trajectories: Annotated[
        int,
        typer.Option(min=2, help="morris: trajectories, each of one point more than parameters."),
    ] = 10,
    samples: Annotated[
        int,
        typer.Option(
            min=2, help="sobol: samples, a power of 2, each of two points more than parameters."
        ),
    ] = 64,
    *,
    common: Common,
) -> None:
    """Say which assumptions move the answer, and which can turn it round, at which value.

    `sim sensitivity yingkou/base`

    `sim sensitivity yingkou/base --method sobol --top 4`

    Varies every parameter for which the scenario states a range, always on the same cases.
    """
    if samples & (samples - 1):
        fail(f"--samples: {samples}: must be a power of 2, such as 64")
    answer(
        lambda keywords: sim.sensitivity(
            common.load(scenario),
            method=method,
            parameters=parameter,
            trajectories=trajectories,
            samples=samples,
            top=top,
            **keywords,
        ),
        common,
    )
