"""Writing a result into a folder: whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sim.experiments import Result
from sim.experiments.versions import libraries, version
from sim.report.data import result_data, to_json
from sim.report.facts import assumption_rows

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario

Format = Literal["parquet", "csv"]
TABLES = ("limits", "groups", "pools", "matters", "cases", "items")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs a cell that begins so."""


def write_result(result: Result, folder: Path, form: Format, *, overwrite: bool = False) -> None:
    """Write the result of a run; see `write_folder`."""
    tables = {
        name: getattr(result, name)
        for name in TABLES
        if (name not in {"cases", "items"} or name in result.tables)
        and (name != "groups" or result.reported_groups)
    }
    documents = {"summary": result_data(result), "manifest": manifest(result)}
    write_folder(folder, tables, documents, form, overwrite=overwrite)


def write_folder(
    folder: Path,
    tables: Mapping[str, pd.DataFrame],
    documents: Mapping[str, object],
    form: Format,
    *,
    overwrite: bool = False,
) -> None:
    """Write tables, and documents as JSON.

    Everything is first written beside the folder, then renamed, so that the folder is never half
    written.

    Raises
    ------
    FileExistsError
        If the folder holds anything already and `overwrite` is not given.
    OSError
        If it cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise FileExistsError(f"{folder} is a file, not a folder")
    if folder.is_dir() and any(folder.iterdir()) and not overwrite:
        raise FileExistsError(f"{folder} is not empty; give --overwrite to replace what is there")
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        beside.chmod(0o755)
        for name, table in tables.items():
            _write_table(table, beside / f"{name}.{form}", form)
        for name, document in documents.items():
            (beside / f"{name}.json").write_text(to_json(document), encoding="utf-8")
        _swap(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


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
        elif values.dtype in {"object", "str", "string"}:
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
    return {
        "program": "approval-sim",
        "version": version(),
        "libraries": libraries(),
        "scenario_file": scenario.provenance.origin,
        "scenario_sha256": scenario.sha256(),
        "scenario": scenario.model_dump(mode="json", by_alias=True, exclude_none=True),
    }
