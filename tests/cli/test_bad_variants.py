"""Mistakes in stocks, further arrivals and effects: each at its line, in plain words."""

from __future__ import annotations

import pytest
from test_bad_input import check_text, folder

from tests.build.bad_files import EVERY, MARK, SHARES, Bad, matters, steps

__all__ = ["folder"]

KIND = "      kind: {shares: {large: 0.3, small: 0.7}}"
YEARLY = "      yearly: {volume: 100}"
AT = "case_types.permit.arrivals.yearly"
P = "case_types.project"


def stock(name: str, fields: str, key: str, *words: str) -> Bad:
    return steps(
        name,
        EVERY,
        f"      yearly:\n        stock: {{{fields}}} {MARK}",
        f"{AT}.stock{key}",
        *words,
    )


def effect(name: str, fields: str, key: str, *words: str) -> Bad:
    text = f"{KIND}\n    effects:\n      - {{if: {{kind: small}}, work: {{LUP: 2.0}}}}\n"
    return matters(name, KIND, f"{text}      - {{{fields}}} {MARK}", f"{P}.effects.1{key}", *words)


def more(name: str, fields: str, key: str, *words: str) -> Bad:
    text = f"    more_arrivals:\n      second: {{{fields}}} {MARK}"
    return matters(name, YEARLY, f"{YEARLY}\n{text}", f"{P}.more_arrivals.second{key}", *words)


