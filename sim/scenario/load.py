"""Loading: from a scenario file to a frozen `Scenario`.

Values take priority in this order, weakest first:

1. the defaults of the models,
2. files named by ``extends``, in their order,
3. the file itself,
4. the ``overrides`` chosen by name, in the order of the choice,
5. ``--set path=value``, in the order given;

Within a case type, each matter has priority over ``matter_defaults``.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.scenario.calls import checked_call
from sim.scenario.errors import MOST_HINTED, Mistakes, Problem, ScenarioError
from sim.scenario.files.layers import override_of, setting_of, shown, with_parents, wrong_overrides
from sim.scenario.files.library import data_files, find
from sim.scenario.files.merge import apply_matter_defaults, merge, without_nulls
from sim.scenario.files.value_groups import apply_groups
from sim.scenario.mistakes.cross_checks import broken_rules
from sim.scenario.mistakes.field_errors import nothing_to_remove, shape_problems
from sim.scenario.origin import Provenance, Tree
from sim.scenario.preset_clocks import PRESETS
from sim.scenario.schema.base import Text
from sim.scenario.schema.model import Scenario
from sim.translation import tr

_NAMESPACES = ("pools", "hours", "departments", "case_types", "staff", "clocks")


@checked_call
def load(
    reference: str | os.PathLike[str],
    *,
    overrides: Sequence[str] = (),
    settings: Sequence[str] | Mapping[str, object] = (),
) -> Scenario:
    """Read, complete and validate a scenario.

    Parameters
    ----------
    reference
        Path of a file – YAML, or a workbook as `sim new` writes it (``my-city.xlsx``) –, or the
        name of a library scenario such as ``yingkou/base``.
    overrides
        Names from the file's ``overrides``, applied in this order.
    settings
        ``path=value`` texts, the value in YAML, or a mapping of paths to values such as
        ``{"staff.planners.count": 5, "period.run_out": "90 cd"}``; applied last.

    Raises
    ------
    ScenarioError
        With every problem found.
    TypeError
        If `overrides` or `settings` is one text instead of a list.
    """
    changes = _texts("overrides", overrides), _texts("settings", settings)
    path = find(os.fspath(reference))
    return as_written(with_parents(path), shown(path), *changes)


@checked_call
def vary(
    scenario: Scenario,
    settings: Sequence[str] | Mapping[str, object] = (),
    *,
    overrides: Sequence[str] = (),
) -> Scenario:
    """Return the variant of a loaded scenario that `load` would return with these changes.

    Parameters
    ----------
    scenario
        From `load` or `vary`; its own changes remain.
    settings, overrides
        As in `load`.

    Raises
    ------
    ScenarioError
        With every problem found.
    TypeError
        If `overrides` or `settings` is one text instead of a list.
    """
    changes = _texts("overrides", overrides), _texts("settings", settings)
    known = scenario.provenance
    if known.written is None:
        raise ValueError(tr("only a scenario that was loaded from a file can be varied"))
    return as_written(known.written, known.origin, *changes)


def with_values(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    """Return the variant with plain values, as in a file, in place of others of the same origin.

    Unlike `vary`, it takes many values at a time in the time of one, and sources and ranges of the
    values stay. `values`: path as in settings → value; what is around it must be written in a file.
    Raises `ScenarioError` if they do not go together.
    """
    known = scenario.provenance
    if known.written is None:
        raise ValueError(tr("only a scenario that was loaded from a file can be varied"))
    whole = known.written.copy()
    for path, value in values.items():
        *around, last = path.split(".")
        place = whole.value
        for key in around:
            place = place[int(key)] if isinstance(place, list) else place[key]
        place[int(last) if isinstance(place, list) else last] = value
    return as_written(whole, known.origin)


def _texts(name: str, texts: Sequence[str] | Mapping[str, object]) -> Sequence[str]:
    """Return settings as texts; refuse a single text, which is a sequence of letters."""
    if isinstance(texts, str):
        raise TypeError(
            tr("{name} must be a list of texts: {name}=[{texts!r}]", name=name, texts=texts)
        )
    if isinstance(texts, Mapping):
        if name == "overrides":
            rule = tr(
                "overrides are names that the file gives; values go into settings={path: value}"
            )
            raise TypeError(rule)
        return [f"{path}={_yaml(value)}" for path, value in texts.items()]
    for text in texts:
        if not isinstance(text, str):
            like = "settings={'path': value}" if name == "settings" else "overrides=['name']"
            raise TypeError(
                tr(
                    "{name} holds {text!r}, which is no text; write {like}",
                    name=name,
                    text=text,
                    like=like,
                )
            )
    return texts


def _yaml(value: object) -> str:
    if isinstance(value, dt.date):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    """Return a value that JSON does not know as one that it does, such as a number of NumPy."""
    return value.item() if hasattr(value, "item") else str(value)


def override_problems(scenario: Scenario) -> list[Problem]:
    """Return the problems of all overrides of a loaded scenario, each applied alone."""
    problems = []
    for name in scenario.provenance.overrides:
        try:
            vary(scenario, overrides=[name])
        except ScenarioError as error:
            where = tr("(override '{name}')", name=name)
            problems += [replace(one, rule=f"{one.rule} {where}") for one in error.problems]
    return problems


def summary_of(reference: str) -> tuple[Text, list[str]]:
    """Return the name of a scenario and the names of its overrides, without validating the rest.

    A file that cannot be read raises `ScenarioError`.
    """
    written = with_parents(find(reference)).value
    return Text.model_validate(written.get("name", "")), list(written.get("overrides") or ())


def as_written(
    written: Tree, origin: str, overrides: Sequence[str] = (), settings: Sequence[str] = ()
) -> Scenario:
    """Return the scenario of a tree as read, with changes; raise `ScenarioError` as `load` does."""
    whole = written
    mistakes = Mistakes()
    for name in overrides:
        with mistakes.noted():
            whole = merge(whole, override_of(whole, name))
    for setting in settings:
        with mistakes.noted():
            whole = merge(whole, setting_of(whole, setting))
    completed = whole.copy()
    completed.problems += wrong_overrides(whole)
    completed.value.pop("overrides", None)
    with mistakes.noted():
        scenario = _validated(completed, whole, origin)
    mistakes.tell()
    return scenario


def _validated(tree: Tree, written: Tree, origin: str) -> Scenario:
    problems = [*tree.problems, *nothing_to_remove(tree, tree.value, ())]
    apply_matter_defaults(tree)
    apply_groups(tree)
    tree.value = without_nulls(tree.value)
    context = {
        "names": {kind: _names(tree.value.get(kind), kind) for kind in _NAMESPACES},
        "hints": iter(range(MOST_HINTED)),
    }
    files: dict[str, Path] = {}
    try:
        scenario = Scenario.model_validate(tree.value, context=context)
    except ValidationError as error:
        problems += shape_problems(tree, error)
        problems += broken_rules(tree, None, context)
    else:
        problems += broken_rules(tree, scenario, context)
        files, missing = data_files(tree, scenario)
        problems += missing
    if problems:
        raise ScenarioError(sorted(dict.fromkeys(problems), key=_in_file_order))
    return scenario.with_provenance(Provenance(origin, tree, files, written))


def _in_file_order(problem: Problem) -> tuple[list[str | int], int]:
    """Order problems by file and line, and those of a workbook by the number in their cell."""
    parts = re.split(r"(\d+)", problem.file)
    return [int(part) if part.isdecimal() else part for part in parts], problem.line or 0


def _names(value: Any, kind: str) -> list[str] | None:
    """Return the names defined; None if they are unknown, so that no name is an error."""
    presets = [*PRESETS] if kind == "clocks" else []
    if isinstance(value, Mapping):
        return [*presets, *(str(key) for key in value)]
    return presets if value is None and not Scenario.model_fields[kind].is_required() else None
