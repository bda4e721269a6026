"""Finding files: scenarios by path or library name, data beside the file that mentions them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sim.scenario.errors import Problem, ScenarioError, close_name, nearest, shorten
from sim.scenario.origin import Tree
from sim.scenario.schema.marks import DataFile, DataFolder, marked
from sim.scenario.schema.model import Scenario
from sim.translation import tr

_PACKAGE = Path(__file__).resolve().parents[2]
SUFFIXES = (".yaml", ".yml")
RECORDS: Final = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xes", ".parquet", ".gz")
"""Endings of the files of a folder that are read as records."""
MAX_BESIDE = 1000
"""Largest number of files of a folder to search for a similar name."""


def library_folder() -> Path:
    """Return the folder of the scenario library, in the package or in the source tree."""
    installed = _PACKAGE / "_library"
    return installed if installed.is_dir() else _PACKAGE.parent / "scenarios"


def library_names() -> list[str]:
    """Return the names of all library scenarios, e.g. ``yingkou/base``."""
    folder = library_folder()
    return sorted(
        path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.yaml")
    )


def find(reference: str, beside: Path | None = None) -> Path:
    """Return the file of a path (with or without ``.yaml``) or of a library name.

    Relative paths start in the folder `beside`, by default the current one. Raise `ScenarioError`
    if the file does not exist.
    """
    if "\0" in reference or not reference.strip():
        raise ScenarioError([Problem(tr("is no file name"), repr(reference))])
    if any("\ud800" <= letter <= "\udfff" for letter in reference):
        raise ScenarioError([Problem(tr("is not UTF-8; give the file another name"), reference)])
    try:
        return _existing(reference, beside)
    except ScenarioError:
        raise
    except (OSError, ValueError) as error:  # the name is too long, or a folder is not accessible
        rule = tr(
            "cannot be read: {reason}", reason=tr(str(getattr(error, "strerror", None) or error))
        )
        raise ScenarioError([Problem(rule, shorten(reference)[1:-1])]) from None


def _existing(reference: str, beside: Path | None) -> Path:
    folders = [beside or Path(), library_folder()]
    for folder in folders:
        exact = folder / reference
        for candidate in (exact, *(Path(f"{exact}{suffix}") for suffix in SUFFIXES)):
            if candidate.is_file():
                return candidate
    if (folders[0] / reference).is_dir():
        raise ScenarioError([Problem(tr("is a folder, not a scenario file"), reference)])
    hint = _suggestion(reference, folders[0])
    rule = tr("no such file, and no library scenario of that name{hint}", hint=hint)
    raise ScenarioError([Problem(rule, reference)])


def _suggestion(reference: str, folder: Path) -> str:
    """Return a hint: a library scenario with this last part, a similar file, the nearest name."""
    names = library_names()
    same = [name for name in names if name.rpartition("/")[2] == reference]
    if same:
        return tr("; did you mean '{same}'?", same=same[0])
    if Path(f"{folder / reference}.xlsx").is_file():
        return tr("; did you mean '{reference}.xlsx'?", reference=reference)
    beside = _similar_file(folder / reference, (*SUFFIXES, ".xlsx"))
    return tr("; did you mean '{beside}'?", beside=beside) if beside else nearest(reference, names)


def _similar_file(path: Path, suffixes: Sequence[str]) -> str | None:
    """Return the most similar file name in the same folder; None if none is similar."""
    try:
        names = [
            file.name
            for file in islice(path.parent.iterdir(), MAX_BESIDE)
            if file.suffix in suffixes and file.is_file()
        ]
    except OSError:
        return None
    return close_name(path.name, names)


def data_files(tree: Tree, scenario: Scenario) -> tuple[dict[str, Path], list[Problem]]:
    """Return name → file for all usable data files, and the problems of the others."""
    files: dict[str, Path] = {}
    problems = []
    for path, mark, name in marked(scenario, DataFile):
        folder = tree.folders.get(tree.place(path).file)
        if folder is None:
            kept = {key: file for key, file in tree.kept.items() if _means(name, key, mark)}
            files |= kept
            rule = None if kept else tr("this file is not kept in the result")
        elif isinstance(mark, DataFolder) and _is_folder(folder / name):
            inside = [*records_in(folder / name), *(folder / name).glob("manifest.json")]
            files |= {f"{name.rstrip('/')}/{file.name}": file.resolve() for file in inside}
            none = tr("holds no file of records: {endings}", endings=", ".join(RECORDS))
            rule = None if inside else none
        else:
            rule = _rule_broken(folder / name, files.get(name))
            if rule is None:
                files[name] = (folder / name).resolve()
        if rule is not None:
            problems.append(tree.problem(path, rule, value=True))
    return files, problems


def _means(name: str, key: str, mark: Any) -> bool:
    """Whether a scenario that names a file or a folder means the data file of this key."""
    within = isinstance(mark, DataFolder) and key.rpartition("/")[0] == name.rstrip("/")
    return key == name or within


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def records_in(folder: Path) -> list[Path]:
    """Return the files of a folder that may hold records; not those that Excel keeps while open."""
    return sorted(
        file
        for file in folder.iterdir()
        if file.suffix.lower() in RECORDS
        and not file.name.startswith((".", "~$"))
        and file.is_file()
    )


def _rule_broken(file: Path, other: Path | None) -> str | None:
    """Return the rule that a data file breaks; `other` is another file of the same name."""
    try:
        if file.is_dir():
            return tr("is a folder, not a file")
        if not file.is_file():
            similar = _similar_file(file, (file.suffix,))
            hint = tr("; did you mean '{similar}'?", similar=similar) if similar else ""
            return tr("no such file (looked beside the file that names it){hint}", hint=hint)
    except (OSError, ValueError):
        return tr("is no file name")
    if other not in {None, file.resolve()}:
        return tr("two files of this name are meant; name each from the folder of the other, too")
    return None
