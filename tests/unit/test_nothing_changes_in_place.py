"""A scenario cannot be changed in place, nor can what a result shares."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

import sim
from sim.scenario.frozen import FrozenDict, FrozenList, frozen, thawed
from tests.build.results import office

IMMUTABLE = (str, int, float, bool, type(None), Path, frozenset)


def changeable(value: Any, path: str, seen: set[int]) -> Iterator[str]:
    """Yield the places of everything that can be changed, in all public fields."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, BaseModel):
        assert value.model_config.get("frozen"), path
        for name in type(value).model_fields:
            yield from changeable(getattr(value, name), f"{path}.{name}", seen)
        if isinstance(value, sim.Scenario):
            yield from changeable(value.provenance, f"{path}.provenance", seen)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            with pytest.raises((dataclasses.FrozenInstanceError, TypeError)):
                setattr(value, field.name, None)
            yield from changeable(getattr(value, field.name), f"{path}.{field.name}", seen)
    elif isinstance(value, FrozenDict):
        for key, child in value.items():
            yield from changeable(child, f"{path}.{key}", seen)
    elif isinstance(value, FrozenList | tuple):
        for number, child in enumerate(value):
            yield from changeable(child, f"{path}.{number}", seen)
    elif not isinstance(value, IMMUTABLE) and type(value).__module__ != "datetime":
        yield f"{path}: {type(value).__name__}"


@pytest.mark.parametrize(
    "name", ["yingkou/levers", "yingkou/zones", "yingkou/backlog", "textbook/replay"]
)
def test_nothing_in_a_loaded_scenario_can_be_changed(name):
    assert list(changeable(sim.load(name), name, set())) == []


def test_nothing_in_a_variant_or_a_copy_can_be_changed():
    varied = sim.vary(office(), {"staff.clerks.count": 3})
    for one in (
        varied,
        varied.model_copy(),
        copy.deepcopy(varied),
        pickle.loads(pickle.dumps(varied)),
    ):
        assert list(changeable(one, "office", set())) == []
    assert sim.vary(varied, {"staff.clerks.count": 4}).staff["clerks"].count == 4
    assert varied.staff["clerks"].count == 3


def test_an_attempt_says_how_it_is_done():
    loaded = office()
    for change in (
        lambda: loaded.staff.update(x=1),
        lambda: loaded.staff.pop("clerks"),
        lambda: loaded.provenance.completed.value["staff"].pop("clerks"),
        lambda: setattr(loaded.provenance.completed, "value", {}),
        lambda: loaded.provenance.written.value["limits"].__delitem__("two_days"),
    ):
        with pytest.raises(TypeError, match=r"make a variant with sim\.vary"):
            change()


@pytest.mark.parametrize("value", [{"a": [1, {"b": {2, 3}}]}, [], {}, [{"c": (1, [2])}]])
def test_frozen_and_thawed(value):
    stiff = frozen(copy.deepcopy(value))
    assert stiff == value
    assert frozen(stiff) is stiff
    assert thawed(stiff) == value
    assert type(thawed(stiff)) is type(value)
    assert pickle.loads(pickle.dumps(stiff)) == value
    assert type(copy.deepcopy(stiff)) is type(stiff)


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x.append(1), lambda x: x.extend([1]), lambda x: x.insert(0, 1), lambda x: x.pop(),
        lambda x: x.remove(1), lambda x: x.clear(), lambda x: x.sort(), lambda x: x.reverse(),
        lambda x: x.__setitem__(0, 1), lambda x: x.__delitem__(0), lambda x: x.__iadd__([1]),
        lambda x: x.__imul__(2),
    ],
)  # fmt: skip
def test_a_frozen_list_refuses(change):
    with pytest.raises(TypeError, match="nothing is changed in place"):
        change(FrozenList([1]))


def test_what_a_result_hands_out_is_the_users_own_copy():
    result = sim.run(office(), replications=1)
    before = repr(result), result.states["paper"]["done"], len(result.cases)
    for name in ("cases", "items", "limits", "pools", "months", "matters"):
        table = getattr(result, name)
        first, second, *_ = table.columns
        table[second] = 0
        del table[first]
        for again in (getattr(result, name), result.tables.get(name)):
            assert again is None or first in again.columns, name
            assert again is None or not (again[second] == 0).all(), name
    for shared in (result.states, result.states["paper"], result.limits_over_time, result.years_of):
        with pytest.raises(TypeError, match="nothing is changed in place"):
            shared.clear()  # type: ignore[attr-defined]
    assert before == (repr(result), result.states["paper"]["done"], len(result.cases))
