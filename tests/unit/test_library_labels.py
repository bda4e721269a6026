"""Every name of the library's scenarios has a label in both languages, and so has every path."""

from __future__ import annotations

import re

import pytest

import sim
from sim.report.assumptions import quantities
from sim.report.labels import Labels
from sim.report.paths import Paths
from sim.scenario.files.library import library_names

LIBRARY = library_names()
CODE = re.compile(r"[a-z_]{3,}")
STEPS_AND_STREAMS = ("steps", "more_arrivals", "works")
"""Parts of paths whose next name, or which, have no place for a label."""


@pytest.fixture(scope="module")
def library() -> dict[str, sim.Scenario]:
    return {name: sim.load(name) for name in LIBRARY}


def _unlabelled(scenario: sim.Scenario) -> list[str]:
    """Return the names that are shown as they stand in the file, in one of the languages."""
    found = []
    for language in ("en", "zh"):
        labels = Labels(scenario, language)
        known = [(name, labels.limit(name)) for name in scenario.limits]
        known += [(name, labels.pool(name)) for name in scenario.pools]
        known += [(name, labels.department(name)) for name in scenario.departments]
        known += [(name, labels.group(name)) for name in scenario.staff]
        for case_type, spec in scenario.case_types.items():
            known.append((case_type, labels.case_type(case_type)))
            known += [(name, labels.matter(case_type, name)) for name in spec.matters]
            known += [(name, labels.stage(case_type, name)) for name in spec.stages]
            for attribute, of in spec.attributes.items():
                known.append((attribute, labels.attribute(attribute)))
                if language == "zh":  # an English value may be its own label
                    known += [(value, labels.value(attribute, value)) for value in of.shares]
        found += [f"{language}: {name}" for name, label in known if label == name]
        if language == "zh":
            found += [f"no Chinese: {label}" for _, label in known if not _han(label)]
    return found


def _han(text: str) -> bool:
    return bool(re.search("[\u4e00-\u9fff]", text))


def test_every_name_has_a_label_in_both_languages(library) -> None:
    assert {name: found for name, of in library.items() if (found := _unlabelled(of))} == {}


def test_every_number_has_a_place_in_chinese_words(library) -> None:
    bare = set()
    for scenario in library.values():
        paths = Paths(Labels(scenario, "zh"))
        for number in quantities(scenario):
            if not {*STEPS_AND_STREAMS} & set(number.path) and CODE.search(
                paths.words(number.path)
            ):
                bare.add(".".join(map(str, number.path)))
    assert bare == set()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("staff.planners.count", "规划审查 · 人数"),
        ("case_types.project.arrivals.yearly.volume", "一般工业项目 · 年办件量"),
        ("case_types.startup.attributes.zone.shares.beihai", "企业开办 · 开发区 · 构成比例 · 北海"),
        ("limits.project_30.target_share", "三项许可30个工作日 · 达标比例"),
        ("hours.leader.week.mon-fri", "办公时间 · 领导签批 · 每周 · 周一至周五"),
        ("staff.nobody.count", "nobody · 人数"),
        ("run.seed", "run · seed"),
    ],
)
def test_a_path_in_words(library, path, words) -> None:
    base = library["yingkou/base"]
    assert Paths(Labels(base, "zh")).named(path) == words
    assert Paths(Labels(base, "en")).named(path) == path
