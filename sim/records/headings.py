"""What headings of registers mean: pinyin initials of the exchange tables, Chinese, and logs.

A **role** is what a column holds. The first list of a role is what a heading may be; `PARTS` hold
what it may contain.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from sim.records.register import LAST_CODE, State

EVENT_TIMES: Final[Mapping[str, State]] = {
    "received_at": State.RECEIVED,
    "accepted_at": State.ACCEPTED,
    "correction_at": State.CORRECTION,
    "corrected_at": State.CORRECTED,
    "review_at": State.IN_REVIEW,
    "special_at": State.SPECIAL,
    "special_done_at": State.SPECIAL_DONE,
    "withdrawn_at": State.WITHDRAWN,
    "decided_at": State.NONE,
    "ended_at": State.PASSED,
    "delivered_at": State.NONE,
}
"""Role of a time in a row of one item → the state that begins then; the outcome may change it."""
TIMES: Final = frozenset(
    {*EVENT_TIMES, "at", "start_at", "applied_at", "case_ended_at", "due", "special_start"}
)
"""Roles of times."""
ATTRIBUTES: Final = frozenset(
    {"zone", "case_kind", "industry", "investment", "building", "land", "flow_kind", "project",
     "previous", "log_channel", "log_department", "log_group"}
)  # fmt: skip
"""Roles that become attributes of the case."""
SEVERAL: Final = frozenset({"correction_at", "corrected_at", "special_at", "special_done_at"})
"""Roles that several columns may have: the first pause, the second one."""
STEP: Final = "step:"
"""Begins the role of a time at which a step of a start-up was done; its name follows."""
KEEP: Final = "attribute"
"""The role by which a person keeps a column as an attribute of the case."""
OWN: Final = "sim:"
"""Begins the headings that only this program writes, and their roles."""
ATTRIBUTE: Final = f"{OWN}attribute:"
"""Begins the heading of an attribute of a case; its name follows."""
LEAVE: Final = "-"
"""The role of a column that is not read."""

SOMEHOW: Final = "办结(结果不明)"
"""Word for an end of which it is not known what was decided, which has no code."""

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    # --- keys
    "valid": ("SJYXBS", "数据有效标识"),
    "case": ("GCDM", "工程代码", "项目代码", "项目编号", "case:concept:name", "case_id", "caseid",
             "case id", "case", "trace_id", "案例", "案例编号"),
    "project": ("XMDM",),
    "previous": ("QJDGCDM", "前阶段关联工程代码"),
    "item": ("SPSXSLBM", "审批事项实例编码", "申报号", "流水号", "办件编号", "受理号", "受理编号",
             "业务流水号", "办件流水号", "申办流水号", "业务编号"),
    "name": ("XMMC", "项目名称", "企业名称", "申请人", "申请单位", "建设单位", "申请人名称",
             "applicant"),
    # --- the item
    "matter_code": ("SPSXBM", "审批事项编码", "事项编码", "事项代码"),
    "matter_version": ("SPSXBBH", "审批事项版本号", "版本", "事项版本号"),
    "matter": ("SPSXMC", "审批事项名称", "事项名称", "审批事项", "事项", "业务名称"),
    "department": ("SPBMMC", "审批部门名称", "办理部门", "责任单位", "审批部门", "部门", "实施主体",
                   "受理部门", "主办单位", "department"),
    "department_code": ("SPBMBM", "审批部门编码"),
    "stage": ("SPJDXH", "审批阶段序号", "审批阶段", "阶段", "stage"),
    "group": ("BLSPSLBM", "并联审批实例编码"),
    "channel": ("SLFS", "受理方式", "办理方式", "申报方式", "申请方式", "channel"),
    "kind": ("BJLX", "办件类型"),
    "flow": ("SPLCBM", "审批流程编码"),
    "flow_version": ("SPLCBBH", "审批流程版本号", "审批流程版本"),
    "promised_wd": ("SXBLSX", "事项办理时限", "SPSXBLSX", "审批事项办理时限", "承诺时限",
                    "承诺期限", "承诺办结时限", "承诺工作日"),
    "statutory_wd": ("法定时限", "法定期限", "法定办结时限", "法定工作日"),
    "due": ("承诺办结时间", "承诺办结日期", "应办结时间", "应办结日期", "deadline", "due_date",
            "case:deadline"),
    "outcome": ("办理结果", "办件状态", "审批结果", "办结结果", "办件结果", "决定结果",
                "结果"),
    # --- events
    "state": ("BLZT", "办理状态"),
    "at": ("BLSJ", "办理时间", "time:timestamp", "timestamp", "end_time", "end_timestamp",
           "complete timestamp", "complete_timestamp", "completed", "time", "end", "end time",
           "finish", "finish_time", "结束时间"),
    "start_at": ("start_timestamp", "start_time", "start timestamp", "@@start_timestamp", "start",
                 "start time", "begin", "begin_time", "开始时间"),
    "activity": ("concept:name", "activity", "activity_name", "activity name", "task", "event",
                 "活动", "活动名称", "环节", "环节名称"),
    "lifecycle": ("lifecycle:transition", "lifecycle"),
    "officer": ("BLR", "办理人", "经办人", "承办人", "审批人", "受理人", "办理人员", "经办人员",
                "org:resource", "resource", "officer"),
    "office": ("BLCS", "办理处(科)室", "办理处室", "办理科室", "窗口", "窗口名称", "受理窗口",
               "org:group"),
    "event_office": ("DWMC", "单位名称"),
    # --- times of a row
    "applied_at": ("SBSJ", "申报时间", "申请时间", "申请日期", "申报日期", "提交时间",
                   "case:startdate", "startdate", "case:reg_date", "reg_date"),
    "received_at": ("收件时间", "接件时间", "收件日期", "接件日期"),
    "accepted_at": ("受理时间", "受理日期"),
    "correction_at": ("补正告知时间", "补正时间", "补正告知日期", "补正开始时间", "补正开始",
                      "一次性告知时间"),
    "corrected_at": ("补正完成时间", "补正结束时间", "补正完成日期", "补正提交时间",
                     "补正结束", "补正完成"),
    "special_at": ("特别程序开始", "特别程序开始时间", "特别程序开始日期"),
    "special_done_at": ("特别程序结束", "特别程序结束时间", "特别程序结束日期"),
    "review_at": ("部门开始办理时间", "开始办理时间"),
    "withdrawn_at": ("撤件时间", "撤回时间"),
    "decided_at": ("审核通过时间", "决定时间", "审批时间", "审核时间", "决定日期"),
    "ended_at": ("办结时间", "办结日期", "实际办结时间", "办理完成时间"),
    "delivered_at": ("出证时间", "送达时间", "领取时间", "发证时间", "送达日期", "制证时间"),
    "case_ended_at": ("XMWQBJSJ", "完全办结时间", "case:enddate", "enddate"),
    # --- attributes
    "zone": ("XZQHDM", "行政区划代码", "行政区划", "开发区", "辖区", "园区", "区县", "所属区域",
             "zone"),
    "flow_kind": ("SPLCLX", "审批流程类型"),
    "case_kind": ("LXLX", "立项类型", "case_kind"),
    "building": ("GCFL", "工程分类"),
    "land": ("TDHQFS", "土地获取方式"),
    "investment": ("XMTZLY", "投资来源"),
    "industry": ("GBHY", "国标行业", "行业", "行业类别"),
    "log_channel": ("case:channel",),
    "log_department": ("case:department",),
    "log_group": ("case:group",),
    # --- special procedures
    "special_name": ("TBCXMC", "特别程序名称"),
    "special_kind": ("TBCX", "特别程序"),
    "special_start": ("TBCXKSSJ",),
    "limit_kind": ("TBCXSXLX", "特别程序时限类型"),
    "limit": ("TBCXSX", "特别程序时限"),
    # --- the process
    "after": ("QZSPSXBM", "前置审批事项编码"),
    "commitment": ("SFSXGZCNZ", "是否实行告知承诺制"),
    "milestone": ("SFLCBSX", "是否里程碑事项"),
    "stage_name": ("SPJDMC", "审批阶段名称"),
    "standard_stage": ("DYBZSPJDXH", "对应标准审批阶段序号"),
    "limit_wd": ("SPJDSX", "审批阶段时限"),
}  # fmt: skip
"""Role → its headings."""
_START_UP: Final = ("设立登记", "营业执照", "刻章", "公章刻制", "税务", "社保", "公积金", "银行")
"""Steps of a start-up, whose times stand in columns of one row."""
_STEP: Final = re.compile(rf"((?:{'|'.join(_START_UP)})\S*?)(?:办结|完成|办理)?(?:时间|日期)")
_NEGATED: Final = r"(?:不|未|没有?|非)"
OUTCOMES: Final[Mapping[str, State]] = {
    r"(?:不|未)予受理": State.NOT_ACCEPTED, "不受理": State.NOT_TAKEN,
    r"退回补|退回修改|退补|补正(?!后)": State.NONE,
    rf"{_NEGATED}(?:予|准|许可|批准|通过|同意|合格|符合|核准|达标|具备|满足)": State.REFUSED,
    "否决|驳回|拒绝|退件|退回|退办": State.REFUSED,
    "撤件|主动撤|申请人撤|撤销申请": State.WITHDRAWN, "撤销": State.REVOKED,
    "撤回|作废|终止": State.LAPSED,
    r"未(?:办|完|结|审|决)|没有?(?:办|完)|尚未": State.NONE,
    r"在办|在审|中$|拟|待(?!领|取|送)|已受理$": State.NONE,
    r"(?:准予|同意|予以)受理|受理(?:通过|完成|成功)": State.NONE,
    "容缺": State.PASSED_CONDITIONALLY,
    "准予|许可|通过|同意|批准|核准|办结|办毕|合格|完成|已发证|已出证": State.PASSED,
    "受理|收件|接件": State.NONE,
}  # fmt: skip
"""What an outcome may contain, the first that fits → how the item ended; NONE: it is open.

