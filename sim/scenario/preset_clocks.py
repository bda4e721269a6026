"""The clocks that every scenario knows, written by the same fields as a scenario's own."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sim.scenario.schema.base import Text
from sim.scenario.schema.clocks import Clock, PauseName
from sim.scenario.schema.matters import CaseType
from sim.scenario.schema.model import Scenario

_BY_LAW: Final[tuple[PauseName, ...]] = (
    "applicant",
    "correction_before_acceptance",
    "special_procedure",
    "third_party",
)
_BY_PRACTICE: Final[tuple[PauseName, ...]] = (
    *_BY_LAW,
    "correction_after_acceptance",
    "publicity",
)
_IN_THE_REGISTER: Final[tuple[PauseName, ...]] = (
    "correction_after_acceptance",
    "special_procedure",
    "publicity",
)
_STATE: Final = (
    "as the national approval system (工程建设项目审批管理系统) derives it, read from public code "
    "of two vendors' builds"
)

PRESETS: Final[Mapping[str, Clock]] = MappingProxyType(
    {
        "statutory": Clock(
            label=Text(en="statutory", zh="法定时限"),
            meaning=Text(
                en="working days from acceptance to decision, without special procedures, third "
                "parties, and the applicant's time before acceptance; corrections after "
                "acceptance count, since no law excludes them",
                zh="自受理至决定的工作日,不含特别程序、第三方及受理前申请人的时间;受理后补正的时间计入,"
                "因法律未予扣除",
            ),
            pauses=_BY_LAW,
            source="law: Licensing Law arts. 42 (from acceptance to decision), 45 (hearing, "
            "tender, auction, inspection, testing, quarantine, appraisal and expert review do not "
            "count), 82 (working days), 32 (correction precedes acceptance). A third party's "
            "review is an inspection or appraisal of art. 45, or precedes the application.",
        ),
        "promised": Clock(
            label=Text(en="promised", zh="承诺时限"),
            meaning=Text(
                en="the same, and without publicity and corrections after acceptance, which is "
                "practice and not law",
                zh="同上,且不含公示和受理后补正(此为惯例,并非法律规定)",
            ),
            pauses=_BY_PRACTICE,
            source="published: as the statutory clock; publicity is not counted either: Binzhou "
            "2020 art. 19, Shanghai planning regulation art. 37, Zhengzhou art. 86. That a "
            "correction after acceptance stops the clock is the practice of approval systems.",
        ),
        "net_approval": Clock(
            label=Text(en="net approval", zh="净审批用时"),
            meaning=Text(
                en="of these, only the days on which a matter's own clock runs",
                zh="其中仅计事项自身时钟运行的日子",
            ),
            pauses=_BY_PRACTICE,
            counts="running_steps",
            source="assumed: union of the running clocks of the matters. The state's own "
            "statistics are the clocks state_item, state_stage and state_project.",
        ),
        "gross_span": Clock(
            label=Text(en="total working days", zh="全程工作日"),
            meaning=Text(
                en="all working days from submission to the last certificate",
                zh="自提交至取得最后证照的全部工作日",
            ),
            start="receipt",
            stop="delivery",
            counts="everything",
            source="assumed: first submission to last certificate, everything included: the time "
            "that the applicant sees.",
        ),
        "calendar_days": Clock(
            label=Text(en="total calendar days", zh="全程自然日"),
            meaning=Text(en="the same, weekends and holidays included", zh="同上,连同周末与节假日"),
            start="receipt",
            stop="delivery",
            unit="cd",
            counts="everything",
            source="published: the total in calendar days, for comparison with World Bank Doing "
            "Business.",
        ),
        "state_item": Clock(
            label=Text(en="state: item", zh="事项审批用时"),
            meaning=Text(
                en="state statistics, the longest item: working days from acceptance to decision, "
                "without corrections after acceptance and special procedures",
                zh="国家统计口径,用时最长的事项:自受理至办结的工作日,减去受理后补正和特别程序",
            ),
            pauses=_IN_THE_REGISTER,
            counts="matters",
            parts="longest_matter",
            refused="left_out",
            deemed_acceptance=False,
            source=f"published: {_STATE}. Publicity is taken as a special procedure, as registers "
            "record it.",
        ),
        "state_stage": Clock(
            label=Text(en="state: stage", zh="阶段审批用时"),
            meaning=Text(
                en="state statistics, the longest stage: working days on which an item is between "
                "receipt and decision, without the pauses of any item of the stage",
                zh="国家统计口径,用时最长的阶段:各事项自接件至办结的工作日之并集,减去该阶段全部暂停之并集",
            ),
            start="receipt",
            pauses=("correction_before_acceptance", *_IN_THE_REGISTER),
            counts="matters",
            parts="longest_stage",
            refused="left_out",
            deemed_acceptance=False,
            source=f"published: {_STATE}. One item's pause stops the stage; refused and withdrawn "
            "items are left out.",
        ),
        "state_project": Clock(
            label=Text(en="state: project", zh="项目审批用时"),
            meaning=Text(
                en="state statistics: the sum of the stages' times",
                zh="国家统计口径:各阶段审批用时之和",
            ),
            start="receipt",
            pauses=("correction_before_acceptance", *_IN_THE_REGISTER),
            counts="matters",
            parts="sum_of_stages",
            refused="left_out",
            deemed_acceptance=False,
            source=f"published: {_STATE}. Sum over the standard stages; of several rows of one "
            "standard stage, the longest.",
        ),
        "state_span": Clock(
            label=Text(en="calendar span", zh="跨度用时"),
            meaning=Text(
                en="state statistics: calendar days from the first receipt to the last decision",
                zh="国家统计口径:自首次接件至最后办结的自然日",
            ),
            start="receipt",
            unit="cd",
            counts="everything",
            deemed_acceptance=False,
            source=f"published: {_STATE}. For a single item the system counts from acceptance.",
        ),
    }
)
"""The preset clocks by name, in the order in which reports show them."""


IN_PROCEDURE: Final = "in_procedure"
"""A further preset, of scenarios with `preparation`."""
_IN_PROCEDURE: Final = Clock(
    label=Text(en="in the procedure", zh="办理中工作日"),
    meaning=Text(
        en="the total working days without those on which the applicant alone prepares papers or "
        "is on the way to a counter",
        zh="全程工作日减去仅由建设单位准备材料或往返窗口的工作日",
    ),
    start="receipt",
    stop="delivery",
    pauses=("applicant",),
    source="assumed: the total working days less 建设单位合理化用时, the applicant's own time, as "
    "the national approval system tells the two apart.",
)


PAUSE_COLUMNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "promised": "paused_wd",
        "statutory": "paused_statutory_wd",
        "net_approval": "paused_net_wd",
    }
)
"""Clock → the column of a backlog that states the working days for which it paused."""


def resumes(name: str, clock: Clock) -> bool:
    """Whether a clock can go on for a case that was open at the start.

    A backlog tells dates, and for some clocks the working days for which they paused. It tells no
    hours, no calendar days that did not count, and not when a matter was decided.
    """
    if clock.unit == "h" or clock.by_part:
        return False
    if clock.pauses and name not in PAUSE_COLUMNS:
        return False
    return clock.unit == "wd" or clock.stop == "delivery"


def clocks_of(scenario: Scenario) -> Mapping[str, Clock]:
    """Return the presets, then the scenario's own clocks."""
    own_time = any(map(prepares, scenario.case_types.values()))
    further = {IN_PROCEDURE: _IN_PROCEDURE} if own_time else {}
    return {**PRESETS, **further, **scenario.clocks}


def prepares(case_type: CaseType) -> bool:
    """Whether its applicants need time of their own before they hand in."""
    return any(matter.preparation is not None for matter in case_type.matters.values())
