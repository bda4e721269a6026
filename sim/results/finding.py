"""What every result can do: introduce itself, in a notebook too, and be drawn."""

from __future__ import annotations

from typing import Any

from sim.scenario.display import shown_by


class Shown:
    """A result that can be looked at; `sim.report` shows it, see `sim.scenario.display`."""

    def __repr__(self) -> str:
        """Return what was done and what was found, a few lines."""
        return f"{type(self).__name__}: {shown_by('notebook', 'plain_text', self)}"

    def _repr_html_(self) -> str:
        """Return the headline and the main table, for notebooks."""
        text: str = shown_by("notebook", "html", self)
        return text

    def plot(
        self, figure: str | None = None, *, ax: Any = None, language: str = "en", **options: Any
    ) -> Any:
        """Draw a figure.

        Parameters
        ----------
        figure
            Its name; default: the one that shows the main finding.
        ax
            Axes of matplotlib to draw in; default: new ones.
        language
            ``"en"`` or ``"zh"``.
        **options
            Of that figure; see `sim.report.figures.plot`.
        """
        return shown_by("figures", "plot", self, figure, ax=ax, language=language, **options)
