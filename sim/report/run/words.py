"""The words of reports on a run: matters, departments and years, in English and Chinese."""

from __future__ import annotations

from typing import Final

from sim.report.words import Vocabulary

WORDS: Final[dict[str, tuple[str, str]]] = {
    # --- matters and stages
    "own_title": (
        "{case_type}: every matter and stage by its own limit",
        "{case_type}:各事项、各阶段对照自身时限",
    ),
    "own_note": (
        "A case counts where it has the matter. No late matter: each keeps the days promised for "
        "it; where none are promised, those of the law. The state's rule: no matter of the stage "
        "is late, and the stage keeps its budget.",
        "办件有该事项的才计入。各事项均未超期:每个事项均未超过其承诺时限(未作承诺的,按法定时限)。"
        "国家系统超期规则:阶段内各事项均未超期,且阶段用时未超阶段时限。",
    ),
    "part": ("Matter or stage", "事项或阶段"),
    "standard": ("Limit", "时限"),
    "promised_days": ("promised {days}", "承诺 {days}"),
    "statutory_days": ("by law {days}", "法定 {days}"),
    "budget_days": ("budget {days}", "阶段时限 {days}"),
    "no_late_matter": ("no late matter", "各事项均未超期"),
    "state_rule": ("the state's rule", "国家系统超期规则"),
    "all_matters": ("All matters", "全部事项"),
    "stage": ("Stage: {stage}", "阶段:{stage}"),
    "P95": ("P95", "P95"),
    "law_holds": (
        "{count:period|periods} of the law not shown: kept, each at its confidence.",
        "另有 {count} 项法定时限守住,未列出。",
    ),
    "all_own_hold": (
        "{case_type}: every matter and stage keeps its own limit.",
        "{case_type}:各事项、各阶段均守住自身时限。",
    ),
    "free_of_late": (
        "{name}: {share} of the cases keep it as a whole, {free} ({low} – {high}) without any late "
        "matter. Most often late: {matters}.",
        "{name}:整体按期率为 {share};其中各事项均未超期的办件占 {free}({low} – {high})。"
        "超期最多的事项:{matters}。",
    ),
    "free_of_late_all": (
        "{name}: {free} ({low} – {high}) of the cases have no late matter at all. Most often late: "
        "{matters}.",
        "{name}:全部事项均未超期的办件占 {free}({low} – {high})。超期最多的事项:{matters}。",
    ),
    # --- departments
    "league_title": (
        "Departments by the on-time share of their matters",
        "各部门事项按期率排名",
    ),
    "items": ("Items", "事项件数"),
    "league_note": (
        "Rank 1 is best. Each matter of a case is one item. The intervals of all departments hold "
        "together. 'If alike': the same share, if all were equally good and differed by chance and "
        "size alone.",
        "第1名为最好。一件办件的一个事项计为一项。各部门的置信区间同时成立。"
        "\u201c若水平相同\u201d:假定各部门水平相同、只有偶然与件数之别时的值。",
    ),
    # --- two years running
    "twice": ("twice running", "连续两年"),
    "delisting": (
        "Among the last {bottom} in two years running: {expected} of {groups} groups in any two "
        "years; if all were equally good, {alike}. Most probable: {names}.",
        "连续两年落入后{bottom}名:任意两年中平均有 {expected} 个(共 {groups} 个);若水平相同,则为 "
        "{alike} 个。概率最大的:{names}。",
    ),
    "delisted": ("{name} {share} ({low} – {high})", "{name} {share}({low} – {high})"),
    "delisting_policy": (
        "The policy delists zones for this rank among the zones of the province and by economic "
        "indicators; here the same rule is applied to punctuality within the scenario.",
        "政策的摘牌规定针对全省排名和经济指标;此处是把同一规则用于本情景内的按期率。",
    ),
    # --- years
    "known_by_year": (
        "{limit}: what is known: in {kept} of {years} simulated years the target of {target} was "
        "kept; {shares} of its cases are on time in a year.",
        "{limit}:目前所知:{years} 个模拟年度中有 {kept} 个达到 {target} 的目标;"
        "年度按期率{shares}。",
    ),
    "known_by_window": (
        "{limit}: what is known: in {kept} of {years} simulated windows of {days} days the target "
        "of {target} was kept; {shares} of its cases are on time in a window.",
        "{limit}:目前所知:{years} 个模拟时段(各 {days} 天)中有 {kept} 个达到 {target} 的目标;"
        "时段按期率{shares}。",
    ),
    "known_between": ("between {lowest} and {highest}", "在 {lowest} 至 {highest} 之间"),
    "known_alike": ("{lowest}", "均为 {lowest}"),
    "range": ("{low} to {high}", "{low} 至 {high}"),
    "years_title": ("By the year", "分年度"),
    "windows_title": (
        "By the measured window ({days} days; it is no year)",
        "按测量时段(共 {days} 天,不足一年)",
    ),
    "years_kept": ("Target kept", "达标年度"),
    "kept_of": ("{kept} of {years}", "{years} 个中 {kept} 个"),
    "keeps": ("Probability", "达标概率"),
    "worst_in_20": ("Worst in 20", "二十年一遇最差"),
    "fails_twice": ("Two running fail", "连续两年不达标"),
    "years_note": (
        "Each replication is one year as it could have been. 'Worst in 20': on-time share of the "
        "worst year in twenty.",
        "每次重复是可能出现的一个年度。\u201c二十年一遇最差\u201d:二十年中最差一年的按期率。",
    ),
    "doubt_drawn": (
        "Each replication drew {inputs:input|inputs} anew from its range, most likely near the "
        "value in the scenario. A promise holds if nearly all that the inputs may be keeps the "
        "target.",
        "每次重复都在取值范围内重新抽取 {inputs} 项输入(情景取值最为可能);"
        "几乎所有可能取值均达标的,才判为守得住。",
    ),
    "doubt_holds": ("holds under that doubt", "在此不确定性下守得住"),
    "doubt_fails": ("fails under that doubt", "在此不确定性下守不住"),
    "doubt_undecided": ("undecided under that doubt", "在此不确定性下未定"),
    "doubt_kept": (
        "{limit}: {verdict}. Of {draws:draw|draws} of the inputs {share} ({low} to {high}) have "
        "{target} on time in the long run.",
        "{limit}:{verdict}。{draws} 组输入中,"
        "长期按期率达到 {target} 的占 {share}({low} 至 {high})。",
    ),
    "doubt_parts": (
        "Of the variance between replications {inputs} ({low} to {high}) comes from the inputs, "
        "the rest from chance (standard deviations of {by_inputs} and {by_chance} points).",
        "各次重复按期率的方差中,{inputs}({low} 至 {high})来自输入,其余来自偶然"
        "(标准差分别为 {by_inputs} 与 {by_chance} 个百分点)。",
    ),
    "doubt_none": (
        "The on-time share is the same in all replications.",
        "各次重复的按期率相同。",
    ),
    "few_years": (
        "{made:replication is|replications are} too few for a lower end of the worst year in "
        "twenty; that takes {least}.",
        "{made} 次重复不足以给出最差年度的下限,至少需要 {least} 次。",
    ),
}

say = Vocabulary(WORDS)
