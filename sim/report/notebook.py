"""Results and scenarios as notebooks show them: headline and main table of the text report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from html import escape
from itertools import islice, pairwise, zip_longest
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.experiments import (
    CaseLife,
    Comparison,
    LoadCurve,
    Reforms,
    Result,
    Sensitivity,
    Staffing,
    Sweep,
)
from sim.report.case_life.events import steps_text
from sim.report.compare.report import comparison_text
from sim.report.labels import Labels
from sim.report.load_curve.report import load_curve_text
from sim.report.reforms.report import reforms_text
from sim.report.run.report import result_text
from sim.report.sensitivity.report import sensitivity_text
from sim.report.staffing.report import staff_text
from sim.report.sweep.report import sweep_text
from sim.report.terminal import Fitting, new_table, percent
from sim.report.words import Language, say
from sim.scenario import Scenario

MOST_ROWS: Final = 30
"""Rows of a table that are shown; the whole table is an attribute of the result."""
MOST_LINES: Final = 8
"""Lines of a headline."""
COLOURS: Final = {"green": "#2e9e5b", "red": "#d9534f", "yellow": "#b8860b"}
"""Readable on white and on black."""


def html(found: object, language: Language = "en") -> str:
    """Return the headline and the main table; every text is escaped, and runs nothing."""
    lines, table = _parts(found, language)
    shown = "".join(f"<div>{_inline(line)}</div>" for line in lines)
    return f"<div>{shown}{'' if table is None else _table(table)}</div>"


def plain_text(found: object, language: Language = "en") -> str:
    """Return the headline as text, and of a comparison its sentences."""
    lines, _ = _parts(found, language)
    return "\n".join(line.plain.strip() for line in lines)


def limits_text(scenario: Scenario, language: Language) -> RenderableType:
    """Return what a scenario is about, and what it promises."""
    labels = Labels(scenario, language)
    parts: list[RenderableType] = [Text(labels.text(scenario.name), "bold")]
    if about := labels.text(scenario.about).strip():
        parts.append(Text(about, "dim"))
    if not scenario.limits:
        return Group(*parts, Text(say("no_limits", language)))
    table = new_table()
    for key in ("promise", "target", "clock"):
        table.add_column(say(key, language), justify="right" if key == "target" else "left")
    for name, limit in scenario.limits.items():
        table.add_row(
            Text(f"{labels.limit(name)} · {limit.limit}"),
            percent(limit.target_share, 0),
            say(limit.clock, language),
        )
    return Group(*parts, table)


_TEXTS: Final[Mapping[type, Callable[[Any, Language], RenderableType]]] = {
    Result: result_text,
    Comparison: comparison_text,
    LoadCurve: load_curve_text,
    Reforms: reforms_text,
    Staffing: staff_text,
    Sensitivity: sensitivity_text,
    Sweep: sweep_text,
    CaseLife: steps_text,
    Scenario: limits_text,
}


def _parts(found: object, language: Language) -> tuple[list[Text], Table | None]:
    """Return what stands before the first table of the text report, and that table."""
    lines: list[Text] = []
    for part in _flat(_TEXTS[type(found)](found, language)):
        if isinstance(part, Table):
            return lines[:MOST_LINES], part
        lines += [line for line in part.split("\n") if line.plain.strip()]
    return lines[:MOST_LINES], None


def _flat(part: RenderableType) -> Iterator[Text | Table]:
    """Yield the texts and tables of which a report is made; a table's title comes before it."""
    if isinstance(part, Group):
        for each in part.renderables:
            yield from _flat(each)
    elif isinstance(part, Fitting):
        yield from part.titles()
        yield part.drawn()
    elif isinstance(part, Table):
        yield part
    elif isinstance(part, str | Text):
        yield _text(part)


def _text(cell: object) -> Text:
    return cell if isinstance(cell, Text) else Text.from_markup(str(cell))


def _table(table: Table) -> str:
    head = "".join(_cell("th", column.header, column.justify) for column in table.columns)
    rows = islice(zip_longest(*(column.cells for column in table.columns), fillvalue=""), MOST_ROWS)
    body = "".join(
        "<tr>"
        + "".join(
            _cell("td", cell, column.justify)
            for cell, column in zip(row, table.columns, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    more = "" if table.row_count <= MOST_ROWS else f"<div>… {table.row_count - MOST_ROWS}</div>"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _cell(tag: str, content: object, justify: str) -> str:
    side = "right" if justify == "right" else "left"
    return f'<{tag} style="text-align:{side}">{_inline(_text(content))}</{tag}>'


def _inline(text: Text) -> str:
    """Return a text with its styles: the whole text's, and those of parts of it."""
    cuts = sorted({0, len(text), *(end for span in text.spans for end in (span.start, span.end))})
    return "".join(
        _styled(
            text.plain[start:end],
            [str(text.style), *(str(s.style) for s in text.spans if s.start <= start < s.end)],
        )
        for start, end in pairwise(cuts)
    )


def _styled(text: str, styles: list[str]) -> str:
    words = {word for style in styles for word in style.split()}
    css = [f"color:{colour}" for name, colour in COLOURS.items() if name in words]
    css += ["font-weight:bold"] if "bold" in words else []
    css += ["opacity:0.7"] if "dim" in words else []
    plain = escape(text).replace("\n", "<br>")
    return f'<span style="{";".join(css)}">{plain}</span>' if css else plain


__all__ = ["html", "limits_text", "plain_text"]
