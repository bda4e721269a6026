"""Further arrivals of a case type: draws of their own, batches, and cases without the variant."""

import numpy as np
import pytest

from sim.replications.model import Model
from sim.streams import Streams
from tests.build.city import CITY, draws
from tests.build.stories import run, scenario

KINDS = "case_types: {project: {attributes: {variant: {shares: {usual: 0.7, swift: 0.3, c: 0.0}}}}}"
CLUSTER = """
case_types:
  project:
    more_arrivals:
      cluster:
        yearly: {volume: 200, batch: {low: 5, high: 30}}
        attributes: {variant: c}
"""
EFFECT = """
case_types:
  project:
    effects:
      - if: {variant: swift}
        correction: 0.3
        work: {check: 0.5, A: 0.7}
        skip: [C]
        inspection: {matter: A, probability: 0.5, after: 1 h, pool: officers, work: 1 h}
"""


def of_project(found, variant):
    """Return the cases of these variants, in order, each with its draws."""
    return [
        value
        for (kind, _), value in found.items()
        if kind == "project" and value[1]["variant"] in variant
    ]


@pytest.fixture(scope="module")
def plain():
    return draws(run(CITY, KINDS))


def test_further_arrivals_change_no_draw_of_the_first(plain):
    found = draws(run(CITY, KINDS, CLUSTER))
    assert of_project(found, ("usual", "swift")) == of_project(plain, ("usual", "swift"))
    assert len(of_project(found, ("c",))) > 20
    networks = [value for (kind, _), value in found.items() if kind == "network"]
    assert networks == [value for (kind, _), value in plain.items() if kind == "network"]


def test_further_arrivals_have_draws_of_their_own():
    """Two streams of arrivals at the same instants are not the same cases twice."""
    text = """
    case_types:
      project:
        arrivals: {yearly: null, every: 5 h}
        more_arrivals:
          a: {every: 5 h, attributes: {variant: c, kind: y}}
          b: {every: 5 h, attributes: {variant: c, kind: x}}
    """
    found = draws(run(CITY, KINDS, text))
    first = of_project(found, ("usual", "swift"))
    a, b = (
        [each for each in of_project(found, ("c",)) if each[1]["kind"] == kind] for kind in "yx"
    )
    assert len(first) == len(a) == len(b) > 100
    for one, other in ((first, a), (first, b), (a, b)):
        assert [case[0] for case in one] == [case[0] for case in other]
        same = [x[3]["one/intake"] == y[3]["one/intake"] for x, y in zip(one, other, strict=True)]
        assert np.mean(same) < 0.05
    # at one instant: the first arrivals first, then by name
    story = run(CITY, KINDS, text)
    kinds = story.demand.attributes["variant"][story.demand.attributes["variant"] >= 0]
    values = np.array(story.demand.attribute_values["variant"])
    assert (values[kinds] == "c").tolist() == [False, True, True] * len(first)


def test_further_arrivals_alike_do_not_come_at_the_same_instants():
    same = "yearly: {volume: 600, day_to_day_cv: 0.6}"
    text = f"case_types: {{project: {{more_arrivals: {{a: {{{same}}}, b: {{{same}}}}}}}}}"
    model = Model(scenario(CITY, text))
    first, a, b = (each.draw(Streams(1, 0)).at_s for each in model.demand._types[1].arrivals)
    assert min(len(first), len(a), len(b)) > 100
    for one, other in ((first, a), (first, b), (a, b)):
        assert len(np.intersect1d(one, other)) < 5


def test_another_stream_of_arrivals_changes_no_other():
    another = "case_types: {project: {more_arrivals: {before: {every: 9 h}}}}"
    alone, both = (draws(run(CITY, KINDS, CLUSTER, *more)) for more in ((), (another,)))
    assert of_project(both, ("c",)) == of_project(alone, ("c",))
    assert len(both) > len(alone)


