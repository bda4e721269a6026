"""What the staff costs: of the year, by roster group, and of a case."""

from __future__ import annotations

from collections.abc import Iterator

from sim.experiments import Result
from sim.report.blocks import Block, Column, Line, number, table_of
from sim.report.labels import Labels
from sim.report.numbers import yuan, yuan_interval
from sim.results.costs import CaseCostRow, CostRow, Costs


def cost_blocks(result: Result, labels: Labels) -> Iterator[Block]:
    """Yield the cost of the year, of each roster group and of a case; nothing without costs."""
    costs = result.money
    if costs is None:
        return
    say = labels.say
    rows: tuple[CostRow, ...] = result.rows("costs")
    yield year_line(rows[-1], labels)
    yield table_of(
        rows,
        [
            (Column(say("roster_group")), lambda row: _group(row, labels)),
            (number(say("officers")), lambda row: f"{row.officers:.4g}"),
            (number(say("cost_posts")), lambda row: yuan(row.posts)),
            (number(say("overtime")), lambda row: f"{row.overtime_h.value:,.0f} h"),
            (number(say("cost_overtime")), lambda row: yuan(row.overtime.value)),
            (number(say("cost_both")), lambda row: yuan_interval(row.cost)),
        ],
        say("costs_title"),
    )
    of_cases: tuple[CaseCostRow, ...] = result.rows("case_costs")
    yield table_of(
        of_cases,
        [
            (Column(say("cost_case_type")), lambda row: labels.case_type(row.case_type)),
            (number(say("cost_cases")), lambda row: f"{row.cases:,.0f}"),
            (number(say("cost_of_them")), lambda row: yuan(row.cost)),
            (number(say("cost_per_case")), lambda row: yuan_interval(row.cost_per_case)),
        ],
        say("case_costs_title"),
    )
    yield from left_out_lines(costs, labels)


def year_line(row: CostRow, labels: Labels) -> Line:
    """Say what the posts and the overtime of a year cost together."""
    key = "year_costs_overtime" if row.overtime.value else "year_costs"
    parts = {"posts": yuan(row.posts), "overtime": yuan(row.overtime.value)}
    return Line(labels.say(key, cost=yuan_interval(row.cost), **parts))


def left_out_lines(costs: Costs, labels: Labels) -> Iterator[Line]:
    """Yield what is not counted, since no cost of it is given, and what falls on no case."""
    for key, groups in (
        ("without_posts", costs.without_posts),
        ("without_overtime", costs.without_overtime),
        ("without_cases", costs.without_cases),
    ):
        if groups:
            names = labels.say("listing").join(labels.group(name) for name in groups)
            yield Line(labels.say(key, groups=names), "faint")


def _group(row: CostRow, labels: Labels) -> str:
    return labels.group(row.group) if row.group else labels.say("cost_all")
