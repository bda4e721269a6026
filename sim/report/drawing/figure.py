"""What a figure is: its name, how it is drawn, and what a report shows and says of it."""

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
"""Keyword arguments of a figure's functions beside the finding, `ax` and `language`."""


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
    variants: Callable[[Any], Mapping[str, Options]] = lambda _finding: {}
    """(finding) → the drawings that a report shows, by the name of each, with their options; none
    where there is nothing to show."""
    title: Callable[..., str] = lambda *_, **__: ""
    """(finding, language, **options) → plain text: the subject, or what was found."""
    caption: Callable[..., str] = lambda *_, **__: ""
    """(finding, language, **options) → plain text: what the figure shows, with its numbers."""
    by_limit: bool = False
    """Every variant has the option `limit`: a report goes through the limits, and shows neighbours
    of this kind together for each."""


def titled(text: tuple[str, str]) -> Callable[..., str]:
    """Return a title function with this text, in which ``{limit}`` is the label of the limit."""

    def title(finding: Any, language: Language, *, limit: str = "", **_options: Any) -> str:
        label = Names(finding.scenario, language).limit(limit) if limit else ""
        return tell(text, language, limit=label)

    return title


def per_limit(
    name: str, limits: Iterable[str], shown: Callable[[str], object] = lambda _limit: True
) -> dict[str, Options]:
    """Return a variant for each limit that is shown: the name with the limit's number."""
    return {
        f"{name}-{number}": {"limit": limit} for number, limit in enumerate(limits) if shown(limit)
    }


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


def chosen_of(limit: str | None, by_limit: Mapping[str, T]) -> T | None:
    """Return what there is of a limit, by default of the first; see `choose`."""
    chosen = choose(limit, by_limit, "limit")
    return None if chosen is None else by_limit[chosen]
