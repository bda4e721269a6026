"""The report on the audit of records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from sim.records.headings import LEAVE
from sim.report.blocks import Block, Column, Line, Part, Report, Table, number
from sim.report.language import Language
from sim.report.records.words import say
from sim.scenario.errors import printable
from sim.storage.versions import version

if TYPE_CHECKING:
    from sim.records.auditing import Audit, Found
    from sim.records.mapping import TableMap

TOPICS: Final = ("done", "names")
EXAMPLES: Final = 3
"""Places of a check that a report names; the folder holds all."""


def audit_report(audit: Audit, maps: Sequence[TableMap], language: Language) -> Report:
    """Return what a register holds, what was found, and how its columns were understood."""
    parts = [Part(tuple(_lead(audit, language)))]
    if audit.found:
        parts.append(Part((_checks(audit, language),)))
        where = tuple(_where(audit, found, language) for found in audit.found)
        parts.append(Part(where, say("where", language)))
    parts.append(Part((_tables(audit, language),)))
    parts.append(Part(tuple(_columns(maps, language)), say("columns", language)))
    return Report(say("title", language), (_holds(audit, language),), tuple(parts))


def audit_data(audit: Audit, maps: Sequence[TableMap]) -> dict[str, Any]:
    """Return the audit as plain data, with what each column was taken for."""
    columns = [
        {"file": one.file, "sheet": one.sheet, "holds": one.kind, "columns": dict(one.columns)}
        for one in maps
    ]
    return {"version": version(), **audit.data(), "columns": columns}


def audit_topics(language: Language) -> tuple[tuple[str, str], ...]:
    """Return the words of the report that need an explanation, each with it."""
    return tuple(
        (say(f"read_{topic}", language), say(f"read_{topic}_text", language)) for topic in TOPICS
    )


def _holds(audit: Audit, language: Language) -> Line:
    data = audit.data(0)
    if data["first_event"] is None:
        return Line(say("holds_no_time", language, cases=data["cases"], items=data["items"]))
    counts = {
        key: data[key] for key in ("cases", "items", "events", "matters", "departments", "officers")
    }
    first, last = (data[key][:10] for key in ("first_event", "last_event"))
    return Line(say("holds", language, first=first, last=last, **counts))


def _lead(audit: Audit, language: Language) -> Iterator[Line]:
    if not audit.found:
        yield Line(say("nothing_found", language))
    left_out = sum(len(found) for found in audit.found if found.done == "left_out")
    if left_out:
        yield Line(say("left_out", language, count=left_out), "notice")
    else:
        yield Line(say("none_left_out", language))
    for check, reason in audit.not_checked:
        what = say(f"check_{check}", language)
        yield Line(say("not_checked", language, check=what, reason=reason), "warning")


def _tables(audit: Audit, language: Language) -> Table:
    columns = (
        Column(say("file", language)),
        Column(say("sheet", language)),
        Column(say("table_holds", language)),
        number(say("rows", language)),
    )
    rows = tuple(
        (
            printable(one["file"]),
            printable(one["sheet"]) or "–",
            say(f"kind_{one['holds']}", language),
            f"{one['rows']:,}",
        )
        for one in audit.data(0)["tables"]
    )
    return Table(columns, rows, say("tables", language))


def _columns(maps: Sequence[TableMap], language: Language) -> Iterator[Block]:
    """Yield what each column was taken for, and the columns that were not read."""
    columns = (Column(say("column", language)), Column(say("role", language)))
    for one in maps:
        read = tuple((printable(h), role) for h, role in one.columns.items() if role != LEAVE)
        title = printable(f"{one.file} [{one.sheet}]" if one.sheet else one.file)
        if read and one.kind != LEAVE:
            yield Table(columns, read, title)
        rest = [printable(h) for h, role in one.columns.items() if role == LEAVE]
        if rest and one.kind != LEAVE:
            yield Line(say("not_read", language, columns=", ".join(rest)), "faint")
    yield Line(say("map_how", language), "faint")


def _checks(audit: Audit, language: Language) -> Table:
    columns = (
        Column(say("check", language)),
        number(say("count", language)),
        number(say("of", language), spare=True),
        Column(say("done", language)),
    )
    rows = tuple(
        (
            say(f"check_{found.check}", language),
            f"{len(found):,}",
            f"{found.of:,}" if found.of else "–",
            say(f"done_{found.done}", language),
        )
        for found in audit.found
    )
    return Table(columns, rows, say("found", language))


def _where(audit: Audit, found: Found, language: Language) -> Line:
    """Return the first places of a check in one line."""
    told = [_place(place) for place in audit.places(found, EXAMPLES)]
    more = say("more", language) if len(found) > EXAMPLES else ""
    check = say(f"check_{found.check}", language)
    return Line(say("places", language, check=check, places="; ".join(told), more=more))


def _place(place: dict[str, Any]) -> str:
    """Return a place as a message names it: file [sheet]:row column 'value'."""
    sheet = f" [{place['sheet']}]" if place["sheet"] else ""
    value = f"'{place['value']}'" if place["value"] else ""
    at = f"{place['file']}{sheet}:{place['row']}" if place["file"] else ""
    parts = [at, place["column"], value]
    return printable(" ".join(part for part in parts if part))
