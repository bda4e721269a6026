"""The clauses of the policy and what each does: python -m docs.generate.clauses -n 30.

Each clause has scenarios of `yingkou`, or a line why time is not touched by it. All scenarios run
on the same random numbers, each once. It takes minutes, so `docs.build` does not do it.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import sim
from sim.experiments.reforms.contributions import clock_changes
from sim.measures.contrasts import Estimate, share_difference
from sim.report.numbers import percent, percent_range

PAGE: Final = Path(__file__).parents[1] / "explanation" / "clauses.md"
BEGIN, END = "<!-- measured -->", "<!-- measured so far -->"
SEED: Final = 1
CLOCKS: Final = ("promised", "gross_span")
PROJECT, STARTUP = "project_30", "startup_2"


@dataclass(frozen=True)
class Step:
    """From one scenario to another: names of the library, with overrides as in `levers:online`."""

    before: str
    """Empty: there is nothing to compare with; the level is shown."""
    after: str
    limits: tuple[str, ...]


@dataclass(frozen=True)
class Clause:
    """A clause of the policy."""

    place: str
    text: str
    steps: tuple[Step, ...] = ()
    untouched: str = ""
    """Why time is not touched by it, if there are no steps."""


def _level(of: str, *limits: str) -> Step:
    return Step("", of, limits or (PROJECT,))


def _from(before: str, after: str, *limits: str) -> Step:
    return Step(before, after, limits or (PROJECT,))


def _from_base(after: str, *limits: str) -> Step:
    return _from("base", after, *limits)


CLAUSES: Final = (
    Clause(
        "二(五)1",
        "一窗受理、一家牵头、并联审批、限时办结",
        (
            _from("serial", "base", PROJECT, STARTUP),
            _from_base("joint_visit"),
            _from("joint_visit:separate", "joint_visit"),
        ),
    ),
    Clause("二(五)1", "一般工业项目30个工作日内完成三项许可", (_level("base"),)),
    Clause(
        "二(五)1",
        "全链通、企业开办集成办理,不超过2个工作日",
        (
            _level("base", STARTUP),
            _from("levers:startup_apart", "levers", STARTUP),
            _from("levers", "levers:online", PROJECT, STARTUP),
        ),
    ),
    Clause(
        "二(五)1",
        "一照多址、一址多照、集群登记、商务秘书",
        (_from_base("startup_variants", STARTUP),),
    ),
    Clause(
        "二(一)4",
        "下放、授权、委托或派驻",
        (_from_base("delegation"), _from("levers", "levers:stationed")),
    ),
    Clause(
        "二(一)4",
        "先建后验、容缺审批、告知承诺制",
        (
            _from_base("commitments:everybody"),
            _from("levers", "levers:conditional"),
            _from_base("simulated"),
            _level("simulated", "delivery_5"),
        ),
    ),
    Clause(
        "二(一)1",
        "2个国家级、5个省级、4个市级开发区,一区多园",
        (_from_base("zones", PROJECT, STARTUP),),
    ),
    Clause("一(三)", "2022年底入驻企业5000家", (_from_base("load_2022", PROJECT, STARTUP),)),
    Clause("一(三)", "“十四五”末6000家", (_from_base("load_2025", PROJECT, STARTUP),)),
    Clause("一(三)", "2020年全面恢复", (_from_base("restart_2020", PROJECT, STARTUP),)),
    Clause(
        "一(三)",
        "辽河、核翼晋升省级;盖州为北海协同区",
        (
            _from("delegation", "delegation:promoted"),
            _from("delegation", "delegation:partner"),
        ),
    ),
    Clause(
        "二(一)2",
        "剥离行政和社会管理职能",
        (_from("zones", "zones:half_more", PROJECT, STARTUP),),
    ),
    Clause(
        "二(二)4",
        "飞地经济",
        untouched="Two zones share taxes and figures of one project. Who decides is a matter of "
        "delegation (above); a second authority for the same case is in no source.",
    ),
    Clause("二(三)3、三(三)", "集约用地;新增建设用地指标保障", (_from_base("land_rounds"),)),
    Clause(
        "二(五)2",
        "一个项目、一个领导、一个团队、一抓到底;妈妈式服务",
        (
            _from("green_lane", "green_lane:lane+assistants", "key_30", "others_30"),
            _from("levers", "levers:assisted", PROJECT, STARTUP),
        ),
    ),
    Clause(
        "二(五)3",
        "问题协调机制,畅通投诉渠道",
        (_from_base("responds:due_first"), _from_base("responds:all")),
    ),
    Clause("二(四)3", "员额总控、全员聘任", (_from_base("lean", PROJECT, STARTUP),)),
    Clause(
        "三(四)",
        "连续两年排名落后的通报批评,后3位的摘牌",
        untouched="A ranking changes no step of a case. What a year's rank is worth is measured "
        "in [zones](yingkou.md#eleven-small-windows-or-one-city-pool).",
    ),
)


@cache
def result_of(name: str, replications: int) -> sim.Result:
    """Return the result of a scenario with its overrides."""
    scenario, _, overrides = name.partition(":")
    chosen = sim.load(f"yingkou/{scenario}", overrides=list(filter(None, overrides.split("+"))))
    return sim.run(chosen, replications=replications, seed=SEED, keep="limits", progress=False)


def rows_of(
    step: Step, result: Callable[[str], sim.Result]
) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield scenario, promise, on-time share, promised clock and whole span of each limit."""
    after = result(step.after)
    for limit in step.limits:
        label = str(after.scenario.limits[limit].label.en or limit)
        level = next(judged for judged in after.verdicts if judged.name == limit)
        share = f"{percent(level.share)} ({percent_range(level.low, level.high)})"
        if not step.before:
            promised, span = (f"{after.mean_days(limit, clock):.1f}" for clock in CLOCKS)
            yield _scenario(step.after), label, share, promised, span
            continue
        before = result(step.before)
        earlier, now = (one.on_time_counts(limit, level.clock) for one in (before, after))
        points = share_difference(earlier, now, level.limit.confidence)
        changes = {
            change.clock: change.change
            for change in clock_changes(before, after, CLOCKS)
            if change.limit == limit
        }
        told = f"{_scenario(step.before)} → {_scenario(step.after)}"
        promised, span = (_wd(changes[clock]) for clock in CLOCKS)
        yield told, label, f"{_points(points)}: {share}", promised, span


