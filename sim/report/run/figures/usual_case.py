"""The life of a case of a run: by default of one that is usual among the late cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from sim.experiments import CaseLife, Result
from sim.experiments import case_life as life_of
from sim.report.case_life.figure import caption_of, case_life, clock_of, title_of
from sim.report.drawing.figure import Figure, Options
from sim.report.language import Language
from sim.report.run.figures.limits import judged

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def _draw(
    result: Result,
    case: CaseLife | str | int | None = None,
    limit: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw one case of the first replication, given by its life, name or number."""
    life = case if isinstance(case, CaseLife) else life_of(result, case, limit=limit)
    return case_life(life, limit, ax=ax, language=language)


def _variants(result: Result) -> Mapping[str, Options]:
    if not any(judged(judgement) for judgement in result.verdicts):
        return {}
    life = life_of(result)
    return {"case": {"case": life}} if life.clocks else {}


def _title(_result: Result, language: Language, *, case: CaseLife) -> str:
    return title_of(case, clock_of(case, None), language)


def _caption(_result: Result, language: Language, *, case: CaseLife) -> str:
    return caption_of(case, language)


USUAL_CASE: Final = Figure("case_life", _draw, _variants, _title, _caption)
