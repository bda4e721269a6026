"""The process behind a register: its case types, and the matters and stages of each.

It comes from a scenario, or from the register's own tables. A matter that the scenario does not
know keeps its name, so that its time still counts for its case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.arrays import Ints
from sim.records.register import Register
from sim.scenario import ReadError, Scenario
from sim.translation import tr

if TYPE_CHECKING:
    import pandas as pd

ALL: Final = "cases"
"""The case type of a register that names no process."""


@dataclass(frozen=True, eq=False)
class Definition:
    """The case types of a register, and their matters."""

    case_types: tuple[str, ...]
    """Sorted by name."""
    of_case: Ints
    """[cases] number of each case's type."""
    stages: tuple[Mapping[str, str], ...]
    """Case type → matter → stage."""
    standards: tuple[Mapping[str, str], ...]
    """Case type → stage → standard stage."""
    names: tuple[Mapping[str, str], ...]
    """Case type → code or name in the register → matter."""

    def matter(self, case_type: int, code: str) -> str:
        """Return the matter behind a code or name of the register; unknown: the text itself."""
        return self.names[case_type].get(code, code)

    @cached_property
    def known(self) -> frozenset[str]:
        """The texts that name a matter in any case type."""
        return frozenset().union(*self.names)


def definition_of(register: Register, scenario: Scenario | None) -> Definition:
    """Return the process of a register's cases.

    ReadError: the scenario has no case type to which the cases, or any matter, could belong.
    """
    return _own(register) if scenario is None else _of_scenario(register, scenario)


def told_apart(register: Register) -> Register:
    """Return the register with a matter of its own for each stage of a flow that a matter is in.

    Other records tell such matters by their code; where they do not, their days would be added up.
    """
    import pandas as pd

    of_item = register.cases["flow"].astype(str).to_numpy(object)[register.items["case"].to_numpy()]
    of_matter = register.matters["flow"].astype(str).to_numpy(object)
    parts = [
        rows[["matter_code", "matter", "stage"]].astype(str).assign(flow=flow)
        for rows, flow in ((register.items, of_item), (register.matters, of_matter))
    ]
    seen = pd.concat(parts, ignore_index=True)
    text = seen["matter_code"].where(seen["matter_code"] != "", seen["matter"])
    staged = (seen["stage"] != "") & (text != "")
    stages = seen["stage"].where(staged).groupby([seen["flow"], text]).transform("nunique")
    apart = (staged & (stages > 1)).to_numpy()
    if not apart.any():
        return register
    for column in ("matter_code", "matter"):
        named = apart & (seen[column] != "").to_numpy()
        seen[column] = seen[column].where(~named, seen[column] + " (" + seen["stage"] + ")")
    items, matters = seen[: len(register.items)], seen[len(register.items) :]
    return replace(
        register,
        items=_with_names(register.items, items),
        matters=_with_names(register.matters, matters),
    )


