"""`sim sweep`: every combination of some values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

import sim
from sim.cli.answer import answer
from sim.cli.options import Common, ScenarioArgument, with_options

if TYPE_CHECKING:
    from sim.cli.options import Keywords
    from sim.results.finding import Finding


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
