"""The words of the page, in English and Chinese."""

from __future__ import annotations

from typing import Final

from sim.report.language import Language
from sim.report.page.model import Content, Section
from sim.report.words import Vocabulary

WORDS: Final[dict[str, tuple[str, str]]] = {
    # --- around the results
    "report": ("Report", "报告"),
    "contents": ("On this page", "本页内容"),
    "open_all": ("Unfold all", "全部展开"),
    "close_all": ("Fold all", "全部折叠"),
    "rests_on": ("Rests on", "依据"),
    "rests_on_all": (
        "{assumed} of {count:number|numbers} are assumed, not measured{bare}. They are listed "
        "below with their sources.",
        "{count} 项数据中有 {assumed} 项为假设、并非实测{bare}。逐项来源见下。",
    ),
    "rests_on_bare": (", {count} have no source", ",{count} 项未注明来源"),
    "see_sources": ("What was assumed", "查看假设"),
    "cases_of": ("Cases submitted {first} to {last}", "统计{first}至{last}提交的办件"),
    "differs": (
        "Differs from “{reference}”: {changes}",
        "与“{reference}”不同之处:{changes}",
    ),
    "differs_not": ("The same numbers as “{reference}”", "各项数据与“{reference}”相同"),
    "change": ("{name} {before} → {after}", "{name}:{before} → {after}"),
    "more_changes": ("and {count} more", "等,另有 {count} 项"),
    "semicolon": ("; ", ";"),
    "sentence_gap": (" ", ""),
    # --- the answer of a run
    "answer_all_hold": (
        "Every promise holds ({count} of {count}).",
        "各项承诺均守得住(共 {count} 项)。",
    ),
    "answer_fails": ("Not kept: {limits}.", "守不住:{limits}。"),
    "answer_undecided": ("Not certain: {limits}.", "没有把握:{limits}。"),
    "answer_holds": ("Kept: {limits}.", "守得住:{limits}。"),
    "answer_share": (
        "{limit} ({share} on time, target {target})",
        "{limit}(按期率 {share},目标 {target})",
    ),
    "to_do": ("What to do", "怎么办"),
    "costs": ("What it costs", "代价"),
    "at_risk": ("When at risk", "何时有风险"),
    "do_nothing": ("Nothing more is needed. {watch}", "无须增加措施。{watch}"),
    "do_watch": (
        "Watch {pool}: {busy} busy over the year, up to {queue} waiting at once.",
        "留意{pool}:全年忙碌率 {busy},最多同时积压 {queue} 件。",
    ),
    "do_officer": (
        "Try first one more officer in {pool} (now {count}, {busy} busy, up to {queue} waiting): "
        "late cases lose most days waiting for officers. The command sim staff finds the fewest "
        "that keep every promise.",
        "先试在{pool}增加 1 人(现 {count} 人,忙碌率 {busy},最多同时积压 {queue} 件):"
        "超期办件主要耗在等待经办人员。命令 sim staff 可求出守住各项承诺的最少人数。",
    ),
    "do_correction": (
        "Help applicants first: late cases lose most days to corrections. Try assisted service.",
        "先抓申请材料:超期办件主要耗在补正。可试行帮办代办。",
    ),
    "do_third_party": (
        "Agree on shorter periods with third parties first: late cases lose most days there.",
        "先与第三方机构约定更短时限:超期办件主要耗在第三方环节。",
    ),
    "do_transfer": (
        "Shorten the way of the files first: late cases lose most days in transfer. Try the online "
        "channel.",
        "先缩短流转:超期办件主要耗在部门间流转。可试行全链通(网上办)。",
    ),
    "do_other": (
        "The figures below show where late cases lose their days; sim reforms tells what each "
        "measure would bring.",
        "超期办件的时间用在哪里,见下图;命令 sim reforms 可分析各项举措的作用。",
    ),
    "cost_nothing": ("Nothing beyond today's staff.", "不增加人员。"),
    "cost_officer": (
        "One post. What it brings was not simulated here: sim compare shows it.",
        "1 个编制。其效果本次未作模拟,可用 sim compare 比较。",
    ),
    "cost_correction": (
        "Hours of assistants; no reviewers. Not simulated here.",
        "帮办人员的工时,不增加审查人员。本次未作模拟。",
    ),
    "cost_third_party": (
        "No officers; an agreement. Not simulated here.",
        "不增加人员,须有约定。本次未作模拟。",
    ),
    "cost_transfer": (
        "No officers; a system in use. Not simulated here.",
        "不增加人员,须系统到位。本次未作模拟。",
    ),
    "cost_other": ("Depends on the measure; see sim reforms.", "视举措而定,见 sim reforms。"),
    "risk_months": (
        "{limit} falls below its target in {months}; lowest in {lowest}, {share}.",
        "{limit}:{months}低于目标,最低为{lowest},{share}。",
    ),
    "risk_always": (
        "{limit} is below its target in every month; lowest in {lowest}, {share}.",
        "{limit}:各月均低于目标,最低为{lowest},{share}。",
    ),
    "and_more": (" and {count} more", "等,另有 {count} 个月"),
    "risk_no_month": (
        "{limit}: no month falls below the target on average.",
        "{limit}:平均看,各月均未低于目标。",
    ),
    "risk_years": (
        "{missed} of {years} simulated years miss the target.",
        "{years} 个模拟年度中有 {missed} 个未达标。",
    ),
    "language": ("Language", "语言"),
    "several": ("{count:result|results}", "{count} 项结果"),
    "made_by": (
        "Made with approval-sim {version}. This file needs no network and sends nothing.",
        "由 approval-sim {version} 生成。本文件无需联网,也不发送任何信息。",
    ),
    # --- sections
    "section_findings": ("What was found", "结论"),
    "section_late": ("What used up the days of late cases", "超期办件的时间用在哪里"),
    "section_replay": ("Replay, day by day", "逐日回放"),
    "section_figures": ("Figures", "图"),
    "section_more_figures": ("More figures", "更多图"),
    "section_process": ("The process", "办理流程"),
    "section_limits": ("Promises, on every clock", "承诺与各计时口径"),
    "section_years": ("By the year", "分年度"),
    "section_own_limits": ("Every matter and stage", "各事项与阶段"),
    "section_league": ("Departments", "部门排名"),
    "section_months": ("By month", "分月"),
    "section_weeks": ("By week", "分周"),
    "section_groups": ("By group", "分组"),
    "section_pools": ("Pools of officers", "岗位"),
    "section_costs": ("What it costs", "费用"),
    "section_days": ("Where the days go", "时间用在哪里"),
    "section_outcomes": ("What became of the cases, and notes", "办件结果与说明"),
    "section_sources": (
        "What was assumed, and where each number comes from",
        "假设与各项数据的来源",
    ),
    "section_manifest": ("What the result rests on", "结果的依据"),
    "section_reading": ("How to read it", "如何阅读"),
    "section_repeat": ("To repeat it", "如何重复"),
    # --- cards
    "card_holds": (
        "{share} of the cases are on time. At {confidence} confidence the share lies between {low} "
        "and {high}: all of that is at or above the target of {target}.",
        "{share} 的办件按期。{confidence} 置信度下,按期率在 {low} 至 {high} 之间,"
        "全部达到 {target} 的目标。",
    ),
    "card_fails": (
        "{share} of the cases are on time. At {confidence} confidence the share lies between {low} "
        "and {high}: all of that is below the target of {target}.",
        "{share} 的办件按期。{confidence} 置信度下,按期率在 {low} 至 {high} 之间,"
        "全部低于 {target} 的目标。",
    ),
    "card_undecided": (
        "{share} of the cases are on time. At {confidence} confidence the share lies between {low} "
        "and {high}, on both sides of the target of {target}: more replications may settle it.",
        "{share} 的办件按期。{confidence} 置信度下,按期率在 {low} 至 {high} 之间,"
        "跨在 {target} 的目标两侧:增加重复次数或可定论。",
    ),
    "card_open": (
        "{share} of the cases are on time: some are still open. At {confidence} confidence the "
        "share lies between {low} and {high}, on both sides of the target of {target}.",
        "{share} 的办件按期,因部分办件尚在办。{confidence} 置信度下,按期率在 {low} 至 {high} 之间,"
        "跨在 {target} 的目标两侧。",
    ),
    "limit": ("Limit", "时限"),
    # --- what used the days
    "late_days": (
        "{limit}: a late case used {days} working days on its critical branch: {names}. They went "
        "into {kinds}.",
        "{limit}:超期办件的关键路径平均用去 {days} 个工作日:{names}。用途为{kinds}。",
    ),
    "days_share": ("{name} {days} ({share})", "{name} {days}({share})"),
    "none_late": ("{limit}: no case was late.", "{limit}:没有办件超期。"),
    "of_limit": ("{limit}: {sentence}", "{limit}:{sentence}"),
    # --- tables
    "verdicts_caption": ("Each promise on the clock that decides", "各项承诺(按判定口径)"),
    "month": ("Month", "月份"),
    "week": ("Week from", "起始周"),
    "months_caption": (
        "{limit}: cases by the time of submission; the intervals hold together",
        "{limit}:按提交时间分列;各区间同时成立",
    ),
    "busiest_months_caption": ("Busiest pools: share of time busy", "最忙的岗位:忙碌率"),
    "source_path": ("Where in the scenario", "在情景文件中的位置"),
    "source_value": ("Value", "取值"),
    "source_range": ("Range", "范围"),
    "source_kind": ("Kind", "类别"),
    "source_text": ("Source", "来源"),
    "sources_caption": (
        "{count:number|numbers}: {assumed} assumed, {bare} without a source",
        "共 {count} 项:{assumed} 项为假设,{bare} 项未注明来源",
    ),
    "changed_caption": (
        "{scenario}: what differs from {reference}",
        "{scenario}:与{reference}不同之处",
    ),
    "nothing_changed": (
        "{scenario}: all numbers are those of {reference}.",
        "{scenario}:各项数据与{reference}相同。",
    ),
    "filter": ("Filter", "筛选"),
    "only_unsourced": ("only assumed or without a source", "只看假设与无来源的"),
    "sort_by": ("Sort by {heading}", "按{heading}排序"),
    "set_in": ("set in {file}", "写在 {file}"),
    "set": ("set", "已设定"),
    "calendar": ("calendar fallback", "日历推定"),
    "kind_assumed": ("assumed", "假设"),
    "kind_none": ("no source", "无来源"),
    "kind_law": ("law", "法规"),
    "kind_policy": ("policy", "政策"),
    "kind_published": ("published", "公开资料"),
    "kind_measured": ("measured", "实测"),
    "kind_inferred": ("inferred", "推断"),
    "kind_other": ("other", "其他"),
    # --- manifest
    "program": ("Program", "程序"),
    "libraries": ("Libraries", "程序库"),
    "files": ("Files", "文件"),
    "scenario_file": ("Scenario file", "情景文件"),
    "fingerprint": ("SHA-256 of the scenario", "情景的 SHA-256"),
    "window": ("Cases submitted", "统计的办件"),
    "from_to": ("{first} to {last}", "{first}至{last}"),
    "seed": ("Seed", "种子"),
    "replications": ("Replications", "重复次数"),
    "checks": ("Self-checks", "自检"),
    "checks_passed": ("{count} of {all} passed: {names}", "{all} 项中 {count} 项通过:{names}"),
    "checks_none_failed": ("none failed", "无一失败"),
    "was_interrupted": (
        "The run was interrupted; these are the replications finished by then",
        "运行已中断,以下为此前完成的重复",
    ),
    "state": ("State", "状态"),
    # --- to repeat it
    "repeat_how": (
        "The same version, scenario and seed give the same numbers, on any machine and with any "
        "number of processes. If the scenario files are where they were, this command makes the "
        "result again:",
        "版本、情景与种子相同,则在任何机器、任何进程数下结果相同。情景文件在原处时,"
        "以下命令可重新得到本结果:",
    ),
    "repeat_unknown": (
        "The same version, scenario and seed give the same numbers. The result was not made by a "
        "command: the table above names the scenario, the seed and the replications.",
        "版本、情景与种子相同,则结果相同。本结果不是由命令得出,情景、种子与重复次数见上表。",
    ),
    "repeat_derived": (
        "This comparison is made of the runs above: repeat them to repeat it.",
        "本节由以上各次运行得出:重复这些运行即可重复本节。",
    ),
    # --- how to read it
    "read_verdict": ("Holds, fails, undecided", "守住、守不住、未定"),
    "read_verdict_text": (
        "A promise holds if the whole confidence interval of its on-time share is at or above the "
        "target, and fails if all of it is below. If the target lies inside, it is not "
        "decided. A promise never counts as kept because its average is.",
        "按期率的置信区间全部达到目标即为守住,全部低于目标即为守不住;"
        "目标落在区间之内则尚不能定论。不以平均数达标代替守住。",
    ),
    "read_interval": ("Interval", "置信区间"),
    "read_interval_text": (
        "How precisely the simulation knows the share: replications differ by chance alone. The "
        "interval does not say whether the assumptions are right: the table of sources above shows "
        "where each number comes from, and the command sim sensitivity which of them matter.",
        "表示模拟对按期率的把握:各次重复之间只有偶然之别。它不反映假设是否正确;"
        "假设见来源表,影响可用命令 sim sensitivity 分析。",
    ),
    "read_recorded": ("Interval", "置信区间"),
    "read_recorded_text": (
        "The share itself is a fact about the recorded cases. Its interval says how well they tell "
        "the share that the same way of working would bring in the long run; what it takes for "
        "granted stands below the tables.",
        "按期率本身是已登记办件的事实;置信区间表示据此推断同样办理方式下长期按期率的把握,其前提见表后说明。",
    ),
    "read_clocks": ("Clocks", "计时口径"),
    "read_clocks_text": (
        "The same cases, counted in several ways. {clocks}One of the clocks decides; it is marked.",
        "同一批办件的几种计法。{clocks}。由其中一种判定,并已标明。",
    ),
    "read_branch": ("Critical branch", "关键路径"),
    "read_branch_text": (
        "Where work goes on in parallel, only the branch that ends last makes a case late. Only "
        "the days of that branch are charged to departments, by what they were spent on. Brackets "
        "mark what the deciding clock does not count.",
        "并行办理时,只有最后办完的一支使办件超期;仅将这一支的时间按用途计入各部门。"
        "括号内为判定口径不计入的时间。",
    ),
    "read_pools": ("Busy, wait, queue", "忙碌率、等待、队列"),
    "read_pools_text": (
        "Busy: worked time of a pool's officers over their rostered time. Wait: hours round the "
        "clock from when a piece of work is ready until an officer begins. Queue: the most pieces "
        "of work that waited at once, in any replication.",
        "忙碌率:人员办理时间与排班时间之比。等待:自可办到开始办理的小时数(不分昼夜)。"
        "最长队列:所有重复中同时等待最多的件数。",
    ),
    "read_sources": ("Assumed", "假设"),
    "read_sources_text": (
        "A number marked as assumed is the modeller's estimate, with the range in which it may "
        "lie. One without a source was set by a file or an option that names none. Both can be "
        "wrong, and the verdicts with them.",
        "标为假设的数值由建模者估计,并注明可能的范围;无来源的数值由文件或选项设定而未说明出处。"
        "两者都可能有误,结论亦随之。",
    ),
}

say = Vocabulary(WORDS)
OPEN: Final = frozenset({"late", "figures", "findings"})
"""Sections that are unfolded when the page is opened."""


def section(name: str, language: Language, *content: Content) -> Section:
    """Return a section under the heading of its name."""
    return Section(name, say(f"section_{name}", language), content, open=name in OPEN)
