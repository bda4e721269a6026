"""`sim compare`: differences between scenarios on the same cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

import sim
from sim.cli.answer import answer
from sim.cli.messages import fail
from sim.cli.options import Common, with_options
from sim.translation import tr

if TYPE_CHECKING:
    from sim.scenario import Problem, Scenario


@with_options
def compare(
    scenarios: Annotated[
        list[str],
        typer.Argument(
            metavar="SCENARIO…",
            help="Scenario files or library names; the first is what the others are compared with.",
        ),
    ],
    variant: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[NAME:] CHANGE; …",
            help="Compare also with the first scenario changed: each CHANGE is PATH=VALUE, or the "
            "name of an override.",
        ),
    ] = None,
    confidence: Annotated[
        float, typer.Option(help="Confidence with which all differences of a kind hold together.")
    ] = 0.95,
    *,
    common: Common,
) -> None:
    """Compare scenarios on the same cases, and say which differences are proven.

    `sim compare yingkou/base yingkou/lean`

    `sim compare yingkou/base --variant "two more planners: staff.planners.count=7"`

    --set and --with change all scenarios. All meet the same random numbers: chance that affects all
    alike cancels out.
    """
    if not 0 < confidence < 1:
        fail(
            tr(
                "--confidence: {confidence}: must lie between 0 and 1, such as 0.95",
                confidence=confidence,
            )
        )
    answer(
        lambda keywords: sim.compare(
            _load_all(scenarios, variant or (), common), confidence=confidence, **keywords
        ),
        common,
    )


def _load_all(
    references: Sequence[str], variants: Sequence[str], common: Common
) -> Mapping[str, Scenario]:
    """Load the scenarios to compare; raise the mistakes of all of them together."""
    from sim.scenario import Mistakes, Problem, ScenarioError, shorten, vary

    mistakes = Mistakes()
    loaded: dict[str, Scenario] = {}
    names = [*references, *(_parts(text)[0] for text in variants)]
    for name in {name: None for name in names if names.count(name) > 1}:
        mistakes.add(
            [Problem(tr("'{name}' is named twice; give each a name of its own", name=name))]
        )
    if len(names) < 2:
        mistakes.add(
            [Problem(tr("nothing to compare with: name a second scenario, or a --variant"))]
        )
    for name in references:
        try:
            loaded[name] = common.load(name)
        except ScenarioError as error:
            mistakes.add(_located(name, problem) for problem in error.problems)
    for text in variants if references[0] in loaded else ():
        name, overrides, settings = _parts(text)
        if not overrides and not settings:
            rule = tr("changes nothing: give PATH=VALUE, or the NAME of an override")
            mistakes.add([Problem(rule, f"--variant {shorten(text)}")])
            continue
        try:
            first = loaded[references[0]]
            loaded[name] = vary(first, overrides=overrides, settings=settings)
        except ScenarioError as error:
            mistakes.add(_located(f"--variant {name}", problem) for problem in error.problems)
    mistakes.tell()
    return loaded


def _located(name: str, problem: Problem) -> Problem:
    """Return the problem with the name of its scenario, unless its place names it."""
    if problem.line is not None or problem.file == name:
        return problem
    return replace(problem, file=f"{name}: {problem.file}")


def _parts(text: str) -> tuple[str, list[str], list[str]]:
    """Split `name: change; change` into the name, overrides and settings.

    Without a name, the changes are the name: a colon after the first `=` belongs to a value.
    """
    before, colon, after = text.partition(":")
    named = bool(colon) and "=" not in before
    changes = [change.strip() for change in (after if named else text).split(";")]
    changes = [change for change in changes if change]
    return (
        before.strip() if named else text.strip(),
        [change for change in changes if "=" not in change],
        [change for change in changes if "=" in change],
    )
