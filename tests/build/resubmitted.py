"""Stories of cases that are handed in again."""

from __future__ import annotations

from sim.process.graph import Outcome
from tests.build.stories import Story, run
from tests.build.three_matters import LEVERS


def refusal(at: str, probability: float = 1.0, *, most: int = 1, more: str = "") -> str:
    again = f"{{probability: 1.0, after: 40 min, max_times: {most}{more}}}"
    return f"refusal: {{{at}: {probability}, resubmission: {again}}}"


def at_last(*texts: str) -> Story:
    """Return the first story whose case is granted after it was handed in again."""
    stories = (run(LEVERS, *texts, seed=seed) for seed in range(50))
    return next(
        story
        for story in stories
        if story.outcome() is Outcome.DONE and any("/resubmission" in n for n in story.minutes())
    )
