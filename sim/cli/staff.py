"""`sim staff`: the fewest officers, and where, that keep every promise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar

import typer

import sim
from sim import bounds
from sim.cli.answer import answer
from sim.cli.messages import fail
from sim.cli.options import BESIDE_THE_RESULT, Common, ScenarioArgument, with_options
from sim.translation import tr

Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True)
class StaffOptions:
    """The options of `sim staff` alone."""

    group: Annotated[
        list[str] | None,
        typer.Option(
            "--group",
            metavar="NAME",
            help="A roster group whose number of officers is searched; the others stay as they "
            "are. Default: all that a limit's cases wait for.",
        ),
    ] = None
    least: Annotated[
        list[str] | None,
        typer.Option("--min", metavar="GROUP=N", help="At least N officers: planners=2."),
    ] = None
    most: Annotated[
        list[str] | None,
        typer.Option("--max", metavar="GROUP=N", help="At most N officers: planners=5."),
    ] = None
    cost: Annotated[
        list[str] | None,
        typer.Option(
            "--cost",
            metavar="GROUP=C",
            help="Cost of one officer; default: that of the scenario, else 1.",
        ),
    ] = None
    cap: Annotated[
        int | None,
        typer.Option(
            min=0,
            metavar="N",
            help="At most N officers in all these groups together (员额总控). If they are too few: "
            "the best that they reach.",
        ),
    ] = None
    wait: Annotated[
        list[str] | None,
        typer.Option(
            "--wait",
            metavar="POOL=TIME",
            help="Also required: mean wait of at most TIME, round the clock: general_window=20min.",
        ),
    ] = None
    busy: Annotated[
        float,
        typer.Option(
            metavar="SHARE",
            help="The share of its rostered time that a group may be busy, above 0, up to 1.",
        ),
    ] = 1.0
    check: Annotated[
        bool,
        typer.Option("--check", help="Exit with 1 unless a plan was found and confirmed."),
        BESIDE_THE_RESULT,
    ] = False


@dataclass(frozen=True, kw_only=True)
class StaffCommon(Common):
    """The common options; --replications counts those of one plan."""

    replications: Annotated[
        int | None,
        typer.Option(
            "--replications",
            "-n",
            min=1,
            max=bounds.REPLICATIONS,
            help="Number of replications of a plan that reaches the last look, and of its first "
            "confirmation; default: 40.",
        ),
    ] = None


@with_options
def staff(scenario: ScenarioArgument, search: StaffOptions, common: StaffCommon) -> None:
    """Find the fewest officers, and where, that keep every promise.

    Beside every limit, each group must keep up with its work. The plan is confirmed on random
    numbers that the search has not seen.

    Example: sim staff yingkou/base --cap 30 --max planning_leader=1
    """
    if not 0 < search.busy <= 1:
        fail(tr("--busy: {busy:g}: must lie above 0 and be at most 1", busy=search.busy))
    least = _pairs("--min", search.least, _count)
    most = _pairs("--max", search.most, _count)
    cost = _pairs("--cost", search.cost, float)
    waits = _pairs("--wait", search.wait, _hours)
    answer(
        lambda keywords: sim.staff(
            common.load(scenario),
            groups=search.group,
            least=least,
            most=most,
            cost=cost,
            cap=search.cap,
            waits=waits,
            busy=search.busy,
            **keywords,
        ),
        common,
        passes=lambda plan: plan.outcome == "found" or not search.check,
    )


def _pairs(option: str, texts: list[str] | None, read: Callable[[str], Value]) -> dict[str, Value]:
    """Read NAME=VALUE texts."""
    pairs = {}
    for text in texts or ():
        name, equals, value = text.rpartition("=")
        try:
            if not equals or not name.strip():
                raise ValueError(tr("must be NAME=VALUE"))
            pairs[name.strip()] = read(value.strip())
        except ValueError as error:
            fail(f"{option}: '{text}': {error}")
    return pairs


def _count(text: str) -> int:
    if not text.isdecimal():
        raise ValueError(tr("must be a whole number, such as planners=2"))
    return int(text)


def _hours(text: str) -> float:
    from sim.scenario.schema.quantities import Duration

    duration = Duration.parse(text)
    if duration.unit == "wd":
        raise ValueError(tr("a wait is measured round the clock: give s, min, h or cd"))
    return duration.seconds / 3600
