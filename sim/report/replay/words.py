"""The words of a replay, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sim.report.words import Vocabulary

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "question": ("What happened, day by day?", "逐日看办理过程"),
    "shown_middle": (
        "Shown is replication {number} of {of}, the one whose on-time shares lie nearest to the "
        "medians of all, from {first} to {last}: {cases} cases, {steps} steps, all that were open "
        "then, measured or not.",
        "所示为 {of} 次重复中的第 {number} 次,其按期率最接近各次的中位数;{first}至{last},"
        "含此间在办的全部 {cases} 件、{steps} 个环节,不论是否计入统计。",
    ),
    "shown_named": (
        "Shown is replication {number} of {of}, from {first} to {last}: {cases} cases, {steps} "
        "steps, all that were open then, measured or not.",
        "所示为 {of} 次重复中的第 {number} 次;{first}至{last},含此间在办的全部 {cases} 件、"
        "{steps} 个环节,不论是否计入统计。",
    ),
    "read_colours": ("Colours", "颜色"),
    "read_colours_text": (
        "A mark is a step of a case. It is green while less than four fifths of the limit are used "
        "on the clock that decides, then amber, and red once the limit is passed; a clock that "
        "stopped in time is green again. Days are counted as in the verdicts: an acceptance that "
        "the law deems given counts from the receipt on.",
        "每个标记为办件的一个环节。按判定口径,时限已用不足五分之四为绿,此后为黄,超过时限为红;"
        "按时止算后复为绿。天数的计法与结论一致:法律视为受理的,自收件起计。",
    ),
    "shortened": (
        "The window goes on; what is shown ends there to keep the page light.",
        "统计期更长,为控制页面大小,只展示到此日。",
    ),
    "still": (
        "Your system asks for less motion: the picture stands still. Move through the days with "
        "the slider and the buttons.",
        "系统设置为减少动态效果,画面静止。可用滑块和按钮逐日查看。",
    ),
    # --- controls
    "play": ("Play", "播放"),
    "pause": ("Pause", "暂停"),
    "speed": ("Speed", "速度"),
    "whole_60": ("all in a minute", "一分钟放完"),
    "whole_15": ("all in 15 seconds", "15秒放完"),
    "whole_240": ("all in four minutes", "四分钟放完"),
    "month_60": ("a month in a minute", "一分钟一个月"),
    "week_60": ("a week in a minute", "一分钟一周"),
    "day_60": ("a day in a minute", "一分钟一天"),
    "time": ("Date and time", "日期与时刻"),
    "day_back": ("a day back", "后退一天"),
    "day_on": ("a day on", "前进一天"),
    "case_type": ("Show", "显示"),
    # --- what is seen
    "board": ("The cases on their way", "办件所在环节"),
    "waits": ("waiting", "等待"),
    "worked": ("in hand", "在办"),
    "away": ("elsewhere", "在外"),
    "waits_long": ("waiting for an officer", "等待经办人员"),
    "worked_long": ("in an officer's hands", "经办人员办理中"),
    "away_long": (
        "elsewhere: with the applicant, on the way, in a period of the law",
        "在外:申请人补正、流转途中、公示等法定期间",
    ),
    "clock_good": ("limit: less than four fifths used", "时限:已用不足五分之四"),
    "clock_near": ("four fifths used or more", "已用五分之四以上"),
    "clock_over": ("over the limit", "已超时限"),
    "clock_none": ("no limit runs yet, or none applies", "尚未计时或无时限"),
    "key_note": (
        "A case whose matters run in parallel has a mark in each. Where several limits hold for "
        "a case, the worst decides its colour.",
        "事项并行办理的办件,在每个事项处各有一个标记。办件有多个时限的,颜色取最不利者。",
    ),
    "day_off": ("not a working day", "非工作日"),
    "tally_open": ("in process", "在办"),
    "tally_near": ("near the limit", "临近时限"),
    "tally_over": ("over the limit", "已超时限"),
    "tally_ended": ("ended since {first}", "{first}以来办结"),
    "tally_late": ("of these late", "其中超期"),
    "strip_label": ("How much waits, day by day", "各日等待的多少"),
    "strip": (
        "Steps that wait for an officer, at noon of each day (at most {most}); the red line: open "
        "cases over the limit",
        "各日正午等待经办的环节数(最多 {most});红线:在办且已超时限的件数",
    ),
    "queues": ("Queues of the pools, all case types together", "各岗位的队列(各类办件合计)"),
    # --- one case
    "follow": ("Follow one case", "跟踪一个办件"),
    "case": ("Case", "办件"),
    "follow_go": ("Follow", "跟踪"),
    "follow_end": ("Let go", "取消跟踪"),
    "usual": ("A usual case: {case}", "典型办件:{case}"),
    "case_hint": (
        "Click a mark, or give the number of a case.",
        "点击标记,或输入办件编号。",
    ),
    "no_case": ("No such case here.", "此处没有该办件。"),
    "not_come": ("has not arrived yet; comes in on {date}", "尚未提交,将于{date}提交"),
    "to_arrival": ("Go to its arrival", "转到提交时"),
    "in_process": ("in process", "在办"),
    "not_started": ("not started", "未起算"),
    "used": ("{used} of {limit} {unit}", "已用 {used} / 时限 {limit} {unit}"),
    "stopped": ("stopped", "已止算"),
    "step": ("Step", "环节"),
    "since": ("From", "自"),
    "until": ("Until", "至"),
    # --- outcomes
    "done": ("done", "办结"),
    "refused": ("refused", "不予许可"),
    "withdrawn": ("withdrawn", "撤回"),
    "not_accepted": ("not accepted", "不予受理"),
    "lapsed": ("lapsed", "失效"),
    "revoked": ("revoked", "撤销"),
    # --- boxes and steps
    "shared": ("Shared steps", "共同环节"),
    "trip": ("way to the counter", "跑窗口"),
    "intake": ("intake", "收件"),
    "check": ("check of the papers", "材料审核"),
    "correction": ("correction by the applicant", "申请人补正"),
    "transfer": ("transfer", "流转"),
    "review": ("review", "审查"),
    "co_review": ("co-review", "会签"),
    "meeting": ("meeting", "联审会"),
    "special": ("special procedure", "特别程序"),
    "publicity": ("publicity", "公示"),
    "decision": ("decision", "决定"),
    "delivery": ("delivery", "送达"),
    "step_role": ("", ""),
    "assistance": ("assistance", "帮办"),
    "verification": ("verification", "核查"),
    "resubmission": ("before handing in again", "重报前"),
    "preparation": ("preparation by the applicant", "申请人准备"),
    "moment": (
        "{weekday} {day} {month} {year}, {time}",
        "{year}年{monthnumber}月{day}日 {weekday} {time}",
    ),
    "named": ("{name}: {text}", "{name}\uff1a{text}"),
    "date": ("{weekday} {day} {month} {year}", "{year}年{monthnumber}月{day}日 {weekday}"),
    "short": ("{day} {month}, {time}", "{monthnumber}月{day}日 {time}"),
}
WEEKDAYS: Final = (
    ("Mon", "周一"), ("Tue", "周二"), ("Wed", "周三"), ("Thu", "周四"), ("Fri", "周五"),
    ("Sat", "周六"), ("Sun", "周日"),
)  # fmt: skip

say: Final = Vocabulary(WORDS)
