"""The words of levers and their contributions, in English and Chinese."""

from __future__ import annotations

from typing import Final

from sim.experiments import Reforms
from sim.experiments.reforms.levers import Lever
from sim.report.language import Language
from sim.report.words import DELEGATION, SWITCHES, Vocabulary, phrase

WORDS: Final[dict[str, tuple[str, str]]] = {
    "lever": ("Lever", "改革举措"),
    "on_time_share": ("Points on time", "按期率(百分点)"),
    "days_saved": ("Days saved", "节省天数"),
    "stepwise": ("step by step", "逐步"),
    "shapley": ("all orders", "各种次序平均"),
    "without": ("On time\nwithout it", "若无此项\n按期率"),
    "with_counters": ("with serial counters", "部门窗口逐项串联时"),
    "without_them": ("without these levers", "无这些举措时"),
    "today": ("today", "现行办法下"),
    "with_all": ("with all of these levers", "举措全部推行后"),
    "to": (" to ", " 至 "),
    "lever_costs": (
        "What the staff costs in a year: change by each lever, mean over all orders",
        "人员全年费用:各举措带来的变化(各种次序平均)",
    ),
    "headline": (
        "On time: {before} {start}, {after} {end}: {change}.",
        "{start}按期率为 {before},{end}为 {after}:{change}。",
    ),
    "clock_changes": (
        "Together these levers take {parts}, on average.",
        "各项举措合计,平均而言{parts}。",
    ),
    "clock_change": (
        "{clock} from {before} to {after} working days ({change}; {low} to {high})",
        "{clock}由 {before} 变为 {after} 个工作日({change};{low} 至 {high})",
    ),
    "clock_promised": ("the promised clock", "承诺时限用时"),
    "clock_gross_span": ("the whole span", "全程用时"),
    "and": (", and ", ";"),
    "gain": ("a gain of {size} points ({low} to {high})", "提高 {size} 个百分点({low} 至 {high})"),
    "loss": ("a loss of {size} points ({low} to {high})", "降低 {size} 个百分点({low} 至 {high})"),
    "unproven": (
        "no difference is proven ({low} to {high} points)",
        "未能证明有差别({low} 至 {high} 个百分点)",
    ),
    "same": ("no difference in any of these replications", "在这些重复中没有差别"),
    "lever_gain": (
        "it brings {size} points ({low} to {high})",
        "贡献 {size} 个百分点({low} 至 {high})",
    ),
    "lever_loss": (
        "it costs {size} points ({low} to {high})",
        "减损 {size} 个百分点({low} 至 {high})",
    ),
    "lever_unproven": (
        "no effect of it is proven ({low} to {high} points)",
        "未能证明其作用({low} 至 {high} 个百分点)",
    ),
    "lever_same": ("it changes nothing in these replications", "在这些重复中没有影响"),
    "sentence": (
        "Without {lever}, all else in place, {share} would be on time: {last}. On average over all "
        "orders, {mean}.",
        "若无{lever}、其余照旧,按期率为 {share}:该项{last};按各种推行次序平均,{mean}。",
    ),
    "staff_line": (
        "Staff time, {case_type}: {before} h per case {start}, {after} h {end}: {change} h.",
        "人员工时,{case_type}:{start}每件 {before} 小时,{end} {after} 小时:{change} 小时。",
    ),
    "how_to_read": (
        "Step by step: what a lever adds to those above it. All orders: the mean of that over all "
        "orders in which the levers could have been introduced (Shapley). Both add up to the "
        "total. Days: mean of the clock that decides. The intervals of one column hold together.",
        "逐步:每项举措在其上各项之上的增量。各种次序平均:该增量对所有推行次序的平均(夏普利值)。"
        "两者之和都等于合计。天数为判定口径的平均用时。同一列各举措的区间同时成立。",
    ),
    "drawn": (
        "Too many levers for all orders: {pairs:order and its reverse|orders and their reverses} "
        "are drawn; the intervals include the sampling error.",
        "举措过多,无法穷尽次序:抽取 {pairs} 个次序及其倒序,区间已计入抽样误差。",
    ),
    "no_interval": (
        "One replication alone gives no confidence interval.",
        "单次重复没有置信区间。",
    ),
}


say = Vocabulary(WORDS)


def lever_label(reforms: Reforms, lever: Lever, language: Language) -> str:
    """Return the label of a lever; a lever of several switches keeps its name."""
    if len(lever.switches) != 1 or len(lever.paths) != 1:
        return lever.name
    (switch,) = lever.switches
    if switch == "delegation":
        form = reforms.chosen.scenario(reforms.everything).handling.delegation
        return phrase(DELEGATION[form], language) if form in DELEGATION else lever.name
    return phrase(SWITCHES[switch], language)
