"""Which work the stamps show, and what to begin with where they do not."""

from __future__ import annotations

from typing import Final

from sim.fitting.effort import Effort
from sim.fitting.hidden.inference import Known
from sim.fitting.work import Work

USUAL_H: Final = 1.0
"""Hours that work takes where nothing tells."""


def shown(work: Work) -> dict[int, Known]:
    """Return task → its distribution, of those whose begin and end follow from stamps.

    Neither of a review whose begin alone is stamped, nor of the decision after it: when it began is
    not known.
    """
    reviewed = {task.key for task in work.tasks if task.role == "review"}
    found = {}
    for number, task in enumerate(work.tasks):
        effort = work.efforts[number]
        two_parts = task.role != "window" and task.key in reviewed
        if effort.family is not None and not effort.rough and not two_parts:
            one = effort.family
            found[number] = Known((one.mean, *one.mean_range), (one.cv, *one.cv_range), one.name)
    return found


def expected(work: Work) -> dict[int, float]:
    """Return task → a first guess of its mean in hours, often far off."""
    return {number: _guess(work.efforts[number]) for number in range(len(work.tasks))}


def _guess(effort: Effort) -> float:
    if effort.family is not None:
        return effort.family.mean
    if effort.likely > 0:
        return effort.likely
    return USUAL_H if effort.bounds is None else effort.bounds.mean / 2
