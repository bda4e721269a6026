"""The clocks: what starts, stops and pauses each, and where its definition comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from sim.process.graph import Mark, Owner
from sim.scenario import ClockName, DayUnit, unit_of

NOTICE_WD: Final = 5
"""Working days that the department has to say what is missing; after them the papers count as
accepted on the day of receipt (Licensing Law art. 32)."""


@dataclass(frozen=True, slots=True)
class ClockRule:
    """What one clock measures."""

    name: ClockName
    label: tuple[str, str]
    """Its name in reports, in English and Chinese."""
    meaning: tuple[str, str]
    """The explanation in reports of what it counts, in English and Chinese."""
    start: Mark
    """`ACCEPTANCE`: the end of the first acceptance in scope. `SUBMISSION`: the instant when the
    first submission in scope is ready. Without one: when the first item in scope is ready."""
    stop: Mark
    """`DECISION`: the end of the last decision in scope. `DELIVERY`, or a scope without a decision:
    the end of the last item in scope."""
    source: str
    """Where the definition comes from."""
    pauses_for: frozenset[Owner] = frozenset()
    """The clock does not count the time of these owners."""
    running_only: bool = False
    """Count an item only while the clock of its own matter runs (`Phase.RUNNING`)."""
    whole_span: bool = False
    """Count all time from start to stop, also the gaps between items."""

    @property
    def unit(self) -> DayUnit:
        """Working days, or calendar days."""
        return unit_of(self.name)

    @property
    def by_acceptance(self) -> bool:
        """Whether the clock starts with the acceptance; else with the submission."""
        return self.start == Mark.ACCEPTANCE


_BY_LAW: Final = frozenset({Owner.APPLICANT, Owner.THIRD_PARTY, Owner.SPECIAL})

_RULES: Final = (
    ClockRule(
        name="statutory",
        label=("statutory", "法定时限"),
        meaning=(
            "working days from acceptance to decision, without the time of applicants, of third "
            "parties and of special procedures",
            "自受理至决定的工作日,不含申请人、第三方及特别程序的时间",
        ),
        start=Mark.ACCEPTANCE,
        stop=Mark.DECISION,
        pauses_for=_BY_LAW,
        source="Administrative Licensing Law arts. 42 (from acceptance to decision), 45 "
        "(hearing, inspection, expert review not counted), 82 (working days). That the "
        "applicant's and third parties' time does not count is the practice of art. 32 "
        "(correction precedes acceptance).",
    ),
    ClockRule(
        name="promised",
        label=("promised", "承诺时限"),
        meaning=("the same, and without publicity", "同上,且不含公示"),
        start=Mark.ACCEPTANCE,
        stop=Mark.DECISION,
        pauses_for=_BY_LAW | {Owner.PUBLICITY},
        source="As the statutory clock; publicity is not counted either: Binzhou 2020 art. 19, "
        "Shanghai planning regulation art. 37, Zhengzhou art. 86 (domain.md §1.2, §1.3).",
    ),
    ClockRule(
        name="net_approval",
        label=("net approval", "审批用时"),
        meaning=(
            "of these, only the days on which a matter's own clock runs",
            "其中仅计事项自身时钟运行的日子",
        ),
        start=Mark.ACCEPTANCE,
        stop=Mark.DECISION,
        pauses_for=_BY_LAW | {Owner.PUBLICITY},
        running_only=True,
        source="Union of the running clocks of the matters, as in ministry statistics "
        "(domain.md §1.3: general knowledge, no source found).",
    ),
    ClockRule(
        name="gross_span",
        label=("gross span", "跨度用时"),
        meaning=(
            "all working days from submission to the last certificate",
            "自提交至取得最后证照的全部工作日",
        ),
        start=Mark.SUBMISSION,
        stop=Mark.DELIVERY,
        whole_span=True,
        source="First submission to last certificate, everything included, as in ministry "
        "statistics (domain.md §1.3: general knowledge, no source found).",
    ),
    ClockRule(
        name="calendar_days",
        label=("calendar days", "自然日"),
        meaning=("the same, weekends and holidays included", "同上,连同周末与节假日"),
        start=Mark.SUBMISSION,
        stop=Mark.DELIVERY,
        whole_span=True,
        source="The gross span in calendar days, for comparison with World Bank Doing Business "
        "(domain.md §5).",
    ),
)

CLOCKS: Final[Mapping[str, ClockRule]] = MappingProxyType({rule.name: rule for rule in _RULES})
"""The clocks by name, in the order in which reports show them."""
