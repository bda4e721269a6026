"""The words of the live what-if, in English and Chinese."""

from __future__ import annotations

from typing import Final

from sim.report.words import Vocabulary

WORDS: Final = {
    "what_if": ("What if?", "如果……会怎样?"),
    "group_load": ("Load", "业务量"),
    "group_staff": ("Staff", "人员"),
    "group_handling": ("Levers", "改革举措"),
    "group_limits": ("Limits", "时限"),
    "group_other": ("Added", "另加"),
    "load_of": ("Load: {name}", "业务量:{name}"),
    "times": ("× today", "现状的倍数"),
    "limit_of": ("{name}: limit", "{name}:时限"),
    "share_of": ("{name}: required share", "{name}:达标比例"),
    "delegation": ("delegation", "权限下放"),
    "none": ("none", "不下放"),
    "wd": ("working days", "工作日"),
    "cd": ("calendar days", "自然日"),
    "h": ("hours", "小时"),
    "min": ("minutes", "分钟"),
    "s": ("seconds", "秒"),
    "shape_unit": ("−1 to +1 of its range", "取值范围内 −1 至 +1"),
    "with_unit": ("{label} ({unit})", "{label}({unit})"),
    "on": ("on", "启用"),
    "off": ("off", "停用"),
    "was": ("{label} – was {value}", "{label} – 原为 {value}"),
    "add": ("Add a control", "增加调节项"),
    "add_hint": ("Type to search {count} further numbers", "输入文字,在另外 {count} 个参数中查找"),
    "add_none": (
        "There is no such number; choose one of the list.",
        "没有这个参数;请从列表中选取。",
    ),
    "reset": ("Back to the start", "恢复原状"),
    "take_along": ("Take it along", "带走设置"),
    "as_dict": ("In Python", "在 Python 中"),
    "as_options": ("On the command line", "在命令行中"),
    "as_file": ("As a scenario file", "作为情景文件"),
    "download": ("Download {name}", "下载 {name}"),
    "nothing_set": (
        "Nothing has been changed yet. Move a slider, or set a switch.",
        "尚未改动。请移动滑块或切换开关。",
    ),
    "change": ("{name}: {before} → {after}", "{name}:{before} → {after}"),
    "semicolon": ("; ", ";"),
    "and_more": ("{count} more", "另有 {count} 项"),
    "tried_name": ("{scenario}: {changes}", "{scenario}:{changes}"),
    "provisional": (
        "So far from {made} of {all} replications; more is being computed …",
        "目前为 {made} 次重复的结果,共 {all} 次,继续计算中……",
    ),
    "final": (
        "{all} replications, the same cases with and without the change.",
        "{all} 次重复;改动前后面对同一批办件。",
    ),
    "computing": ("Computing …", "计算中……"),
    "refused": ("These settings do not go together:", "这些设置不能同时成立:"),
    "interrupted": ("The computation stopped: {reason}", "计算中止:{reason}"),
    "level": ("{share} on time", "按期率 {share}"),
    "required": ("{share} required", "要求 {share}"),
    "verdict_is": ("Verdict: {verdict}", "结论:{verdict}"),
    "before_after": ("{before} → {after} on time", "按期率 {before} → {after}"),
    "points": (
        "{value} points ({low} to {high})",
        "{value} 个百分点({low} 至 {high})",
    ),
    "days_change": (
        "9 in 10 cases within {before} → {after} {unit}: {value} ({low} to {high})",
        "九成办件用时 {before} → {after} {unit}:{value}({low} 至 {high})",
    ),
    "days_level": ("9 in 10 cases within {after} {unit}", "九成办件用时不超过 {after} {unit}"),
    "proven": ("{text}; {verdict}", "{text};{verdict}"),
    "better": ("better, proven", "更好,已证实"),
    "worse": ("worse, proven", "更差,已证实"),
    "unproven": ("not proven", "未证实"),
    "same": ("no difference in any replication", "各次重复均无差异"),
    "unknown": ("cannot be judged: there are no cases", "无办件,无从判断"),
    "interval_unknown": ("unknown", "未知"),
    "busiest": ("Where it is busy", "忙在哪里"),
    "pool": ("Pool", "岗位"),
    "busy": ("Busy", "忙碌率"),
    "wait_h": ("Mean wait, hours", "平均等待,小时"),
    "start": ("start", "原状"),
    "tried": ("now", "改动后"),
    "legend": (
        "Grey: as it was. Colour: with the change. Bar: interval. Mark: required share.",
        "灰色:原状;彩色:改动后;横条:置信区间;竖线:要求的比例。",
    ),
    "together": (
        "Intervals at {confidence} confidence; those of a kind (shares, days) hold together, for "
        "this answer alone. Who tries many settings finds lucky ones: confirm what you choose with "
        "sim.compare and another seed.",
        "{confidence} 置信区间;同类(按期率、用时)的区间同时成立,只就本次设置而言。"
        "反复尝试难免碰上运气:选定后请用 sim.compare 换种子验证。",
    ),
    "check_failed": ("SELF-CHECK FAILED: {name}: {detail}", "自检失败:{name}:{detail}"),
    "chart": (
        "{limit}: {before} on time before, {after} now, {share} required",
        "{limit}:原按期率 {before},现 {after},要求 {share}",
    ),
    "chart_start": (
        "{limit}: {after} on time, {share} required",
        "{limit}:按期率 {after},要求 {share}",
    ),
}

say = Vocabulary(WORDS)
