"""Writing a result into a folder: whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sim.experiments import Result, archive
from sim.report.assumptions import assumption_rows
from sim.report.run.data import result_data, to_json
from sim.results.saved_tables import FORMULA_STARTS
from sim.storage.versions import libraries, version

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.archive import Found
    from sim.scenario import Scenario

Format = Literal["parquet", "csv"]
TABLES = (
    "limits",
    "months",
    "groups",
    "pools",
    "pool_months",
    "matters",
    "cases",
    "items",
)
MANIFEST = "manifest"
PROGRAM = archive.PROGRAM


def write_result(
    result: Result,
    folder: Path,
    form: Format,
    *,
    command: str | None = None,
    overwrite: bool = False,
) -> None:
    """Write the result of a run; see `write_folder`. The manifest tells the command, if known."""
    tables = {
        name: getattr(result, name)
        for name in TABLES
        if (name not in {"cases", "items"} or name in result.tables)
        and (name != "groups" or result.reported_groups)
    }
    documents = {
        "summary": result_data(result),
        "manifest": {**manifest(result), "command": command},
    }
    write_folder(folder, tables, documents, form, overwrite=overwrite, found=result)


def write_folder(
    folder: Path,
    tables: Mapping[str, pd.DataFrame],
    documents: Mapping[str, Mapping[str, object]],
    form: Format,
    *,
    found: Found,
    overwrite: bool = False,
) -> None:
    """Write tables, documents as JSON, and the result itself, to be read again by `sim.read`.

    Everything is first written beside the folder, then renamed, so that the folder is never half
    written.

    Raises
    ------
    FileExistsError
        If the folder may not be replaced; see `refusal`.
    OSError
        If it cannot be written.
    """
    reason = refusal(folder, overwrite=overwrite)
    if reason is not None:
        raise FileExistsError(reason)
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        beside.chmod(0o755)
        for name, table in tables.items():
            _write_table(table, beside / f"{name}.{form}", form)
        (beside / archive.FILE).write_bytes(archive.packed(found))
        files = sorted(
            [archive.FILE, *(f"{n}.{form}" for n in tables), *(f"{n}.json" for n in documents)]
        )
        for name, document in documents.items():
            listed = {**document, "files": files} if name == MANIFEST else document
            (beside / f"{name}.json").write_text(to_json(listed), encoding="utf-8")
        _swap(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def refusal(folder: Path, *, overwrite: bool) -> str | None:
    """Say why a result may not be written into a folder, or None.

    A folder that holds anything is replaced only if it is asked for, and only if everything in it
    was written by this program: its manifest lists the files.
    """
    if not folder.exists():
        return None
    if not folder.is_dir():
        return f"{folder} is a file, not a folder"
    if Path.cwd().resolve().is_relative_to(folder.resolve()):
        return f"{folder} is the folder in which you are, or around it; give another"
    found = {each.name for each in folder.iterdir()}
    if not found:
        return None
    foreign = sorted(found - _written_before(folder))
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
    new.rename(folder)
    shutil.rmtree(old)


def _write_table(table: pd.DataFrame, file: Path, form: Format) -> None:
    if form == "parquet":
        table.to_parquet(file, index=False)
    else:
        harmless(table).to_csv(file, index=False, encoding="utf-8-sig", lineterminator="\n")


def harmless(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with texts that a spreadsheet would run as a formula put in quotes."""
    safe = table.rename(columns=lambda name: _quoted(str(name)))
    for column in safe.columns:
        values = safe[column]
        if values.dtype == "category":
            safe[column] = values.cat.rename_categories(
                [_quoted(str(text)) for text in values.cat.categories]
            )
        elif str(values.dtype) in {"object", "str", "string"}:  # a dtype is in no set of texts
            safe[column] = [_quoted(v) if isinstance(v, str) else v for v in values]
    return safe


def _quoted(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def manifest(result: Result) -> dict[str, Any]:
    """Return everything needed to repeat a run: same scenario, seed, versions, same bytes."""
    return {
        **scenario_manifest(result.scenario),
        "seed": result.seed,
        "replications": result.replications,
        "interrupted": result.interrupted,
        "assumptions": assumption_rows(result),
    }


def scenario_manifest(scenario: Scenario) -> dict[str, Any]:
    """Return what a result depends on: program, libraries and scenario."""
    return {**_program(), **_identity(scenario)}


def scenarios_manifest(scenarios: Mapping[str, Scenario]) -> dict[str, Any]:
    """Return the same of several scenarios, by their names."""
    return {
        **_program(),
        "scenarios": {name: _identity(each) for name, each in scenarios.items()},
    }


def _program() -> dict[str, Any]:
    return {"program": PROGRAM, "version": version(), "libraries": libraries()}


def _identity(scenario: Scenario) -> dict[str, Any]:
    return {
        "scenario_file": scenario.provenance.origin,
        "scenario_sha256": scenario.sha256(),
        "scenario": scenario.model_dump(mode="json", by_alias=True, exclude_none=True),
    }
