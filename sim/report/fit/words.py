"""The words of the report on a fit, in English and Chinese."""

from __future__ import annotations

from typing import Final

from sim.report.words import Vocabulary

WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("A scenario fitted to records", "由办件数据拟合的情景"),
    "question": ("What do the records tell, and how surely?", "数据说明什么,有多可靠?"),
    "counts": (
        "{file}: {measured:value|values} measured, {assumed:value|values} assumed.",
        "{file}:实测{measured}项,假设{assumed}项。",
    ),
    "counts_inferred": (
        "{file}: {measured:value|values} measured, {inferred:value|values} inferred by simulation, "
        "{assumed:value|values} assumed.",
        "{file}:实测{measured}项,模拟推断{inferred}项,假设{assumed}项。",
    ),
    "simulated": (
        "Inferred by simulation, with their 90 % ranges",
        "由模拟推断的取值及其90%区间",
    ),
    "values": ("Values, with their 90 % ranges", "各项取值及其90%区间"),
    "untold": ("Not told by the records; put in what you know", "数据未能说明,请补入已知的值"),
    "path": ("Value", "项目"),
    "value": ("Fitted", "拟合值"),
    "range": ("Range", "区间"),
    "n": ("Records", "记录数"),
    "remarks": ("What to know of it", "须知"),
    "effective_time": (
        "Work is effective time: touch time ÷ share of the officers' time ÷ speed. Long work by "
        "officers with all their time, and short work by officers with little time, leave the same "
        "stamps: no records can tell them apart. Work that leaves no stamp (co-review, a second "
        "review, returns) is counted with what stands before it.",
        "工作量为有效时长:实际操作时长÷投入本项工作的时间比例÷速度。时间充裕者办得久,与时间零碎者办得快,"
        "留下的时间戳相同,任何数据都无法区分。未留下时间戳的工作(会签、再次审查、流转)计入其前一步。",
    ),
    "dates_only": (
        "Stamps are dates, or all at midnight: hours, and how long work takes, are assumed with "
        "wide ranges.",
        "时间戳只有日期(或均为零点):上班时间与工作时长均为假设,区间较宽。",
    ),
    "short": (
        "The records cover {number:.1f} months: months are not told apart, and the yearly volume "
        "is extrapolated.",
        "数据仅覆盖{number:.1f}个月:无法区分各月,年办件量为外推。",
    ),
    "few": (
        "There are {number:.0f} items: ranges are wide, and rare events (refusals, special "
        "procedures) may be missing.",
        "仅有{number:.0f}个事项:区间较宽,少见情形(不予许可、特别程序)可能缺失。",
    ),
    "no_officers": (
        "No officer is recorded in pool {what}: one officer stands for all of them; their number "
        "and the length of their work cannot be told apart.",
        "岗位{what}未记录办理人:以一人代表全体,人数与工作时长无法区分。",
    ),
    "helpers": (
        "{number:.0f} further officers left a few stamps in pool {what}; they are not counted.",
        "岗位{what}另有{number:.0f}人偶有办理,未计入。",
    ),
    "hours_assumed": (
        "Too few stamps with a time of day in pool {what}: usual hours are assumed.",
        "岗位{what}带时刻的记录过少:采用通常的上班时间。",
    ),
    "effort_unknown": (
        "{what}: too few items whose begin is certain; how long the work takes is assumed between "
        "wide bounds.",
        "{what}:能确定开始时刻的事项过少,工作时长为宽区间假设。",
    ),
    "inferred": (
        "{what}: work that no stamp shows is inferred by simulation. Of simulations whose values "
        "are known, {number:.0%} of the 90 % ranges held them; ranges are widened to 90 %.",
        "{what}:无时间戳可查的工作量由模拟推断。在真值已知的模拟中,{number:.0%}的90%区间包含真值;此处区间已"
        "放宽至90%。",
    ),
    "count_unsure": (
        "{what} officers would leave much the same stamps, each number with other work; "
        "{number:.0f} is the most probable. Without officers' names, one who is twice as fast "
        "looks like two: put in the true number.",
        "{what}人均会留下几乎相同的时间戳(工作量随人数而变),以{number:.0f}人最为可能。未记录办理人时,一个快一倍"
        "的人与两个人无法区分:请填入实际人数。",
    ),
    "cannot_tell": (
        "{what}: the data cannot tell how long the work takes; its range is hardly "
        "narrower than before.",
        "{what}:数据无法说明工作时长,其区间与推断前大致同宽。",
    ),
    "spread_untold": (
        "{what}: the data cannot tell how much the work varies from item to item.",
        "{what}:数据无法说明各件工作量的差异。",
    ),
    "misfit": (
        "{what}: no values were found with which simulations look like the records; nothing is "
        "inferred. Something is other than the scenario can say: other duties, another order of "
        "work, a step without a stamp.",
        "{what}:未找到能使模拟与记录相符的取值,故不作推断。实际情况超出情景所能表达:另有其他工作、办理次序"
        "不同,或有未留时间戳的环节。",
    ),
    "order_inferred": (
        "{what}: no process table; which matter waits for which is inferred from their "
        "order in time.",
        "{what}:缺少流程定义表,事项先后关系由办理顺序推断。",
    ),
    "no_transfer": (
        "{what}: the way from window to department leaves no stamp, or takes no time; it is part "
        "of the waiting.",
        "{what}:窗口至部门的流转未留下时间戳(或不耗时),并入等待。",
    ),
    "between_stages": (
        "{what}: applicants let {number:.1f} working days pass (median) before what could have "
        "begun earlier; with one-window intake the scenario has no such gap, so its total spans "
        "are shorter.",
        "{what}:申请人在可以申报之后平均(中位)又过{number:.1f}个工作日才申报;一窗受理的情景中没有这段"
        "时间,故全程跨度偏短。",
    ),
    "base_keeps": (
        "Staff, hours and work are those of the base; the records give dates, arrivals, shares, "
        "corrections, special procedures and negative ends.",
        "人员、上班时间与工作量沿用基础情景;由数据给出的是日期、办件量、比例、补正、特别程序与否定结果。",
    ),
    "unknown_type": (
        "The base has no case type {what}; its cases are left out.",
        "基础情景中没有办件类型{what},其办件未纳入。",
    ),
    "unknown_matter": (
        "The base has no matter {what}; it is left out.",
        "基础情景中没有事项{what},未纳入。",
    ),
    "read_range": ("Range", "区间"),
    "read_range_text": (
        "Where the true value lies with 90 % confidence, if the model is right: Jeffreys intervals "
        "of shares, likelihood intervals of durations and volumes. It stands in the scenario file; "
        "sim sensitivity reads it.",
        "模型成立时,真值以90%的置信度所在的区间:比例用Jeffreys区间,时长与数量用似然区间。写入情景文件,"
        "供敏感性分析使用。",
    ),
}
say: Final = Vocabulary(WORDS)