def test_batches_arrive_together_and_all_have_the_fixed_value():
    story = run(CITY, KINDS, CLUSTER, "case_types: {project: {arrivals: {yearly: {volume: 0}}}}")
    demand, values = story.demand, story.demand.attribute_values["variant"]
    mine = demand.case_type == story.model.process.case_types.index("project")
    assert mine.sum() > 20
    assert {values[code] for code in demand.attributes["variant"][mine]} == {"c"}
    at_s, sizes = np.unique(demand.workload.arrival_s[mine], return_counts=True)
    assert sizes.min() >= 5
    assert sizes.max() <= 30
    assert len(at_s) < mine.sum() / 5
    # what is not fixed is drawn for each case
    zones = demand.attributes["zone"][mine][: sizes[0]]
    assert len(set(zones.tolist())) == 2


def test_batches_that_come_in_online_stay_together():
    online = "handling: {online_share: 1.0}"
    alone = "case_types: {project: {arrivals: {yearly: {volume: 0}}}}"
    story = run(CITY, KINDS, CLUSTER, alone, online)
    mine = story.demand.case_type == story.model.process.case_types.index("project")
    at_s, sizes = np.unique(story.demand.workload.arrival_s[mine], return_counts=True)
    assert sizes.min() >= 5
    assert np.any((at_s % 86400) < 8 * 3600)  # at any hour


def test_the_volume_of_further_arrivals_counts_cases():
    model = Model(scenario(CITY, KINDS, CLUSTER))
    _, cluster = model.demand._types[1].arrivals
    drawn = np.array([len(cluster.draw(Streams(1, number)).at_s) for number in range(300)])
    expected = cluster._daily_mean.sum()  # January to May 2021
    assert 70 < expected < 90
    # batches of mean 17.5 and mean square 362.5
    error = 4 * (expected / 17.5 * 362.5 / 300) ** 0.5
    assert drawn.mean() == pytest.approx(expected, abs=error)


# --- effects and draws ---------------------------------------------------------------------------


def test_cases_without_the_variant_keep_every_draw(plain):
    found = draws(run(CITY, KINDS, EFFECT))
    assert of_project(found, ("usual",)) == of_project(plain, ("usual",))
    swift, before = of_project(found, ("swift",)), of_project(plain, ("swift",))
    assert [case[:2] for case in swift] == [case[:2] for case in before]
    assert swift != before
    assert not [name for case in swift for name in case[3] if name.startswith("C/")]


def test_an_effect_scales_the_same_draws():
    """To the second: it is rounded after it is scaled."""
    shares = {
        "A/review/handle": 0.7,
        "A/co_review/other": 0.7,
        "A/decision": 0.7,
        "B/decision": 1.0,
        "A/special/expert": 1.0,  # a delay is no effort
        "A/transfer_out": 1.0,
        "A/review_correction": 1.0,
    }
    compared = dict.fromkeys(shares, 0)
    found, plain = (
        [
            case
            for number in range(3)
            for case in of_project(draws(run(CITY, KINDS, text, number=number)), ("swift",))
        ]
        for text in (EFFECT, "note: none")
    )
    for (*_, now), (*_, before) in zip(found, plain, strict=True):
        assert "one/correction" not in now or "one/correction" in before
        for name, share in shares.items():
            if name in now and name in before:
                assert abs(now[name] - share * before[name]) <= 1
                compared[name] += 1
    assert min(compared.values()) >= 3, compared


def test_an_effect_leaves_the_streams_as_they_are():
    plain, changed = (Model(scenario(CITY, KINDS, text)) for text in ("note: none", EFFECT))
    graphs = [model.process.graphs[1] for model in (plain, changed)]
    streams = [{t.stream: t.distribution for n in g.nodes for t in n.terms} for g in graphs]
    new = {"project/A/inspection", "project/A/inspection/later"}
    assert streams[1].keys() - streams[0].keys() == new
    for name, distribution in streams[0].items():
        assert streams[1][name] == distribution


def test_order_in_the_file_changes_nothing():
    more = """
    case_types:
      project:
        more_arrivals:
          {}
    """
    ways = ["b: {every: 7 h, attributes: {variant: c}}", "a: {every: 11 h}"]
    one, other = (
        draws(run(CITY, KINDS, more.replace("{}", "{" + ", ".join(order) + "}")))
        for order in (ways, ways[::-1])
    )
    assert one == other
