"""What a figure is: its name, how it is drawn, and what a report shows and says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeAlias

from sim.report.drawing.axes import figure_of, for_page
from sim.report.drawing.labels import Names
from sim.report.drawing.style import style
from sim.report.drawing.words import tell
from sim.report.language import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

Options: TypeAlias = Mapping[str, Any]
"""Keyword arguments of a figure's functions beside the finding, `ax` and `language`."""


def _no_variant(_finding: Any) -> Mapping[str, Options]:
    return {}


def _no_text(*_arguments: Any, **_options: Any) -> str:
    return ""


@dataclass(frozen=True)
class Figure:
    """A figure of one kind of finding; without `variants`, no report shows it.

    Each question lists its figures in a tuple `FIGURES`, the most important first: in this order a
    report shows them, and the first that has something to show is the default.
    """

    name: str
    """In `sim.figures`, and for `plot`."""
    draw: Callable[..., Axes]
    """(finding, **options, ax, language) → the axes drawn on."""
    variants: Callable[[Any], Mapping[str, Options]] = _no_variant
    """(finding) → the drawings that a report shows, by the name of each, with their options; none
    where there is nothing to show."""
    title: Callable[..., str] = _no_text
    """(finding, language, **options) → plain text: the subject, or what was found."""
    caption: Callable[..., str] = _no_text
    """(finding, language, **options) → plain text: what the figure shows, with its numbers."""
    by_limit: bool = False
    """Every variant has the option `limit`: a report goes through the limits, and shows neighbours
    of this kind together for each."""


@dataclass(frozen=True)
class ReportFigure:
    """A figure as a report shows it."""

    name: str
    """Unique within a finding, and usable as an HTML id."""
    title: str
    """Plain text: the subject, or what was found."""
    caption: str
    """Plain text: what the figure shows, with its numbers; also the alternative text."""
    draw: Callable[[], Drawing]
    """Makes the figure, without its title; `pyplot` does not know it."""


def report_figures(
    figures: Sequence[Figure], finding: Any, language: Language
) -> Iterator[ReportFigure]:
    """Yield what a report shows of a finding with these figures, in their order."""
    for by_limit, neighbours in groupby(figures, key=lambda figure: figure.by_limit):
        shown = [
            (figure, name, options)
            for figure in neighbours
            for name, options in figure.variants(finding).items()
        ]
        if by_limit:
            limits = list(dict.fromkeys(options["limit"] for _, _, options in shown))
            shown.sort(key=lambda variant: limits.index(variant[2]["limit"]))
        for figure, name, options in shown:
            yield _report_figure(figure, name, finding, options, language)


def _report_figure(
    figure: Figure, name: str, finding: Any, options: Options, language: Language
) -> ReportFigure:
    def draw() -> Drawing:
        with style(), for_page():
            return figure_of(figure.draw(finding, **options, language=language))

    title = figure.title(finding, language, **options)
    return ReportFigure(name, title, figure.caption(finding, language, **options), draw)


def default_of(figures: Sequence[Figure], finding: Any) -> Figure:
    """Return the first figure that has something to show of a finding, else the first."""
    return next((figure for figure in figures if figure.variants(finding)), figures[0])


def fixed_title(text: tuple[str, str]) -> Callable[..., str]:
    """Return a title function that always says the same."""

    def title(_finding: Any, language: Language, **_options: Any) -> str:
        return tell(text, language)

    return title


def limit_title(text: tuple[str, str]) -> Callable[..., str]:
    """Return a title function whose text names the limit, as ``{limit}``."""

    def title(finding: Any, language: Language, *, limit: str) -> str:
        return tell(text, language, limit=Names(finding.scenario, language).limit(limit))

    return title


def choose(name: str | None, known: Iterable[str], kind: str) -> str | None:
    """Return the name asked for; the first known one without a name; None if none is known.

    Raises
    ------
    ValueError
        If the name is not known; it says which `kind` of name it is, and which there are.
    """
    names = list(known)
    if name is None:
        return next(iter(names), None)
    if name not in names:
        raise ValueError(f"no {kind} '{name}'; there are: {', '.join(names) or 'none'}")
    return name
