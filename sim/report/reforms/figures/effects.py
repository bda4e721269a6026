"""The effect of levers on a limit, as every figure of reforms has it."""

from __future__ import annotations

import math
from typing import Final, Literal

from sim.experiments import Reforms
from sim.experiments.reforms.contributions import Effect
from sim.report.drawing.figure import choose
from sim.report.drawing.labels import one_line
from sim.report.language import Language
from sim.report.reforms.words import lever_label

Measure = Literal["on_time_share", "days_saved"]
Rule = Literal["stepwise", "shapley"]
LABEL: Final = 30
"""Columns of a line of a label."""


def effect_of(reforms: Reforms, limit: str | None, measure: Measure) -> Effect | None:
    """Return the effect of the levers on a limit, by default the first; None without limits.

    Raises
    ------
    ValueError
        If there is no such limit, or no such measure.
    """
    choose(measure, ("on_time_share", "days_saved"), "measure")
    chosen = choose(limit, reforms.scenario.limits, "limit")
    return None if chosen is None else reforms.effect(measure, chosen)


def known_effect(reforms: Reforms, limit: str, measure: Measure) -> Effect | None:
    """Return the effect of the levers on a limit; None if no case could be judged."""
    effect = effect_of(reforms, limit, measure)
    assert effect is not None
    return None if math.isnan(effect.total.estimate.value) else effect


def lever_names(reforms: Reforms, language: Language) -> list[str]:
    """Return the labels of the levers, in their order."""
    labels = [one_line(lever_label(reforms, lever, language)) for lever in reforms.levers]
    return [label[:1].upper() + label[1:] for label in labels]


def largest(reforms: Reforms, effect: Effect, rule: Rule, language: Language) -> tuple[str, str]:
    """Return name and label of the lever with the largest part of an effect."""

    def value(name: str) -> float:
        part = effect.parts[rule][name].estimate.value
        return part if math.isfinite(part) else -math.inf

    name = max(effect.parts[rule], key=value)
    return name, lever_names(reforms, language)[reforms.chosen.names.index(name)]
