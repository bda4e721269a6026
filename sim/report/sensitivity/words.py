"""The words of a sensitivity analysis, in English and Chinese."""

from __future__ import annotations

from typing import Final

from sim.report.words import Vocabulary

WORDS: Final[dict[str, tuple[str, str]]] = {
    "line": (
        "seed {seed} · {replications:replication|replications} of each point · "
        "{count:parameter|parameters} with a range",
        "种子 {seed} · 每点 {replications} 次重复 · 有取值范围的参数 {count} 个",
    ),
    "broken": (
        "{limit}: broken when {path} goes from {base} to {value} ({bounds}).",
        "{limit}:{path} 由 {base} 变为 {value} 时守不住({bounds})。",
    ),
    "kept": (
        "{limit}: kept when {path} goes from {base} to {value} ({bounds}).",
        "{limit}:{path} 由 {base} 变为 {value} 时守得住({bounds})。",
    ),
    "matters": (
        "{place}. {path}, {base} ({low} to {high}): {turns}.",
        "{place}. {path},{base}({low} 至 {high}):{turns}。",
    ),
    "turns_at": ("{limit} turns at {value}", "{limit}在 {value} 处翻转"),
    "turns_none": ("no verdict turns within its range", "在范围内不改变任何结论"),
    "semicolon": ("; ", ";"),
    "minor": (
        "{count:parameter moves|parameters move} no on-time share by {points} point at either end "
        "({replications:replication|replications}), and were looked at no further: {paths}.",
        "{count} 个参数取两端时,按期率变动均不足 {points} 个百分点({replications} 次重复),"
        "未再细究:{paths}。",
    ),
    "shapes": (
        "Of a whole shape, such as the weights of months, -1 is the first end of its range, 0 the "
        "scenario, 1 the second end.",
        "整组数值(如各月权重)以 -1 表示范围的第一端,0 为情景取值,1 为第二端。",
    ),
    "about": ("about {value}", "约 {value}"),
    "proven": ("proven on both sides", "两侧均已证实"),
    "between": ("proven up to {before} and from {after} on", "至 {before} 及自 {after} 起均已证实"),
    "proven_before": (
        "proven up to {before}; the opposite is not proven within the range",
        "至 {before} 已证实;范围之内不能证实相反结论",
    ),
    "proven_after": (
        "proven from {after} on; the scenario itself is undecided",
        "自 {after} 起已证实;情景本身未定",
    ),
    "unproven": ("not proven on either side", "两侧均未证实"),
    "steady": (
        "{limit}: {verdict}; no parameter changes this verdict, varied alone within its range.",
        "{limit}:{verdict};任一参数单独在其范围内变动,均不改变这一结论。",
    ),
    "tornado_title": (
        "{limit}: one at a time (on time today {share}; differences in points)",
        "{limit}:逐一变动(目前按期率 {share};差值为百分点)",
    ),
    "varied": ("Parameter", "参数"),
    "low_today_high": ("Low … today … high", "低值 … 现值 … 高值"),
    "at_low": ("At low", "低值时"),
    "at_high": ("At high", "高值时"),
    "difference": ("difference", "差值"),
    "no_effect": ("No effect is proven of: {paths}.", "未能证实有影响的参数:{paths}。"),
    "together": (
        "All intervals of differences of a promise hold together at {confidence} confidence.",
        "同一承诺的各差值区间以 {confidence} 的置信度同时成立。",
    ),
    "screening_title": (
        "{limit}: screening, {points} points (points of on-time share for the whole range)",
        "{limit}:筛选,{points} 个点(参数走完全范围时按期率变化的百分点)",
    ),
    "raises": (
        "{limit}: proven to raise the on-time share over its range, on average: {paths}.",
        "{limit}:已证实平均而言随其范围提高按期率的参数:{paths}。",
    ),
    "lowers": (
        "{limit}: proven to lower the on-time share over its range, on average: {paths}.",
        "{limit}:已证实平均而言随其范围降低按期率的参数:{paths}。",
    ),
    "no_direction": (
        "{limit}: no parameter is proven to raise or lower the on-time share, on average.",
        "{limit}:未能证实任何参数平均而言提高或降低按期率。",
    ),
    "explains": (
        "{limit}: {path} by itself explains {low} to {high} of the variance.",
        "{limit}:{path} 单独解释方差的 {low} 至 {high}。",
    ),
    "explains_nothing": (
        "{limit}: no parameter is proven to explain any of the variance by itself.",
        "{limit}:未能证实任何参数单独解释方差。",
    ),
    "mu_star": ("Mean size μ*", "平均幅度 μ*"),
    "mu": ("Mean μ", "平均 μ"),
    "sigma": ("Spread σ", "离散 σ"),
    "sobol_title": (
        "{limit}: shares of the variance, {points} points",
        "{limit}:方差份额,{points} 个点",
    ),
    "alone": ("Alone S1", "单独 S1"),
    "with_interplay": ("With interplay ST", "含交互 ST"),
    "noise": (
        "{limit}: {share} of the variance between the points is simulation noise.",
        "{limit}:各点之间的方差有 {share} 是模拟噪声。",
    ),
    "noise_unknown": (
        "{limit}: the share of simulation noise is not known: that needs two replications, and an "
        "on-time share that varies.",
        "{limit}:其中模拟噪声多少无从得知:须有两次以上重复,且按期率有变动。",
    ),
    "each_alone": (
        "Each interval alone has the confidence of its limit.",
        "各区间分别具有该时限的置信度。",
    ),
    "noise_unseen": (
        "One replication does not show the simulation noise; use more.",
        "单次重复看不出模拟噪声,请增加重复次数。",
    ),
    "not_varied": (
        "Not varied, since the range belongs to a whole distribution: {paths}.",
        "以下范围属于整个分布,未予变动:{paths}。",
    ),
}

say = Vocabulary(WORDS)
