"""The words of load curves, in English and Chinese."""

from __future__ import annotations

from typing import Final

from sim.report.words import Vocabulary

WORDS: Final[dict[str, tuple[str, str]]] = {
    "all_scaled": (
        "Load × 1 is the scenario; the arrivals of all case types are scaled.",
        "负荷 × 1 即原情景;所有事项的到达量一并缩放。",
    ),
    "one_scaled": (
        "Load × 1 is the scenario; the arrivals of {case_type} alone are scaled.",
        "负荷 × 1 即原情景;仅缩放“{case_type}”的到达量。",
    ),
    "load": ("Load", "负荷"),
    "breaks": (
        "Breaks at load × {load} ({low} to {high} at {confidence} confidence).",
        "负荷达 × {load} 时失守({confidence} 置信区间 {low} 至 {high})。",
    ),
    "unsure": (
        "The lowest load is not proven to keep it, or the highest not to break it: "
        "look further with --from or --to, or use more replications.",
        "最低负荷未证实守住,或最高负荷未证实失守:请以 --from 或 --to 扩大范围,或增加重复次数。",
    ),
    "broken": (
        "Broken already at the lowest load, × {lowest}: {share} on time, target {target}.",
        "在最低负荷 × {lowest} 下已失守:按期率 {share},目标 {target}。",
    ),
    "broken_unproven": (
        "Not proven: it may bear up to × {high}.",
        "尚未证实:或可承受至 × {high}。",
    ),
    "keeps": (
        "Kept at every load up to × {highest}: {share} on time there, target {target}.",
        "直至最高负荷 × {highest} 均守住:该处按期率 {share},目标 {target}。",
    ),
    "keeps_unproven": (
        "Not proven: it may break from × {low} on.",
        "尚未证实:或自 × {low} 起失守。",
    ),
    "gap": (" ", ""),
    "in_cases_within": (
        "That is about {cases} cases a year of {case_type} ({low} to {high}); now {today}.",
        "约合每年 {cases} 件{case_type}({low} 至 {high} 件);现为 {today} 件。",
    ),
    "in_cases": (
        "That is about {cases} cases a year of {case_type}; now {today}.",
        "约合每年 {cases} 件{case_type};现为 {today} 件。",
    ),
    "first_pool": (
        "First to break: {pool}. Of the pools that its cases pass, their queue has grown most, by "
        "{queue} on average since load × {lowest}.",
        "最先失守的岗位是{pool}:在此类办件经过的岗位中,其队列增长最多,"
        "自负荷 × {lowest} 起平均增加 {queue} 件。",
    ),
    "longest_queue": (
        "Longest queue of the pools that its cases pass: {pool}, {queue} on average.",
        "在此类办件经过的岗位中,{pool}的队列最长:平均 {queue} 件。",
    ),
    "pools_title": ("Pools at load × {load}", "负荷 × {load} 时的岗位"),
    "offered": ("Offered", "需求率"),
    "full_at": ("Full at", "满负荷于"),
    "mean_queue": ("Mean queue", "平均队列"),
    "added": ("Added", "增加"),
    "legend": (
        "Offered: work that comes in ÷ rostered time, a straight line through the two lowest "
        "loads; full at: the load at which it is 100 %. A promise mostly breaks before its pools "
        "are full.",
        "需求率:到来的工作量 ÷ 排班时间,由最低两个负荷线性外推;"
        "满负荷于:其达到 100 % 的负荷。时限多在岗位满负荷之前即已失守。",
    ),
}

say = Vocabulary(WORDS)
