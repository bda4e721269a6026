"""Where each step of a case type stands on the picture of a replay: boxes in columns.

A matter has a box. Steps that several matters of a stage share, such as those at a general window,
have one box for the stage. Stages stand side by side; without them, what waits for nothing comes
first, and what waits for it next to it, as in the figure of the process.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from sim.process.graph import Graph, Node
from sim.report.drawing.layered_layout import layers, without_implied
from sim.scenario import CaseType

ALONE: Final = "*"
"""In place of a stage, for shared steps of matters without one."""
Key: TypeAlias = tuple[str, str]
"""("matter", name), ("step", name) or ("shared", stage)."""


@dataclass(frozen=True)
class Box:
    """A box of the picture."""

    key: Key
    pool: str | None
    """Of a shared box, the first pool of its steps."""
    after: tuple[int, ...]
    """Places of the boxes that must be decided before, within the case type; implied ones are
    left out."""


@dataclass(frozen=True)
class Picture:
    """The boxes of a case type, and the box of each of its nodes."""

    boxes: tuple[Box, ...]
    columns: tuple[tuple[str, tuple[int, ...]], ...]
    """Name of the stage (or "") and the places of its boxes, from top to bottom."""
    box_of: tuple[int, ...]
    """Node of the graph → place of its box."""


def picture_of(graph: Graph, spec: CaseType) -> Picture:
    """Return the boxes of a case type."""
    after: dict[str, Sequence[str]]
    if spec.matters:
        after = {name: matter.requires for name, matter in spec.matters.items()}
    else:
        after = {name: step.after for name, step in spec.steps.items()}
    kind = "matter" if spec.matters else "step"
    keys = [_key(node, graph, kind) for node in graph.nodes]
    shared = [key for key in dict.fromkeys(keys) if key[0] == "shared"]
    boxes = [*shared, *((kind, name) for name in after)]
    place = {key: number for number, key in enumerate(boxes)}
    edges = without_implied(after)
    pool = {
        key: next((n.pool for n, own in zip(graph.nodes, keys, strict=True)
                   if own == key and n.pool), None)
        for key in shared
    }  # fmt: skip
    return Picture(
        boxes=tuple(
            Box(key, pool.get(key),
                tuple(place[kind, before] for before in edges.get(key[1], ()) if key[0] == kind))
            for key in boxes
        ),
        columns=_columns(graph, spec, edges, place, kind),
        box_of=tuple(place[key] for key in keys),
    )  # fmt: skip


def _key(node: Node, graph: Graph, kind: str) -> Key:
    if kind == "step":
        return "step", node.name.partition("/")[0]
    if len(node.covers) == 1:
        return "matter", node.covers[0]
    return "shared", graph.stages.get(node.covers[0], ALONE) if node.covers else ALONE


def _columns(
    graph: Graph,
    spec: CaseType,
    edges: Mapping[str, Sequence[str]],
    place: Mapping[Key, int],
    kind: str,
) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Return the columns: the stages, or the layers of what waits for what."""
    stages = [name for name in spec.stages if name in set(graph.stages.values())]
    stage_of = {name: graph.stages.get(name, "") for name in edges}
    if len(stages) < 2 or not set(stage_of.values()) <= set(stages):
        rows = layers(edges, dict.fromkeys(edges, 0))
        columns = [("", tuple(place[kind, name] for name in row)) for row in rows]
        alone = tuple(number for key, number in place.items() if key[0] == "shared")
        return ((("", alone),) if alone else ()) + tuple(columns)
    rows = layers(edges, {name: stages.index(stage) for name, stage in stage_of.items()})
    in_order = [name for row in rows for name in row]
    columns = [("", (place["shared", ALONE],))] if ("shared", ALONE) in place else []
    for stage in stages:
        own = [place[kind, name] for name in in_order if stage_of[name] == stage]
        window = [place["shared", stage]] if ("shared", stage) in place else []
        columns.append((stage, (*window, *own)))
    return tuple(columns)
