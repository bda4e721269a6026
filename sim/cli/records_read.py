"""The records that a command is about, and in one line what was found in reading them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.messages import fail
from sim.translation import language, tr

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from sim.records.reading import Reading
    from sim.records.register import Register

TimeZoneOption = Annotated[
    str | None,
    typer.Option(
        metavar="ZONE",
        help="Turn times with an offset from UTC into the local time of this place: "
        "Asia/Shanghai; default: as they are written.",
    ),
]


def zone_of(time_zone: str | None) -> ZoneInfo | None:
    """Return the time zone; fail if there is none of this name."""
    from zoneinfo import ZoneInfo

    from sim.calendars import time_zone_names
    from sim.scenario import nearest

    if time_zone is None:
        return None
    if time_zone not in time_zone_names():
        hint = nearest(time_zone, time_zone_names(time_zone))
        fail(
            tr("--time-zone: '{time_zone}': is no time zone{hint}", time_zone=time_zone, hint=hint)
        )
    return ZoneInfo(time_zone)


def records_of(what: Sequence[Path], mapping: Path | None, time_zone: str | None) -> Register:
    """Return the register of a folder that was read before, or of files, and tell about these."""
    from sim.records.load import is_register
    from sim.records.opened import register_from
    from sim.records.reading import read_files

    zone = zone_of(time_zone)
    if len(what) == 1 and is_register(what[0]):
        if zone is not None:
            fail(tr("--time-zone is for files; this folder holds a register that was read already"))
        return register_from(what, mapping=mapping)
    reading = read_files(what, mapping=mapping, zone=zone)
    _tell(reading)
    return reading.register


def _tell(reading: Reading) -> None:
    """Say on standard error what was found in reading, and where it can be looked at."""
    from sim.records.auditing import audit
    from sim.records.headings import LEAVE
    from sim.report.language import typeset
    from sim.report.records.words import say

    spoken = language()
    found = [
        f"{say(f'check_{one.check}', spoken)} ({len(one):,})"
        for one in audit(reading).found
        if one.done != "told"
    ]
    left = sum(
        role == LEAVE for one in reading.maps if one.kind != LEAVE for role in one.columns.values()
    )
    if left:
        found.append(tr("columns not read: {left}", left=left))
    if found:
        told = tr(
            "Found in the records: {found}. sim records read tells where",
            found="; ".join(found),
        )
        print(typeset(told, spoken), file=sys.stderr)
