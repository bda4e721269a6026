"""`sim new`: a first scenario file for your own city."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.messages import fail, messages
from sim.cli.options import LanguageOption

WRITTEN = {
    "en": "Written to {file}. Change what is different in your city; then: sim check {file}",
    "zh": "已写入 {file}。改好与本市不同之处后运行:sim check {file}",
}


def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Such as my-city.yaml.")],
    from_: Annotated[
        str,
        typer.Option(
            "--from", metavar="SCENARIO", help="What it extends: a library name, or a file."
        ),
    ] = "yingkou/base",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace FILE if it exists.")
    ] = False,
    lang: LanguageOption = "en",
) -> None:
    """Write a first file for your own city, with the values that are changed first.

    `sim new my-city.yaml`

    It extends another scenario; comments in English and Chinese say what stands where.
    """
    with messages():
        if file.suffix not in {".yaml", ".yml"}:
            fail(f"{file}: the name of a scenario file ends in .yaml")
        if not file.parent.is_dir():
            fail(f"{file.parent}: no such folder")
        if file.is_dir():
            fail(f"{file} is a folder")
        if file.exists() and not overwrite:
            fail(f"{file} exists; give --overwrite to replace it, or another name")
        from sim.atomic_write import write_text
        from sim.report.scenario.template import template
        from sim.scenario import load

        base = _as_seen_from(file, from_)
        text = template(load(from_), base, file.stem, file.as_posix())
        write_text(file, text)
        print(WRITTEN[lang].format(file=file))


def _as_seen_from(file: Path, reference: str) -> str:
    """Return the reference for `extends`: a library name, or the path from the file's folder."""
    from sim.scenario.files.library import find, library_folder

    extended = find(reference).resolve()
    library = library_folder().resolve()
    if extended == file.resolve():
        fail(f"{file} cannot extend itself")
    if extended.is_relative_to(library):
        return extended.relative_to(library).with_suffix("").as_posix()
    try:
        return Path(os.path.relpath(extended, file.parent.resolve())).as_posix()
    except ValueError:  # on another drive
        return extended.as_posix()
