"""`sim reforms`: the contribution of each lever."""

from __future__ import annotations

from typing import Annotated

import typer

import sim
from sim import bounds
from sim.cli.answer import answer
from sim.cli.options import Common, ScenarioArgument, with_options


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
            min=2,
            max=bounds.PAIRS,
            help="Number of pairs of orders to draw; default: all orders of up to 8 levers.",
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
