"""The matters or steps of a case type as a graph, coloured by the load of their pools."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sim.experiments import Result
from sim.process.graph import Role
from sim.report.drawing.axes import axes_on, figure_of, heading, size_pt
from sim.report.drawing.figure import Figure, Options, choose
from sim.report.drawing.heat_map import STEPS, blues
from sim.report.drawing.labels import Names, folded, one_line
from sim.report.drawing.layered_layout import (
    Point,
    broken_rows,
    layers,
    place_nodes,
    without_implied,
)
from sim.report.drawing.style import GREY, INK, style
from sim.report.drawing.words import Words, tell
from sim.report.language import Language
from sim.report.numbers import percent
from sim.report.words import phrase

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap

REVIEWS: Final = frozenset({Role.REVIEW, Role.CO_REVIEW, Role.MEETING, Role.DECISION})
"""Roles of the steps that belong to one matter."""
MOST_IN_A_ROW: Final = 5
ROW_CM: Final = 1.9
BOX: Final = (0.86, 0.72)
"""Width and height of a box, as shares of its place."""
DOWN: Final = 0.06
"""Distance of a box below the middle of its place, which leaves room for the name of a stage."""
COLUMN_PT: Final = 3.9
"""Width of a column of text in a box."""
DEEPEST: Final = 0.85
"""Part of the colour scale on which text is readable."""
WORDS: Final[Words] = {
    "title": ("{case_type}: what it goes through", "{case_type}:办理流程"),
    "scale": ("How busy the busiest pool is that a step passes", "所经岗位中最忙者的忙碌率"),
    "days": ("{days} wd per case", "每件 {days} 工作日"),
    "caption_one": (
        "{count} box with the busiest pool that it passes: {pool} ({load}). It uses {days} working "
        "days per case.",
        "共 {count} 个环节,所经最忙的岗位是{pool}({load})。用时为每件 {days} 个工作日。",
    ),
    "caption": (
        "{count} boxes with the busiest pool that each passes: the busiest of all is {pool} "
        "({load}). Most days are used by {first}: {days} working days per case.",
        "共 {count} 个环节,各标出所经最忙的岗位,其中最忙的是{pool}({load})。"
        "用时最多的是{first}:每件 {days} 个工作日。",
    ),
    "caption_idle": ("No pool had work; boxes: {count}.", "共 {count} 个环节;没有岗位办过件。"),
}


@dataclass(frozen=True)
class Box:
    """The box of a matter or step."""

    name: str
    label: str
    after: tuple[str, ...]
    group: str
    """Its stage; "" if it has none."""
    pool: str | None
    """The busiest of its own pools; if it has none, the busiest pool that it passes."""
    load: float
    """Utilisation of `pool`; NaN without a pool."""
    days_wd: float
    """Mean working days used by its own steps, per case of the case type; NaN if none."""


def boxes_of(result: Result, case_type: str, language: Language) -> list[Box]:
    """Return the boxes of the matters of a case type, else of its steps."""
    spec = result.scenario.case_types[case_type]
    names = Names(result.scenario, language)
    if spec.matters:
        wanted = {
            name: (names.matter(case_type, name), matter.requires, matter.stage)
            for name, matter in spec.matters.items()
        }
    else:
        wanted = {name: (names.step(name), step.after, "") for name, step in spec.steps.items()}
    used = {
        account.name: account.total_wd
        for account in result.accounts
        if account.kind == "matter" and account.of == case_type and not account.late_only
    }
    busy = _busy(result, case_type)

    def busiest(name: str) -> tuple[str | None, float]:
        pools = busy.get(name, [])
        if not pools:
            return None, math.nan
        pool, load = max(pools, key=lambda pair: pair[1])
        return names.pool(pool), load

    return [
        Box(name, label, tuple(after), stage, *busiest(name), used.get(name, math.nan))
        for name, (label, after, stage) in wanted.items()
    ]


def _busy(result: Result, case_type: str) -> dict[str, list[tuple[str, float]]]:
    """Return matter or step → the pools that it passes, with their utilisation.

    If matters have their own reviewers, the windows that all matters pass are left out: they would
    hide the differences between matters.
    """
    load = {pool.name: pool.utilisation for pool in result.pool_summaries if pool.items}
    graph = next(graph for graph in result.model.process.graphs if graph.case_type == case_type)
    pools: dict[str, list[tuple[str, float]]] = {}
    reviewed = {unit for node in graph.nodes if node.role in REVIEWS for unit in node.covers}
    for node in graph.nodes:
        if node.pool is None or (node.role not in REVIEWS and reviewed.issuperset(node.covers)):
            continue
        numbers = result.model.pools.numbers(node.pool)
        passed = [result.model.pools.names[number] for number in numbers]
        for unit in node.covers or (node.name.partition("/")[0],):
            pools.setdefault(unit, []).extend((pool, load[pool]) for pool in passed if pool in load)
    return pools


@style()
def process_graph(
    result: Result,
    case_type: str | None = None,
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw what a case type goes through: matters by stage, or the steps of an open network.

    Each box names its busiest pool, the utilisation of this pool (also its colour), and the mean
    working days that its own steps use per case. An arrow leads from what must be decided first;
    implied arrows are left out. The default is the first case type of the scenario.
    """
    chosen = choose(case_type, result.scenario.case_types, "case type")
    assert chosen is not None, "a scenario has a case type"
    boxes = {box.name: box for box in boxes_of(result, chosen, language)}
    edges = without_implied({name: box.after for name, box in boxes.items()})
    rows = _rows(result, chosen, boxes, edges)
    layout = place_nodes(rows, edges)
    ax = axes_on(ax, 1.2 + ROW_CM * len(rows))
    names, stages = Names(result.scenario, language), result.scenario.case_types[chosen].stages
    labels = {name: one_line(names.text(stage.label, name), 40) for name, stage in stages.items()}
    _bands(ax, rows, boxes, labels)
    for way in layout.ways:
        _arrow(ax, way)
    colours = blues()
    width, height = size_pt(ax)
    size = min(1.0, 1.2 * height / len(rows) / (ROW_CM / 2.54 * 72))
    room = int(width * BOX[0] / layout.across / COLUMN_PT / size)
    for name, centre in layout.centre.items():
        _box(ax, boxes[name], centre, room, size, colours, language)
    ax.set_xlim(0, layout.across)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_axis_off()
    _scale(ax, colours, language)
    heading(ax, _title(result, language, case_type=chosen))
    return ax


