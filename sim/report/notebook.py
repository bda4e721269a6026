"""Results and scenarios in notebooks: headline, answer and first table of their report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import chain, islice
from typing import Final

from sim.experiments import CaseLife, Result
from sim.report.blocks import Cell, Line, Report, Table, Tone
from sim.report.case_life.report import case_life_report
from sim.report.kinds import kind_of
from sim.report.labels import Labels
from sim.report.language import Language, typeset
from sim.report.page.answer import answer as answer_of
from sim.report.page.chapter import led
from sim.report.page.words import say
from sim.report.run.ranking import worth
from sim.report.scenario.summary import scenario_report
from sim.scenario import Scenario

MOST_ROWS: Final = 30
"""Rows of a table that are shown; the whole table is an attribute of the result."""
MOST_LINES: Final = 8
"""Lines of a headline."""
RED, GREEN, YELLOW = "color:#d9534f", "color:#2e9e5b", "color:#b8860b"
"""Tone → colour, readable on white and on black."""
BOLD: Final = "font-weight:bold"
STYLES: Final[dict[Tone, str]] = {
    "": "",
    "strong": BOLD,
    "faint": "opacity:0.7",
    "notice": YELLOW,
    "warning": f"{YELLOW};{BOLD}",
    "error": f"{RED};{BOLD}",
    "holds": f"{GREEN};{BOLD}",
    "fails": f"{RED};{BOLD}",
    "undecided": f"{YELLOW};{BOLD}",
    "good": GREEN,
    "bad": RED,
}


def html(shown: object, language: Language = "en") -> str:
    """Return the headline and the first table as HTML, with every text escaped."""
    lines, table = _headline(report_of(shown, language))
    divisions = "".join(f"<div>{_styled(line, language)}</div>" for line in lines)
    return f"<div>{divisions}{'' if table is None else _table(table, language)}</div>"


def answer(shown: object, language: Language = "en") -> str:
    """Return the answer in sentences, one a line; of what has none, the headline."""
    if isinstance(shown, Result):
        found = answer_of(shown, Labels(shown.scenario, language, say))
        lines = [] if found is None else [found.sentence, *(text for _, text in found.rows)]
        for groups in shown.reported_groups:
            ranking = worth(groups.ranking, shown.replications, language)
            limit = Labels(shown.scenario, language).limit(groups.limit.name)
            lines.append(say("of_limit", language, limit=limit, sentence=ranking))
        return _set("\n".join(lines), language) or plain_text(shown, language)
    if isinstance(shown, CaseLife):
        return plain_text(shown, language)
    lines_led, _ = led(report_of(shown, language).parts, language)
    told = "\n".join(line.text for line in lines_led)
    return _set(told, language) or plain_text(shown, language)


def plain_text(shown: object, language: Language = "en") -> str:
    """Return the headline as text."""
    lines, _ = _headline(report_of(shown, language))
    return _set("\n".join(line.text for line in lines), language)


def report_of(shown: object, language: Language) -> Report:
    """Return the report on a result, the life of a case or a scenario; else raise TypeError."""
    if isinstance(shown, Scenario):
        return scenario_report(shown, language)
    if isinstance(shown, CaseLife):
        return case_life_report(shown, language)
    return kind_of(shown).report(shown, language)


def _headline(report: Report) -> tuple[list[Line], Table | None]:
    """Return the lines before the first table, and that table."""
    lines = [Line(report.title, "strong"), *report.under]
    table = None
    for block in _blocks(report):
        if isinstance(block, Table):
            table = block
            lines += [Line(block.title, "strong"), Line(block.note, "strong")]
            break
        lines.append(block)
    written = (Line(text.strip(), line.tone) for line in lines for text in line.text.splitlines())
    return list(islice((line for line in written if line.text), MOST_LINES)), table


def _blocks(report: Report) -> Iterator[Line | Table]:
    for part in report.parts:
        yield from chain((Line(part.heading, "strong"),), part.blocks)


def _table(table: Table, language: Language) -> str:
    sides = ["right" if column.number else "left" for column in table.columns]
    headings = [Cell(column.heading) for column in table.columns]
    head = _row("th", headings, sides, language)
    rows = "".join(
        f"<tr>{_row('td', cells, sides, language)}</tr>"
        for cells in islice(table.cells(), MOST_ROWS)
    )
    left = len(table.rows) - MOST_ROWS
    more = f"<div>… {left}</div>" if left > 0 else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{more}"


def _row(tag: str, cells: Sequence[Cell], sides: Sequence[str], language: Language) -> str:
    return "".join(
        f'<{tag} style="text-align:{side}">{_styled(cell, language)}</{tag}>'
        for cell, side in zip(cells, sides, strict=True)
    )


def _set(text: str, language: Language) -> str:
    """Return a text with the punctuation of Chinese, if it is Chinese; English as it is."""
    return text if language == "en" else typeset(text, language)


def _styled(text: Line | Cell, language: Language) -> str:
    plain = escape(_set(text.text, language)).replace("\n", "<br>")
    style = STYLES[text.tone]
    return f'<span style="{style}">{plain}</span>' if style else plain
