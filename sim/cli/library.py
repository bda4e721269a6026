"""Commands that look at scenarios without running them."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from sim.cli.messages import EXIT_BAD_INPUT, messages
from sim.cli.options import Changes, LanguageOption, ScenarioArgument, with_options


@with_options
def check(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE…", help="Scenario files or library names.")
    ],
    changes: Changes,
) -> None:
    """Check scenario files, and list everything that is wrong."""
    from sim.scenario import ScenarioError

    failed = False
    for file in files:
        try:
            notes = _usable(file, changes)
        except ScenarioError as error:
            failed = True
            for problem in error.problems:
                print(problem, file=sys.stderr)
        else:
            print(f"{file}: ok")
            for note in notes:
                print(f"{file}: note: {note}")
    if failed:
        raise typer.Exit(EXIT_BAD_INPUT)


@with_options
def show(
    scenario: ScenarioArgument,
    changes: Changes,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="The parameters alone, as a Markdown page.")
    ] = False,
    lang: LanguageOption = "en",
) -> None:
    """Show the process of a scenario, and every parameter with its source."""
    with messages():
        loaded = changes.load(scenario)
        from sim.report.scenario.describe import parameters_markdown, scenario_text

        if markdown:
            sys.stdout.write(parameters_markdown(loaded))
            return
        from sim.report.terminal import show as print_text

        print_text(scenario_text(loaded, lang))


def schema() -> None:
    """Print the JSON schema of scenario files, for editors."""
    import json

    from sim.scenario import json_schema

    print(json.dumps(json_schema(), ensure_ascii=False, indent=2))


def list_(lang: LanguageOption = "en") -> None:
    """List the scenarios of the library: name, title, and overrides for --with."""
    from sim.report.scenario.describe import library_table
    from sim.report.terminal import show as print_text

    print_text(library_table(lang))


def _usable(file: str, changes: Changes) -> list[str]:
    """Load a scenario, build all that a run needs, and try every override.

    Return notes on what is allowed but probably a mistake.
    """
    loaded = changes.load(file)
    from sim.experiments import Model
    from sim.scenario import ScenarioError, override_problems

    Model(loaded).demand.draw(loaded.run.seed, 0)
    problems = override_problems(loaded)
    if problems:
        raise ScenarioError(problems)
    from sim.report.run.notes import scenario_notes

    return scenario_notes(loaded, "en")