def _with_names(table: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    columns = {c: names[c].astype("category") for c in ("matter_code", "matter")}
    return table.assign(**{c: column.set_axis(table.index) for c, column in columns.items()})


def names_of_scenario(scenario: Scenario) -> list[dict[str, str]]:
    """Return, for each case type in alphabetical order, key or label → matter."""
    names = []
    for _, case_type in sorted(scenario.case_types.items()):
        known = {key: key for key in case_type.matters}
        for key, spec in case_type.matters.items():
            for text in (spec.label.zh, spec.label.en):
                if text:
                    known.setdefault(text, key)
        names.append(known)
    return names


def _of_scenario(register: Register, scenario: Scenario) -> Definition:
    types = sorted(scenario.case_types)
    names = names_of_scenario(scenario)
    definition = Definition(
        case_types=tuple(types),
        of_case=_types_by_scenario(register, scenario, types, names),
        stages=tuple(
            {key: spec.stage for key, spec in scenario.case_types[name].matters.items()}
            for name in types
        ),
        standards=tuple(
            {
                key: spec.standard
                for key, spec in scenario.case_types[name].stages.items()
                if spec.standard is not None
            }
            for name in types
        ),
        names=tuple(names),
    )
    _refuse_strangers(register, scenario, definition)
    return definition


def _types_by_scenario(
    register: Register, scenario: Scenario, types: list[str], names: list[dict[str, str]]
) -> Ints:
    """Return [cases] the case type: by the name of the process, else by the matters."""
    number = {name: position for position, name in enumerate(types)}
    for position, name in enumerate(types):
        label = scenario.case_types[name].label
        for text in (label.zh, label.en):
            if text:
                number.setdefault(text, position)
    flow = register.cases["flow"].cat
    by_flow = np.array([*(number.get(str(text), -1) for text in flow.categories), -1], np.int64)
    found = by_flow[flow.codes.to_numpy()]
    if len(types) == 1:
        return np.zeros(len(found), np.int64)
    items = register.items
    for column in ("matter_code", "matter"):
        texts = [str(text) for text in items[column].cat.categories]
        of_text = np.array(
            [*(next((n for n, known in enumerate(names) if t in known), -1) for t in texts), -1]
        )
        of_item = of_text[items[column].cat.codes.to_numpy()]
        rows = np.flatnonzero(of_item >= 0)[::-1]  # the first item of a case is written last
        by_matter = np.full(len(found), -1, np.int64)
        by_matter[items["case"].to_numpy()[rows]] = of_item[rows]
        found = np.where(found < 0, by_matter, found)
    return np.maximum(found, 0)


def _refuse_strangers(register: Register, scenario: Scenario, definition: Definition) -> None:
    """Raise `ReadError` if the scenario knows none of the register's matters."""
    from difflib import get_close_matches

    texts = {
        str(text)
        for column in ("matter_code", "matter")
        for text in register.items[column].unique()
        if text
    }
    if not texts or texts & definition.known:
        return
    mine = sorted(texts)
    if not definition.known:
        raise ReadError(
            tr(
                "{origin}: has no matters to judge",
                origin=scenario.provenance.origin or tr("the scenario"),
            )
        )
    near = {text: get_close_matches(text, definition.known, 1) for text in mine}
    told = [
        f"'{t}'" + (tr(" (did you mean '{near}'?)", near=near[t][0]) if near[t] else "")
        for t in mine[:8]
    ]
    raise ReadError(
        tr(
            "{origin}: has none of the register's matters {told}; it has: {known}. Give "
            "each matter the code or the name of the register, as its key or its label",
            origin=scenario.provenance.origin or tr("the scenario"),
            told=", ".join(told),
            known=", ".join(sorted(definition.known)[:12]),
        )
    )


def _own(register: Register) -> Definition:
    flow = register.cases["flow"]
    texts = flow.cat.categories.astype(str)
    used = sorted({str(text) or ALL for text in flow.unique()}) or [ALL]
    number = {name: position for position, name in enumerate(used)}
    of_text = np.array([*(number.get(text or ALL, 0) for text in texts), 0], np.int64)
    of_case = of_text[flow.cat.codes.to_numpy()]
    stages: list[dict[str, str]] = [{} for _ in used]
    names: list[dict[str, str]] = [{} for _ in used]
    _add_matters(register, of_case, number, stages, names)
    return Definition(
        tuple(used), of_case, tuple(stages), _standards(register, number), tuple(names)
    )


def _add_matters(
    register: Register,
    of_case: Ints,
    number: Mapping[str, int],
    stages: list[dict[str, str]],
    names: list[dict[str, str]],
) -> None:
    """Enter the matters of the process tables, then those that items alone name."""
    columns = ("matter", "matter_code", "stage")
    for row in register.matters[["flow", *columns]].itertuples(index=False):
        if (position := number.get(str(row[0]) or ALL)) is not None:
            _add(stages[position], names[position], *(str(text) for text in row[1:]))
    items = register.items[list(columns)].copy()
    items["type"] = of_case[register.items["case"].to_numpy()] if len(items) else []
    for row in items.drop_duplicates().itertuples(index=False):
        _add(stages[row[3]], names[row[3]], *(str(text) for text in row[:3]))


def _add(stages: dict[str, str], names: dict[str, str], name: str, code: str, stage: str) -> None:
    key = names.get(code) or name or code
    for text in (name, code):
        if text:
            names.setdefault(text, key)
    if key:
        stages.setdefault(key, stage or key)  # without a stage, it stands for one of its own


def _standards(register: Register, number: Mapping[str, int]) -> tuple[Mapping[str, str], ...]:
    standards: list[dict[str, str]] = [{} for _ in number]
    columns = ["flow", "stage", "standard_stage"]
    for flow, stage, standard in register.stages[columns].itertuples(index=False):
        position = number.get(str(flow) or ALL)
        if position is not None and standard > 0:
            standards[position][str(stage)] = str(standard)
    return tuple(standards)
