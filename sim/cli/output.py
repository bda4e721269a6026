"""Where a result goes: to the screen as text or JSON, and into a folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.messages import fail

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

    from sim.cli.options import Format
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
    data: Mapping[str, object],
    tables: Mapping[str, pd.DataFrame],
    scenario: Scenario | Mapping[str, Scenario],
    form: Format,
    *,
    overwrite: bool,
) -> None:
    """Write tables, ``summary.json`` and ``manifest.json``, if a folder is given.

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
    write_folder(out, tables, documents, form.value, overwrite=overwrite)
    print(f"Written to {out}", file=sys.stderr)


def refuse_early(out: Path | None, overwrite: bool) -> None:
    """Say before the work, not after it, that the result could not be written."""
    if out is None:
        return
    try:
        above = next(each for each in (out, *out.absolute().parents) if each.exists())
    except OSError as error:
        fail(f"--out: {error.strerror}: {out}")
    if not out.exists():
        if not above.is_dir():
            fail(f"--out: {above} is a file, not a folder")
        if not os.access(above, os.W_OK):
            fail(f"--out: {above} cannot be written to")
        return
    from sim.report.files import refusal

    reason = refusal(out, overwrite=overwrite)
    if reason is not None:
        fail(f"--out: {reason}")
