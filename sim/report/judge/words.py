"""The words of recorded cases, in English and Chinese."""

from __future__ import annotations

from typing import Final

from sim.report.words import Vocabulary

WORDS: Final = {
    "title": ("What happened", "实际办理情况"),
    "line": (
        "{measured:case|cases} received from {first} to {last}, of {recorded:,} recorded; open "
        "cases count to {until}",
        "{first}至{last}收件 {measured:,} 件(共登记 {recorded:,} 件);在办件计至{until}",
    ),
    "own_rules": (
        "No scenario is given: each item is held to the days promised for it, each stage to its "
        "limit, as the state's statistics count them.",
        "未指定情景:各事项按其承诺时限、各阶段按其时限,以国家统计口径判定。",
    ),
    "by_events": (
        "The clocks are read from states (接件, 受理, 补正 …) alone: time with a third party, in "
        "transfer, until delivery, or until another matter that an accepted one waits for is "
        "decided is not recorded; it counts as the authority's, or not at all.",
        "各口径仅据办理状态(接件、受理、补正等)读取:第三方、流转、送达以及受理后等待其他事项的时间未登记,"
        "或计入审批机关,或不计。",
    ),
    "by_steps": (
        "The clocks are read from the recorded steps.",
        "各口径据登记的办理环节读取。",
    ),
    "interval_cases": (
        "One history has no replications: an interval is the exact one (Clopper and Pearson) for "
        "cases that are independent of each other. Cases delayed together, by a bad month, make it "
        "too short.",
        "实际情况只有一份,没有重复:区间为精确二项区间(Clopper–Pearson),假定各办件相互独立。"
        "若某月众多办件同时延误,区间便嫌短。",
    ),
    "interval_months": (
        "One history has no replications: the interval of a limit is estimated from its months, "
        "taken as independent of each other; those of its parts are exact for independent cases.",
        "实际情况只有一份,没有重复:时限的区间由各月估计,假定各月相互独立;分项的区间为精确二项区间,"
        "假定各办件相互独立。",
    ),
    "strangers": (
        "Not in the scenario, so without a limit; their time counts for their cases: {names}.",
        "情景中没有以下事项,故无时限,但其用时计入所属办件:{names}。",
    ),
    "without_event": (
        "{count:item has|items have} no event with a time and could not be judged.",
        "有 {count:,} 个事项没有带时间的办理记录,无法判定。",
    ),
    "without_limit": (
        "For {count:item|items} the records give neither days nor a date by which it is due: not "
        "judged, and in no share.",
        "有 {count:,} 个事项在登记数据中既无时限天数也无应办结日期:不予判定,不计入任何比例。",
    ),
    "calendar_stamp": ("Calendar: {text}.", "日历:{text}。"),
    "promise": ("Promise", "承诺"),
    "verdicts_title": ("Limits", "时限"),
    "parts_title": ("{case_type}: every matter and stage", "{case_type}:各事项与阶段"),
    "part": ("Part", "对象"),
    "no_name": ("(not filled in)", "(未填)"),
    "all_matters": ("all matters", "全部事项"),
    "standard": ("To keep", "要求"),
    "no_late_matter": ("no matter late", "无事项超期"),
    "state_rule": ("state's rule", "国家口径"),
    "days_promised": ("promised {days}", "承诺 {days}"),
    "days_statutory": ("by law {days}", "法定 {days}"),
    "days_budget": ("{days}", "{days}"),
    "departments_title": ("Departments, by their items", "各部门(按事项计)"),
    "department": ("Department", "部门"),
    "items": ("Items", "事项数"),
    "clocks_title": ("On every clock", "各种口径"),
    "months_title": ("{limit}: by time of receipt", "{limit}:按收件时间"),
    "month": ("Received", "收件"),
    "years_title": ("Years", "各年度"),
    "year": ("Year", "年度"),
    "kept": ("Target kept", "达标"),
    "kept_yes": ("yes", "是"),
    "kept_no": ("no", "否"),
    "kept_open": ("open", "待定"),
    "kept_": ("–", "–"),
    "groups_title": ("{limit}: by {attribute}", "{limit}:按{attribute}"),
    "state_title": ("The state's statistics", "国家统计口径"),
    "state_note": (
        "审批用时 and the applicant's own time in working days, 跨度用时 in calendar days; a stage "
        "is overdue if its own days or an item of it are, a project if any item is.",
        "审批用时、建设单位合理化用时为工作日,跨度用时为自然日;阶段本身或其任一事项超期即为超期,"
        "任一事项超期则项目超期。",
    ),
    "subject": ("", ""),
    "overdue": ("Overdue", "超期"),
    "days_mean": ("审批用时", "审批用时"),
    "span_mean": ("跨度用时", "跨度用时"),
    "applicant_mean": ("Applicant's own", "建设单位合理化用时"),
    "used_title": (
        "{name}: what used the days of late cases (working days per case)",
        "{name}:超期办件的用时去向(每件工作日)",
    ),
    "used_all_title": (
        "{name}: what used the days of all cases (working days per case)",
        "{name}:全部办件的用时去向(每件工作日)",
    ),
    "account": ("Department", "部门"),
    "total": ("total", "合计"),
    "category_waiting": ("waiting", "等待"),
    "category_work": ("work", "办理"),
    "category_transfer": ("transfer", "流转"),
    "category_correction": ("applicant", "申请人"),
    "category_excluded": ("excluded", "不计时程序"),
    "category_third_party": ("third party", "第三方"),
    "category_other": ("not told apart", "未区分"),
    "category_supervision": ("supervision", "事后监管"),
    "of_authority": ("authorities", "审批机关"),
    "of_applicant": ("applicant", "申请人"),
    "of_third_party": ("third parties", "第三方"),
    "of_special": ("special procedures", "特别程序"),
    "of_publicity": ("publicity", "公示"),
    "independent": ("interval", "区间"),
}

say = Vocabulary(WORDS)
