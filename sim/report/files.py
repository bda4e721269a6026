"""Writing a result into a folder: whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.experiments import Result, archive
from sim.report.assumptions import assumption_rows
from sim.report.columns import labelled
from sim.report.kinds import kind_of
from sim.report.language import Language
from sim.report.plain_data import to_json
from sim.report.workbook import is_workbook, write_workbook
from sim.results.finding import Finding
from sim.storage.folders import MANIFEST, SEALS, seals_of, write_folder
from sim.storage.table_files import TableFormat, write_table
from sim.storage.versions import PROGRAM, libraries, version

if TYPE_CHECKING:
    from sim.scenario import Scenario

SUMMARY: Final = "summary.json"


def write(
    finding: Finding,
    folder: Path,
    form: TableFormat,
    language: Language,
    *,
    overwrite: bool = False,
    command: str | None = None,
) -> None:
    """Write a workbook, or a folder of tables, summary, manifest and result; see `Finding.save`.

    CSV has labels beside the codes.
    """
    if is_workbook(folder):
        write_workbook(finding, folder, language, overwrite=overwrite, command=command)
        return
    tables = finding.tables
    names = [archive.FILE, SUMMARY, MANIFEST, *(f"{name}.{form}" for name in tables)]
    identity = {**manifest(finding), "command": command, "files": sorted(names)}

    def fill(new: Path) -> None:
        for name, table in tables.items():
            told = labelled(table, finding, language) if form == "csv" else table
            write_table(told, new / f"{name}.{form}", form)
        (new / archive.FILE).write_bytes(archive.packed(finding))
        (new / SUMMARY).write_text(to_json(kind_of(finding).data(finding)), encoding="utf-8")
        sealed = {**identity, SEALS: seals_of(new)}
        (new / MANIFEST).write_text(to_json(sealed), encoding="utf-8")

    write_folder(folder, fill, overwrite=overwrite)


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