VISIT = "pool: planners, work: 1 h, after: 1 h"
CASES = [
    stock("no-derivation", "year_end: {2020: 10}", "", "exactly one of exits"),
    stock("two-ways", "year_end: {2020: 10}, exits: 0.1, exit_rate: 0.1", "", "exactly one of"),
    stock("no-years", "year_end: {}, exits: 0.1", ".year_end", "at least one entry"),
    stock("year-in-words", "year_end: {soon: 10}, exits: 0.1", ".year_end.soon", "whole number"),
    stock("year-1800", "year_end: {1800: 10}, exits: 0.1", ".year_end.1800", "at least 1900"),
    stock(
        "year-20205",
        "year_end: {20205: 10, 2021: 9}, exits: 0.1",
        ".year_end",
        "a key must be text",
    ),
    stock("negative", "year_end: {2020: -1}, exits: 0.1", ".year_end.2020", "at least 0"),
    stock("exits-of-all", "year_end: {2020: 10}, exits: 1.0", ".exits", "below 1"),
    stock("rate-above-1", "year_end: {2020: 10}, exit_rate: 1.1", ".exit_rate", "at most 1"),
    stock("per-0", "year_end: {2020: 1}, per_1000_enterprises: 0", "", "above 0"),
    stock("slip", "year_end: {2020: 1}, exit: 0.1", ".exit", "did you mean"),
    stock(
        "falls",
        "year_end: {2020: 100, 2022: 80}, exits: 0.4",
        ".year_end",
        "falls by 10 in 2021",
        "give exit_rate",
    ),
    stock("falls-fast", "year_end: {2020: 100, 2021: 10}, exit_rate: 0.2", ".year_end", "by 90"),
    steps(
        "volume-and-stock",
        EVERY,
        f"      yearly: {{volume: 9, stock: {{year_end: {{2020: 9}}, exits: 0.1}}}} {MARK}",
        AT,
        "either volume or stock",
    ),
    steps("neither", EVERY, f"      yearly: {{batch: {{low: 1, high: 2}}}} {MARK}", AT, "volume"),
    steps(
        "growth-of-a-stock",
        EVERY,
        f"      yearly: {{growth: 0.1, stock: {{year_end: {{2020: 9}}, exits: 0.1}}}} {MARK}",
        f"{AT}.growth",
        "goes with volume",
    ),
    more("no-way", "attributes: {kind: small}", "", "exactly one of yearly"),
    more("unknown-attribute", "every: 1 h, attributes: {kin: small}", ".attributes", "'kind'"),
    more("unknown-value", "every: 1 h, attributes: {kind: smal}", ".attributes.kind", "'small'"),
    more("value-list", "every: 1 h, attributes: {kind: [small]}", ".attributes.kind", "text"),
    more("gaps-of-1s", "every: 1 s", ".every", "at most 1,000,000"),
    more("too-many", "yearly: {volume: 1e9}", ".yearly", "at most 1,000,000"),
    effect("no-if", "correction: 0.5", "", "'if' is missing here"),
    effect("empty-if", "if: {}, correction: 0.5", ".if", "at least one entry"),
    effect("no-attribute", "if: {kin: small}, correction: 0.5", ".if", "did you mean 'kind'"),
    effect("no-value", "if: {kind: tiny}, correction: 0.5", ".if.kind", "valid: large, small"),
    effect("nothing", "if: {kind: small}", "", "changes nothing"),
    effect("below-0", "if: {kind: small}, correction: -0.1", ".correction", "at least 0"),
    effect("work-below-0", "if: {kind: small}, work: {check: -1}", ".work.check", "at least 0"),
    effect("no-such-work", "if: {kind: small}, work: {LUPE: 1}", ".work.LUPE", "mean 'LUP'"),
    effect("no-such-kind", "if: {kind: small}, work: {reviews: 1}", ".work.reviews", "'review'"),
    effect("skips-nothing", "if: {kind: small}, skip: [LPU]", ".skip", "did you mean 'LUP'"),
    effect("unknown-key", "if: {kind: small}, skips: [LUP]", ".skips", "did you mean 'skip'"),
    effect(
        "inspects-nothing",
        f"if: {{kind: small}}, inspection: {{matter: LUX, {VISIT}}}",
        ".inspection.matter",
        "did you mean 'LUP'",
    ),
    effect(
        "inspector-unknown",
        "if: {kind: small}, inspection: {matter: LUP, pool: inspectors, work: 1 h, after: 1 h}",
        ".inspection.pool",
        "no such name under 'pools'",
    ),
    effect(
        "picked-twice",
        f"if: {{kind: small}}, inspection: {{matter: LUP, probability: 2, {VISIT}}}",
        ".inspection.probability",
        "at most 1",
    ),
    steps(
        "effects-with-steps",
        SHARES,
        f"{SHARES}\n    effects: [{{if: {{zone: north}}, correction: 0.5}}] {MARK}",
        "case_types.permit.effects",
        "effects change matters",
    ),
    matters(
        "skip-of-two-attributes",
        KIND,
        f"{KIND}\n      age: {{shares: {{old: 1.0}}}}\n    effects:\n"
        f"      - {{if: {{kind: small, age: old}}, skip: [DES]}} {MARK}",
        f"{P}.effects.0.skip",
        "a single attribute",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_one_mistake(case: Bad) -> None:
    told = check_text(case.text)
    assert told.count("\n") == 1, told
    assert told.startswith(f"bad.yaml:{case.line}: {case.key}"), told
    for word in case.words:
        assert word in told


def test_a_pool_that_only_inspects_needs_officers() -> None:
    what = "{matter: LUP, pool: idle, work: 1 h, after: 1 h}"
    text = f"{KIND}\n    effects:\n      - {{if: {{kind: small}}, inspection: {what}}}"
    spoilt = matters("idle", KIND, text, "", "").text
    assert isinstance(spoilt, str)
    spoilt = spoilt.replace(
        "  desk: {department: hall}\n", "  desk: {department: hall}\n  idle: {}\n"
    )
    assert "pools.idle: no officer serves this pool" in check_text(spoilt)


def test_a_mere_notice_has_no_decision_to_be_inspected() -> None:
    effects = f"    effects: [{{if: {{kind: small}}, inspection: {{matter: DES, {VISIT}}}}}]"
    spoilt = matters("notice", KIND, f"{KIND}\n{effects}", "").text
    assert isinstance(spoilt, str)
    decision = "        if: {kind: large}\n        decision: {pool: planners, work: 5 min}"
    assert decision in spoilt
    told = check_text(spoilt.replace(decision, "        at_window: false\n        publicity: 7 cd"))
    assert "effects.0.inspection.matter: 'DES': has no decision" in told


def test_a_matter_with_the_name_of_a_kind_of_step() -> None:
    spoilt = matters(
        "kind", KIND, f"{KIND}\n    effects: [{{if: {{kind: small}}, work: {{review: 0.5}}}}]", ""
    )
    assert isinstance(spoilt.text, str)
    text = spoilt.text.replace("      DES:", "      review:").replace("[LUP, DES]", "[LUP, review]")
    assert "effects.0.work.review: is a kind of step and a matter" in check_text(text)


def test_a_fixed_value_that_the_log_has_too() -> None:
    from pathlib import Path

    Path("log.csv").write_text("when,kind\n2024-01-02,small\n", encoding="utf-8")
    replay = "replay: {file: log.csv, time: when, attributes: {kind: kind}}"
    spoilt = more("log", f"{replay}, attributes: {{kind: small}}", "")
    assert "attributes.kind: is read from the log already" in check_text(spoilt.text)
