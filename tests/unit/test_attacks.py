"""The tools of the campaigns see what they are to see."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from tests.build.attacks import (
    HangError,
    at_most,
    fault_of,
    garbled,
    mutated,
    nodes,
    smaller_lines,
    smaller_tree,
)


def test_a_fault_is_found_and_a_refusal_is_none() -> None:
    def attack() -> None:
        raise KeyError

    assert fault_of(attack) == "KeyError"
    assert fault_of(attack, KeyError) is None


def test_a_hang_is_found() -> None:
    with pytest.raises(HangError), at_most(0.05):
        while True:
            pass


def test_failing_input_is_made_small() -> None:
    def fails(tree) -> bool:
        return fault_of(lambda: tree["a"]["b"][0] / 0, KeyError, IndexError) == "ZeroDivisionError"

    assert smaller_tree({"x": 1, "a": {"y": [], "b": [7, 8]}}, fails) == {"a": {"b": [8]}}
    assert smaller_lines(b"1\n2\n3\n4\n5\n", lambda lines: b"4" in lines) == b"4\n"


def test_nodes_are_those_of_the_text() -> None:
    """Else attacks with nodes would not be attacks with files."""
    tree = {"a": [1, 2.5, 1e308, float("nan"), None, True, "1 wd", "2024-01-01"], "": {"x.y": [[]]}}

    def plain(node) -> Any:
        pairs = isinstance(node.value, list) and node.value
        inner = [
            tuple(map(plain, one)) if isinstance(one, tuple) else plain(one) for one in pairs or ()
        ]
        return type(node), node.tag, inner or node.value

    text = YAML(typ="safe", pure=True).compose(json.dumps(tree))
    assert plain(nodes(tree)) == plain(text)


def test_a_number_gives_the_same_attack_again() -> None:
    tree = {"a": {"b": [1, 2]}, "c": "d"}
    once, again = (mutated(np.random.default_rng(3), tree, [tree]) for _ in range(2))
    assert repr(once) == repr(again) != repr(tree)
    assert tree == {"a": {"b": [1, 2]}, "c": "d"}
    once, again = (garbled(np.random.default_rng(3), b"a: 1\nb: 2\n") for _ in range(2))
    assert once == again != b"a: 1\nb: 2\n"