def _rows(
    result: Result, case_type: str, boxes: Mapping[str, Box], edges: Mapping[str, Sequence[str]]
) -> list[list[str]]:
    """Return the names of the boxes by row: stage by stage, within each in order of precedence."""
    stages = list(result.scenario.case_types[case_type].stages)
    order = list(dict.fromkeys(box.group for box in boxes.values()))
    order.sort(key=lambda name: stages.index(name) if name in stages else -1)
    groups = {name: order.index(box.group) for name, box in boxes.items()}
    return broken_rows(layers(edges, groups), MOST_IN_A_ROW)


def _bands(
    ax: Axes, rows: Sequence[Sequence[str]], boxes: Mapping[str, Box], labels: Mapping[str, str]
) -> None:
    """Shade the rows of each stage if stages lie one below the other."""
    groups = [{boxes[name].group for name in row} for row in rows]
    if any(len(group) > 1 for group in groups):
        return
    first = 0
    for place, group in enumerate(groups):
        if place + 1 < len(groups) and groups[place + 1] == group:
            continue
        (name,) = group
        if name:
            ax.axhspan(first - 0.47, place + 0.47, color="#F6F6F6", linewidth=0, zorder=0)
            ax.text(0.02, first - 0.45, labels.get(name, one_line(name)), fontsize=6.5, color=GREY,
                    va="top", fontweight="bold", zorder=1)  # fmt: skip
        first = place + 1


