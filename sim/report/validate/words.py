"""The words of a validation, in English and Chinese."""

from __future__ import annotations

from typing import Final

from sim.report.words import Vocabulary

WORDS: Final = {
    "title": ("Recorded months against the simulation", "登记月份与仿真的对照"),
    "line": (
        "{first} to {last}: {received:,} cases recorded, {open:open case|open cases} at the start; "
        "{replications:replication|replications}, seed {seed}; {scenario}; {arrivals}",
        "{first}至{last}:登记新收 {received:,} 件,期初在办 {open:,} 件;重复 {replications:,} 次,"
        "种子 {seed};{scenario};{arrivals}",
    ),
    "fitted": ("scenario fitted to what came before", "情景由此前登记拟合"),
    "given": ("scenario as given", "情景为给定"),
    "uncertain": ("{scenario}, inputs drawn from their ranges", "{scenario},参数按其范围抽取"),
    "drawn": ("arrivals drawn", "到达为抽取"),
    "replay": ("arrivals as recorded", "到达按登记重放"),
    "fits": (
        "FITS: what was recorded does not stand out among the simulations (p = {p:.3f}).",
        "相符:登记结果在各次仿真中并不突出(p = {p:.3f})。",
    ),
    "does_not_fit": (
        "DOES NOT FIT (p = {p:.3f}): {where}.",
        "不相符(p = {p:.3f}):{where}。",
    ),
    "meaning": (
        "A scenario that is right is said not to fit in {error} of such comparisons. Fitting "
        "proves nothing finer than the intervals that hold together.",
        "若情景正确,此类对照中有 {error} 会被判为不相符。“相符”所能证明的,不细于同时成立的区间。",
    ),
    "coverage": (
        "On-time shares of single months in their {level} prediction intervals: {inside} of "
        "{count}.",
        "各月按期率落入其 {level} 预测区间者:{count} 个中有 {inside} 个。",
    ),
    "join": ("; ", ";"),
    "more": ("and {count} more", "另有 {count} 处"),
    "where_days": (
        "{name}: {how} ({recorded} {unit} on average, {predicted} predicted)",
        "{name}:{how}(平均 {recorded} {unit},预测 {predicted})",
    ),
    "where": (
        "{kind}, {name}{period}: {how} ({recorded}, {predicted} predicted)",
        "{kind},{name}{period}:{how}({recorded},预测 {predicted})",
    ),
    "in_period": (", {period}", ",{period}"),
    "longer": ("takes longer", "用时更长"),
    "shorter": ("is faster", "用时更短"),
    "other": ("days spread otherwise", "用时分布不同"),
    "low": ("less than predicted", "低于预测"),
    "high": ("more than predicted", "高于预测"),
    "on_time": ("on time", "按期率"),
    "received": ("received", "收件"),
    "ended": ("ended", "办结"),
    "open": ("open", "在办"),
    "days": ("days", "用时"),
    "differing_title": ("What tells both apart, the clearest first", "差异所在(由显到微)"),
    "kind": ("What", "内容"),
    "whose": ("Whose", "对象"),
    "month": ("Month", "月份"),
    "at_start": ("open at the start", "期初在办"),
    "start": ("start", "期初"),
    "all": ("all", "合计"),
    "mean_of_months": ("mean", "均值"),
    "recorded": ("Recorded", "登记"),
    "predicted": ("Predicted", "预测"),
    "interval": ("{level} interval", "{level} 区间"),
    "together": ("Interval together", "同时区间"),
    "mark": ("", ""),
    "outside": ("outside", "区间外"),
    "differs": ("differs", "有差异"),
    "on_time_title": ("{name}: on-time share by month of receipt", "{name}:按收件月份的按期率"),
    "open_both_ways": (
        "Cases still open at the end count both ways: two bounds are shown.",
        "期末仍在办者两种情形都计:示其上下界。",
    ),
    "own_title": ("On time by the days of each matter", "各事项按自身时限的按期率"),
    "days_title": ("Days, recorded and predicted", "用时:登记与预测"),
    "days_note": (
        "Distance: mean distance of the recorded days from the predicted ones, put in order. "
        "Usual: that of a single simulation. At most: not exceeded, together with all else, if the "
        "scenario is right.",
        "距离:登记用时与预测用时排序后的平均差距。通常:单次仿真的同一距离。上限:情景正确时与其他各项同时"
        "不超过之值。",
    ),
    "whose_days": ("Promise or matter", "承诺或事项"),
    "mean": ("Mean", "平均"),
    "predicted_mean": ("predicted", "预测"),
    "P90": ("P90", "P90"),
    "distance": ("Distance", "距离"),
    "usual": ("Usual", "通常"),
    "at_most": ("At most", "上限"),
    "flow_title": ("{name}: by month, with {level} intervals", "{name}:按月,{level} 区间"),
    "departments_title": (
        "Departments: matters ended, and open on average at the end of a month",
        "各部门:办结事项数,及月末平均在办",
    ),
    "department": ("Department", "部门"),
    "states": (
        "Clocks and open cases were read from states (接件, 受理, 办结 …): the review of a matter "
        "that was open at the start begins anew.",
        "计时与在办状态据办理状态(接件、受理、办结等)读取:期初在办事项的审查重新计起。",
    ),
    "left_out": (
        "{count:open case makes|open cases make} no sense to the scenario and are left out.",
        "有 {count:,} 件在办件与情景不符,未纳入。",
    ),
    "not_compared_title": ("Days that cannot be compared", "无法对照的用时"),
    "why": ("Why", "原因"),
    "delivery": (
        "the clock runs to the delivery, which states do not record",
        "计时至送达,而办理状态不记送达",
    ),
    "third_party": (
        "the clock pauses for third parties, which states do not tell",
        "计时扣除第三方用时,而办理状态不载",
    ),
    "missing_papers": (
        "the clock pauses for missing papers, which states do not tell",
        "计时扣除容缺补件,而办理状态不载",
    ),
    "hours": ("the clock counts hours, and records have dates alone", "按小时计时,而登记仅有日期"),
    "unseen": ("no recorded case ended", "登记中无办结件"),
}

say = Vocabulary(WORDS)
