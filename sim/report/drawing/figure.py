"""A figure: its name, how to draw it, and its title and caption in a report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from sim.report.drawing.labels import Names
from sim.report.drawing.words import tell
from sim.report.language import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

T = TypeVar("T")
Options: TypeAlias = Mapping[str, Any]
"""Keyword arguments of a figure's functions, apart from the finding, `ax` and `language`."""


@dataclass(frozen=True)
class Figure:
    """A figure of one kind of finding; without `variants`, no report shows it.

    Each question lists its figures in a tuple `FIGURES`, the most important first. A report
    shows them in this order; the default is the first that has something to show.
    """

    name: str
    """Its name in `sim.figures` and for `plot`."""
    draw: Callable[..., Axes]
    """(finding, **options, ax, language) → the axes drawn on."""
    variants: Callable[[Any], Mapping[str, Options]] = lambda _finding: {}
    """(finding) → the drawings that a report shows: name → options; empty if there is nothing to
    show."""
    title: Callable[..., str] = lambda *_, **__: ""
    """(finding, language, **options) → plain text: the subject, or what was found."""
    caption: Callable[..., str] = lambda *_, **__: ""
    """(finding, language, **options) → plain text: what the figure shows, with its numbers."""
    by_limit: bool = False
    """Whether every variant has the option `limit`: for each limit, a report shows adjacent figures
    of this kind together."""


def titled(text: tuple[str, str]) -> Callable[..., str]:
    """Return a title function with this text; ``{limit}`` becomes the label of the limit."""

    def title(finding: Any, language: Language, *, limit: str = "", **_options: Any) -> str:
        label = Names(finding.scenario, language).limit(limit) if limit else ""
        return tell(text, language, limit=label)

    return title


def per_limit(
    name: str, limits: Iterable[str], shown: Callable[[str], object] = lambda _limit: True
) -> dict[str, Options]:
    """Return a variant for each limit that is shown, named by `name` and the limit's number."""
    return {
        f"{name}-{number}": {"limit": limit} for number, limit in enumerate(limits) if shown(limit)
    }


def choose(name: str | None, known: Iterable[str], kind: str) -> str | None:
    """Return `name` if it is known; without a name, the first known one, or None.

    Raises
    ------
    ValueError
        If the name is not known; the message gives its `kind` and the known names.
    """
    names = list(known)
    if name is None:
        return next(iter(names), None)
    if name not in names:
        raise ValueError(f"no {kind} '{name}'; there are: {', '.join(names) or 'none'}")
    return name


def chosen_of(limit: str | None, by_limit: Mapping[str, T]) -> T | None:
    """Return the value of a limit, by default of the first; see `choose`."""
    chosen = choose(limit, by_limit, "limit")
    return None if chosen is None else by_limit[chosen]
