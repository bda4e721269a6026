"""Names of the records that are other names in the scenario: a small file that can be edited."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.records.definition import names_of_scenario
from sim.records.register import COLUMNS, Register
from sim.scenario import Problem, Scenario, ScenarioError, attributes_of, nearest
from sim.translation import tr

if TYPE_CHECKING:
    import pandas as pd

SECTIONS: Final = ("case_types", "matters", "attributes", "values")
HEAD: Final = """\
# Names of the records: names of the scenario. Fill in what is blank, and give the file again with
# --names. What stays blank is not taken over, and told.
"""


@dataclass(frozen=True)
class Renaming:
    """Name of the records → name of the scenario; a blank one is not known."""

    case_types: Mapping[str, str] = field(default_factory=dict)
    matters: Mapping[str, str] = field(default_factory=dict)
    """By code or name."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    values_of: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Attribute of the scenario → value of the records → value of the scenario."""


def read_renaming(file: Path, scenario: Scenario) -> Renaming:
    """Return the names of a file; ScenarioError with every mistake in it."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        given = YAML(typ="safe").load(file.read_text("utf-8")) or {}
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        reason = str(error).splitlines()[0]
        raise ScenarioError(
            [Problem(tr("cannot be read: {reason}", reason=reason), str(file))]
        ) from None
    problems = list(_problems(given, str(file), scenario))
    if problems:
        raise ScenarioError(problems)
    values = {name: _texts(of) for name, of in (given.get("values") or {}).items()}
    names = {key: _texts(given.get(key) or {}) for key in SECTIONS[:-1]}
    return Renaming(**names, values_of=values)


def _texts(given: Mapping[Any, Any]) -> dict[str, str]:
    return {str(key): "" if value is None else str(value) for key, value in given.items()}


def _problems(given: Any, file: str, scenario: Scenario) -> Iterable[Problem]:
    if not isinstance(given, Mapping):
        yield Problem(tr("must hold {sections}", sections=", ".join(SECTIONS)), file)
        return
    for key in (name for name in given if name not in SECTIONS):
        yield Problem(
            tr("unknown key{hint}", hint=nearest(str(key), SECTIONS)), file, None, str(key)
        )
    known = _known(scenario)
    for key in SECTIONS[:-1]:
        section = given.get(key) or {}
        if not isinstance(section, Mapping):
            yield Problem(tr("must hold names: names"), file, None, key)
            continue
        for name, other in _texts(section).items():
            if other and other not in known[key]:
                rule = tr("the scenario has no such name{hint}", hint=nearest(other, known[key]))
                yield Problem(rule, file, None, f"{key}.{name}", other)
    values = given.get("values") or {}
    for name in values if isinstance(values, Mapping) else ():
        if name not in known["attributes"]:
            rule = tr(
                "the scenario has no such attribute{hint}",
                hint=nearest(str(name), known["attributes"]),
            )
            yield Problem(rule, file, None, f"values.{name}")
        elif not isinstance(values[name], Mapping):
            yield Problem(tr("must hold values: values"), file, None, f"values.{name}")


def _known(scenario: Scenario) -> dict[str, set[str]]:
    types = scenario.case_types
    return {
        "case_types": set(types),
        "matters": {name for spec in types.values() for name in spec.matters},
        "attributes": {name for spec in types.values() for name in attributes_of(scenario, spec)},
    }


def renamed(register: Register, names: Renaming) -> Register:
    """Return the register with the names of the scenario."""
    cases = register.cases.rename(
        columns={
            old: new
            for old, new in names.attributes.items()
            if new and old in register.attributes and new not in COLUMNS["cases"]
        }
    )
    cases = cases.assign(flow=_mapped(cases["flow"], names.case_types))
    for name, values in names.values_of.items():
        if name in cases.columns and name not in COLUMNS["cases"]:
            cases[name] = _mapped(cases[name], values)
    items = register.items
    for column in ("matter_code", "matter"):
        items = items.assign(**{column: _mapped(items[column], names.matters)})
    return replace(register, cases=cases, items=items)


def _mapped(column: pd.Series[Any], names: Mapping[str, str]) -> pd.Series[Any]:
    if not any(names.values()):
        return column
    texts = column.astype(str)
    known = {old: new for old, new in names.items() if new}
    return texts.map(lambda text: known.get(text, text)).astype("category")


def renaming_text(register: Register, scenario: Scenario) -> str:
    """Return a file for `read_renaming`: what each name was taken for, blanks where for nothing."""
    from ruamel.yaml import YAML

    names = names_of_scenario(scenario)
    known = _known(scenario)
    items = register.items[["matter_code", "matter"]].drop_duplicates()
    matters = {}
    for code, name in items.itertuples(index=False):
        text = str(code or name)
        taken = _key(str(code), names) or _key(str(name), names)
        if text and text != taken:
            matters[text] = taken
    attributes = {name: "" for name in register.attributes if name not in known["attributes"]}
    flows = sorted({str(text) for text in register.cases["flow"].unique()} - {""})
    types = {flow: "" for flow in flows if flow not in known["case_types"]}
    tree = {"case_types": types, "matters": matters, "attributes": attributes, "values": {}}
    written = io.StringIO()
    YAML().dump({key: dict(of) for key, of in tree.items()}, written)
    return HEAD + written.getvalue()


def _key(text: str, names: Sequence[Mapping[str, str]]) -> str:
    return next((known[text] for known in names if text in known), "")
