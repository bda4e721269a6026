"""The words of a city's workbook in both languages: sheets, headings, choices, and messages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from sim.translation import language

Pair: TypeAlias = tuple[str, str]
"""A text in English and in Chinese."""
Tongue: TypeAlias = Literal[0, 1]
"""Position in a `Pair`: the language of a workbook."""

SHEETS: Final[Mapping[str, Pair]] = {
    "about": ("About", "说明"),
    "general": ("General", "基本"),
    "volumes": ("Volumes", "业务量"),
    "months": ("Months", "分月"),
    "shares": ("Mix", "构成"),
    "matters": ("Matters", "事项"),
    "times": ("Times", "用时"),
    "staff": ("Staff", "人员"),
    "hours": ("Hours", "办公时间"),
    "leave": ("Leave", "休假"),
    "limits": ("Promises", "承诺"),
    "levers": ("Reforms", "改革举措"),
    "lists": ("Options", "选项"),
}
HEADINGS: Final[Mapping[str, Pair]] = {
    "item": ("Item", "项目"),
    "own": ("Your value", "本市取值"),
    "case_type": ("Case type", "办件类型"),
    "stream": ("Stream", "来源渠道"),
    "volume": ("Cases a year", "年办件量（件/年）"),
    "month": ("Month", "月份"),
    "in_month": ("Cases in the month", "当月件数（件）"),
    "weight": ("Weight of the month, per working day", "月份权重（按每个工作日计）"),
    "attribute": ("Attribute", "属性"),
    "value": ("Value", "类别"),
    "proportion": ("Share of the cases (%)", "占比（%）"),
    "stage": ("Stage", "阶段"),
    "department": ("Department", "部门"),
    "matter": ("Matter", "事项"),
    "requires": ("Requires", "前置事项"),
    "pool": ("Handled by", "办理岗位"),
    "handled": ("Handled here (yes/no)", "本市是否办理（是/否）"),
    "promised": ("Promised limit", "承诺时限"),
    "unit": ("Unit", "单位"),
    "correction": ("Sent back before acceptance (%)", "受理前补正率（%）"),
    "review_correction": ("Sent back in the review (%)", "审查中补正率（%）"),
    "new_work": ("Work on a new matter (hours)", "新增事项的办理用时（小时）"),
    "step": ("Step", "环节"),
    "measure": ("Which number", "口径"),
    "time": ("Time", "用时"),
    "group": ("Group of officers", "岗位"),
    "place": ("For", "适用范围"),
    "count": ("Officers", "人数（人）"),
    "share": ("Working time for these cases (%)", "投入本项业务的时间（%）"),
    "absence": ("Absent (% of working days)", "缺勤率（占工作日 %）"),
    "duty": ("Duty hours", "班次"),
    "used_by": ("Used by", "使用岗位"),
    "day": ("Days", "星期"),
    "open": ("Hours (24-hour clock)", "时间段（24小时制）"),
    "away": ("Officers away", "休假人数（人）"),
    "from": ("From", "开始日期"),
    "to": ("To", "结束日期"),
    "limit_name": ("Promise", "承诺名称"),
    "limit": ("Limit", "时限"),
    "target": ("Share that must keep it (%)", "按期率目标（%）"),
    "lever": ("Reform", "举措"),
    "on": ("On (yes/no)", "是否启用（是/否）"),
    "own_source": ("Source of your values", "本市取值的依据"),
    "source": ("Source of the base values", "基准值的依据"),
    "code": ("Code (leave as it is)", "代码（请勿改动）"),
}
BASE: Final[Pair] = ("Base: {}", "基准值：{}")
"""Heading of the column beside an input, with the value of the base."""
NAMED: Final[Mapping[str, Pair]] = {
    **{"extends": ("Base scenario", "基准情景"), "name": ("Name of the scenario", "情景名称")},
    **{"start": ("First simulated day", "仿真开始日期")},
    **{"window_from": ("First day that is measured", "统计开始日期")},
    **{"window_to": ("Last day that is measured", "统计结束日期")},
    **{"all": ("all matters without a time of their own", "未单列用时的各事项")},
    **{"intake": ("receiving the papers", "收件"), "check": ("check of completeness", "形式审查")},
    **{"review": ("review", "审查"), "co_review": ("opinion", "征求意见")},
    **{"meeting": ("joint meeting", "联审会"), "decision": ("decision", "决定")},
    **{"delivery": ("delivery", "送达"), "publicity": ("publicity", "公示")},
    **{"correction_time": ("correction by the applicant", "申请人补正")},
    **{"review_correction_time": ("correction in the review", "审查中申请人补正")},
    **{"work": ("work", "办理"), "delay": ("delay", "等候")},
    **{"mean": ("mean", "平均"), "median": ("median", "中位数")},
    **{"mode": ("most frequent", "最常见"), "constant": ("fixed", "固定")},
    **{"yes": ("yes", "是"), "no": ("no", "否"), "none": ("none", "无")},
    **{"devolved": ("devolved", "下放"), "authorised": ("authorised", "授权")},
    **{"entrusted": ("entrusted", "委托"), "stationed": ("stationed", "派驻")},
    **{"s": ("s", "秒"), "min": ("min", "分钟"), "h": ("h", "小时")},
    **{"wd": ("working days", "工作日"), "cd": ("calendar days", "自然日")},
    **{"one_window": ("One-window intake", "一窗受理")},
    **{"parallel_approval": ("Parallel approval", "并联审批")},
    **{"pre_review": ("Pre-review", "预审")},
    **{"joint_meeting": ("Joint meetings", "联审会")},
    **{"integrated_startup": ("Integrated start-up", "企业开办集成")},
    **{"online_share": ("Share handed in online (%)", "全链通（网上办理占比，%）")},
    **{"conditional_acceptance": ("Conditional acceptance", "容缺受理")},
    **{"commitment": ("Commitment", "告知承诺")},
    **{"build_first": ("Build first, verify later", "先建后验")},
    **{"delegation": ("Delegation", "下放 / 授权 / 委托 / 派驻")},
    **{"area_assessment": ("Area-wide assessment", "区域评估")},
    **{"assisted_service": ("Assisted service", "帮办代办")},
    **{"tacit_consent": ("Tacit consent", "超时默认")},
    **{"ignore_deemed_acceptance": ("Deemed acceptance ignored", "不适用逾期视为受理")},
}
"""What a row is about, and words that cells hold."""
DAYS: Final[Mapping[str, Pair]] = {
    **{"mon-fri": ("mon-fri", "周一至周五"), "mon": ("mon", "周一"), "tue": ("tue", "周二")},
    **{"wed": ("wed", "周三"), "thu": ("thu", "周四"), "fri": ("fri", "周五")},
    **{"sat": ("sat", "周六"), "sun": ("sun", "周日"), "daily": ("daily", "每天")},
    **{"sat-sun": ("sat-sun", "周六、周日"), "mon-sun": ("mon-sun", "周一至周日")},
}
SOURCES: Final[Mapping[str, Pair]] = {
    "measured": ("measured", "实测"),
    "inferred": ("inferred", "推断"),
    "policy": ("policy", "政策"),
    "law": ("law", "法规"),
    "published": ("published", "公开资料"),
    "assumed": ("assumed", "假设"),
}
SOURCE_WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("实测", "统计", "台账", "系统"), "measured"),
    **dict.fromkeys(("推断", "推算"), "inferred"),
    **dict.fromkeys(("政策", "文件"), "policy"),
    **dict.fromkeys(("法规", "法律", "法定"), "law"),
    **dict.fromkeys(("公开资料", "公开", "公布", "发布"), "published"),
    **dict.fromkeys(("假设", "估计", "估算", "假定"), "assumed"),
}
"""First word of a source in Chinese → the word of a scenario file."""
MESSAGES: Final[Mapping[str, Pair]] = {
    "place": ("{file}, sheet {sheet}, cell {cell}", "{file} 工作表“{sheet}”单元格 {cell}"),
    "sheet": ("{file}, sheet {sheet}", "{file} 工作表“{sheet}”"),
    "no_sheets": (
        "holds none of the sheets of a city's workbook ({names}); sim new FILE.xlsx makes one",
        "没有本市情况表应有的工作表（{names}）；请用 sim new 文件.xlsx 新建一份",
    ),
    "no_base": (
        "no row tells the base scenario; write its name, such as yingkou/base, beside '{item}'",
        "没有写明基准情景；请在“{item}”一行填写，例如 yingkou/base",
    ),
    "not_a_number": (
        "must be a number, such as {like}; without one, the base's value holds",
        "必须填数字，例如 {like}；留空则沿用基准值",
    ),
    "a_date": (
        "is a date; write a number, such as {like}, and format the cell as a number",
        "是日期；请把单元格格式改为“常规”，再填数字，例如 {like}",
    ),
    "negative": ("must not be negative", "不能是负数"),
    "whole": (
        "must be a whole number of officers; a part of a post goes into the column '{share}'",
        "人数必须是整数；不足一人的部分请填在“{share}”一栏",
    ),
    "percent": (
        "must be from 0 % to 100 %; write {like}",
        "必须在 0% 到 100% 之间；请写作 {like}",
    ),
    "which_days": (
        "tells neither working days nor calendar days; write '{number} wd' or '{number} cd'",
        "没有说明是工作日还是自然日；请写“{number}工作日”或“{number}自然日”",
    ),
    "not_a_time": (
        "must be a number of {unit}, or a number with a unit, such as {like}",
        "必须填数字（单位：{unit}），也可带单位，例如 {like}",
    ),
    "other_unit": (
        "is counted in {unit} here; write the number of {unit}",
        "此处按{unit}计；请填{unit}数",
    ),
    "above_zero": ("must be above 0", "必须大于 0"),
    "not_a_date": ("must be a date such as 2021-03-01", "必须是日期，例如 2021-03-01"),
    "yes_or_no": ("must be yes or no", "必须填“是”或“否”"),
    "no_such": ("there is no such name{hint}", "没有这个名称{hint}"),
    "did_you_mean": ("; did you mean '{name}'?", "；是不是“{name}”？"),
    "valid": ("; valid: {names}", "；可填：{names}"),
    "control": ("must not hold control characters", "含有看不见的控制字符，请重新输入"),
    "no_source": (
        "must begin with one of {kinds}",
        "开头须写明类别：{kinds}，后面可加说明，例如“实测：本市系统2024年”",
    ),
    "uncounted": (
        "holds a formula without a stored value, or an error; formulas are not computed here: "
        "write the number, or open the workbook in Excel or WPS and save it",
        "是没有保存结果的公式或错误值；本程序不计算公式：请直接填数字，或用 Excel、WPS 打开后保存",
    ),
    "merged": (
        "cells {cells} are merged: only the first holds its value; unmerge them and fill in each",
        "单元格 {cells} 已合并，只有第一格有值；请取消合并，逐格填写",
    ),
    "not_here": (
        "nothing can be written here: the base has no such value for this row; leave it empty",
        "此处不能填写：基准情景的这一行没有这个数；请清空",
    ),
    "base_changed": (
        "is in the column of base values, which are not read (the base says {base}); write your "
        "value into the column '{column}'",
        "填在了基准值一栏，该栏不读取（基准值为 {base}）；请把本市数值填在“{column}”一栏",
    ),
    "name_changed": (
        "cannot be changed here; put back '{name}'{hint}",
        "此处不能修改；请恢复为“{name}”{hint}",
    ),
    "unknown_row": (
        "is no row of this sheet; only matters and leave can be added in a workbook{hint}",
        "本表没有这一行；表格中只能增加事项和休假，其他内容请先转成 YAML 文件再加{hint}",
    ),
    "not_one": (
        "the shares of '{attribute}' must add up to 100 %, not {total}; change the others, too",
        "“{attribute}”各类占比合计必须是 100%，现为 {total}；请相应修改其他各类",
    ),
    "all_months": (
        "all twelve months are needed, or none; write 0 where nothing came in",
        "须填满 12 个月，或全部留空；没有办件的月份填 0",
    ),
    "months_or_weights": (
        "give either the cases of each month, or weights; empty one of the two columns",
        "各月件数与月份权重只能填一栏；请清空另一栏",
    ),
    "other_total": (
        "'{case_type}': {volume} cases a year hold, not the {total} of the twelve months",
        "“{case_type}”：采用年办件量 {volume} 件，各月合计为 {total} 件",
    ),
    "dates_order": (
        "must not lie before {other}, {date}",
        "不能早于{other}（{date}）",
    ),
    "twice": (
        "stands in row {row}, too; keep one of the rows",
        "与第 {row} 行重复；请只保留一行",
    ),
    "same_heading": (
        "two columns have this heading; delete one",
        "有两列标题相同；请删去一列",
    ),
    "no_column": (
        "has no column '{column}'; put the heading back",
        "缺少“{column}”一列；请恢复该列标题",
    ),
    "needs": (
        "a new matter needs '{column}'; write it in this row",
        "新增事项须填写“{column}”；请在本行补填",
    ),
    "matter_name": (
        "is too long for the name of a new matter; write at most 64 characters",
        "事项名称过长；请不超过 64 个字",
    ),
    "taken": (
        "values from the workbook: {parts}; all others are those of the base scenario",
        "取自表格的数值：{parts}；其余沿用基准情景",
    ),
    "nothing_taken": (
        "no cell of the workbook is filled in: all values are those of the base scenario",
        "表格中没有填写任何数值：全部沿用基准情景",
    ),
    "extra_sheet": ("sheet '{sheet}' is not read", "工作表“{sheet}”不读取"),
    "too_long": (
        "sheet '{sheet}': only the first {most} rows are read",
        "工作表“{sheet}”：只读取前 {most} 行",
    ),
    "renamed": (
        "sheet '{sheet}' is read as '{name}', by its headings",
        "工作表“{sheet}”按其列标题当作“{name}”读取",
    ),
    "no_sheet": (
        "there is no sheet '{name}': its values are those of the base",
        "没有工作表“{name}”：相应数值沿用基准值",
    ),
    "extra_column": (
        "sheet '{sheet}': column '{column}' is not read",
        "工作表“{sheet}”：“{column}”一列不读取",
    ),
    "lost_column": (
        "sheet '{sheet}': column '{column}' is missing; its values are those of the base",
        "工作表“{sheet}”：缺少“{column}”一列，相应数值沿用基准值",
    ),
    "lost_rows": (
        "sheet '{sheet}': no rows for {rows}; their values are those of the base",
        "工作表“{sheet}”：没有 {rows} 的行，相应数值沿用基准值",
    ),
    "lost_matters": (
        "; a matter that your city does not handle needs 'no' in the column '{column}'",
        "；若本市不办理某事项，请保留该行，并在“{column}”一栏填“否”",
    ),
    "uncounted_matter": (
        "new matter '{matter}' is not counted by '{limits}': a promise that lists matters",
        "新增事项“{matter}”不计入“{limits}”：这些承诺只计列明的事项",
    ),
    "stale_name": (
        "the promise '{limit}' has another limit now than its name says; change the name, too",
        "“{limit}”的时限已改，名称里仍是原来的数；名称也请改过来",
    ),
    "lock_file": (
        "is the file that Excel keeps while {name} is open; give {name}",
        "是 {name} 打开时的临时文件；请写 {name}",
    ),
    "old_file": (
        "is an old Excel file (.xls), or one with a password; save it as .xlsx without a password",
        "是旧版 Excel 文件（.xls）或加了密码；请另存为不加密码的 .xlsx",
    ),
    "text_file": (
        "is a text file (CSV) under the name of a workbook; open it in Excel and save it as .xlsx",
        "是改了名的文本文件（CSV）；请用 Excel 或 WPS 打开后另存为 .xlsx",
    ),
    "empty_file": (
        "is empty; sim new FILE.xlsx makes a workbook to fill in",
        "是空文件；请用 sim new 文件.xlsx 新建一份",
    ),
    "save_anew": (
        "open it in Excel or WPS and save it anew",
        "请用 Excel 或 WPS 打开后重新保存",
    ),
    "in_use": (
        "cannot be read: {reason}; if it is open in Excel, close it there",
        "无法读取（{reason}）；若正在 Excel 中打开，请先关闭",
    ),
    "other_ending": (
        "is a workbook; give it a name that ends in .xlsx",
        "是工作簿；文件名应以 .xlsx 结尾",
    ),
}


def told(key: str, tongue: Tongue, /, **values: object) -> str:
    """Return a message in one language."""
    return MESSAGES[key][tongue].format(**values)


def both(key: str, /, **values: object) -> str:
    """Return a message in Chinese to who reads Chinese, else in both languages.

    Who fills in a workbook often reads Chinese where the system speaks English.
    """
    if language() == "zh":
        return MESSAGES[key][1].format(**values)
    return " · ".join(text.format(**values) for text in MESSAGES[key])


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Return a text without blanks, in plain letters of half width, for comparing names."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def heading_forms(key: str) -> set[str]:
    """Return the forms in which a heading is known: in both languages, with its unit or without."""
    forms = {plain(text) for text in HEADINGS[key]}
    return forms | {re.sub(r"\([^()]*\)$", "", form) for form in forms}


def base_forms(key: str) -> set[str]:
    """Return the forms of the heading of the base values beside an input."""
    starts = [plain(start.format("")) for start in BASE]
    return {f"{start}{form}" for start in starts for form in heading_forms(key)}
