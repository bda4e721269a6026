"""Commands that check, show, list and create scenarios without running them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from sim import exit_codes
from sim.cli.messages import fail, messages
from sim.cli.options import Changes, LanguageOption, ScenarioArgument, with_options
from sim.report.language import Language
from sim.translation import noted, tr


@with_options
def check(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE…", help="Scenario files or library names.")
    ],
    changes: Changes,
    lang: LanguageOption = "en",
) -> None:
    """Check scenario files, and list everything that is wrong."""
    from sim.scenario import ScenarioError

    failed = False
    for file in files:
        try:
            notes = _usable(file, changes, lang)
        except ScenarioError as error:
            failed = True
            print(error, file=sys.stderr)
        else:
            print(tr("{file}: ok", file=file))
            for note in notes:
                print(tr("{file}: note: {note}", file=file, note=note))
    if failed:
        raise typer.Exit(exit_codes.BAD_INPUT)


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


def _usable(file: str, changes: Changes, lang: Language) -> list[str]:
    """Load a scenario, build all that a run needs, and try every override.

    Return notes on what is allowed but probably a mistake.
    """
    loaded = changes.load(file)
    from sim.experiments import Model
    from sim.scenario import ScenarioError, override_problems

    model = Model(loaded)
    drawn = model.demand.draw(loaded.run.seed, 0, compiled=False)  # loads no Numba
    problems = override_problems(loaded)
    if problems:
        raise ScenarioError(problems)
    from sim.report.labels import Labels
    from sim.report.language import typeset
    from sim.report.run.notes import scenario_notes
    from sim.report.run.replays import listed_line, opened_lines, replay_lines

    labels = Labels(loaded, lang)
    lines = [
        *replay_lines(model, labels),
        *listed_line(model, drawn.left_out, labels),
        *opened_lines(model, labels),
    ]
    notes = [*(line.text for line in lines), *scenario_notes(loaded, lang)]
    return notes if lang == "en" else [typeset(note, lang) for note in notes]


WRITTEN = noted("Written to {file}. Change what is different in your city; then: sim check {file}")
WRITTEN_WORKBOOK = noted(
    "Written to {file}. Fill in the yellow cells, save it and close it; then: sim check {file}"
)


def new(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="Such as my-city.yaml, or my-city.xlsx: a workbook."),
    ],
    from_: Annotated[
        str,
        typer.Option(
            "--from",
            "--base",
            metavar="SCENARIO",
            help="What it extends: a library name, or a file.",
        ),
    ] = "yingkou/base",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace FILE if it exists.")
    ] = False,
    lang: LanguageOption = "en",
) -> None:
    """Write a first file for your own city, with the values that are changed first.

    `sim new my-city.yaml`
    `sim new my-city.xlsx --lang zh`

    It extends another scenario; comments in English and Chinese say what stands where. A workbook
    has the same in sheets, with units, the values of the other scenario and their sources; what is
    left empty there keeps the other scenario's value.
    """
    with messages():
        if file.suffix not in {".yaml", ".yml", ".xlsx"}:
            fail(
                tr(
                    "{file}: the name of a scenario file ends in .yaml, or .xlsx for a workbook",
                    file=file,
                )
            )
        if not file.parent.is_dir():
            fail(tr("{parent}: no such folder", parent=file.parent))
        if file.is_dir():
            fail(tr("{file} is a folder", file=file))
        if file.exists() and not overwrite:
            fail(tr("{file} exists; give --overwrite to replace it, or another name", file=file))
        from sim.atomic_write import write_text
        from sim.report.scenario.template import template
        from sim.scenario import load

        base = _as_seen_from(file, from_)
        loaded = load(from_)
        if file.suffix == ".xlsx":
            _write_workbook(file, from_, base, lang)
            print(tr(WRITTEN_WORKBOOK, file=file))
            return
        text = _as_yaml(file, from_) or template(loaded, base, file.stem, file.as_posix())
        write_text(file, text)
        print(tr(WRITTEN, file=file))


def _write_workbook(file: Path, reference: str, base: str, lang: Language) -> None:
    from sim.atomic_write import write_whole
    from sim.report.scenario.form_workbook import write_form
    from sim.scenario.files.form import form_of
    from sim.scenario.files.layers import with_parents
    from sim.scenario.files.library import find

    form = form_of(with_parents(find(reference)), base)
    write_whole(file, lambda path: write_form(form, path, file.name, base, lang))


def _as_yaml(file: Path, reference: str) -> str | None:
    """Return what a workbook changes, as a scenario file of its own; None for another base."""
    from sim.fitting.document import yaml_text
    from sim.scenario.files.form_reading import is_workbook
    from sim.scenario.files.layers import changes_of
    from sim.scenario.files.library import find

    path = find(reference)
    if not is_workbook(path):
        return None
    tree, extended = changes_of(path)
    base = _as_seen_from(file, str(extended))
    return yaml_text({"extends": base, **tree.annotated()}, path.name, (f"From {path.name}.",))


def _as_seen_from(file: Path, reference: str) -> str:
    """Return the reference for `extends`: a library name, or the path from the file's folder."""
    from sim.scenario.files.library import find, library_folder

    extended = find(reference).resolve()
    library = library_folder().resolve()
    if extended == file.resolve():
        fail(tr("{file} cannot extend itself", file=file))
    if extended.is_relative_to(library):
        return extended.relative_to(library).with_suffix("").as_posix()
    try:
        return Path(os.path.relpath(extended, file.parent.resolve())).as_posix()
    except ValueError:  # on another drive
        return extended.as_posix()
