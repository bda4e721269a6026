"""The backlog of a scenario that names records: their open cases, as rows of a backlog."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from sim.process import Process
from sim.records.open_cases import OpenRecords, open_records
from sim.records.opened import register_from
from sim.records.register import Register
from sim.records.renaming import Renaming, read_renaming
from sim.scenario import Problem, ReadError, Scenario, ScenarioError, nearest
from sim.translation import tr

WHERE: Final = ("backlog", "records")


def backlog_of_records(scenario: Scenario, process: Process) -> OpenRecords | None:
    """Return the open cases of the records that a scenario names; None if it names none.

    ScenarioError if the records cannot be read, hold no open case, or know a matter that the
    scenario has not, unless its name is blank in `names`.
    """
    spec = scenario.backlog.records
    if spec is None:
        return None
    known = scenario.provenance.data_files
    names = None if spec.names is None else read_renaming(known[spec.names], scenario)
    mapping = None if spec.map is None else known[spec.map]
    date = spec.date or scenario.period.start - dt.timedelta(days=1)
    try:
        register = _register(_versions(_paths(scenario, spec.file)), mapping)
        opened = open_records(register, scenario, process, date, names)
    except ReadError as error:
        raise ScenarioError([_problem(scenario, str(error))]) from None
    problems = list(_unknown_matters(scenario, opened, names))
    if not (problems or opened.rows):
        rule = tr("no case is open in the evening of {date}", date=date)
        problems = [_problem(scenario, rule)]
    if problems:
        raise ScenarioError(problems)
    return opened


def no_case_fits(scenario: Scenario, left_out: tuple[Problem, ...]) -> ScenarioError:
    """Return the error of records of whose open cases all make no sense to the scenario."""
    rule = tr("none of the open cases fits the scenario")
    return ScenarioError([_problem(scenario, rule), *left_out])


def _problem(scenario: Scenario, rule: str) -> Problem:
    return scenario.provenance.completed.problem((*WHERE, "file"), rule, value=True)


def _unknown_matters(
    scenario: Scenario, opened: OpenRecords, names: Renaming | None
) -> Iterator[Problem]:
    """Yield each matter that the scenario has not, once, where it stands first."""
    known = [name for spec in scenario.case_types.values() for name in spec.matters]
    blank = {name for name, other in (names.matters if names else {}).items() if not other}
    for told in opened.told:
        if told.key == "matter" and told.value not in blank:
            blank.add(told.value)
            rule = tr(
                "no such matter{near}; give its name, or a blank one to leave it out, in the file "
                "of backlog.records.names",
                near=nearest(told.value, known),
            )
            yield Problem(rule, told.file, told.line, told.key, told.value)


def _paths(scenario: Scenario, name: str) -> tuple[Path, ...]:
    """Return the file or the folder of this name; of files of several folders, all files."""
    known = scenario.provenance.data_files
    if name in known:
        return (known[name],)
    inside = tuple(
        path for key, path in known.items() if key.rpartition("/")[0] == name.rstrip("/")
    )
    folders = {path.parent for path in inside}
    return tuple(folders) if len(folders) == 1 else inside


def _versions(paths: tuple[Path, ...]) -> tuple[tuple[Path, tuple[tuple[str, int, int], ...]], ...]:
    """Return the paths with what tells that a file was changed."""
    return tuple(
        (path, tuple((f.name, f.stat().st_size, f.stat().st_mtime_ns) for f in _files(path)))
        for path in paths
    )


def _files(path: Path) -> list[Path]:
    return sorted(file for file in path.iterdir() if file.is_file()) if path.is_dir() else [path]


@lru_cache(maxsize=2)
def _register(
    versions: tuple[tuple[Path, tuple[tuple[str, int, int], ...]], ...], mapping: Path | None
) -> Register:
    """Return the register of some files, read once for all variants of a scenario."""
    return register_from([path for path, _ in versions], mapping=mapping)
