"""The words of the reports on event logs, in English and Chinese."""

from __future__ import annotations

from typing import Final

from sim.report.words import Vocabulary

WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("A network of steps fitted to an event log", "由事件日志拟合的步骤网络"),
    "question": (
        "What does the log tell, and how well does it foretell?",
        "日志说明什么,预测得如何?",
    ),
    "counts": (
        "{log}: {cases:case|cases}, {events:event|events}, {activities:activity|activities}, "
        "{officers:officer|officers}, {first} to {last}.",
        "{log}:案件{cases:,}件,事件{events:,}条,活动{activities:,}种,经办人{officers:,}人,"
        "{first}至{last}。",
    ),
    "remarks": ("What to know of it", "须知"),
    "no_limits": (
        "The log records no receipt, acceptance or decision of approvals. What is fitted "
        "answers what comes next if all stays as it was; it answers no question about limits "
        "of the law. For those, fit a register with states (接件, 受理, 办结 …).",
        "日志未记录审批的接件、受理与决定。拟合结果只说明一切照旧时接下来会怎样,不能回答法定时"
        "限问题;如需回答,请用带办理状态(接件、受理、办结等)的办件数据拟合。",
    ),
    "few_cases": (
        "There are {number:.0f} cases: rare courses are missing, and every share and duration "
        "is known badly.",
        "仅有{number:.0f}件案件:少见的流程可能缺失,各项比例与时长均不可靠。",
    ),
    "short_log": (
        "The log covers {number:.1f} weeks: habits of the week are known badly, and a part "
        "that was cut off holds short cases only.",
        "日志仅覆盖{number:.1f}周:每周规律不可靠,截取的部分只含短案件。",
    ),
    "one_activity": (
        "There is one activity: a case is one step, and nothing is known of what lies within.",
        "日志只有一种活动:案件仅有一个步骤,其内部情况不明。",
    ),
    "no_starts": (
        "Starts are not recorded: work and waiting cannot be told apart. Each step takes no "
        "time; what lay before its end is a delay.",
        "未记录开始时间:无法区分工作与等待。各步骤不占时间,此前的时间均计为延迟。",
    ),
    "dates_alone": (
        "Stamps are dates, or all at midnight: nothing is known of hours of duty, and times "
        "within a day mean nothing.",
        "时间戳只有日期(或均为零点):上班时间不明,一日之内的时刻没有意义。",
    ),
    "nobody": (
        "{number:.0f} % of the events name no officer: nobody is waited for there.",
        "{number:.0f}%的事件未记录经办人:这些事件不等待任何人。",
    ),
    "clock_delays": (
        "{number:activity|activities} wait for something that no officer explains. The delays "
        "are recorded ones, of a like hour and day; they have no queues, so the network does "
        "not tell what more or fewer officers would change there.",
        "有{number:.0f}种活动的等待无法由经办人解释。其延迟取自相近时刻、同类日期的记录,没有排"
        "队,因此无法说明增减人手会有何变化。",
    ),
    "working_delays": (
        "{number:activity|activities} wait for something that no officer explains, beside "
        "waiting for one. These delays are fixed, as recorded.",
        "有{number:.0f}种活动除等待经办人外,另有无法解释的等待;这些延迟按记录固定。",
    ),
    "recent_cases": (
        "Only the last {number:case|cases} are used: when the log was parted, they foretold "
        "the later part best. They ended with the log, so they are shorter than cases are in "
        "the end; a part cut off in the same way holds short cases too. Their success rests "
        "partly on that.",
        "只采用最后{number:.0f}件案件:将日志分段检验时,它们对后段的预测最好。这些案件须在日志结"
        "束前办完,因此偏短;以同样方式截取的后段也只含短案件,预测效果部分来自于此。",
    ),
    "no_trials": (
        "{number:.0f} cases are too few to try on a later part how many of them should be "
        "used: all are.",
        "仅{number:.0f}件案件,不足以在后段上检验应采用多少件,故全部采用。",
    ),
    "rare_routes": (
        "{number:.0f} % of the cases that are used had a course of their own: their courses "
        "are repeated, and new ones never occur.",
        "所采用的案件中{number:.0f}%各有独特流程:模拟只重复这些流程,不会出现新的流程。",
    ),
    "activities": ("Activities", "活动"),
    "activity": ("Activity", "活动"),
    "events": ("Events", "事件数"),
    "officers": ("Officers", "经办人数"),
    "duration": ("Median work, min", "工作中位数(分钟)"),
    "begins": ("Begins", "何时开始"),
    "when_free": ("when an officer is free", "经办人有空时"),
    "unused": ("in none of the cases used", "所采用的案件中没有"),
    "when_ready": ("when all before it is done", "前序步骤完成时"),
    "after_working": (
        "after a delay on duty, then when an officer is free",
        "工作时间内延迟后,待经办人有空",
    ),
    "after_clock": ("after a delay by the clock", "自然时间延迟后"),
    "delay": ("Median delay, h", "延迟中位数(小时)"),
    "routes": (
        "{routes:route|routes}; {overlapping:pair|pairs} of activities run beside each other.",
        "共{routes:,}种流程;{overlapping:,}对活动可同时进行。",
    ),
    "trials": (
        "How many of the last cases are used: mean distances when the log itself was parted",
        "采用最后多少案件:将日志自身分段检验的平均距离",
    ),
    "share": ("Share of cases", "案件比例"),
    "used": ("used", "采用"),
    "held_out": ("Distances from the part held out", "与留出部分的距离"),
    "held_line": (
        "Fitted to the {before:case|cases} that ended before {instant}; held against the "
        "{after:case|cases} that began after it, with {logs:simulated log|simulated logs}.",
        "用{instant}之前办完的{before:,}件案件拟合,与其后开始的{after:,}件案件比较,模拟日志"
        "{logs:,}份。",
    ),
    "against": ("Distances of simulated logs from {log}", "模拟日志与{log}的距离"),
    "against_line": (
        "{cases:case|cases}, the first at {since}; {logs:simulated log|simulated logs}.",
        "案件{cases:,}件,首件于{since};模拟日志{logs:,}份。",
    ),
    "simulated": ("An event log simulated", "模拟的事件日志"),
    "simulated_line": (
        "{cases:case|cases} with {events:event|events}, {first} to {last}.",
        "案件{cases:,}件,事件{events:,}条,{first}至{last}。",
    ),
    "distance": ("Distance", "距离"),
    "mean": ("Mean", "平均"),
    "spread": ("Standard deviation", "标准差"),
    "unit": ("Unit", "单位"),
    "NGD": ("sequences of three activities (NGD)", "连续三个活动的序列(NGD)"),
    "AEDD": ("times of events (AEDD)", "事件时刻(AEDD)"),
    "CEDD": ("times of day and week (CEDD)", "日内与周内时刻(CEDD)"),
    "REDD": ("times since the case began (REDD)", "距案件开始的时间(REDD)"),
    "CTDD": ("durations of cases (CTDD)", "案件时长(CTDD)"),
    "part": ("share", "比例"),
    "hours": ("h", "小时"),
    "read_distances": ("Distances", "距离"),
    "read_distances_text": (
        "How far simulated logs are from a recorded one; 0: the same. NGD: the share of "
        "sequences of three activities that differ. The others are areas between distribution "
        "functions, in hours: of the instants of starts and ends, of their hours on each "
        "weekday, of their time since the case began, and of the durations of cases. Published "
        "comparisons of simulators use them.",
        "模拟日志与记录日志相差多少,0表示相同。NGD:连续三个活动的序列中不同者的比例。其余为分布"
        "函数之间的面积,以小时计:开始与结束的时刻、各星期几的时刻、距案件开始的时间,以及案件时"
        "长。已发表的模拟器比较采用这些距离。",
    ),
}  # fmt: skip
say: Final = Vocabulary(WORDS)
