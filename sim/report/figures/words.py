"""The words of figures, in English and Chinese."""

from __future__ import annotations

from typing import Final

from sim.report.words import Language, phrase

WORDS: Final[dict[str, tuple[str, str]]] = {
    "on_time_axis": ("On-time share of cases", "办件按期率"),
    "target": ("target", "目标"),
    "days_on": ("Days on the clock ({clock}), {unit}", "用时({clock}),{unit}"),
    "unit_wd": ("working days", "工作日"),
    "unit_cd": ("calendar days", "自然日"),
    "ended_within": ("Share of cases ended within", "在此天数内办结的比例"),
    "limit_days": ("limit {days} {unit}", "时限 {days} {unit}"),
    "late_share": ("{share} late", "超期 {share}"),
    "late_area": ("late cases", "超期办件"),
    "open_overdue": (
        "{count:,} open and overdue, counted as late",
        "{count:,} 件在办且已超期,计为超期",
    ),
    "no_case": ("No case could be judged.", "没有可判定的办件。"),
    "no_limit": ("The scenario states no limits.", "该情景未设时限。"),
    "clock_title": ("{limit}: days on the clock", "{limit}:用时分布"),
    "clock_title_late": ("{limit}: {share} late", "{limit}:超期 {share}"),
    "clock_caption": (
        "Half of the cases of “{limit}” end within {p50} {unit}, nine in ten within {p90}; the "
        "limit is {days}. {late} of {judged} judged cases are late ({share}).",
        "“{limit}”的办件半数在 {p50} {unit}内办结,九成在 {p90} {unit}内办结,时限为 {days}。"
        "已判定的 {judged} 件中超期 {late} 件({share})。",
    ),
    "by_scenario_title": ("{limit}: on-time share by scenario", "{limit}:各情景按期率"),
    "limits_title": ("Are the promises kept?", "承诺能否兑现?"),
    "limits_caption": (
        "On-time share of every promise with its confidence interval, against the target: {each}.",
        "各项承诺的按期率、置信区间与目标:{each}。",
    ),
    "limits_each": ("“{limit}” {share} ({verdict})", "“{limit}”{share}({verdict})"),
    "by_group_title": ("{limit}: by {attribute}", "{limit}:按{attribute}"),
    "rank": ("  rank {low}–{high}", "  名次 {low}–{high}"),
    "by_period_title": ("{limit}: on-time share over time", "{limit}:按期率的变化"),
    "period_of_arrival": ("Period in which the case arrived", "办件提交的时段"),
    "all_cases_axis": (
        "Working days per case\nall {cases} cases, parallel work counts each",
        "每件工作日\n全部 {cases} 件,并行分别计",
    ),
    "late_cases_axis": (
        "Working days per late case\n{cases} late cases, critical branch",
        "每件超期办件工作日\n超期 {cases} 件,关键路径",
    ),
    "hatched": ("not on the clock", "不计入该口径"),
    "months": (
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
    ),
    "days_title": ("{limit}: what used the days", "{limit}:时间用在哪里"),
    "days_caption_late": (
        "A late case of “{limit}” spends {total} working days on its critical branch; most of them "
        "at {first}: {days}, mainly {category}.",
        "“{limit}”的超期办件在关键路径上平均用时 {total} 个工作日,"
        "其中{first}最多:{days} 天,主要为{category}。",
    ),
    "days_caption_all": (
        "A case of “{limit}” uses {total} working days, parallel work counted each; most of them "
        "at {first}: {days}, mainly {category}.",
        "“{limit}”的办件平均用时 {total} 个工作日(并行分别计),"
        "其中{first}最多:{days} 天,主要为{category}。",
    ),
    "no_work": ("No pool had work.", "没有岗位办过件。"),
    "utilisation_axis": ("Busy\nshare of rostered time", "忙碌率\n占排班时间"),
    "wait_axis": ("Mean wait\nhours", "平均等待\n小时"),
    "queue_axis": ("Mean queue\nitems", "平均排队\n件"),
    "pools_title": ("How busy the pools are", "各岗位的忙碌程度"),
    "pools_title_of": ("The {shown} busiest of {all} pools", "{all} 个岗位中最忙的 {shown} 个"),
    "pools_caption": (
        "The busiest pool is {first}: {busy} of its rostered time, mean wait {wait} h, mean queue "
        "{queue}. The dashed line is the full rostered time.",
        "最忙的岗位是{first}:忙碌率 {busy},平均等待 {wait} 小时,平均排队 {queue} 件。"
        "虚线为全部排班时间。",
    ),
    "period": ("Period", "时段"),
    "queue_title": ("The longest queues over time", "最长队列的变化"),
    "queue_caption": (
        "The queue before {pool} is longest: {most} items on average in {period}, {least} in "
        "{lowest}.",
        "{pool}的队列最长:{period} 平均 {most} 件,{lowest} 平均 {least} 件。",
    ),
    "utilisation_title": ("How busy the pools are over time", "各岗位忙碌率的变化"),
    "mean_wait_h_title": ("Waiting before the pools over time", "各岗位等待的变化"),
    "mean_queue_title": ("Queues before the pools over time", "各岗位排队的变化"),
    "utilisation_scale": ("Busy, % of rostered time", "忙碌率,%"),
    "mean_wait_h_scale": ("Mean wait, hours", "平均等待,小时"),
    "mean_queue_scale": ("Mean queue, items", "平均排队,件"),
    "heat_caption": (
        "Of the pools and periods shown, {pool} in {period} is the busiest: {value} of its "
        "rostered time.",
        "所列岗位与时段中,{pool}在 {period} 最忙:忙碌率 {value}。",
    ),
    "on_time": ("on time", "按期率"),
    "today": ("today", "现状"),
    "load_axis": ("Load: arrivals × today's", "负荷:到达量相对现状的倍数"),
    "breaks_at": ("breaks at × {load} ({low}–{high})", "失守于 × {load}({low}–{high})"),
    "load_breaks": ("{limit}: breaks at × {load}", "{limit}:负荷 × {load} 时失守"),
    "load_broken": (
        "{limit}: broken already at × {lowest}",
        "{limit}:负荷 × {lowest} 时已失守",
    ),
    "load_keeps": (
        "{limit}: kept at every load up to × {highest}",
        "{limit}:直至负荷 × {highest} 均守住",
    ),
    "load_no_cases": ("{limit}: no case could be judged", "{limit}:没有可判定的办件"),
    "no_plan": ("No plan was tried.", "没有试算方案。"),
    "heads_axis": ("Officers", "人数"),
    "worst_axis": ("On-time share of the limit\nthat is kept worst", "最难守住的时限\n按期率"),
    "today_heads": ("today: {heads}", "现有:{heads}"),
    "plan_heads": ("plan: {heads}", "方案:{heads}"),
    "frontier_title": ("What so many officers keep", "不同人数下的按期率"),
    "plan_title": (
        "Staff: {today} today, {plan} in the plan",
        "人员:现有 {today} 人,方案 {plan} 人",
    ),
    "plan_none": ("Staff: {today} today; no plan was found", "人员:现有 {today} 人;未找到方案"),
    "floor": ("fewest who keep up", "跟得上的下限"),
    "plan_less": ("plan: fewer", "方案:减少"),
    "plan_more": ("plan: more", "方案:增加"),
    "one_more_axis": ("Change of the on-time share, points", "按期率变化,百分点"),
    "one_more_today": ("What one officer more would bring today", "现有配置上增加一人的作用"),
    "one_more_plan": ("What one officer more would bring to the plan", "方案之上增加一人的作用"),
    "not_proven": ("not proven", "未证实"),
    "lever_gain": ("better", "改善"),
    "lever_loss": ("worse", "变差"),
    "mean_days_axis": ("Mean days on the clock that decides", "判定口径下的平均天数"),
    "waterfall_on_time_share": (
        "{limit}: on-time share, lever by lever",
        "{limit}:按期率,逐项举措",
    ),
    "waterfall_days_saved": ("{limit}: mean days, lever by lever", "{limit}:平均天数,逐项举措"),
    "shapley_title": (
        "{limit}: what each lever brings, mean over all orders",
        "{limit}:各举措的贡献(各种次序平均)",
    ),
    "points_axis": ("Points of on-time share", "按期率,百分点"),
    "days_saved_axis": ("Days saved", "节省天数"),
    "staff_axis": ("Staff hours per case", "每件人员工时,小时"),
    "no_such_method": ("Not looked for by this method.", "该方法未作此项分析。"),
    "at_low": ("at the low end", "低值时"),
    "at_high": ("at the high end", "高值时"),
    "as_it_is": ("as it is: {share}", "现状:{share}"),
    "tornado_title": ("{limit}: one assumption at a time", "{limit}:逐一变动假设"),
    "screening_title": ("{limit}: which assumptions matter", "{limit}:哪些假设重要"),
    "screening_axis": (
        "Change of the on-time share over the whole range, points",
        "参数走完全范围时按期率的变化,百分点",
    ),
    "mu_up": ("raises it, proven", "提高,已证实"),
    "mu_down": ("lowers it, proven", "降低,已证实"),
    "mu_unknown": ("direction not proven", "方向未证实"),
    "sigma": ("spread σ: interplay, noise", "离散 σ:交互与噪声"),
    "sobol_title": ("{limit}: shares of the variance", "{limit}:方差份额"),
    "variance_axis": ("Share of the variance of the on-time share", "占按期率方差的份额"),
    "sobol_first": ("alone (S1)", "单独(S1)"),
    "sobol_total": ("with interplay (ST)", "含交互(ST)"),
    "no_difference": ("There is nothing to compare.", "没有可比较的内容。"),
    "differences_title": ("Differences from {reference}", "与{reference}的差异"),
    "difference_on_time_share": ("Difference of the on-time share, points", "按期率之差,百分点"),
    "difference_p50": ("Difference of P50, days", "P50 之差,天"),
    "difference_p90": ("Difference of P90, days", "P90 之差,天"),
    "difference_mean_wait_h": ("Difference of the mean wait, hours", "平均等待之差,小时"),
    "difference_utilisation": ("Difference of busy time, points", "忙碌率之差,百分点"),
    "proven_better": ("better, proven", "更好,已证实"),
    "proven_worse": ("worse, proven", "更差,已证实"),
    "proven_more": ("more, proven", "更忙,已证实"),
    "proven_less": ("less, proven", "更闲,已证实"),
    "sweep_title": ("{limit}: on-time share over the values tried", "{limit}:各取值下的按期率"),
    "life_title": ("{case}: {value} of {days} {unit}", "{case}:{value} 天,时限 {days} {unit}"),
    "life_wait": ("light: waiting", "浅色:等待"),
    "life_work": ("dark: work", "深色:办理"),
    "life_delay": ("hatched: delay", "斜线:历时"),
    "clock_runs": ("clock runs", "计时中"),
    "clock_start": ("clock starts", "起算"),
    "clock_stop": ("clock stops", "止算"),
    "day_off": ("no working day", "非工作日"),
    "owner_AUTHORITY": ("authority", "审批部门"),
    "owner_APPLICANT": ("applicant", "申请人"),
    "owner_THIRD_PARTY": ("third party", "第三方"),
    "owner_SPECIAL": ("special procedure", "特别程序"),
    "owner_PUBLICITY": ("publicity", "公示"),
    "owner_DEFERRED": ("papers that follow", "容缺补交"),
    "owner_SUPERVISION": ("supervision", "事后监管"),
    "graph_title": ("{case_type}: what it goes through", "{case_type}:办理流程"),
    "graph_scale": (
        "How busy the busiest pool is that a step passes",
        "所经岗位中最忙者的忙碌率",
    ),
    "days_per_case": ("{days} wd per case", "每件 {days} 工作日"),
    "interval": ("{confidence} interval", "{confidence} 置信区间"),
}


def tell(key: str, language: Language, /, **values: object) -> str:
    """Return a word or sentence of a figure in the language, with values filled in."""
    return phrase(WORDS[key], language, **values)
