"""The words of reports, in English and Chinese."""

from __future__ import annotations

from typing import Final, Literal

Language = Literal["en", "zh"]

WORDS: Final[dict[str, tuple[str, str]]] = {
    "holds": ("HOLDS", "守住"),
    "fails": ("FAILS", "守不住"),
    "undecided": ("UNDECIDED", "未定"),
    "promise": ("Promise", "承诺"),
    "verdict": ("Verdict", "结论"),
    "on_time": ("On time", "按期率"),
    "interval": ("interval", "置信区间"),
    "target": ("Target", "目标"),
    "cases": ("Cases", "件数"),
    "late": ("Late", "超期"),
    "open": ("Open", "在办"),
    "spare": ("Spare", "余量"),
    "clock": ("Clock", "计时口径"),
    "mean": ("Mean", "平均"),
    "max": ("Max", "最大"),
    "days": ("days", "天"),
    "wd": ("wd", "工作日"),
    "cd": ("cd", "自然日"),
    "statutory": ("statutory", "法定时限"),
    "promised": ("promised", "承诺时限"),
    "net_approval": ("net approval", "审批用时"),
    "gross_span": ("gross span", "跨度用时"),
    "calendar_days": ("calendar days", "自然日"),
    "decides": ("decides", "判定"),
    "clocks_title": ("The same cases on every clock", "同一批办件在各口径下的用时"),
    "pools_title": ("Busiest pools", "最忙的岗位"),
    "pool": ("Pool", "岗位"),
    "officers": ("Officers", "人数"),
    "busy": ("Busy", "忙碌率"),
    "wait": ("Mean wait", "平均等待"),
    "queue": ("Longest queue", "最长队列"),
    "used_title": (
        "What used the days of late cases (working days per late case, critical branch)",
        "超期办件的时间用在哪里(每件工作日,关键路径)",
    ),
    "used_all_title": (
        "What used the days (working days per case; parallel work counts each)",
        "时间用在哪里(每件工作日,并行分别计)",
    ),
    "department": ("Department", "部门"),
    "applicant": ("Applicant", "申请人"),
    "waiting": ("Waiting", "等待"),
    "work": ("Work", "办理"),
    "transfer": ("Transfer", "流转"),
    "correction": ("Correction", "补正"),
    "excluded": ("Excluded", "不计时"),
    "third_party": ("Third party", "第三方"),
    "other": ("Other", "其他"),
    "supervision": ("Supervision", "事后监管"),
    "total": ("Total", "合计"),
    "outcomes": ("Cases", "办件"),
    "done": ("done", "办结"),
    "refused": ("refused", "不予许可"),
    "withdrawn": ("withdrawn", "撤回"),
    "not_accepted": ("not accepted", "不予受理"),
    "lapsed": ("acceptance lapsed", "容缺逾期"),
    "revoked": ("revoked", "撤销"),
    "sojourn": ("mean time in the system {hours:.2f} h", "平均逗留 {hours:.2f} 小时"),
    "run_line": (
        "seed {seed} · {replications} replications · cases of {first} to {last}",
        "种子 {seed} · {replications} 次重复 · 统计 {first} 至 {last} 到达的办件",
    ),
    "checks_ok": ("All self-checks passed.", "自检全部通过。"),
    "check_failed": ("SELF-CHECK FAILED: {name}: {detail}", "自检失败:{name}:{detail}"),
    "assumed": (
        "{count} of the numbers behind this are assumptions; `sim show` lists them with sources.",
        "其中 {count} 个参数为假设,`sim show` 可列出全部参数及来源。",
    ),
    "stamp": ("Note: {text}", "注意:{text}"),
    "cut_off": (
        "{count} cases would have been sent back more often than their cap of rounds allows.",
        "有 {count} 件的补正轮次被上限截断。",
    ),
    "left_out": (
        "Arrivals left out, because they lie outside the simulated dates: {count}.",
        "有 {count} 个到达时间不在模拟日期之内,未计入。",
    ),
    "one_replication": (
        "One replication alone gives no confidence interval; use more for a verdict.",
        "单次重复没有置信区间,请增加重复次数再下结论。",
    ),
    "interrupted": (
        "Interrupted: these are the {count} replications finished by then.",
        "已中断:以下为此前完成的 {count} 次重复。",
    ),
    "time": ("time", "时间"),
    "event": ("event", "事件"),
    "step": ("step", "环节"),
    "where": ("where", "岗位或人员"),
    "weekdays": ("Mon Tue Wed Thu Fri Sat Sun", "周一 周二 周三 周四 周五 周六 周日"),
    "event_arrival": ("arrives", "提交"),
    "event_ready": ("waits", "等待"),
    "event_start": ("begins", "开始"),
    "event_end": ("ends", "结束"),
    "event_acceptance": ("ends: ACCEPTED", "结束:受理"),
    "event_decision": ("ends: DECIDED", "结束:作出决定"),
    "event_delivery": ("ends: DELIVERED", "结束:送达"),
    "event_silence": ("ends: CONSENT BY SILENCE", "结束:超时默认同意"),
    "sentence_holds": (
        "{share} of the cases keep it ({low}–{high} at {confidence} confidence).",
        "{share} 的办件按期({confidence} 置信区间 {low}–{high})。",
    ),
    "by_title": ("{promise}: by {attribute}", "{promise}:按{attribute}"),
    "mean_rank": ("Mean rank", "平均名次"),
    "rank_range": ("5–95 %", "5–95 %"),
    "in_last": ("In last {count}", "落入后{count}名"),
    "if_alike": ("if alike", "若水平相同"),
    "one_ranking": (
        "Rank 1 is best. The intervals of all groups hold together. 'If alike': the same, if all "
        "were equally good and only chance and size differed.",
        "第1名为最好。各组的置信区间同时成立。\u201c若水平相同\u201d:假定各组办理水平相同、只有偶然与件数之别时的值。",
    ),
    "signal": (
        "The ranks of two years agree to {signal} % ({alike} % if all were alike): {verdict}.",
        "两个年度的名次一致程度为 {signal} %(若水平相同则为 {alike} %):{verdict}。",
    ),
    "signal_none": (
        "All were equal in every year: there is nothing to rank.",
        "各组每年都并列,无从排名。",
    ),
    "signal_one": (
        "One replication alone does not show how much of the ranking is chance.",
        "单次重复看不出名次中有多少是偶然。",
    ),
    "lottery": (
        "the ranking of a single year is a lottery",
        "单个年度的名次如同抽签",
    ),
    "mostly_chance": (
        "a single year's ranking is mostly chance",
        "单个年度的名次多半出于偶然",
    ),
    "partly_chance": (
        "a single year's ranking shows real differences, and much chance",
        "单个年度的名次反映真实差别,但仍有相当的偶然",
    ),
    "mostly_real": (
        "a single year's ranking mostly shows real differences",
        "单个年度的名次主要反映真实差别",
    ),
    "no_limits": ("The scenario states no limits.", "该情景未设时限。"),
}


def say(key: str, language: Language, **values: object) -> str:
    """Return a word or sentence in the language, with values filled in."""
    return phrase(WORDS[key], language, **values)


def phrase(pair: tuple[str, str], language: Language, **values: object) -> str:
    """Return one of an English and a Chinese text, with values filled in."""
    text = pair[0 if language == "en" else 1]
    return text.format(**values) if values else text
