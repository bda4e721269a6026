"""Where a result goes: to the screen as text or JSON, and into a folder."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sim.cli.messages import fail

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

    from sim.cli.options import Format
    from sim.experiments.archive import Found
    from sim.scenario import Scenario


def deliver(
    data: Mapping[str, object],
    text: RenderableType,
    *,
    as_json: bool,
) -> None:
    """Print a result."""
    if as_json:
        from sim.report.data import to_json

        sys.stdout.write(to_json(data))
        return
    from sim.report.text import show

    show(text)


def write(
    out: Path | None,
    found: Found,
    data: Mapping[str, object],
    tables: Mapping[str, pd.DataFrame],
    scenario: Scenario | Mapping[str, Scenario],
    form: Format | None,
    *,
    overwrite: bool,
) -> None:
    """Write a result with its tables, ``summary.json`` and ``manifest.json``, if it has a folder.

    Of several scenarios, the manifest tells of each by its name.
    """
    if out is None:
        return
    from sim.report.files import scenario_manifest, scenarios_manifest, write_folder

    if isinstance(scenario, Mapping):
        manifest = scenarios_manifest(scenario)
    else:
        manifest = scenario_manifest(scenario)
    documents = {"summary": data, "manifest": manifest}
    write_folder(out, tables, documents, format_name(form), found=found, overwrite=overwrite)
    print(f"Written to {out}", file=sys.stderr)


def format_name(form: Format | None) -> Literal["parquet", "csv"]:
    """Return the format of tables; Parquet unless another is asked for."""
    return "csv" if form == "csv" else "parquet"


def refuse_early(
    out: Path | None, overwrite: bool, form: Format | None, store: Path | None
) -> None:
    """Say before the work, not after it, that the result could not be written or kept."""
    _refuse_folder("--store", store)
    if out is None:
        if overwrite or form is not None:
            fail("--format and --overwrite need --out DIR")
        return
    _refuse_folder("--out", out)
    from sim.report.files import refusal

    reason = refusal(out, overwrite=overwrite)
    if reason is not None:
        fail(f"--out: {reason}")


def _refuse_folder(option: str, folder: Path | None) -> None:
    """Try whether a folder can be written to, by making one there."""
    if folder is None:
        return
    try:
        there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
        if not there.is_dir():
            fail(f"{option}: {there} is a file, not a folder")
        with tempfile.TemporaryDirectory(dir=there):
            pass
    except OSError as error:
        fail(f"{option}: {folder} cannot be written to: {error.strerror}")
