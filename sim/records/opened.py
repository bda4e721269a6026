"""A register from whatever a user names: the folder of a register, a folder of tables, or files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.records.folder import open_register
from sim.records.reading import read_files
from sim.records.register import Register
from sim.scenario import RECORDS, ReadError
from sim.storage.folders import MANIFEST
from sim.translation import tr

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


def register_from(
    paths: Sequence[Path], *, mapping: Path | None = None, zone: ZoneInfo | None = None
) -> Register:
    """Return the register of a folder that `sim records read` wrote, or of files.

    A folder of files, such as that of ``sim run --events``, stands for the files in it.

    Parameters
    ----------
    mapping
        What the columns of files mean; default: it is guessed.
    zone
        Place whose local time is wanted of times with an offset from UTC.

    Raises
    ------
    ReadError, ScenarioError
        If there is none, or it cannot be read.
    """
    if len(paths) == 1 and paths[0].is_dir() and _is_register(paths[0]):
        if mapping is not None:
            raise ReadError(
                tr("--map is for files; this folder holds a register that was read already")
            )
        return open_register(paths[0])
    files = [file for path in paths for file in _files(path)]
    return read_files(files, mapping=mapping, zone=zone).register


def _is_register(folder: Path) -> bool:
    """Whether `sim.records.save` wrote a folder; else its files are to be read."""
    tables = [folder / f"events.{form}" for form in ("parquet", "csv")]
    return (folder / MANIFEST).is_file() and any(table.is_file() for table in tables)


def _files(path: Path) -> list[Path]:
    """Return a file, or the files of a folder that may hold records."""
    if not path.is_dir():
        return [path]
    found = sorted(file for file in path.iterdir() if file.suffix.lower() in RECORDS)
    if not found:
        raise ReadError(
            tr(
                "{path}: holds no file that could be read: {endings}",
                path=path,
                endings=", ".join(RECORDS),
            )
        )
    return found
