"""The words of a forecast, in English and Chinese."""

from __future__ import annotations

from typing import Final

from sim.report.words import Vocabulary

WORDS: Final = {
    "title": ("Open cases: which will be late", "在办件预测:哪些会超期"),
    "line": (
        "{open:open case|open cases} in the evening of {date}, of {received:,} received; "
        "{replications:replication|replications}, seed {seed}; {arrivals}",
        "{date}下班时在办 {open:,} 件(共收 {received:,} 件);重复 {replications:,} 次,"
        "种子 {seed};{arrivals}",
    ),
    "with_arrivals": ("further cases come in", "后续仍有新件"),
    "no_arrivals": ("no further case comes in", "不再有新件"),
    "expected_late": (
        "{limit}: of {cases:open case|open cases}, {late:.1f} are expected to be late.",
        "{limit}:在办 {cases:,} 件,预计超期 {late:.1f} 件。",
    ),
    "none": ("No limit binds any open case.", "没有时限约束在办件。"),
    "list_title": ("The open cases, the most urgent first", "在办件清单(由急到缓)"),
    "list_more": (
        "The first {shown:,} of {rows:,}; the table `forecast` holds all.",
        "共 {rows:,} 行,仅示前 {shown:,} 行;其余见 `forecast` 表。",
    ),
    "rank": ("#", "序"),
    "case": ("Case", "办件"),
    "promise": ("Promise", "承诺"),
    "late_share": ("Late", "超期概率"),
    "interval95": ("95 % interval", "95% 区间"),
    "left": ("Days left", "剩余天数"),
    "due": ("Due", "到期"),
    "expected": ("Expected", "预计办结"),
    "latest": ("90 % by", "九成不晚于"),
    "holder": ("Held by", "现由"),
    "step": ("At", "所处环节"),
    "slowest": ("Most time at", "用时最多的岗位"),
    "saved_by": ("Would save it", "可挽回之策"),
    "officer": ("one officer more: {team}", "增 1 人:{team}"),
    "overtime": ("two hours more a day: {team}", "每日加班 2 小时:{team}"),
    "priority": ("priority for it", "该件优先"),
    "then": ("{measure} ({share})", "{measure}({share})"),
    "over": ("over", "已逾期"),
    "measures_title": (
        "What would help all of them: expected late cases",
        "对全部在办件的作用:预计超期件数",
    ),
    "measure": ("Measure", "措施"),
    "late_now": ("now", "现状"),
    "late_then": ("then", "采取后"),
    "saved": ("saved", "挽回"),
    "measures_note": (
        "On the same random numbers, in the first {tried:replication|replications}; priority was "
        "tried for the most urgent cases, each alone. What changes nothing in the first 20 is "
        "tried no further.",
        "在前 {tried:,} 次重复中用相同随机数试算;“该件优先”仅对最急的若干件逐件试算。"
        "前 20 次中毫无作用的措施不再试算。",
    ),
    "load_title": ("Load of the pools: worked ÷ rostered hours", "各岗位负荷:办理时数 ÷ 在岗时数"),
    "pool": ("Pool", "岗位"),
    "queue": ("waiting", "排队"),
    "load_note": (
        "Busiest first; `waiting` is the mean number waiting in the last period.",
        "由忙到闲;“排队”为末期平均排队件数。",
    ),
    "by_steps": (
        "Where cases stand was read from recorded steps. Work that was in hand begins anew.",
        "办件所处环节据登记的环节读取。正在办理的工作重新计起。",
    ),
    "by_states": (
        "Where cases stand was read from states (接件, 受理, 补正 …): the review of an accepted "
        "matter begins anew, since states do not tell how far it is. Forecasts are less sharp.",
        "办件所处环节据办理状态(接件、受理、补正等)读取:状态未载明审查进度,已受理事项的审查重新计起,"
        "故预测较粗。",
    ),
    "left_out": (
        "{count:open case makes|open cases make} no sense to the scenario and are left out; the "
        "table `not_taken` says why.",
        "有 {count:,} 件在办件与情景不符,未纳入;原因见 `not_taken` 表。",
    ),
    "not_taken": (
        "{count:value|values} of the records could not be taken over:",
        "登记中有 {count:,} 处未能采用:",
    ),
    "failed": (
        "{count:case has|cases have} ended without success and are not forecast.",
        "有 {count:,} 件已终止(未通过),不作预测。",
    ),
    "otherwise": (
        "The probability is of the replications in which the limit binds the case: it is neither "
        "withdrawn nor refused before.",
        "概率按时限仍具约束力的重复计算(未撤件、未提前终止)。",
    ),
    "file": ("Where", "位置"),
    "column": ("What", "内容"),
    "value": ("Value", "值"),
    "why": ("Why", "原因"),
}

say = Vocabulary(WORDS)