What says no comes first: 不准予许可 holds 准予 and 许可, too.
"""
_SAYS_NO: Final = re.compile("[不未没无非拒否勿驳缓]")
"""A word of success beside one of these is none that is surely known."""
STATES: Final[Mapping[str, State]] = {
    "接件": State.RECEIVED, "收件": State.RECEIVED, "撤件": State.WITHDRAWN,
    "不予受理": State.NOT_ACCEPTED, "不受理": State.NOT_TAKEN, "受理": State.ACCEPTED,
    "补正(开始)": State.CORRECTION, "补正开始": State.CORRECTION, "补正": State.CORRECTION,
    "补正(结束)": State.CORRECTED, "补正结束": State.CORRECTED,
    "部门开始办理": State.IN_REVIEW, "特别程序(开始)": State.SPECIAL, "特别程序开始": State.SPECIAL,
    "特别程序(结束)": State.SPECIAL_DONE, "特别程序结束": State.SPECIAL_DONE,
    "办结(通过)": State.PASSED, "办结": State.PASSED, "通过": State.PASSED,
    "办结(容缺通过)": State.PASSED_CONDITIONALLY, "容缺通过": State.PASSED_CONDITIONALLY,
    "办结(不通过)": State.REFUSED, "不通过": State.REFUSED, "撤回": State.LAPSED,
    "撤销": State.REVOKED, SOMEHOW: State.DECIDED_SOMEHOW,
}  # fmt: skip
"""Words for the codes of BLZT, and for what has none."""


def plain(text: str) -> str:
    """Return a text without the differences that writing makes: width, case, blanks, stars."""
    return re.sub(r"[\s*_]+", "", unicodedata.normalize("NFKC", text)).casefold()


_ROLES: Final = {plain(name): role for role, names in NAMES.items() for name in names}
_RANKS: Final = {plain(name): rank for names in NAMES.values() for rank, name in enumerate(names)}
_ROLE_NAMES: Final = frozenset(NAMES)
_MARKS: Final = re.compile(r"\(.*?\)|\[.*?\]|【.*?】|〔.*?〕|\{.*?\}|<.*?>")
_ORDINAL: Final = re.compile(r"第?[一二三四五六七八九十\d]+次|首次|再次|\d{1,2}")
_NO_DAYS: Final = re.compile("时|分|周|月|年|自然|日历|hour|min|week|month|year|calendar")


def role_of(heading: str) -> str | None:
    """Return the role that a heading names; None: it names none.

    What this program wrote beside the exchange tables names its role itself.
    """
    if heading.startswith(OWN):
        return heading
    name = plain(heading)
    bare = _bare(name)
    found = _ROLES.get(name) or _ROLES.get(bare)
    if found is None and (step := _STEP.fullmatch(bare)):
        return STEP + step[1]
    if found is None and (several := _ROLES.get(_ORDINAL.sub("", bare))) in SEVERAL:
        return several
    return found


def rank_of(heading: str) -> int:
    """Return how surely a heading names its role: 0 most; the first names of a role come first."""
    name = plain(heading)
    return min((_RANKS[one] for one in (name, _bare(name)) if one in _RANKS), default=len(_RANKS))


def counts_no_days(heading: str) -> bool:
    """Whether a heading says that its numbers are no working days: 承诺时限(小时)."""
    return any(map(_NO_DAYS.search, _MARKS.findall(plain(heading))))


def _bare(name: str) -> str:
    """Return a heading without what stands in brackets beside it, and without marks."""
    return _MARKS.sub("", name).strip(":#★☆※●·")


def known_roles() -> frozenset[str]:
    """Return every role that a mapping may name, but those of steps and of `OWN` headings."""
    return _ROLE_NAMES | {KEEP, LEAVE}


def outcome_of(text: str) -> State | None:
    """Return how an item ended, by the words of its outcome; None: they are not known."""
    name = plain(text)
    if name.isdecimal() and 0 < int(name) <= LAST_CODE:
        return State(int(name))
    state = next((state for words, state in OUTCOMES.items() if re.search(words, name)), None)
    return None if state in _SUCCESS and _SAYS_NO.search(name) else state


def state_of(text: str) -> State | None:
    """Return the state of an event, from its code or its words; None: they are not known."""
    name = plain(text)
    if re.fullmatch(r"\d+(\.0)?", name):
        code = int(float(name))
        return State(code) if 0 < code <= LAST_CODE else None
    return _STATES.get(name)


_SUCCESS: Final = frozenset({State.PASSED, State.PASSED_CONDITIONALLY})
_STATES: Final = {plain(word): state for word, state in STATES.items()}