def _scenario(name: str) -> str:
    scenario, _, overrides = name.partition(":")
    return f"`{scenario}`" + "".join(f" `{one}`" for one in filter(None, overrides.split("+")))


def _points(change: Estimate) -> str:
    low, value, high = (100 * bound for bound in (change.low, change.value, change.high))
    return f"{value:+.1f} points ({low:+.1f} … {high:+.1f})"


def _wd(change: Estimate) -> str:
    if math.isnan(change.value):
        return "–"
    return f"{change.value:+.1f} ({change.low:+.1f} … {change.high:+.1f})"


def found(result: Callable[[str], sim.Result], replications: int) -> str:
    """Return the table of all clauses."""
    headings: Sequence[str] = (
        *("clause", "text", "scenarios", "promise"),
        *("on time", "promised clock, wd", "whole span, wd"),
    )
    lines = [headings, ("---",) * len(headings)]
    for clause in CLAUSES:
        first = (clause.place, clause.text)
        if clause.untouched:
            lines.append((*first, "none", clause.untouched, "", "", ""))
        for step in clause.steps:
            for row in rows_of(step, result):
                lines.append((*first, *row))
                first = ("", "")
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    made = f"Written by `python -m docs.generate.clauses -n {replications}`, seed {SEED}."
    return f"{made}\n\n{table}"


def main() -> None:
    """Measure, and write into the page what was found."""
    parser = argparse.ArgumentParser(prog="python -m docs.generate.clauses", description=__doc__)
    parser.add_argument("-n", "--replications", type=int, default=30)
    replications = parser.parse_args().replications
    now = found(lambda name: result_of(name, replications), replications)
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n{now}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
