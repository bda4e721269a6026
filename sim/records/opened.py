"""A register from whatever a user names: the folder of a register, a folder of tables, or files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.records.folder import open_register
from sim.records.load import is_register
from sim.records.reading import read_files
from sim.records.register import Register
from sim.scenario import ReadError
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
    if len(paths) == 1 and is_register(paths[0]):
        if mapping is not None:
            raise ReadError(
                tr("--map is for files; this folder holds a register that was read already")
            )
        return open_register(paths[0])
    return read_files(paths, mapping=mapping, zone=zone).register
