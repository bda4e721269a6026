"""The columns of tables in files: Chinese headings, labels, and how numbers are shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.words import WORDS
from sim.storage.table_files import LABEL

if TYPE_CHECKING:
    import pandas as pd

    from sim.results.finding import Finding

ENDINGS_ZH: Final = {"_low": "下限", "_high": "上限", LABEL: ""}
ZH: Final[Mapping[str, str]] = {
    **{"ci_low": "置信下限", "ci_high": "置信上限", "confidence": "置信度"},
    **{"confidence_used": "所用置信度", "cases": "件数", "case": "办件", "limit": "承诺"},
    **{"limit_days": "时限天数", "verdict": "结论", "unit": "单位", "clock": "计时口径"},
    **{"on_time": "按期", "on_time_share": "按期率", "on_time_share_at_best": "按期率(至多)"},
    **{"late": "超期", "open": "在办", "open_overdue": "在办已超期", "undetermined": "尚未定"},
    **{"withdrawn": "撤回", "no_decision": "无决定", "name": "名称", "kind": "类别"},
    **{"case_type": "办件类型", "value": "取值", "target_share": "目标按期率", "first": "起"},
    **{"last": "止", "decides": "是否判定口径", "utilisation": "忙碌率", "spare_days": "余量"},
    **{"p50": "P50", "p90": "P90", "p95": "P95", "max": "最长", "mean": "平均", "median": "中位"},
    **{"p90_at_least": "P90 至少如此", "p95_at_least": "P95 至少如此", "at_least": "至少如此"},
    **{"of": "所属", "mean_wait_h": "平均等待(小时)", "mean_queue": "平均队列"},
    **{"max_queue": "最长队列", "department": "部门", "target": "目标", "pool": "岗位"},
    **{"per": "计时单元", "parameter": "参数", "officers": "人数", "items": "事项件数"},
    **{"scenario": "情景", "requirement": "要求", "replication": "重复", "proven": "是否证实"},
    **{"period": "时段", "measure": "指标", "condition": "条件", "work_wd": "办理(工作日)"},
    **{"waiting_wd": "等待(工作日)", "transfer_wd": "流转(工作日)", "total_wd": "合计(工作日)"},
    **{"third_party_wd": "第三方(工作日)", "supervision_wd": "监管(工作日)"},
    **{"other_wd": "其他(工作日)", "excluded_wd": "不计时(工作日)"},
    **{"correction_wd": "补正(工作日)", "team": "岗位组", "standard": "依据", "stage": "阶段"},
    **{"signal": "信噪比", "signal_if_alike": "信噪比(若同等)", "share": "比例"},
    **{"replications": "重复次数", "rank_low": "名次(最好)", "rank_high": "名次(最差)"},
    **{"mean_rank": "平均名次", "path_days": "关键路径天数", "matters": "事项", "matter": "事项"},
    **{"margin": "余量", "load": "负荷倍数", "late_only": "仅超期办件", "kept": "守住年数"},
    **{"group": "人员组", "posts": "岗位费用(元)", "overtime": "加班费用(元)"},
    **{"overtime_h": "加班(小时)", "cost_per_case": "单件成本(元)", "days_saved": "节省天数"},
    **{"cost_per_day": "每节省一天的费用(元)"},
    **{"days": "天数", "cost": "费用", "change": "变化", "bottom": "末位次数"},
    **{"bottom_share": "末位概率", "bottom_if_alike": "末位概率(若同等)"},
    **{"bottom_twice": "连续两年末位", "bottom_twice_if_alike": "连续两年末位(若同等)"},
    **{"attribute": "属性", "years": "年数", "worst": "二十年一遇最差", "total": "合计"},
    **{"together": "合并", "today": "现状", "times": "倍数", "third_party": "第三方"},
    **{"surely_before": "必在此前", "surely_after": "必在此后", "step": "环节", "status": "状态"},
    **{"start": "开始", "end": "结束", "ready": "可办", "officer": "人员", "owner": "归属"},
    **{"item": "环节号", "on_critical_path": "在关键路径上", "arrival": "提交时间"},
    **{"backlog": "存量编号", "outcome": "结果", "unit_days": "单位", "lowest": "最低"},
    **{"highest": "最高", "keeps": "守住概率", "fails_twice": "连续两年失守概率"},
    **{"span_mean": "跨度平均", "days_mean": "平均天数", "days_max": "最长天数"},
    **{"overdue": "超期", "open_cases": "在办件", "handed_in_again": "再次提交"},
    **{"level": "水平", "lever": "举措", "levers": "举措", "rule": "归因方法", "before": "之前"},
    **{"after": "之后", "difference": "差异", "reference": "参照", "full_at": "满负荷于"},
    **{"offered": "需求率", "added_queue": "增加的队列", "breaking_load": "失守负荷"},
    **{"plan": "方案人数", "heads": "总人数", "busy_today": "现忙碌率", "busy_plan": "方案忙碌率"},
    **{"searched": "是否搜索", "role": "角色", "floor": "下界", "at": "位置", "by": "增减"},
    **{"promised_now": "现承诺", "hidden_days": "隐含天数", "estimated_days": "估计天数"},
    **{"at_best": "至多", "interval": "区间", "sigma": "离散", "mu": "平均效应"},
    **{"mu_star": "平均绝对效应", "base_value": "基准取值", "base_share": "基准按期率"},
    **{"base_verdict": "基准结论", "flip_value": "转折取值", "applicant_mean": "申请人平均用时"},
}  # fmt: skip
"""Name of a column → its heading in Chinese; a name that is not here keeps its name."""
SHARES: Final = ("share", "utilisation", "confidence", "busy", "offered", "keeps", "fails_twice")
"""Parts of the names of columns that are shown in per cent."""


def heading(name: str, language: Language) -> str:
    """Return the heading of a column; in English its name, as the reference has it."""
    if language == "en":
        return name
    if name in ZH:
        return ZH[name]
    for ending, said in ENDINGS_ZH.items():
        if name.endswith(ending):
            own = heading(name.removesuffix(ending), language)
            return f"{own}{said}" if said else f"{own}(名称)"
    before, dot, after = name.partition(".")
    return f"{before}{dot}{heading(after, language)}" if dot else name


def labelled(table: pd.DataFrame, finding: Finding, language: Language) -> pd.DataFrame:
    """Return a table with a column of labels beside each column of codes that have any."""
    scenarios = list(finding.scenarios.values())
    if not scenarios:
        return table
    known = _labels_of(Labels(scenarios[0], language))
    columns: dict[Any, Any] = {}
    for name in table.columns:
        columns[name] = table[name]
        labels = known.get(_kind(str(name)), {})
        codes = table[name].astype(object)
        if labels and codes.isin(list(labels)).any():
            columns[f"{name}{LABEL}"] = codes.map(lambda code, of=labels: of.get(code, code))
    import pandas as pd

    return pd.DataFrame(columns, index=table.index)


def in_words(table: pd.DataFrame, finding: Finding, language: Language) -> pd.DataFrame:
    """Return a table with labels in place of codes, and headings in the language."""
    named = labelled(table, finding, language)
    codes = [name for name in table.columns if f"{name}{LABEL}" in named.columns]
    kept = named.drop(columns=codes)
    headings = {name: heading(str(name).removesuffix(LABEL), language) for name in kept.columns}
    return kept.rename(columns=headings)


def _kind(name: str) -> str:
    return "verdict" if name.endswith("verdict") else name


def _labels_of(labels: Labels) -> dict[str, dict[str, str]]:
    """Return kind of a column → code → label."""
    scenario = labels.scenario
    from sim.limits import clock_rules
    from sim.process.table import pool_table

    known: dict[str, dict[str, str]] = {
        "limit": {name: labels.limit(name) for name in scenario.limits},
        "clock": {name: labels.clock(name) for name in clock_rules(scenario)},
        "case_type": {name: labels.case_type(name) for name in scenario.case_types},
        "department": {name: labels.department(name) for name in scenario.departments},
        "pool": {name: labels.pool(name) for name in pool_table(scenario).by_name},
        "matter": dict(_parts(labels, "matters")),
        "stage": dict(_parts(labels, "stages")),
        "verdict": {name: labels.say(name) for name in ("holds", "fails", "undecided")},
        "unit": {name: labels.say(name) for name in ("wd", "cd", "h") if name in WORDS},
    }
    anything = {
        code: label
        for kind in ("pool", "stage", "department", "case_type", "matter", "limit")
        for code, label in known[kind].items()
    }
    return known | {"name": anything, "of": anything}


def _parts(labels: Labels, kind: str) -> Iterator[tuple[str, str]]:
    for case_type, spec in labels.scenario.case_types.items():
        for name in getattr(spec, kind):
            of = labels.matter if kind == "matters" else labels.stage
            yield name, of(case_type, name)


def number_format(name: str, table: pd.DataFrame) -> str:
    """Return how a spreadsheet shows the numbers of a column."""
    kind = str(table[name].dtype)
    if kind.startswith("datetime"):
        return "yyyy-mm-dd hh:mm"
    bounds = name in {"ci_low", "ci_high"} and "on_time_share" in table.columns
    if bounds or any(part in name for part in SHARES):
        return "0.0%"
    return "#,##0" if "int" in kind.lower() else "#,##0.00"
