"""The words of shortest promises, in English and Chinese."""

from __future__ import annotations

from typing import Final

from sim.report.words import Vocabulary

WORDS: Final[dict[str, tuple[str, str]]] = {
    "counted_on": (
        "Days on the clock: {clock}; a limit is counted on its own. Intervals at {confidence} "
        "confidence, each by itself.",
        "按“{clock}”口径计日,时限按各自口径;各区间的置信度均为 {confidence},单独成立。",
    ),
    "working_days": ("{count:working day|working days}", "{count}个工作日"),
    "calendar_days": ("{count:calendar day|calendar days}", "{count}个自然日"),
    "hours": ("{count:hour|hours}", "{count}小时"),
    "kept": (
        "{name}: a promise of {days} is kept by {target} of the cases ({low} to {high}); {safe} "
        "can safely be promised. Today: {now}.",
        "{name}:{days}可使{target}的办件按时办结(置信区间{low}至{high});承诺{safe}是稳妥的。"
        "目前承诺:{now}。",
    ),
    "kept_not_proven": (
        "{name}: a promise of {days} is kept by {target} of the cases ({low} or more). No number "
        "of days seen is proven to be enough; more replications are needed. Today: {now}.",
        "{name}:{days}可使{target}的办件按时办结(置信区间{low}以上)。在已出现的天数内,尚不能证明任何"
        "承诺足够;需增加重复次数。目前承诺:{now}。",
    ),
    "longer_than_seen": (
        "{name}: no number of days seen is kept by {target} of the cases; it takes at least "
        "{least}. Today: {now}.",
        "{name}:在已出现的天数内,没有任何承诺能使{target}的办件按时办结;至少需要{least}。目前承诺:{now}。",
    ),
    "no_promise": ("none", "无"),
    "still_open": (
        "{name}: {open:case was|cases were} still open when the run ended. Here they count as "
        "late.",
        "{name}:运行结束时仍有{open}件未办结,此处按逾期计。",
    ),
    "nothing_bound": ("No case could be counted.", "没有可计入的办件。"),
    "kind": ("Promise for", "承诺对象"),
    "limit": ("limit", "时限"),
    "case_type": ("whole case", "全程"),
    "stage": ("stage", "阶段"),
    "matter": ("matter", "事项"),
    "name": ("Name", "名称"),
    "now": ("Today", "目前"),
    "table_note": (
        "The shortest promises that each share of the cases keeps. The upper end of an interval "
        "can safely be promised; “?”: none is proven by these replications.",
        "各比例的办件按时办结所需的最短天数。区间上端可稳妥承诺;“?”表示现有重复次数尚不能证明。",
    ),
    "joint_heading": ("{name}: promised together", "{name}:一并承诺"),
    "joint_proven": (
        "Promised together, the matters add up to {path_days} along {path}. At least {target} of "
        "the cases keep all of them, proven on cases that were not used for the choice ({share}; "
        "{low} to {high}).",
        "各事项一并承诺,沿{path}合计{path_days};经未参与选择的办件检验,至少{target}的办件全部守时"
        "({share};{low}至{high})。",
    ),
    "joint_not_proven": (
        "For {target} of the cases: about {path_days}, but not proven: chosen on the cases that it "
        "fits best. More replications are needed.",
        "若要{target}的办件全部守时:约{path_days},但尚未证实:该组承诺是按最适合它的办件选出的,需增加重复次数。",
    ),
    "joint_none": (
        "For {target} of the cases: no set of promises is kept by as many, because too many cases "
        "are open.",
        "若要{target}的办件全部守时:未办结的办件过多,没有一组承诺能够达到。",
    ),
    "path_mark": (
        "•: on the critical path. Matters off this path are promised as many days as cost nothing. "
        "?: not proven.",
        "•:在关键路径上。不在该路径上的事项,其承诺放宽到不增加总天数为止。?:尚未证实。",
    ),
    "sum_of_path": ("Along the path", "沿路径合计"),
}

say = Vocabulary(WORDS)
