"""The controls of a live what-if in words: what each sets, and its values; never a path."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from sim.experiments.what_if.controls import AnyControl, Choice, Number, Switch, Value, changed
from sim.report.labels import Labels
from sim.report.language import Language, typeset
from sim.report.numbers import percent
from sim.report.paths import Paths
from sim.report.what_if.words import say
from sim.report.words import DELEGATION, SWITCHES, phrase
from sim.scenario import Scenario

MOST_NAMED: Final = 3
"""Most changes that the name of a variant tells."""
SHARES: Final = frozenset(("target_share", "online_share"))
"""Last keys of the values that are written in per cent."""


class Spoken:
    """The labels of the controls of one scenario in one language."""

    def __init__(self, scenario: Scenario, language: Language) -> None:
        self.labels = Labels(scenario, language, say)
        self.language = language
        self.say = self.labels.say
        self.paths = Paths(self.labels)

    def unique(self, controls: Sequence[AnyControl]) -> dict[str, str]:
        """Return key → label; labels that would be the same get a number."""
        plain = {control.key: self.label(control) for control in controls}
        times, seen = Counter(plain.values()), Counter[str]()
        named = {}
        for key, label in plain.items():
            seen[label] += 1
            named[key] = f"{label} {seen[label]}" if times[label] > 1 else label
        return named

    def label(self, control: AnyControl) -> str:
        """Return what a control sets, with the unit of its values."""
        text, unit = self._what(control), self._unit(control)
        return text if not unit else self._typeset(self.say("with_unit", label=text, unit=unit))

    def value(self, control: AnyControl, value: Value) -> str:
        """Return a value of a control in words."""
        if isinstance(control, Switch):
            return self.say("on" if value else "off")
        if isinstance(control, Choice):
            return self.choice(str(value))
        if control.key.rpartition(".")[2] in SHARES:
            return typeset(percent(float(value), None), self.language)
        if control.unit == "x":
            return f"×{float(value):.2f}"
        return f"{float(value):g}"

    def choice(self, word: str) -> str:
        """Return a form of delegation in words."""
        if word in DELEGATION:
            return phrase(DELEGATION[word], self.language)
        return self.say("none")

    def changes(self, values: Mapping[str, Value], panel: Mapping[str, AnyControl]) -> list[str]:
        """Return what differs from the scenario, a text for each control."""
        return [
            self._typeset(
                self.say(
                    "change",
                    name=self._alone(panel[key]),
                    before=self.value(panel[key], panel[key].start),
                    after=self.value(panel[key], value),
                )
            )
            for key, value in values.items()
            if changed(panel[key], value)
        ]

    def name(self, changes: Sequence[str]) -> str:
        """Return the name of a variant: the scenario's, and what was changed."""
        scenario = self.labels.text(self.labels.scenario.name)
        told = list(changes[:MOST_NAMED])
        if len(changes) > MOST_NAMED:
            told.append(self.say("and_more", count=len(changes) - MOST_NAMED))
        joined = self.say("semicolon").join(told)
        return self._typeset(self.say("tried_name", scenario=scenario, changes=joined))

    def _typeset(self, text: str) -> str:
        return typeset(text, self.language)

    def _unit(self, control: AnyControl) -> str:
        if not isinstance(control, Number) or control.unit is None:
            return ""
        if control.unit in {"x", "shape"}:
            return self.say("times" if control.unit == "x" else "shape_unit")
        return self.say(control.unit)

    def _alone(self, control: AnyControl) -> str:
        """Return what a control sets, where nothing tells its group."""
        what = self._what(control)
        if control.group != "load":
            return what
        return self._typeset(self.say("load_of", name=what))

    def _what(self, control: AnyControl) -> str:
        parts = control.key.split(".")
        if control.group == "load":
            return self.labels.case_type(parts[1])
        if parts[0] == "handling":
            pair = SWITCHES.get(parts[1])
            text = self.say("delegation") if pair is None else phrase(pair, self.language)
            return text[:1].upper() + text[1:]
        if parts[0] == "limits" and len(parts) == 3 and parts[2] in {"limit", "target_share"}:
            key = "limit_of" if parts[2] == "limit" else "share_of"
            return self._typeset(self.say(key, name=self.labels.limit(parts[1])))
        if control.group == "staff":
            return " · ".join(self.paths.staff(parts[1:], counted=False))
        return self.paths.words(parts)
