"""The words of comparisons, in English and Chinese."""

from __future__ import annotations

from typing import Final

from sim.report.words import Vocabulary

WORDS: Final = {
    "compared_with": ("Compared with {reference}", "与{reference}比较"),
    "line": (
        "seed {seed}, {replications:replication|replications}; each scenario meets the same cases",
        "种子 {seed};{replications} 次重复;各情景面对同一批办件",
    ),
    "on_time_share": ("On time", "按期率"),
    "p50": ("P50", "P50"),
    "p90": ("P90", "P90"),
    "mean_wait_h": ("Wait (h)", "等待(小时)"),
    "utilisation": ("Busy", "忙碌率"),
    "with_interval": ("{value} ({low} to {high})", "{value}({low} 至 {high})"),
    "better": (
        "{limit}: {scenario} is better by {low} to {high} points ({before} → {after}).",
        "{limit}:{scenario}高出 {low} 至 {high} 个百分点({before} → {after})。",
    ),
    "worse": (
        "{limit}: {scenario} is worse by {low} to {high} points ({before} → {after}).",
        "{limit}:{scenario}低了 {low} 至 {high} 个百分点({before} → {after})。",
    ),
    "unproven": (
        "{limit}: {scenario}: no difference is proven, {low} to {high} points "
        "({before} → {after}).",
        "{limit}:{scenario}:不能证明有差异,{low} 至 {high} 个百分点({before} → {after})。",
    ),
    "same": (
        "{limit}: {scenario}: no replication shows any difference ({before} → {after}).",
        "{limit}:{scenario}:各次重复均无差异({before} → {after})。",
    ),
    "unknown": (
        "{limit}: {scenario}: a difference cannot be judged ({before} → {after}); "
        "that needs cases, and two replications or more.",
        "{limit}:{scenario}:无从判断差异({before} → {after});须有办件,且至少两次重复。",
    ),
    "costs_compared": (
        "What the staff costs in a year, against {reference}",
        "人员全年费用,与{reference}比较",
    ),
    "costs_lacking": (
        "Costs are not compared for: {scenarios}. No cost is given there.",
        "未比较费用:{scenarios}(未给出费用)。",
    ),
    "most_changed": (
        "Pools whose waiting changed most ({shown} of {all})",
        "等待变化最大的岗位({all} 个中的 {shown} 个)",
    ),
    "together": (
        "In brackets: intervals at {confidence} confidence. Intervals of one kind hold together "
        "(on-time shares; days; waits; busy shares).",
        "括号内为 {confidence} 置信区间;同类(按期率、用时、等待、忙碌率)的区间同时成立。",
    ),
    "days_are_means": (
        "P50 and P90: mean over replications, on the clock that decides for {reference}.",
        "P50、P90:各次重复的平均,按{reference}的判定口径。",
    ),
    "open_cases": (
        "* Cases that are still open may change this value.",
        "* 尚有在办件,数值可能变化。",
    ),
    "unmatched_limit": (
        "Not compared, since {missing} does not have these limits of {found}: {names}.",
        "未比较({missing}没有):{found}的时限 {names}。",
    ),
    "unmatched_pool": (
        "Not compared, since these pools of {found} have no work in {missing}: {names}.",
        "未比较({missing}没有办件经过):{found}的岗位 {names}。",
    ),
    "all_cases": ("all cases", "全部办件"),
    "altered": (
        "{limit}: {scenario} changes the limit itself: {term} {before} → {after}.",
        "{limit}:{scenario}的时限本身不同:{term} {before} → {after}。",
    ),
}

say = Vocabulary(WORDS)

PER: Final = {
    "application": ("each application", "每次申请"),
    "case": ("all applications of a case", "同一办件的全部申请"),
    "round": ("each round of review", "每轮审查"),
}
"""What must keep a limit."""
TERMS: Final = {
    "matters": ("matters", "事项"),
    "condition": ("only for", "仅适用于"),
    "per": ("what must keep it", "计时单位"),
    "clock": ("clock", "计时口径"),
    "days": ("days", "天数"),
    "extension_days": ("days of extension", "延长天数"),
    "extension_share": ("share extended", "延长比例"),
}
