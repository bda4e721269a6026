"""`sim compare`: what one scenario does better than another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

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
    SeedOption,
    SetOption,
    StoreOption,
    WithOption,
    how_of,
    load,
)
from sim.cli.output import Output

if TYPE_CHECKING:
    from sim.scenario import Problem, Scenario


def compare(
    context: typer.Context,
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
    replications: ReplicationsOption = None,
    seed: SeedOption = None,
    confidence: Annotated[
        float, typer.Option(help="With which all differences of a kind hold together.")
    ] = 0.95,
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
    """Compare scenarios on the same cases, and say which differences are proven.

    `sim compare yingkou/base yingkou/lean`

    `sim compare yingkou/base --variant "two more planners: staff.planners.count=7"`

    --set and --with change all scenarios. Luck that hits all alike cancels out.
    """
    with messages(store):
        if not 0 < confidence < 1:
            fail(f"--confidence: {confidence}: must lie between 0 and 1, such as 0.95")
        loaded = _load_all(scenarios, variant or (), with_, set_)
        output = Output(context, lang, json_, out, format_, overwrite, report, store)
        output.refuse_early()
        from sim.experiments import compare as run_comparison

        announce_compilation()
        with progress() as tell:
            found = run_comparison(
                loaded,
                replications=replications,
                seed=seed,
                confidence=confidence,
                **how_of(jobs, cluster, store, engine, tell),
            )
        output.show(found)
        output.keep(found)


def _load_all(
    references: Sequence[str],
    variants: Sequence[str],
    with_: list[str] | None,
    set_: list[str] | None,
) -> Mapping[str, Scenario]:
    """Load what is compared, and tell the mistakes of all together."""
    from sim.scenario import Mistakes, Problem, ScenarioError, vary

    mistakes = Mistakes()
    loaded: dict[str, Scenario] = {}
    names = [*references, *(_parts(text)[0] for text in variants)]
    for name in {name: None for name in names if names.count(name) > 1}:
        mistakes.add([Problem(f"'{name}' is named twice; give each a name of its own")])
    if len(names) < 2:
        mistakes.add([Problem("nothing to compare with: name a second scenario, or a --variant")])
    for name in references:
        try:
            loaded[name] = load(name, with_, set_)
        except ScenarioError as error:
            mistakes.add(_of(name, problem) for problem in error.problems)
    for text in variants if references[0] in loaded else ():
        name, overrides, settings = _parts(text)
        try:
            first = loaded[references[0]]
            loaded[name] = vary(first, overrides=overrides, settings=settings)
        except ScenarioError as error:
            mistakes.add(_of(f"--variant {name}", problem) for problem in error.problems)
    mistakes.tell()
    return loaded


def _of(name: str, problem: Problem) -> Problem:
    """Say which scenario is meant, where the place does not."""
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
