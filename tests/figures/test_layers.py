"""Layers of a graph, and lanes of bars."""

from __future__ import annotations

from itertools import pairwise

from sim.report.drawing.layered_layout import broken_rows, layers, place_nodes, without_implied
from sim.report.drawing.time_axis import lanes

DIAMOND = {"a": (), "b": ("a",), "c": ("a",), "d": ("a", "b", "c")}


def test_edges_that_follow_from_others_are_dropped() -> None:
    assert without_implied(DIAMOND) == {"a": (), "b": ("a",), "c": ("a",), "d": ("b", "c")}


def test_a_node_lies_below_the_last_it_waits_for() -> None:
    edges = {"a": (), "b": ("a",), "c": ("a", "b"), "d": ()}
    assert layers(edges, dict.fromkeys(edges, 0)) == [["a", "d"], ["b"], ["c"]]


def test_groups_lie_one_below_the_other_unless_a_node_waits_for_a_later_one() -> None:
    edges = {"a": (), "b": ("a",), "c": ()}
    assert layers(edges, {"a": 0, "b": 0, "c": 1}) == [["a"], ["b"], ["c"]]
    assert layers(edges, {"a": 1, "b": 0, "c": 1}) == [["a", "c"], ["b"]]


def test_wide_rows_are_broken_evenly() -> None:
    assert broken_rows([list("abcdefg")], 5) == [list("abcd"), list("efg")]


def test_boxes_do_not_overlap_and_long_edges_pass_between_them() -> None:
    edges = {"a": (), "b": ("a",), "c": ("b",), "d": ("c", "a"), "e": ("a",)}
    rows = layers(edges, dict.fromkeys(edges, 0))
    layout = place_nodes(rows, edges)
    for number, row in enumerate(rows):
        places = sorted(layout.centre[node][0] for node in row)
        assert all(after - before >= 1 - 1e-9 for before, after in pairwise(places))
        assert places[0] >= 0.5 - 1e-9
        assert places[-1] <= layout.across - 0.5 + 1e-9
        for way in layout.ways:
            for x, y in way[1:-1]:
                if y == number:
                    assert all(abs(x - place) > 0.5 for place in places)
    assert max(len(way) for way in layout.ways) == 4  # from a to d, past b and c


def test_bars_take_the_first_lane_that_is_free() -> None:
    assert lanes([(0, 2), (1, 3), (2, 4), (2, 5), (5, 6)]) == [0, 1, 0, 2, 0]
