"""The words of reports, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Any, Final

from sim.report.language import Language

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
    "P90": ("P90", "P90"),
    "days": ("days", "天"),
    "wd": ("wd", "工作日"),
    "cd": ("cd", "自然日"),
    "h": ("h", "小时"),
    "decides": ("decides", "判定"),
    "clocks_title": ("The same cases on every clock", "同一批办件在各口径下的用时"),
    "pools_title": ("Busiest pools", "最忙的岗位"),
    "all_pools_title": ("All pools that had work", "有办件的各岗位"),
    "unit": ("Unit", "单位"),
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
    "time_of_authority": ("Authority, no department named", "机关(未写明部门)"),
    "time_of_applicant": ("Applicant", "申请人"),
    "time_of_third_party": ("Third party", "第三方"),
    "time_of_special": ("Special procedures, no department named", "特别程序(未写明部门)"),
    "time_of_publicity": ("Publicity, no department named", "公示(未写明部门)"),
    "waiting": ("Waiting", "等待"),
    "work": ("Work", "办理"),
    "transfer": ("Transfer", "流转"),
    "correction": ("Correction", "补正"),
    "excluded": ("Excluded", "不计时"),
    "third_party": ("Third party", "第三方"),
    "other": ("Other", "其他"),
    "supervision": ("Supervision", "事后监管"),
    "total": ("Total", "合计"),
    "state_open": ("open", "在办"),
    "done": ("done", "办结"),
    "refused": ("refused", "不予许可"),
    "withdrawn": ("withdrawn", "撤回"),
    "not_accepted": ("not accepted", "不予受理"),
    "lapsed": ("acceptance lapsed", "容缺逾期"),
    "revoked": ("revoked", "撤销"),
    "sojourn_h": ("mean time in the system {time:.2f} h", "平均逗留 {time:.2f} 小时"),
    "sojourn_cd": (
        "mean time in the system {time:.1f} calendar days",
        "平均逗留 {time:.1f} 自然日",
    ),
    "run_line": (
        "seed {seed} · {replications} · cases of {first} to {last}",
        "种子 {seed} · {replications} · 统计{first}至{last}到达的办件",
    ),
    "replications_made": ("{count:replication|replications}", "{count} 次重复"),
    "replications_of": (
        "{count:replication|replications} of ≈ {mean} cases, counted together",
        "{count} 次重复,每次约 {mean} 件,件数为各次合计",
    ),
    "uncounted": (
        "In brackets: what the clock ({clock}) does not count",
        "括号内:该口径({clock})不计入的时间",
    ),
    "checks_ok": ("All self-checks passed.", "自检全部通过。"),
    "check_failed": ("SELF-CHECK FAILED: {name}: {detail}", "自检失败:{name}:{detail}"),
    "rests_on": (
        "Rests on {all:number|numbers}: {assumed} assumed and {bare} without a source ({ranged} of "
        "these with a range), {others}; `sim show` lists them all.",
        "所依据的参数共 {all} 个:{assumed} 个为假设,{bare} 个未注明来源"
        "(其中 {ranged} 个给出取值范围),{others};`sim show` 可列出全部。",
    ),
    "listing": (", ", "、"),
    "backed_measured": ("measured", "个为实测"),
    "backed_inferred": ("inferred", "个由模拟推断"),
    "backed_published": ("published", "个来自公开发布"),
    "backed_policy": ("set by the policy", "个由政策规定"),
    "backed_law": ("set by law", "个由法律规定"),
    "backed_nothing": ("none from elsewhere", "无其他来源"),
    "undecided_doubt": (
        "Undecided under the doubt about the inputs: more draws (-n) settle how often the promise "
        "is kept; narrower ranges, from measurements, settle whether it is.",
        "在输入不确定性下未定:增加抽样次数(-n)可明确达标的可能性;以实测收窄取值范围,才能得出结论。",
    ),
    "idle_lever": (
        "handling.{lever} is on, but no {owner} has '{key}': it changes nothing here; see "
        "yingkou/levers",
        "handling.{lever} 已打开,但没有{owner}写明“{key}”,因此不起作用;可参照 yingkou/levers",
    ),
    "idle_priority": (
        "{path} changes nothing: no pool on the way of these cases looks at priority, since all "
        "serve by 'rule: fifo'; write 'rule: priority' at the pools that shall",
        "{path} 不起作用:这些办件经过的岗位都按 'rule: fifo' 先来先办,不看优先级;"
        "要按优先级办理的岗位请写 'rule: priority'",
    ),
    "idle_rule": (
        "{path} changes nothing: no case that comes there has a priority; give it in 'effects', in "
        "a step or of a case type",
        "{path} 不起作用:到此岗位的办件都没有优先级;请在 'effects'、步骤或办件类型中写明 priority",
    ),
    "idle_due": (
        "{path} changes nothing: no case that comes there has a limit, so that none has a due date",
        "{path} 不起作用:到此岗位的办件都没有时限,也就没有到期日",
    ),
    "idle_escalate": (
        "{path} changes nothing: it is for pools with 'rule: escalate'",
        "{path} 不起作用:只用于 'rule: escalate' 的岗位",
    ),
    "owner_matter": ("matter", "事项"),
    "owner_co_review": ("co_review", "会签意见(co_review)"),
    "owner_case_type": ("case type", "办件类型"),
    "per_round": ("each round of review", "每轮审查分别计时"),
    "extended_promise": (
        "limits.{limit}.extension lengthens a limit on the clock '{clock}': Licensing Law art. 42 "
        "extends limits of the law (clock 'statutory'), not what a city promises",
        "limits.{limit}.extension 延长的是计时口径“{clock}”上的时限:行政许可法第42条只延长法定时限"
        "(口径 statutory),不延长政府承诺的时限",
    ),
    "everyone_away": (
        "staff.{group}.leave: {away} officers of a group of {count}: all of them are away",
        "staff.{group}.leave:{count} 人的小组有 {away} 人休假,即全部不在岗",
    ),
    "slow_officers": (
        "pools.{pool}: its officers work at {slowest} to {fastest} (speed × share); who is slower "
        "and free takes a case and keeps it, so one more such officer can make cases longer; "
        "write 'take_over: true' there if faster colleagues take cases over",
        "pools.{pool}:其人员的办理速度(speed × share)为 {slowest} 至 {fastest};较慢者一有空即接件,"
        "并一直办到底,因此增加这样的人员可能使办件更慢;若较快的同事会接手,请写 take_over: true",
    ),
    "dates_outside": (
        "hours.{hours}.except: {dates} lies outside the simulated dates {first} to {last} and "
        "changes nothing",
        "hours.{hours}.except:{dates} 不在模拟日期({first} 至 {last})之内,不起作用",
    ),
    "unnamed_delays": (
        "case_types.{case_type}: the authority's delays {steps} name no department, so their days "
        "stand in a row of their own; give each 'department'",
        "case_types.{case_type}:机关的等待步骤 {steps} 未写明部门,所用时间单列一行;"
        "请写上 department",
    ),
    "one_of_steps": (
        "case_types.{place}: the probabilities of {names} add up to 1, but each is drawn by "
        "itself: {everything} of the cases take all of them, {nothing} none; if each case takes "
        "exactly one, write them under 'one_of' instead",
        "case_types.{place}:{names} 的概率之和为1,但各自独立抽取:{everything} 的办件全部经过,"
        "{nothing} 的办件一个也不经过;若每件只走其一,请改写在 one_of 之下",
    ),
    "one_of_specials": (
        "case_types.{place}: the probabilities of {names} add up to 1, but each is drawn by "
        "itself: {everything} of the cases have all of them, {nothing} none; if each case has "
        "exactly one, give the case type an attribute with these shares, and each an 'if'",
        "case_types.{place}:{names} 的概率之和为1,但各自独立抽取:{everything} 的办件全部经过,"
        "{nothing} 的办件一个也不经过;若每件只走其一,请用带占比的属性(attributes),并各写 if",
    ),
    "long_run_in": (
        "the window begins {days:,} days after period.start, and all of them are simulated to fill "
        "the queues; a later period.start saves time",
        "统计窗口在 period.start 之后 {days:,} 天才开始,其间全部用于预热;可将 period.start 后移",
    ),
    "at_start": (
        "{count:case is|cases are} open at the start, {over:,} already over the limit.",
        "起始时有 {count:,} 件在办,其中 {over:,} 件已超时限。",
    ),
    "at_start_drawn": (
        "{count:case is|cases are} open at the start of the first replication, {over:,} already "
        "over the limit.",
        "第1次重复起始时有 {count:,} 件在办,其中 {over:,} 件已超时限。",
    ),
    "most_reached": (
        "Not settled after {count:replication|replications}: --max-replications ended the run.",
        "重复 {count:,} 次仍无定论:已达 --max-replications 上限。",
    ),
    "stamp": ("Note: {text}", "注意:{text}"),
    "cut_off": (
        "{count:case|cases} would have been sent back, or handed in again, more often than the cap "
        "allows.",
        "有 {count} 件的补正轮次或重报次数被上限截断。",
    ),
    "own_time_title": (
        "The applicant's own time: working days, mean over the cases that ended",
        "建设单位合理化用时(工作日,已办结办件平均)",
    ),
    "whole_time": ("First receipt to last certificate", "首次接件至最后取证"),
    "own_time": ("Of these, the applicant's own", "其中建设单位合理化用时"),
    "authority_time": ("on the promised clock", "承诺时限用时"),
    "authority_share": ("Authority's share", "审批用时占比"),
    "response_title": (
        "Overtime and help in the measured window, per replication",
        "统计期内的加班与支援(每次重复)",
    ),
    "overtime": ("Overtime", "加班"),
    "most_overtime": ("most", "最多"),
    "help": ("Help by others", "他岗支援"),
    "most_help": ("most", "最多"),
    "share_of_work": ("Share of its work", "占该岗位工时"),
    # --- money
    "roster_group": ("Roster group", "人员组"),
    "cost_all": ("All together", "合计"),
    "cost_posts": ("Posts (yuan)", "岗位(元)"),
    "cost_overtime": ("Overtime (yuan)", "加班费(元)"),
    "cost_both": ("Cost of a year (yuan)", "全年费用(元)"),
    "costs_title": ("What the staff costs in a year", "人员全年费用"),
    "year_costs": ("The staff costs {cost} yuan a year.", "人员费用全年 {cost} 元。"),
    "year_costs_overtime": (
        "The staff costs {cost} yuan a year: {posts} for posts, {overtime} for overtime.",
        "人员费用全年 {cost} 元:岗位 {posts} 元,加班 {overtime} 元。",
    ),
    "cost_case_type": ("Case type", "办件类型"),
    "cost_cases": ("Cases a year", "全年件数"),
    "cost_of_them": ("Their cost (yuan)", "费用(元)"),
    "cost_per_case": ("Cost per case (yuan)", "单件成本(元)"),
    "case_costs_title": (
        "What a case costs: each group's cost by its working time, idle time included",
        "单件成本:各组费用按其办理工时分摊,含空闲时间",
    ),
    "without_posts": (
        "Not counted, since no cost is given: {groups}.",
        "未给出费用,未计入:{groups}。",
    ),
    "without_overtime": (
        "Overtime not counted, since no cost of an hour is given: {groups}.",
        "未给出加班单价,加班未计入:{groups}。",
    ),
    "without_cases": (
        "Worked on no case, so that their cost is in that of none: {groups}.",
        "未办理任何办件,其费用未摊入单件成本:{groups}。",
    ),
    "days_saved_a_year": ("Days saved a year", "全年节省天数"),
    "cost_per_day": ("Yuan per day saved", "每节省一天(元)"),
    "cost_per_day_note": (
        "Days saved: fall of the mean of the clock that decides, over the cases that ended, times "
        "these cases. A cost per day is told only where it is proven that days are saved.",
        "节省天数:判定口径平均用时(已办结办件)的降幅乘以办件数;只有证明确有节省时,才给出每天费用。",
    ),
    "resubmission_title": (
        "Handed in again after a refusal: the same cases by either rule",
        "退件重报:同一批办件按两种口径",
    ),
    "handed_in": ("Handed in again", "重报办件"),
    "apart_share": ("On time: new clock", "按期率(重新计时)"),
    "together_share": ("clock goes on", "按期率(连续计时)"),
    "apart_days": ("Days: new clock", "用时(重新计时)"),
    "together_days": ("clock goes on", "用时(连续计时)"),
    "rule": ("Decides", "判定口径"),
    "rule_application": ("new clock", "重新计时"),
    "rule_round": ("new clock (round)", "重新计时(逐轮)"),
    "rule_case": ("clock goes on", "连续计时"),
    "if_clock_went_on": (
        "{limit}: each application has a new clock, hence {own}; if the clock went on from the "
        "first application to the last, it would be: {other}.",
        "{limit}:现按每次申报重新计时,结论为{own};若自首次申报起连续计时,结论为{other}。",
    ),
    "if_clock_began_anew": (
        "{limit}: the clock goes on from the first application to the last, hence {own}; if each "
        "application had a new clock, it would be: {other}.",
        "{limit}:现自首次申报起连续计时,结论为{own};若每次申报重新计时,结论为{other}。",
    ),
    "replayed": (
        "{file}, {case_type}: {rows:row|rows}; {parts}.",
        "{file}({case_type}):共 {rows:,} 行;{parts}。",
    ),
    "replayed_where": ("{count:row|rows} left out by 'where'", "按 where 略去 {count:,} 行"),
    "replayed_later": (
        "{count:row|rows} later than the first of a case",
        "同一办件的后续记录 {count:,} 行",
    ),
    "replayed_before": (
        "{count:case|cases} left out, before {first}",
        "{count:,} 件早于 {first},未计入",
    ),
    "replayed_after": (
        "{count:case|cases} left out, after {last}",
        "{count:,} 件晚于 {last},未计入",
    ),
    "replayed_beyond": (
        "{count:case|cases} after {last}, taken only if the run goes on that long",
        "{count:,} 件晚于 {last},运行延续至其时才计入",
    ),
    "replayed_cases": ("{count:case|cases} taken", "计入 {count:,} 件"),
    "opened": (
        "{file}: {count:open case|open cases} in the evening of {date}, of {received:,} received.",
        "{file}:截至{date}日终,收件 {received:,} 件,其中在办 {count:,} 件。",
    ),
    "opened_failed": (
        "{file}: {count:case|cases} ended without a decision.",
        "{file}:{count:,} 件未作决定即告终止。",
    ),
    "opened_left_out": (
        "{file}: {count:open case makes|open cases make} no sense to the scenario and are left "
        "out: {first} …",
        "{file}:{count:,} 件在办件与情景不符,未计入:{first} …",
    ),
    "opened_not_taken": (
        "{file}: {count:value|values} of open cases could not be taken over: {first} …",
        "{file}:在办件中有 {count:,} 处无法采用:{first} …",
    ),
    "left_out": (
        "Arrivals left out, because they lie outside the simulated dates: {count}.",
        "有 {count} 个到达时间不在模拟日期之内,未计入。",
    ),
    "one_replication": (
        "One replication gives no confidence interval; use more for a verdict.",
        "单次重复没有置信区间,请增加重复次数再下结论。",
    ),
    "interrupted": (
        "Interrupted: the result has the {count:replication|replications} finished by then.",
        "已中断:以下为此前完成的 {count} 次重复。",
    ),
    "scenario": ("scenario", "情景"),
    "scenario_name": ("Scenario", "情景"),
    "title": ("title", "标题"),
    "overrides": ("overrides (--with)", "可选变更(--with)"),
    "parameters": ("Parameters", "参数"),
    "parameter": ("parameter", "参数"),
    "value": ("value", "取值"),
    "range": ("range", "范围"),
    "source": ("source", "来源"),
    "cases_a_year": ("cases a year", "年件数"),
    "delay": ("delay", "历时"),
    "no_time": ("no time", "不耗时"),
    "sum_of": ("sum of {number}: {times}", "{number} 项之和:{times}"),
    "longest_of": ("longest of {number}: {times}", "{number} 项取最长:{times}"),
    "after": ("after {names}", "在 {names} 之后"),
    "if_is": ("if {name} is {values}", "若{name}为{values}"),
    "or": (" or ", "或"),
    "and": (" and ", "且"),
    "chosen": ("one of '{choice}', share {share}", "“{choice}”择一,占比 {share}"),
    "with_probability": ("with probability {share}", "概率 {share}"),
    "sent_back": ("sent back: {rounds}", "退回补正:{rounds}"),
    "handed_in_again": (
        "handed in again {share} after {time}, at most {most:time|times}",
        "{time}后重报 {share},最多 {most} 次",
    ),
    "round": ("{matter} {first}, again {again}", "{matter} {first},再次 {again}"),
    "time": ("time", "时间"),
    "event": ("event", "事件"),
    "step": ("step", "环节"),
    "where": ("where", "岗位或人员"),
    "weekdays": ("Mon Tue Wed Thu Fri Sat Sun", "周一 周二 周三 周四 周五 周六 周日"),
    "event_arrival": ("arrives", "提交"),
    "event_ready": ("waits", "等待"),
    "event_start": ("begins", "开始"),
    "event_hand_over": ("is HANDED OVER", "移交(AB角)"),
    "event_end": ("ends", "结束"),
    "event_acceptance": ("ends: ACCEPTED", "结束:受理"),
    "event_decision": ("ends: DECIDED", "结束:作出决定"),
    "event_delivery": ("ends: DELIVERED", "结束:送达"),
    "event_silence": ("ends: CONSENT BY SILENCE", "结束:超时默认同意"),
    "would_decide": (
        "{limit}: about {count:replication|replications} would decide it, if they are like these.",
        "{limit}:若以后的重复与现有的相似,约需 {count:,} 次重复才有定论。",
    ),
    "too_near": (
        "{limit}: the share lies so near to the target that no number of replications decides it.",
        "{limit}:按期率与目标过于接近,再多重复也难有定论。",
    ),
    "undecided_hint": (
        "UNDECIDED: these replications do not decide it, and the share may be off to either side; "
        "--until decided adds replications until they do.",
        "未定:现有重复次数不足以判断,按期率可能偏高也可能偏低;--until decided 会一直算到有结论。",
    ),
    "undecided_at_most": (
        "UNDECIDED: these replications do not decide it, and the share may be off to either side; "
        "--max-replications allows more.",
        "未定:现有重复次数不足以判断,按期率可能偏高也可能偏低;可调高 --max-replications。",
    ),
    "by_title": ("{promise}: by {attribute}", "{promise}:按{attribute}"),
    "mean_rank": ("Mean rank", "平均名次"),
    "rank_range": ("5–95 %", "5–95 %"),
    "in_last": ("In last {count}", "落入后{count}名"),
    "if_alike": ("if alike", "若水平相同"),
    "one_ranking": (
        "Rank 1 is best. The intervals of all groups hold together. 'If alike': the same share, if "
        "all groups were equally good and differed by chance and size alone.",
        "第1名为最好。各组的置信区间同时成立。\u201c若水平相同\u201d:假定各组办理水平相同、只有偶然与件数之别时的值。",
    ),
    "signal": (
        "The ranks of two years agree to {signal} % ({alike} % if all were alike): {verdict}.",
        "两个年度的名次一致程度为 {signal} %(若水平相同则为 {alike} %):{verdict}。",
    ),
    "signal_none": (
        "All groups were equal in every year: there is nothing to rank.",
        "各组每年都并列,无从排名。",
    ),
    "signal_one": (
        "One replication does not show how much of the ranking is chance.",
        "单次重复看不出名次中有多少是偶然。",
    ),
    "lottery": ("the ranking of a single year is a lottery", "单个年度的名次如同抽签"),
    "mostly_chance": ("a single year's ranking is mostly chance", "单个年度的名次多半出于偶然"),
    "partly_chance": (
        "a single year's ranking shows real differences, and much chance",
        "单个年度的名次反映真实差别,但仍有相当的偶然",
    ),
    "mostly_real": (
        "a single year's ranking mostly shows real differences",
        "单个年度的名次主要反映真实差别",
    ),
    "worst_period": (
        "{limit}: not at all times. Worst from {first} to {last}: of the cases submitted then, "
        "{share} are on time ({low} – {high}), below the target.",
        "{limit}:并非各时段都如此。最差的是{first}至{last}:期间提交的办件按期率为 "
        "{share}({low} – {high}),低于目标。",
    ),
    "no_cases": ("No case could be judged.", "没有可判定的办件。"),
    "comma": (", ", "、"),
    "no_limits": ("The scenario states no limits.", "该情景未设时限。"),
}


STEPS_ZH: Final[dict[str, str]] = {
    "trip": "跑窗口",
    "preparation": "申请人准备",
    "assistance": "帮办",
    "intake": "收件",
    "check": "材料审核",
    "correction": "补正",
    "papers": "补交材料",
    "transfer_out": "转出",
    "transfer_back": "转回",
    "review": "审查",
    "review_correction": "审查补正",
    "co_review": "会签",
    "handle": "承办",
    "again": "重办",
    "meeting": "联审会",
    "special": "特别程序",
    "expert_review": "专家评审",
    "publicity": "公示",
    "decision": "决定",
    "commitment": "告知承诺",
    "verification": "核查",
    "rectification": "整改",
    "inspection": "事后检查",
    "due": "到期",
    "later": "待查",
    "delivery": "送达",
    "resubmission": "重报",
}
"""Parts of the names of steps."""
TIMES_ZH: Final = {
    "exponential": "指数分布",
    "gamma": "伽马分布",
    "lognormal": "对数正态分布",
    "uniform": "均匀分布",
    "triangular": "三角分布",
    "empirical": "经验分布",
    "legal": "法定",
    "mean": "均值",
    "cv": "变异系数",
    "median": "中位数",
    "low": "最短",
    "mode": "最可能",
    "high": "最长",
    "s": "秒",
    "min": "分钟",
    "h": "小时",
    "wd": "个工作日",
    "cd": "个自然日",
}
"""Words of distributions and units of time."""
SWITCHES: Final[dict[str, tuple[str, str]]] = {
    "one_window": ("one-window intake", "一窗受理"),
    "parallel_approval": ("parallel approval", "并联审批"),
    "pre_review": ("pre-review", "预审"),
    "joint_meeting": ("joint meetings", "联审会"),
    "integrated_startup": ("integrated start-up", "企业开办集成"),
    "online_share": ("online handling", "全链通"),
    "conditional_acceptance": ("conditional acceptance", "容缺受理"),
    "commitment": ("commitment", "告知承诺"),
    "build_first": ("build first, verify later", "先建后验"),
    "area_assessment": ("area-wide assessment", "区域评估"),
    "assisted_service": ("assisted service", "帮办代办"),
    "tacit_consent": ("tacit consent", "超时默认"),
    "ignore_deemed_acceptance": ("deemed acceptance ignored", "不适用逾期视为受理"),
}
DELEGATION: Final[dict[str, tuple[str, str]]] = {
    "devolved": ("delegation (devolved)", "下放"),
    "authorised": ("delegation (authorised)", "授权"),
    "entrusted": ("delegation (entrusted)", "委托"),
    "stationed": ("delegation (stationed staff)", "派驻"),
}
"""Labels of levers."""


class Vocabulary:
    """The words of one question, with the common words as fallback.

    Called with a key and a language, it returns the word or sentence; see `phrase`.
    """

    def __init__(self, own: Mapping[str, tuple[str, str]]) -> None:
        self.own = own

    def __call__(self, key: str, language: Language, /, **values: object) -> str:
        """Return a word or sentence in the language, with values filled in."""
        return phrase(self.own[key] if key in self.own else WORDS[key], language, **values)


def phrase(pair: tuple[str, str], language: Language, /, **values: object) -> str:
    """Return the English or the Chinese text, with values filled in.

    ``{cases:case is|cases are}`` becomes ``1 case is``, or ``1,200 cases are``.
    """
    text = pair[0 if language == "en" else 1]
    return _COUNTING.vformat(text, (), values) if values else text


class _Counting(Formatter):
    """Writes a number with its singular or plural words."""

    def format_field(self, value: Any, format_spec: str) -> str:
        one, bar, several = format_spec.partition("|")
        if not bar:
            return str(super().format_field(value, format_spec))
        return f"{value:,} {one if value == 1 else several}"


_COUNTING: Final = _Counting()
say: Final = Vocabulary({})
"""The vocabulary of the common words alone."""
