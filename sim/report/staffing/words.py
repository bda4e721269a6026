"""The words of a search for staff, in English and Chinese."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "run_line": (
        "seed {seed} · {plans} plans tried in {made} replications, up to {replications} each",
        "种子 {seed} · 试算 {plans} 个方案,共 {made} 次重复,每方案最多 {replications} 次",
    ),
    "found": (
        "{heads} officers do, where there are {today} today: every requirement holds on fresh "
        "random numbers.",
        "{heads} 人即可(现有 {today} 人):在新的随机数上各项要求均守住。",
    ),
    "unconfirmed": (
        "Not confirmed: the plan with {heads} officers (today {today}) held in the search, but not "
        "on fresh random numbers. Try more replications (-n).",
        "未获确认:{heads} 人方案(现有 {today} 人)在搜索中守住,但在新的随机数上未能守住。"
        "请增加重复次数(-n)。",
    ),
    "capped": (
        "{cap} officers are too few. This is the best staffing found with {heads} (today {today}).",
        "员额 {cap} 人不足。以下为 {heads} 人(现有 {today} 人)时找到的最好配置。",
    ),
    "out_of_reach": (
        "Out of reach: more officers in these groups do not do it. With so many of them (within "
        "the bounds given) that nobody waits for one:",
        "增加这些岗位组的人员无法达到。在(给定界限内)其人员多到无人等候时:",
    ),
    "undecided": (
        "Not proven to be within reach; more replications (-n) may settle it. With so many "
        "officers (within the bounds given) that nobody waits for one:",
        "尚不能证明可以达到,增加重复次数(-n)或可定论。在(给定界限内)人员多到无人等候时:",
    ),
    "no_room": (
        "Impossible: the bounds or the cap leave too few officers to keep up with the work that "
        "arrives. Each group needs at least its floor.",
        "不可行:上下限或员额不足以跟上来件的工作量。各组至少需要下限所列人数。",
    ),
    "perhaps": (
        "{heads} may do as well: with {replications} replications it is undecided; more (-n) may "
        "settle it.",
        "{heads} 人或许也够:{replications} 次重复尚不能定论,增加重复次数(-n)或可定论。",
    ),
    "exhausted": (
        "Fewest: every cheaper plan that keeps up with the work was simulated, and none is shown "
        "to hold.",
        "最少:凡能跟上工作量且更省的方案均已模拟,无一可证实守住。",
    ),
    "local": (
        "With any one officer fewer it is not shown to hold, and no exchange tried is cheaper; "
        "that no other plan is cheaper is not proven.",
        "任减一人均不能证实守住,所试的调换也无更省者;但不能证明没有其他更省的方案。",
    ),
    "team": ("Group", "岗位组"),
    "today": ("Today", "现有"),
    "floor": ("Floor", "下限"),
    "plan": ("Plan", "方案"),
    "change": ("Change", "增减"),
    "busy_today": ("Busy today", "现忙碌率"),
    "busy_plan": ("then", "方案忙碌率"),
    "one_less": ("One fewer", "减一人"),
    "below_floor": ("falls behind", "跟不上"),
    "bounded": ("at its bound", "已达界限"),
    "all": ("Together", "合计"),
    "fresh_title": ("The plan on fresh random numbers", "方案在新随机数上的结果"),
    "room_title": ("With so many officers that nobody waits", "无人等候办理人员时"),
    "frontier_title": (
        "What so many officers keep: the requirement kept worst, under the best plan seen",
        "不同人数下最难守住的一项(已试方案中最好者)",
    ),
    "heads": ("Officers", "人数"),
    "cost": ("Cost", "成本"),
    "margin": ("Margin", "与目标的差距"),
    "value_title": (
        "What one officer more brings (points of on-time share, or minutes of waiting)",
        "增加一人的作用(按期率百分点,或等待分钟数)",
    ),
    "at_today": ("today", "在现有配置上"),
    "at_plan": ("under the plan", "在方案上"),
    "wait_of": ("Mean wait: {pool}", "平均等待:{pool}"),
    "points": (
        "{value:+.1f} ({low:+.1f} to {high:+.1f})",
        "{value:+.1f}({low:+.1f} 至 {high:+.1f})",
    ),
    "used": (
        "{promise}: of {days} working days on the critical branch of a late case, {parts}.",
        "{promise}:超期办件关键路径 {days} 个工作日,其中 {parts}。",
    ),
    "not_counted": (" The clock does not count: {parts}.", "计时不含:{parts}。"),
    "set": ("To run the plan:", "运行该方案:"),
    "same": ("The plan is today's staffing.", "方案即现有配置。"),
    "together": (
        "Intervals of the groups in one column hold together. Proven is what does not reach 0.",
        "同一列各组的区间同时成立;区间不含 0 者方为可证实。",
    ),
}