def _arrow(ax: Axes, way: Sequence[Point]) -> None:
    """Draw an edge from below one box to above another, straight through the rows between."""
    half = BOX[1] / 2
    (x, y), *lanes, (last_x, last_y) = way
    points = [(x, y + DOWN + half)]
    for lane_x, lane_y in lanes:
        points += [(lane_x, lane_y + DOWN - half), (lane_x, lane_y + DOWN + half)]
    if len(points) > 1:
        ax.plot(*zip(*points, strict=True), color=GREY, linewidth=0.8, zorder=1.5)
    ax.annotate(
        "", (last_x, last_y + DOWN - half), points[-1],
        arrowprops={"arrowstyle": "-|>", "color": GREY, "linewidth": 0.8, "shrinkA": 0,
                    "shrinkB": 0, "mutation_scale": 7},
        zorder=1.5,
    )  # fmt: skip


def _box(
    ax: Axes, box: Box, centre: Point, room: int, size: float, colours: Colormap, language: Language
) -> None:
    """Draw a box with its texts, `room` columns wide and scaled by `size`."""
    from matplotlib.patches import FancyBboxPatch

    known = math.isfinite(box.load)
    (x, y), (width, height) = centre, BOX
    y += DOWN
    ax.add_patch(
        FancyBboxPatch(
            (x - width / 2, y - height / 2), width, height, edgecolor=INK, linewidth=0.7,
            facecolor=colours(DEEPEST * min(box.load, 1.0)) if known else "white",
            boxstyle="round,pad=0,rounding_size=0.04", zorder=2, linestyle="-" if known else "--",
            label=box.name,
        )
    )  # fmt: skip
    colour = "white" if known and box.load > 0.62 else INK
    ax.text(x, y - 0.16, folded(box.label, room), ha="center", va="center", fontsize=6.5 * size,
            color=colour, fontweight="bold", zorder=3, linespacing=1.05)  # fmt: skip
    ax.text(x, y + 0.17, _lower_lines(box, room, language), ha="center", va="center",
            fontsize=6 * size, color=colour, zorder=3, linespacing=1.1)  # fmt: skip


def _lower_lines(box: Box, room: int, language: Language) -> str:
    """Return the lower lines of a box: pool and load, days."""
    lines = []
    if box.pool is not None:
        load = percent(box.load, 0)
        lines.append(f"{one_line(box.pool, max(room - len(load) - 1, 6))} {load}")
    if math.isfinite(box.days_wd):
        lines.append(tell(WORDS["days"], language, days=f"{box.days_wd:.1f}"))
    return "\n".join(lines)


def _scale(ax: Axes, colours: Colormap, language: Language) -> None:
    import matplotlib as mpl
    from matplotlib.colors import ListedColormap, Normalize
    from matplotlib.ticker import FuncFormatter

    shown = ListedColormap([colours(DEEPEST * (step + 0.5) / STEPS) for step in range(STEPS)])
    bar = figure_of(ax).colorbar(
        mpl.cm.ScalarMappable(Normalize(0, 1), shown), ax=ax, orientation="horizontal",
        fraction=0.03, pad=0.01, aspect=45, shrink=0.7,
    )  # fmt: skip
    bar.outline.set_visible(False)
    bar.ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: percent(value, 0)))
    bar.ax.tick_params(labelsize=6.5, length=0)
    bar.set_label(tell(WORDS["scale"], language), fontsize=7)


def _variants(result: Result) -> Mapping[str, Options]:
    return {
        f"graph-{number}": {"case_type": case_type}
        for number, case_type in enumerate(result.scenario.case_types)
    }


def _title(result: Result, language: Language, *, case_type: str) -> str:
    label = Names(result.scenario, language).case_type(case_type)
    return tell(WORDS["title"], language, case_type=label)


def _caption(result: Result, language: Language, *, case_type: str) -> str:
    boxes = boxes_of(result, case_type, language)
    busy = [box for box in boxes if box.pool is not None]
    used = [box for box in boxes if not math.isnan(box.days_wd)]
    if not busy or not used:
        return phrase(WORDS["caption_idle"], language, count=len(boxes))
    busiest = max(busy, key=lambda box: box.load)
    longest = max(used, key=lambda box: box.days_wd)
    return phrase(
        WORDS["caption_one" if len(boxes) == 1 else "caption"], language, count=len(boxes),
        pool=busiest.pool, load=percent(busiest.load, 0), first=longest.label,
        days=f"{longest.days_wd:.1f}",
    )  # fmt: skip


PROCESS_GRAPH: Final = Figure("process_graph", process_graph, _variants, _title, _caption)
