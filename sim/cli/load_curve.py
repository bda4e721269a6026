"""`sim load-curve`: the load at which each promise breaks."""

from __future__ import annotations

import sys
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any

import typer

import sim
from sim.cli.answer import answer
from sim.cli.messages import fail
from sim.cli.options import Common, ScenarioArgument, with_options
from sim.translation import tr

if TYPE_CHECKING:
    from sim.cli.options import Keywords
    from sim.results.finding import Finding


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
    print(tr("`sim load` is now called `sim load-curve`; the old name will go."), file=sys.stderr)
    load_curve(**options)
