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
    "interval": ("{confidence} interval", "{confidence} 置信区间"),
}


def tell(key: str, language: Language, /, **values: object) -> str:
    """Return a word or sentence of a figure in the language, with values filled in."""
    return phrase(WORDS[key], language, **values)
