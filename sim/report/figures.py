"""Figures of every result, in English and Chinese; public as `sim.figures`.

Each is a function that takes a result, draws on the given axes or on a new figure, and returns
the axes. Figures show what results hold and compute nothing. `plates` yields the figures
that a report shows; `to_svg` makes an inline `<svg>`. The first figure drawn loads matplotlib.

Unless said otherwise, the default of a limit, pool, case type or measure is the first one. An
unknown name raises `ValueError`, which lists the known ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from sim.experiments import CaseLife, Groups
from sim.report.case_life.figure import FIGURES as CASE_LIFE
from sim.report.drawing.axes import figure_of, for_page
from sim.report.drawing.figure import Figure
from sim.report.drawing.style import style
from sim.report.drawing.svg import to_svg
from sim.report.kinds import KINDS
from sim.report.language import Language
from sim.report.run.figures.limits import OF_GROUPS
from sim.scenario import nearest
from sim.scenario.calls import checked_call
from sim.translation import tr

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing


@dataclass(frozen=True)
class ReportFigure:
    """A figure in a report."""

    name: str
    """Unique within a finding, and usable as an HTML id."""
    title: str
    """Plain text: the subject, or what was found."""
    caption: str
    """Plain text: what the figure shows, with its numbers; also the alternative text."""
    draw: Callable[[], Drawing]
    """Return the figure, without its title and unknown to `pyplot`."""


FIGURES: Final[Mapping[type, tuple[Figure, ...]]] = {
    Groups: OF_GROUPS,
    CaseLife: CASE_LIFE,
    **{result: kind.figures for result, kind in KINDS.items()},
}
"""Parts of results come before results: `sim.figures` takes its functions from the first match."""
_DRAW: dict[str, Callable[..., Axes]] = {}
for _figure in (figure for figures in FIGURES.values() for figure in figures):
    _DRAW.setdefault(_figure.name, checked_call(_figure.draw))
__all__ = ["ReportFigure", "plates", "plot", "to_svg"]
__all__ += sorted(_DRAW)  # noqa: PLE0605


def __getattr__(name: str) -> Callable[..., Axes]:
    """Return the function of a figure that a question lists."""
    if name not in _DRAW:
        hint = nearest(name, _DRAW)
        raise AttributeError(
            tr("module 'sim.figures' has no attribute '{name}'{hint}", name=name, hint=hint)
        )
    return _DRAW[name]


def __dir__() -> list[str]:
    return __all__


def figures_of(finding: object) -> tuple[Figure, ...]:
    """Return the figures of a finding, the most important first.

    Raises
    ------
    TypeError
        If the finding has no figures.
    """
    figures = FIGURES.get(type(finding))
    if figures is None:
        raise TypeError(tr("no figures of a {kind}", kind=type(finding).__name__))
    return figures


def plot(
    result: Any,
    figure: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
    **options: Any,
) -> Axes:
    """Draw the default figure of a result, or the one named.

    Parameters
    ----------
    result
        Any result of an experiment, a `Groups` or a `CaseLife`.
    figure
        Its name in `sim.figures`; default: the first that has something to show.
    **options
        Options of that figure, for example ``limit="project_30"``.

    Raises
    ------
    ValueError
        If the result has no figure of this name; the message lists its figures.
    TypeError
        If results of this kind have no figures.
    """
    known = {one.name: one for one in figures_of(result)}
    if not known:
        raise TypeError(tr("no figures of a {kind}", kind=type(result).__name__))
    shown = (name for name, one in known.items() if one.variants(result))
    name = figure or next(shown, next(iter(known)))
    if name not in known:
        kind = type(result).__name__
        raise ValueError(
            tr(
                "no figure '{name}' of a {kind}; there are: {known}",
                name=name,
                kind=kind,
                known=", ".join(known),
            )
        )
    return checked_call(known[name].draw)(result, ax=ax, language=language, **options)


def plates(result: object, language: Language = "en") -> Iterator[ReportFigure]:
    """Yield the figures that a report shows of a result, the most important first.

    Figures without data are left out, for example those of late cases if no case is late.

    Raises
    ------
    TypeError
        If results of this kind have no figures.
    """
    for by_limit, neighbours in groupby(figures_of(result), key=lambda figure: figure.by_limit):
        shown = [
            (figure, name, options)
            for figure in neighbours
            for name, options in figure.variants(result).items()
        ]
        if by_limit:
            limits = list(dict.fromkeys(options["limit"] for _, _, options in shown))
            shown.sort(key=lambda variant: limits.index(variant[2]["limit"]))
        for figure, name, options in shown:
            title = figure.title(result, language, **options)
            caption = figure.caption(result, language, **options)
            draw = partial(figure.draw, result, **options, language=language)
            yield ReportFigure(name, title, caption, partial(_for_page, draw))


def _for_page(draw: Callable[[], Axes]) -> Drawing:
    with style(), for_page():
        return figure_of(draw())
