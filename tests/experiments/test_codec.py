"""Values as text and back."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import pytest

from sim.storage.codec import Codec, Kind, conforms

CODEC = Codec(())

VALUES = [
    None, True, 0, -(10**300), 0.1, -0.0, 5e-324, math.inf, -math.inf, "", "营口", [1, [2]], (),
    (1, (2.0,)), {(1, "a"): [None]}, frozenset({"b", "a"}), dt.date(2024, 2, 29), b"\x00\xff",
    dt.datetime(2024, 2, 29, 23, 59, 59, 7), Fraction(-(10**9000), 3),
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_every_kind_of_value_comes_back(value):
    read = CODEC.read(CODEC.text(value))
    assert type(read) is type(value)
    assert read == value
    assert math.copysign(1, read) == math.copysign(1, value) if type(value) is float else True


def test_what_is_no_number_stays_so():
    assert math.isnan(CODEC.read(CODEC.text(math.nan)))


def test_sets_have_one_order():
    names = [f"name {number}" for number in range(20)]
    assert CODEC.text(frozenset(reversed(names))).endswith(
        '{"set":[' + ",".join(f'"{name}"' for name in sorted(names)) + "]}"
    )


def test_arrays_come_back_with_type_and_shape():
    for array in (np.arange(6).reshape(2, 3), np.array([True]), np.zeros((0, 4), np.float32)):
        read = CODEC.read(CODEC.text(array))
        assert (read.dtype, read.shape) == (array.dtype, array.shape)
        np.testing.assert_array_equal(read, array)
        assert read.flags.writeable


@pytest.mark.parametrize("value", [object(), {1, 2}, np.array([object()]), lambda: 0, int])
def test_what_is_not_known_is_not_written(value):
    with pytest.raises((TypeError, ValueError)):
        CODEC.read(CODEC.text(value))


def test_two_kinds_of_one_name_are_refused() -> None:
    """Else one of them could not be written, or would be read as the other."""
    one = Kind("Part", int, lambda _: (), int)
    with pytest.raises(ValueError, match="two kinds of one name: Part"):
        Codec([one, Kind("Part", str, lambda _: (), str)])
    Codec([one, one])


INTS, NAMES = np.ndarray[Any, np.dtype[np.int64]], Mapping[str, tuple[int, ...]]


@pytest.mark.parametrize(
    ("value", "hint", "fine"),
    [
        (object(), Any, True), ("1", int, False), (1, int, True), (True, int, False),
        (1.0, int, False), (1, float, True), (1.5, float, True), (False, float, False),
        (None, int | None, True), (1, int | None, True), ("", int | None, False),
        ("a", Literal["a", 1], True), (1, Literal["a", 1], True), (True, Literal["a", 1], False),
        (np.zeros(2, np.int64), INTS, True), (np.zeros(2), INTS, False), ([0, 0], INTS, False),
        ((1, "a"), tuple[int, str], True), ((1,), tuple[int, str], False),
        (("a", 1), tuple[int, str], False), ((1, 2, 3), tuple[int, ...], True),
        ((1, "a"), tuple[int, ...], False), ((), tuple[int, ...], True), ([1], tuple, False),
        (["a"], list[str], True), (["a", 1], list[str], False),
        (frozenset({1}), frozenset[str], False), ({"a": (1, 2)}, NAMES, True),
        ({"a": (1, "2")}, NAMES, False), ({1: (1, 2)}, NAMES, False), ([("a", (1,))], NAMES, False),
        ({1: "a"}, dict, True), ("text", str, True), (b"text", str, False),
    ],
)  # fmt: skip
def test_what_was_stored_is_of_the_type_that_was_written(value, hint, fine):
    assert conforms(value, hint) is fine
