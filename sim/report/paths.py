"""Where the numbers of a scenario stand, in words: what a path sets."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from typing import Any, Final

from sim.report.labels import Labels
from sim.report.words import phrase

KEYS: Final[Mapping[str, tuple[str, str]]] = {
    "absence": ("absence", "缺勤率"),
    "after": ("time until then", "间隔"),
    "again": ("again", "再次补正"),
    "area_assessment": ("work left by area-wide assessment", "区域评估后剩余工作量"),
    "assistance": ("assistance", "帮办代办"),
    "at": ("at", "到达时刻"),
    "at_decision": ("at the decision", "决定时"),
    "authorised": ("authorised", "授权"),
    "batch": ("batch", "批量"),
    "budget": ("budget of days", "阶段时限"),
    "check": ("check", "材料审核"),
    "closing": ("at closing time", "下班时"),
    "commitment": ("commitment", "告知承诺"),
    "correction": ("correction", "补正"),
    "cost": ("cost of a post, yuan a year", "岗位年费用(元)"),
    "count": ("number", "人数"),
    "cv": ("variation", "变异系数"),
    "dates": ("shares of the dates", "各日期比例"),
    "day_to_day_cv": ("variation from day to day", "逐日波动"),
    "deadline": ("deadline", "期限"),
    "decision": ("decision", "决定"),
    "deficiency": ("deficiency", "材料缺漏"),
    "delay": ("duration", "历时"),
    "delegation": ("delegation", "权限下放"),
    "delivery": ("delivery", "送达"),
    "devolved": ("devolved", "下放"),
    "effects": ("effect", "影响"),
    "effort": ("effort", "工作量倍数"),
    "entrusted": ("entrusted", "委托"),
    "error": ("share of errors", "差错率"),
    "every": ("gap between arrivals", "到达间隔"),
    "exit_rate": ("exit rate", "退出率"),
    "expert_review": ("expert review", "专家评审"),
    "factor": ("factor", "倍数"),
    "fri": ("Friday", "周五"),
    "gap": ("gap", "间隔"),
    "handle": ("handling", "经办"),
    "high": ("highest", "最大"),
    "holidays": ("holidays", "节假日"),
    "hours": ("office hours", "办公时间"),
    "inspection": ("inspection", "核查"),
    "intake": ("intake", "收件"),
    "leave": ("leave", "休假"),
    "legal": ("period of the law", "法定期限"),
    "limit": ("limit", "时限"),
    "listing": ("listing", "挂牌"),
    "low": ("lowest", "最小"),
    "max_rounds": ("most rounds", "最多轮数"),
    "meeting": ("meeting", "会审"),
    "minor": ("share that is minor", "轻微缺漏比例"),
    "mon": ("Monday", "周一"),
    "mon-fri": ("Monday to Friday", "周一至周五"),
    "months": ("profile of the months", "月度分布"),
    "officers": ("officers", "人数"),
    "online_share": ("online handling", "全链通"),
    "per_1000_enterprises": ("cases per 1,000 enterprises", "每千户企业办件数"),
    "period": ("period", "时段"),
    "preparation": ("preparation of papers", "材料准备"),
    "priority": ("priority", "优先级"),
    "probability": ("probability", "概率"),
    "promised": ("promised days", "承诺时限"),
    "publicity": ("publicity", "公示"),
    "redo": ("work done again", "重做比例"),
    "refusal": ("refusal", "不予许可"),
    "review": ("review", "审查"),
    "review_correction": ("correction in review", "审查中补正"),
    "revoked": ("share revoked", "撤销比例"),
    "rework": ("rework", "返工"),
    "rounds": ("rounds", "批次"),
    "rule": ("order of the queue", "办理次序"),
    "run_out": ("longest run-out", "最长续算"),
    "sat": ("Saturday", "周六"),
    "share": ("share of time for this work", "投入比例"),
    "shares": ("shares", "构成比例"),
    "sign": ("signing", "签批"),
    "special": ("special procedure", "特别程序"),
    "speed": ("speed", "办理速度"),
    "stationed": ("stationed", "派驻"),
    "statutory": ("days of the law", "法定时限"),
    "steps": ("steps", "环节"),
    "stock": ("resident enterprises", "存量企业"),
    "sun": ("Sunday", "周日"),
    "surges": ("surge", "集中申报"),
    "tacit_after": ("tacit consent after", "超时默认期限"),
    "taken_by": ("share that takes it", "采用比例"),
    "target_share": ("required share", "达标比例"),
    "thu": ("Thursday", "周四"),
    "transfer_back": ("transfer back", "结果回转"),
    "transfer_out": ("circulation", "材料流转"),
    "trip": ("gap before the next visit", "再次到窗口的间隔"),
    "tue": ("Tuesday", "周二"),
    "turnaround": ("time to correct", "补正用时"),
    "verification": ("verification", "核查"),
    "verify": ("verification", "核验"),
    "via": ("on the way", "途经"),
    "violation": ("share of violations", "违诺比例"),
    "volume": ("cases a year", "年办件量"),
    "wed": ("Wednesday", "周三"),
    "week": ("each week", "每周"),
    "window": ("window", "窗口"),
    "within": ("days over which they come in", "集中受理天数"),
    "work": ("work", "办理用时"),
    "year_end": ("at the end of", "年末"),
}
"""Keys of a scenario in words; one that is not here stands for itself."""
UNSAID: Final = frozenset(
    (
        *("arrivals", "yearly", "more_arrivals", "lognormal", "gamma", "triangular", "pert"),
        *(
            "constant",
            "exponential",
            "uniform",
            "mean",
            "median",
            "mode",
            "scale",
            "matter_defaults",
        ),
        *("attributes", "stages", "matters", "co_review", "case_types", "staff", "limits"),
        "handling",
    )
)
"""Keys that say nothing to a reader."""


class Paths:
    """The paths of one scenario in words, in the language of its labels."""

    def __init__(self, labels: Labels) -> None:
        self.labels = labels
        self.language = labels.language

    def words(self, path: str | Sequence[str | int]) -> str:
        """Return what a path sets, such as “Planning review · number”."""
        parts = path.split(".") if isinstance(path, str) else [str(part) for part in path]
        return " · ".join(self._of(parts))

    def named(self, path: str) -> str:
        """Return the name of a parameter: in Chinese in words, in English its path."""
        return path if self.language == "en" else self.words(path)

    def _of(self, parts: Sequence[str]) -> Iterator[str]:
        scenario, labels = self.labels.scenario, self.labels
        known: dict[str, tuple[Container[str], Callable[[str], str]]] = {
            "staff": (scenario.staff, labels.officer),
            "case_types": (scenario.case_types, labels.case_type),
            "limits": (scenario.limits, labels.limit),
            "pools": (scenario.pools, labels.pool),
            "departments": (scenario.departments, labels.department),
            "hours": (scenario.hours, labels.hours),
        }
        room, name, rest = parts[0], parts[1] if len(parts) > 1 else "", parts[2:]
        names, read = known.get(room, ((), str))
        if name not in names:  # a place that only a setting names
            yield from self._keys(parts)
        elif room == "staff":
            yield from self.staff(parts[1:], counted=True)
        elif room == "case_types":
            if len(scenario.case_types) > 1 or not rest:
                yield read(name)
            yield from self._of_case_type(name, rest)
        else:
            yield from self._keys([room] if room == "hours" else [])
            yield read(name)
            yield from self._keys(rest)

    def staff(self, parts: Sequence[str], *, counted: bool) -> Iterator[str]:
        """Yield the parts of a path within `staff`; `counted`: with the word for a head-count."""
        group, *keys = parts
        yield self.labels.officer(group)
        scenario = self.labels.scenario
        per = next(
            (per for pool in scenario.staff[group].serves if (per := scenario.pools[pool].per)),
            None,
        )
        if counted or keys[:1] != ["count"]:
            yield from self._keys(keys[:1])
        if keys[:1] == ["count"] and per is not None:
            yield from (self.labels.value(per, value) for value in keys[1:])
        else:
            yield from self._keys(keys[1:])

    def _of_case_type(self, case_type: str, parts: Sequence[str]) -> Iterator[str]:
        """Yield the parts of a path within a case type, names by their labels."""
        spec = self.labels.scenario.case_types[case_type]
        names: dict[str, Any] = {
            "matters": (spec.matters, lambda name: self.labels.matter(case_type, name)),
            "stages": (spec.stages, lambda name: self.labels.stage(case_type, name)),
            "attributes": (spec.attributes, self.labels.attribute),
            "co_review": (self.labels.scenario.departments, self.labels.department),
        }
        around, attribute = "", parts[1] if len(parts) > 1 else ""
        for part in parts:
            known, read = names.get(around, ({}, str))
            if part in known:
                yield read(part)
            elif around in {"work", "correction"} and part in spec.matters:
                yield self.labels.matter(case_type, part)
            elif around == "shares":
                yield self.labels.value(attribute, part)
            else:
                yield from self._keys([part])
            around = part

    def _keys(self, parts: Sequence[str]) -> Iterator[str]:
        for part in parts:
            if part in KEYS:
                yield phrase(KEYS[part], self.language)
            elif part.isdecimal() and len(part) < 3:
                yield str(int(part) + 1)
            elif part not in UNSAID:
                yield part.replace("_", " ")
