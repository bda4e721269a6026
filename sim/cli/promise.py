"""`sim promise`: the shortest promises that are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

import sim
from sim.cli.answer import answer
from sim.cli.messages import fail
from sim.cli.options import Common, ScenarioArgument, with_options

if TYPE_CHECKING:
    from sim.cli.options import Keywords
    from sim.results.finding import Finding


@with_options
def promise(
    scenario: ScenarioArgument,
    target: Annotated[
        list[float] | None,
        typer.Option(
            metavar="SHARE",
            help="Share of the cases that must keep a promise (repeat for more); default: 0.9, "
            "0.95 and 0.99.",
        ),
    ] = None,
    clock: Annotated[
        str,
        typer.Option(
            metavar="CLOCK",
            help="Clock of case types, stages and matters; a limit is counted on its own.",
        ),
    ] = "promised",
    confidence: Annotated[
        float, typer.Option(help="Confidence of each interval by itself.")
    ] = 0.95,
    *,
    common: Common,
) -> None:
    """Find the shortest promises that are kept: of limits, stages and matters, and together.

    `sim promise yingkou/base -n 40`

    `sim promise yingkou/base --target 0.95 --clock statutory`
    """

    def experiment(keywords: Keywords) -> Finding:
        from sim.experiments.promise.find import TARGETS

        try:
            return sim.promise(
                common.load(scenario),
                target or TARGETS,
                clock=clock,
                confidence=confidence,
                **keywords,
            )
        except sim.ScenarioError:
            raise
        except ValueError as error:
            fail(str(error))

    answer(experiment, common)
