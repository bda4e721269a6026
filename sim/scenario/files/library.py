"""Finding scenario files: by path, or by name in the library that comes with the program."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from sim.scenario.errors import Problem, ScenarioError, close_name, nearest, shorten

_PACKAGE = Path(__file__).resolve().parents[2]
SUFFIXES = (".yaml", ".yml")
MAX_BESIDE = 1000
"""Files of a folder among which a similar name is looked for."""


def library_folder() -> Path:
    """Return the folder of the scenario library: inside the package, or of the source tree."""
    installed = _PACKAGE / "_library"
    return installed if installed.is_dir() else _PACKAGE.parent / "scenarios"


def library_names() -> list[str]:
    """Return the names of all library scenarios, e.g. ``yingkou/base``."""
    folder = library_folder()
    return sorted(
        path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.yaml")
    )


def find(reference: str, beside: Path | None = None) -> Path:
    """Return the file that a path or a library name means.

    Parameters
    ----------
    reference
        A path (with or without ``.yaml``), or a library name.
    beside
        Folder in which relative paths are looked up first; default: the current folder.

    Raises
    ------
    ScenarioError
        If there is no such file.
    """
    if "\0" in reference or not reference.strip():
        raise ScenarioError([Problem("is no file name", repr(reference))])
    try:
        return _existing(reference, beside)
    except ScenarioError:
        raise
    except (OSError, ValueError) as error:  # too long a name, or a folder that cannot be entered
        rule = f"cannot be read: {getattr(error, 'strerror', None) or error}"
        raise ScenarioError([Problem(rule, shorten(reference)[1:-1])]) from None


def _existing(reference: str, beside: Path | None) -> Path:
    folders = [beside or Path(), library_folder()]
    for folder in folders:
        exact = folder / reference
        for candidate in (exact, *(Path(f"{exact}{suffix}") for suffix in SUFFIXES)):
            if candidate.is_file():
                return candidate
    if (folders[0] / reference).is_dir():
        raise ScenarioError([Problem("is a folder, not a scenario file", reference)])
    hint = _suggestion(reference, folders[0])
    rule = f"no such file, and no library scenario of that name{hint}"
    raise ScenarioError([Problem(rule, reference)])


def _suggestion(reference: str, folder: Path) -> str:
    """Name what may be meant: a library scenario by its last part, a file beside, the nearest."""
    names = library_names()
    same = [name for name in names if name.rpartition("/")[2] == reference]
    if same:
        return f"; did you mean '{same[0]}'?"
    beside = similar_file(folder / reference, SUFFIXES)
    return f"; did you mean '{beside}'?" if beside else nearest(reference, names)


def similar_file(path: Path, suffixes: Sequence[str]) -> str | None:
    """Return the name of a file in the same folder that is similar to this one, if there is one."""
    try:
        names = [
            file.name
            for file in islice(path.parent.iterdir(), MAX_BESIDE)
            if file.suffix in suffixes and file.is_file()
        ]
    except OSError:
        return None
    return close_name(path.name, names)
