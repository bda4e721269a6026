"""Labels of the names of a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from sim.limits import ClockRule, clock_rules
from sim.measures.days import OWNER_PREFIX
from sim.process.table import Pool, pool_table
from sim.report.clocks import clock_label
from sim.report.language import Language
from sim.report.words import STEPS_ZH, Vocabulary, say
from sim.scenario import Condition, Scenario, Text


class Labels:
    """The labels of one scenario in one language; a name without a label stands for itself.

    `say` returns words of the report in the same language.
    """

    def __init__(self, scenario: Scenario, language: Language, words: Vocabulary = say) -> None:
        self.scenario = scenario
        self.language = language
        self.words = words

    def say(self, key: str, /, **values: object) -> str:
        """Return a word or sentence, with values filled in."""
        return self.words(key, self.language, **values)

    @cached_property
    def _pools(self) -> Mapping[str, Pool]:
        """Every pool by name; also the declared pool of pools that exist per value."""
        declared = {name: Pool(name) for name in self.scenario.pools}
        return declared | pool_table(self.scenario).by_name

    def text(self, text: Text, otherwise: str = "") -> str:
        """Return the label in this language, else in the other one, else the name."""
        return self.choose(text, self.language) or otherwise

    @staticmethod
    def choose(text: Text, language: Language) -> str:
        """Return a text in this language, else in the other one."""
        own, other = (text.en, text.zh) if language == "en" else (text.zh, text.en)
        return own or other

    def limit(self, name: str) -> str:
        """Return a limit's label, and what it is limited to."""
        limit = self.scenario.limits[name]
        only = [self.condition(limit.when)] if limit.when else []
        only += [self.say("per_round")] if limit.per == "round" else []
        label = self.text(limit.label, name)
        return f"{label} ({', '.join(only)})" if only else label

    def condition(self, condition: Condition) -> str:
        """Return an `if` of the scenario in words."""
        return ", ".join(
            f"{self.attribute(name)} {'/'.join(self.value(name, value) for value in values)}"
            for name, stated in condition.items()
            for values in [[stated] if isinstance(stated, str) else stated]
        )

    @cached_property
    def _clocks(self) -> Mapping[str, ClockRule]:
        return clock_rules(self.scenario)

    def clock(self, name: str) -> str:
        """Return a clock's label."""
        return clock_label(self._clocks[name], self.language)

    def hours(self, name: str) -> str:
        """Return the label of duty hours."""
        return self.text(self.scenario.hours[name].label, name)

    def case_type(self, name: str) -> str:
        """Return a case type's label."""
        return self.text(self.scenario.case_types[name].label, name)

    def stage(self, case_type: str, name: str) -> str:
        """Return a stage's label."""
        return self.text(self.scenario.case_types[case_type].stages[name].label, name)

    def matter(self, case_type: str, name: str) -> str:
        """Return a matter's label."""
        return self.text(self.scenario.case_types[case_type].matters[name].label, name)

    def department(self, name: str) -> str:
        """Return the label of a department, or of an owner's time without one (`by_department`).

        A pool without a department stands for itself.
        """
        if name.startswith(OWNER_PREFIX):
            return self.say(f"time_of_{name.removeprefix(OWNER_PREFIX)}")
        department = self.scenario.departments.get(name)
        if department is None:
            return self.pool(name) if name in self._pools else name
        return self.text(department.label, name)

    def attribute(self, name: str) -> str:
        """Return an attribute's label, from the first case type that gives one."""
        for case_type in self.scenario.case_types.values():
            spec = case_type.attributes.get(name)
            if spec is not None and spec.label is not None:
                return self.text(Text.model_validate(spec.label), name)
        return name

    def value(self, attribute: str, value: str) -> str:
        """Return the label of an attribute's value, from the first case type that gives one."""
        for case_type in self.scenario.case_types.values():
            spec = case_type.attributes.get(attribute)
            if spec is not None and value in spec.labels:
                return self.text(spec.labels[value], value)
        return value

    def pool(self, name: str) -> str:
        """Return the label of a pool, with its value where it exists per attribute."""
        pool = self._pools[name]
        spec = self.scenario.pools[pool.declared]
        label = self.text(spec.label, pool.declared)
        if pool.value is None or spec.per is None:
            return label
        return f"{label} · {self.value(spec.per, pool.value)}"

    def group(self, name: str) -> str:
        """Return the label of a roster group: its own, or that of the first pool it serves."""
        group = self.scenario.staff[name]
        if own := self.text(group.label):
            return own
        nameless = (of for of in self.scenario.staff.values() if not self.text(of.label))
        alone = sum(of.serves[0] == group.serves[0] for of in nameless) == 1
        pool = self.pool(group.serves[0])
        return pool if alone else f"{pool} ({name})"

    def unit(self, case_type: str, name: str) -> str:
        """Return the name of a matter or stage with its labels and department; "" for a step."""
        spec = self.scenario.case_types[case_type]
        if name in spec.matters:
            matter = spec.matters[name]
            label, department = matter.label, self.department(matter.department)
        elif name in spec.stages:
            label, department = spec.stages[name].label, ""
        else:
            return ""
        first = self.text(label)
        other = label.zh if first == label.en else label.en
        words = [name, first, other if other != first and self.language == "en" else ""]
        heading = " ".join(word for word in words if word)
        return f"{heading} · {department}" if department else heading

    def step(self, name: str) -> str:
        """Return a step's name with its fixed parts in the language."""
        if self.language == "en":
            return name
        departments = self.scenario.departments
        return "/".join(
            STEPS_ZH.get(part) or (self.department(part) if part in departments else part)
            for part in name.split("/")
        )

    def officer(self, name: str) -> str:
        """Return the label of an officer: of the group, else of the first pool, else the name."""
        group, slash, number = name.partition("/")
        staff = self.scenario.staff.get(group)
        if staff is None:
            return name
        pool = self.scenario.pools[staff.serves[0]]
        return self.text(staff.label, self.text(pool.label, group)) + slash + number

    def matters(self, case_type: str, names: str) -> str:
        """Return the labels of matters that are joined by " + "."""
        known = self.scenario.case_types[case_type].matters
        return " + ".join(
            self.text(known[name].label, name) if name in known else name
            for name in names.split(" + ")
        )
