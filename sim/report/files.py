"""Writing a result into a folder: whole or not at all."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.atomic_write import beside, remove_remains
from sim.experiments import Result, archive
from sim.report.assumptions import assumption_rows
from sim.report.kinds import kind_of
from sim.report.plain_data import to_json
from sim.results.finding import Finding
from sim.storage.table_files import TableFormat, write_table
from sim.storage.versions import libraries, version

if TYPE_CHECKING:
    from sim.scenario import Scenario

MANIFEST = "manifest"
PROGRAM = archive.PROGRAM


def write(
    finding: Finding,
    folder: Path,
    form: TableFormat,
    *,
    overwrite: bool = False,
    command: str | None = None,
) -> None:
    """Write the tables, the summary, the manifest and the result itself; see `Finding.save`.

    Everything is first written beside the folder, then renamed, so that the folder is never half
    written.
    """
    reason = refusal(folder, overwrite=overwrite)
    if reason is not None:
        raise FileExistsError(reason)
    tables = finding.tables
    documents = {
        "summary": kind_of(finding).data(finding),
        MANIFEST: {**manifest(finding), "command": command},
    }
    folder = folder.resolve()  # a link stays; what it points to is replaced
    folder.parent.mkdir(parents=True, exist_ok=True)
    remove_remains(folder.parent)
    new = beside(folder)
    try:
        new.mkdir()
        for name, table in tables.items():
            write_table(table, new / f"{name}.{form}", form)
        (new / archive.FILE).write_bytes(archive.packed(finding))
        files = sorted(
            [archive.FILE, *(f"{n}.{form}" for n in tables), *(f"{n}.json" for n in documents)]
        )
        for name, document in documents.items():
            listed = {**document, "files": files} if name == MANIFEST else document
            (new / f"{name}.json").write_text(to_json(listed), encoding="utf-8")
        _swap(new, folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def refusal(folder: Path, *, overwrite: bool) -> str | None:
    """Return why a result may not be written into a folder, or None.

    A folder that is not empty is replaced only on request, and only if this program wrote
    everything in it: its manifest lists the files.
    """
    if not folder.exists():
        dangling = f"{folder} is a link to {folder.resolve()}, which is not there"
        return dangling if folder.is_symlink() else None
    if not folder.is_dir():
        return f"{folder} is a file, not a folder"
    if Path.cwd().resolve().is_relative_to(folder.resolve()):
        return f"{folder} is the folder in which you are, or around it; give another"
    names = {path.name for path in folder.iterdir()}
    if not names:
        return None
    foreign = sorted(names - _written_before(folder))
    if foreign:
        shown = ", ".join(foreign[:4]) + (", …" if len(foreign) > 4 else "")
        return f"{folder} holds files that are not results ({shown}); give another folder"
    return None if overwrite else f"{folder} holds a result; give --overwrite to replace it"


def _written_before(folder: Path) -> set[str]:
    """Return the names of the files that this program wrote into a folder."""
    try:
        known = json.loads((folder / f"{MANIFEST}.json").read_text(encoding="utf-8"))
        if known["program"] != PROGRAM:
            return set()
        return set(known["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _swap(new: Path, folder: Path) -> None:
    if not folder.exists():
        new.rename(folder)
        return
    old = new.with_name(new.name + "-old")
    folder.rename(old)
    try:
        new.rename(folder)
    except BaseException:  # an interruption, too, leaves the earlier result
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def manifest(finding: Finding) -> dict[str, Any]:
    """Return everything needed to repeat a result to the byte: scenario, seed, versions.

    Several scenarios are listed by name.
    """
    scenarios = {name: _identity(scenario) for name, scenario in finding.scenarios.items()}
    data: dict[str, Any] = {
        "program": PROGRAM,
        "version": version(),
        "libraries": libraries(),
        **scenarios.get("", {"scenarios": scenarios}),
        "seed": finding.seed,
        "replications": finding.replications,
        "interrupted": finding.interrupted,
    }
    if isinstance(finding, Result):
        data["assumptions"] = assumption_rows(finding)
    return data


def _identity(scenario: Scenario) -> dict[str, Any]:
    return {
        "scenario_file": scenario.provenance.origin,
        "scenario_sha256": scenario.sha256(),
        "scenario": scenario.model_dump(mode="json", by_alias=True, exclude_none=True),
    }
