"""The words of a search for staff, in English and Chinese."""

from __future__ import annotations

from typing import Final

from sim.report.words import Vocabulary

WORDS: Final[dict[str, tuple[str, str]]] = {
    "searched": (
        "seed {seed} · {plans:plan|plans} tried in {made:replication|replications}, up to "
        "{replications} each",
        "种子 {seed} · 试算 {plans} 个方案,共 {made} 次重复,每方案最多 {replications} 次",
    ),
    "found": (
        "{heads:officer is|officers are} enough (today: {today}): every requirement holds, in "
        "{fresh:replication|replications} with fresh random numbers and in the "
        "{replications} of the search.",
        "{heads} 人即可(现有 {today} 人):换用新的随机数重复 {fresh} 次,以及搜索中的 "
        "{replications} 次重复,各项要求均守住。",
    ),
    "unconfirmed": (
        "Not proven: the search took the plan with {heads:officer|officers} (today: {today}) to "
        "hold, but {fresh:replication|replications} with fresh random numbers and "
        "{replications} of the search do not both prove it. Try more replications (-n).",
        "未获证实:搜索认为 {heads} 人方案(现有 {today} 人)可以守住,但换用新的随机数重复 {fresh} 次"
        "与搜索中的 {replications} 次重复未能同时证实。请增加重复次数(-n)。",
    ),
    "capped": (
        "{cap:officer is|officers are} too few. The best plan found has {heads} (today: {today}).",
        "员额 {cap} 人不足。以下为 {heads} 人(现有 {today} 人)时找到的最好配置。",
    ),
    "out_of_reach": (
        "Out of reach: more officers in these groups are not enough. Even if nobody had to wait "
        "for one of them (within the bounds given):",
        "增加这些岗位组的人员仍无法达到。即使(在给定界限内)人员多到无人等候:",
    ),
    "undecided": (
        "Not proven to be within reach; more replications (-n) may settle it. If nobody had to "
        "wait for one of these officers (within the bounds given):",
        "尚不能证明可以达到,增加重复次数(-n)或可定论。在(给定界限内)人员多到无人等候时:",
    ),
    "no_room": (
        "Impossible: the bounds or the cap leave too few officers for the work that arrives. Each "
        "group needs at least its floor.",
        "不可行:上下限或员额不足以跟上来件的工作量。各组至少需要下限所列人数。",
    ),
    "perhaps": (
        "{heads:officer|officers} may be enough: {replications:replication does|replications do} "
        "not decide it; more (-n) may settle it.",
        "{heads} 人或许也够:{replications} 次重复尚不能定论,增加重复次数(-n)或可定论。",
    ),
    "exhausted": (
        "Fewest: every cheaper one that keeps up with the work was simulated, and none "
        "is shown to hold.",
        "最少:凡能跟上工作量且更省的方案均已模拟,无一可证实守住。",
    ),
    "local": (
        "With one officer fewer in any group, the plan is not shown to hold; no exchange tried is "
        "cheaper. It is not proven that no other plan is cheaper.",
        "任减一人均不能证实守住,所试的调换也无更省者;但不能证明没有其他更省的方案。",
    ),
    "costs_today": ("Today these posts cost {posts} yuan a year.", "现有岗位全年费用 {posts} 元。"),
    "costs_plan": (
        "Under the plan they cost {posts} yuan a year.",
        "按方案,岗位全年费用 {posts} 元。",
    ),
    "costs_today_overtime": (
        "Today these posts cost {posts} yuan a year, and overtime {overtime}: {total} together.",
        "现有岗位全年费用 {posts} 元,加班 {overtime} 元,合计 {total} 元。",
    ),
    "costs_plan_overtime": (
        "Under the plan they cost {posts} yuan a year, and overtime {overtime}: {total} together.",
        "按方案,岗位全年费用 {posts} 元,加班 {overtime} 元,合计 {total} 元。",
    ),
    "without_cost": (
        "No cost is given for: {groups}. The search takes each of their posts for 1 yuan, and the "
        "costs told leave them out.",
        "未给出费用:{groups}。搜索中每个岗位按 1 元计,所列费用不含这些岗位。",
    ),
    "posts_go": ("Posts that go: {posts}.", "减少的岗位:{posts}。"),
    "posts_come": ("Posts that come: {posts}.", "增加的岗位:{posts}。"),
    "of_third_party": (" (a third party's, not the city's)", "(第三方机构人员,非本市编制)"),
    "team": ("Group", "岗位组"),
    "today": ("Today", "现有"),
    "floor": ("Floor", "下限"),
    "plan": ("Plan", "方案"),
    "change": ("Change", "增减"),
    "busy_today": ("Busy today", "现忙碌率"),
    "busy_plan": ("then", "方案忙碌率"),
    "one_fewer": ("One fewer", "减一人"),
    "below_floor": ("falls behind", "跟不上"),
    "bounded": ("at its bound", "已达界限"),
    "all_groups": ("All groups", "合计"),
    "fresh_title": ("The plan on fresh random numbers", "方案在新随机数上的结果"),
    "nobody_waits_title": ("If nobody had to wait for an officer", "无人等候办理人员时"),
    "frontier_title": (
        "What each number of officers achieves: the requirement kept worst, by the best plan tried",
        "不同人数下最难守住的一项(已试方案中最好者)",
    ),
    "cost": ("Cost", "成本"),
    "margin": ("Margin", "与目标的差距"),
    "value_title": (
        "What one more officer brings (points of on-time share, or minutes of waiting)",
        "增加一人的作用(按期率百分点,或等待分钟数)",
    ),
    "at_today": ("today", "在现有配置上"),
    "at_plan": ("under the plan", "在方案上"),
    "wait_of": ("Mean wait: {pool}", "平均等待:{pool}"),
    "points": (
        "{value:+.1f} ({low:+.1f} to {high:+.1f})",
        "{value:+.1f}({low:+.1f} 至 {high:+.1f})",
    ),
    "time_used": (
        "{limit}: a late case uses {days} working days on its critical branch: {parts}.",
        "{limit}:超期办件关键路径用去 {days} 个工作日,其中{parts}。",
    ),
    "time_not_counted": (" The clock does not count: {parts}.", "计时不含:{parts}。"),
    "to_run": ("To run the plan:", "运行该方案:"),
    "unchanged": ("The plan is today's staffing.", "方案即现有配置。"),
    "together": (
        "The intervals of one column hold together. A change is proven if its interval does not "
        "reach 0.",
        "同一列各组的区间同时成立;区间不含 0 者方为可证实。",
    ),
}

say = Vocabulary(WORDS)
