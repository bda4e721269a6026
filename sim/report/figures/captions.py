"""The captions of plates, in English and Chinese: what a figure shows, with its numbers."""

from __future__ import annotations

from typing import Final

from sim.report.words import Language, phrase

CAPTIONS: Final[dict[str, tuple[str, str]]] = {
    "on_time": (
        "On-time share of every promise with its confidence interval, against the target: {each}.",
        "各项承诺的按期率、置信区间与目标:{each}。",
    ),
    "share_of": ("“{name}” {share} ({verdict})", "“{name}”{share}({verdict})"),
    "clock": (
        "On the clock that decides ({clock}), half of the cases of “{limit}” need at most {p50}, "
        "nine in ten at most {p90} {unit}; the limit is {days}. {late} of {judged} judged cases "
        "are late ({share}).",
        "按判定口径({clock}),“{limit}”的办件半数不超过 {p50} {unit},"
        "九成不超过 {p90} {unit},时限为 {days}。已判定的 {judged} 件中超期 {late} 件({share})。",
    ),
    "days_late": (
        "A late case of “{limit}” spends {total} working days on its critical branch; most of "
        "them: {first}, {days}, mainly {category}.",
        "“{limit}”的超期办件在关键路径上平均用时 {total} 个工作日,其中{first}最多:{days} 天,"
        "主要为{category}。",
    ),
    "days_all": (
        "A case of “{limit}” uses {total} working days, parallel work counted each; most of them: "
        "{first}, {days}, mainly {category}.",
        "“{limit}”的办件平均用时 {total} 个工作日(并行分别计),其中{first}最多:{days} 天,"
        "主要为{category}。",
    ),
    "days_hatched": (
        " Hatched is what the clock ({clock}) does not count.",
        "斜线为该口径({clock})不计入的时间。",
    ),
    "groups": (
        "Best mean rank: {best} ({best_share} on time); last: {worst} ({worst_share}). {worth}",
        "平均名次最好的是{best}(按期率 {best_share}),最后的是{worst}({worst_share})。{worth}",
    ),
    "periods": (
        "The on-time share of “{limit}” is lowest for cases of {lowest}: {least} (interval {low} "
        "to {high}), and highest for those of {highest}: {most}; the target is {target}.",
        "“{limit}”的按期率以 {lowest} 提交的办件最低:{least}(区间 {low} 至 {high}),"
        "{highest} 最高:{most};目标为 {target}。",
    ),
    "periods_alike": (
        "The on-time share of “{limit}” is {most} in every period; the target is {target}.",
        "“{limit}”的按期率各时段均为 {most};目标为 {target}。",
    ),
    "pools": (
        "The busiest pool is {first}: {busy} of its rostered time, mean wait {wait} h, mean queue "
        "{queue}. The dashed line is the full rostered time.",
        "最忙的岗位是{first}:忙碌率 {busy},平均等待 {wait} 小时,平均排队 {queue} 件。"
        "虚线为全部排班时间。",
    ),
    "heat": (
        "Of the pools and periods shown, {pool} in {period} is the busiest: {value} of its "
        "rostered time.",
        "所列岗位与时段中,{pool}在 {period} 最忙:忙碌率 {value}。",
    ),
    "queues": (
        "The longest queue is before {pool} in {period}: {most} items on average.",
        "最长的队列在{pool},{period} 平均 {most} 件。",
    ),
    "graph_one": (
        "{count} box with the busiest pool that it passes: {pool} ({load}). It uses {days} working "
        "days per case.",
        "共 {count} 个环节,所经最忙的岗位是{pool}({load})。用时为每件 {days} 个工作日。",
    ),
    "graph": (
        "{count} boxes with the busiest pool that each passes: the busiest of all is {pool} "
        "({load}). Most days are used by {first}: {days} working days per case.",
        "共 {count} 个环节,各标出所经最忙的岗位,其中最忙的是{pool}({load})。"
        "用时最多的是{first}:每件 {days} 个工作日。",
    ),
    "graph_idle": (
        "No pool had work; boxes: {count}.",
        "共 {count} 个环节;没有岗位办过件。",
    ),
    "life_late": (
        "Case {case} of the first replication, of its late cases the nearest to their median: "
        "{value} {unit} on the clock ({clock}), limit {days}. It came in on {first} and ended on "
        "{last}.",
        "第1次重复中的第 {case} 件,为超期办件中最接近中位数者:按{clock}计 {value} {unit},"
        "时限 {days}。{first} 提交,{last} 结束。",
    ),
    "life_on_time": (
        "Case {case} of the first replication, in which none was late; of all that ended the "
        "nearest to their median: {value} {unit} on the clock ({clock}), limit {days}. It came in "
        "on {first} and ended on {last}.",
        "第1次重复中的第 {case} 件(该次无超期办件),为已办结者中最接近中位数者:"
        "按{clock}计 {value} {unit},时限 {days}。{first} 提交,{last} 结束。",
    ),
    "life_first": (
        "Case {case} of the first replication, the first that was measured: {value} {unit} so far "
        "on the clock ({clock}), limit {days}. From {first} to {last}.",
        "第1次重复中的第 {case} 件,为首个统计办件:按{clock}已计 {value} {unit},时限 {days}。"
        "自 {first} 至 {last}。",
    ),
    "by_scenario": (
        "On-time share of “{limit}” in each scenario, with its own interval: {each}.",
        "“{limit}”在各情景下的按期率及各自区间:{each}。",
    ),
    "overlaid": (
        "Days on the clock that decides, in all scenarios; half of the cases of “{limit}” end "
        "within: {each}.",
        "各情景在判定口径下的用时;“{limit}”的办件半数办结所需天数:{each}。",
    ),
    "half_of": ("“{name}” {days}", "“{name}”{days}"),
    "differences": (
        "{count} differences from {reference} on the same cases, with intervals that hold together "
        "at {confidence}: {better} proven better, {worse} proven worse. The largest is {largest}.",
        "与{reference}在同一批办件上的 {count} 项差异,区间以 {confidence} 的置信度同时成立:"
        "{better} 项证实更好,{worse} 项证实更差。最大者为{largest}。",
    ),
    "load_breaks": (
        "“{limit}” breaks at {load} times today's load ({low} to {high} at {confidence} "
        "confidence).",
        "“{limit}”在现状负荷的 {load} 倍时失守({confidence} 置信区间 {low} 至 {high})。",
    ),
    "load_broken": (
        "“{limit}” is broken already at {lowest} times today's load: {share} on time, target "
        "{target}.",
        "“{limit}”在现状负荷的 {lowest} 倍时已失守:按期率 {share},目标 {target}。",
    ),
    "load_keeps": (
        "“{limit}” is kept up to {highest} times today's load, the highest looked at: {share} on "
        "time there, target {target}.",
        "“{limit}”直至所试最高负荷(现状的 {highest} 倍)均守住:该处按期率 {share},目标 {target}。",
    ),
    "plan": (
        "The plan has {plan} officers where there are {today} today; the most changed: {changed}.",
        "方案共 {plan} 人,现有 {today} 人;变化最大的:{changed}。",
    ),
    "plan_same": (
        "The plan has {plan} officers, in every team as many as today.",
        "方案共 {plan} 人,各组与现有相同。",
    ),
    "plan_none": (
        "No plan was found that keeps every requirement; today there are {today} officers. The "
        "marks are the fewest with which each team keeps up.",
        "未找到满足全部要求的方案;现有 {today} 人。竖线为各组跟得上工作量的下限。",
    ),
    "team_changed": ("{team} {today} → {then}", "{team} {today} → {then}"),
    "frontier": (
        "The best plan seen of {fewest} officers keeps the worst limit in {least} of the cases; "
        "that of {heads}, in {most}.",
        "所试 {fewest} 人的最好方案,最难守住的时限按期率为 {least};{heads} 人则为 {most}。",
    ),
    "one_more": (
        "One officer more helps most in {team}: {value} points of “{limit}” ({low} to {high}). "
        "Proven are {proven} of {count} changes.",
        "增加一人以{team}作用最大:“{limit}”{value} 个百分点({low} 至 {high})。"
        "{count} 项变化中证实 {proven} 项。",
    ),
    "waterfall_on_time_share": (
        "From {before} on time without these levers to {after} with all of them; the largest step "
        "is {lever}: {value} points.",
        "无这些举措时按期率 {before},全部推行后 {after};最大的一步是{lever}:{value} 个百分点。",
    ),
    "waterfall_days_saved": (
        "From {before} days on average without these levers to {after} with all of them; the "
        "largest step is {lever}: {value} days saved.",
        "无这些举措时平均 {before} 天,全部推行后 {after} 天;最大的一步是{lever}:节省 {value} 天。",
    ),
    "shapley": (
        "On average over all orders, {lever} contributes most: {value} points ({low} to {high}). "
        "Pale bars are not proven. Beside: staff hours per case.",
        "按各种次序平均,{lever}贡献最大:{value} 个百分点({low} 至 {high})。"
        "浅色为未证实。右侧为每件人员工时。",
    ),
    "tornado": (
        "With one parameter at a time at the ends of its range, {path} moves the on-time share of "
        "“{limit}” most: {low_share} at {low}, {high_share} at {high}; {base} as it is.",
        "逐一取范围两端时,{path} 对“{limit}”按期率影响最大:取 {low} 时 {low_share},"
        "取 {high} 时 {high_share};现状 {base}。",
    ),
    "screening": (
        "Over its whole range, {path} moves the on-time share of “{limit}” by {value} points on "
        "average, more than any other parameter.",
        "走完全范围时,{path} 使“{limit}”按期率平均变化 {value} 个百分点,大于其他参数。",
    ),
    "sobol": (
        "{path} explains most of the variance of “{limit}”: {first} alone, {total} with interplay.",
        "{path} 解释“{limit}”的方差最多:单独 {first},含交互 {total}。",
    ),
    "sweep": (
        "The on-time share of “{limit}” over {count} combinations: from {least} to {most}; {holds} "
        "hold the target of {target}, {fails} fail it, {undecided} are undecided.",
        "“{limit}”在 {count} 个组合下的按期率:{least} 至 {most};目标 {target},"
        "其中 {holds} 个守住,{fails} 个守不住,{undecided} 个未定。",
    ),
}


def caption(key: str, language: Language, /, **values: object) -> str:
    """Return a caption in the language, with values filled in."""
    return phrase(CAPTIONS[key], language, **values)


def listed(parts: list[str], language: Language) -> str:
    """Join parts of a sentence."""
    return (", " if language == "en" else "、").join(parts)
