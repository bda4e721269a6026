"""Effects of case attributes, as the start-up variants have them: minutes by hand.

Matters REG and SEAL (which requires REG) in one stage, around the clock, nobody waits.
intake 10, 6 · check 2, 4 · review of REG 20 · decision 5, 40 · delivery 4, 4 · transfer back 8
REG is sent back once: 30 for the correction, and half the check again
"""

import numpy as np
import pytest

from sim.clocks import read_clocks
from sim.limits import Scope
from sim.process.graph import Outcome, Owner
from tests.build.stories import run

START = """
name: Variants
calendar: {country: everyday}
period: {start: 2024-01-01, window: 2024-01-01, run_out: 120 cd}
hours: {always: 24x7}
departments: {market: {counter: desk}, seals: {counter: desk}}
pools: {window: {}, desk: {}, registrars: {department: market}, engravers: {}, inspectors: {}}
staff:
  window: {serves: [window, desk], count: 99, hours: always}
  registrars: {serves: [registrars], count: 99, hours: always}
  engravers: {serves: [engravers], count: 99, hours: always}
  inspectors: {serves: [inspectors], count: 1, hours: always}
case_types:
  startup:
    levers: startup
    arrivals: {at: [0 min]}
    attributes:
      variant: {shares: {usual: 1.0, branch: 0.0, shared: 0.0, cluster: 0.0, secretary: 0.0}}
      online: {shares: {"no": 1.0, "yes": 0.0}}
    window: {pool: window, transfer_out: 0 min, transfer_back: 8 min}
    trip: 100 min
    stages: {start: {lead: market}}
    matters:
      REG:
        department: market
        stage: start
        intake: 10 min
        check: 2 min
        correction: {probability: 1.0, again: 0.0, turnaround: 30 min}
        review: {verify: {pool: registrars, work: 20 min}}
        decision: {pool: registrars, work: 5 min}
        delivery: 4 min
      SEAL:
        department: seals
        stage: start
        requires: [REG]
        intake: 6 min
        check: 4 min
        decision: {pool: engravers, work: 40 min}
        delivery: 4 min
    effects:
      - {if: {variant: branch}, work: {REG: 0.5}, skip: [SEAL]}
      - {if: {variant: shared}, correction: 0.0, work: {review: 0.9}}
      - {if: {variant: cluster}, correction: 0.0, work: {intake: 0.6, check: 0.5}}
      - if: {variant: secretary}
        work: {intake: 0.5, delivery: 0.25}
        inspection: {matter: REG, after: {constant: 2 wd}, pool: inspectors, work: 60 min}
      - {if: {online: "yes"}, work: {intake: 0.5, SEAL: 0.25}}
"""


def of(variant, online="no"):
    """Make every case one of this variant."""
    shares = {name: float(name == variant) for name in VARIANTS}
    both = {name: float(name == online) for name in ("no", "yes")}
    words = ", ".join(f"{name}: {share}" for name, share in shares.items())
    others = ", ".join(f"'{name}': {share}" for name, share in both.items())
    return f"""
    case_types:
      startup:
        attributes: {{variant: {{shares: {{{words}}}}}, online: {{shares: {{{others}}}}}}}
    """


VARIANTS = ("usual", "branch", "shared", "cluster", "secretary")
COUNTERS = "handling: {integrated_startup: false}"

USUAL = {
    "start/intake": (0, 10),  # max(10, 6)
    "start/check": (10, 16),  # 2 + 4
    "start/correction": (16, 46),
    "start/check/2": (46, 47),
    "REG/review/verify": (47, 67),
    "REG/decision": (67, 72),
    "REG/transfer_back": (72, 80),
    "SEAL/decision": (72, 112),
    "SEAL/transfer_back": (112, 120),
    "start/delivery": (120, 124),
}


def test_without_a_variant_nothing_is_changed():
    assert run(START).minutes() == USUAL
    assert run(START, "case_types: {startup: {effects: null}}").minutes() == USUAL


def test_a_branch_is_noted_on_the_licence():
    """All work on REG is halved, there is no SEAL, and the correction takes its time."""
    assert run(START, of("branch")).minutes() == {
        "start/intake": (0, 5),
        "start/check": (5, 6),
        "start/correction": (6, 36),
        "start/check/2": (36, 36.5),
        "REG/review/verify": (36.5, 46.5),
        "REG/decision": (46.5, 49),
        "REG/transfer_back": (49, 57),
        "start/delivery": (57, 59),
    }


def test_a_branch_at_own_counters_makes_one_visit():
    usual = run(START, COUNTERS).minutes()
    # REG 10 + 2 + 30 + 1 + 20 + 5 + 4 = 72, trip 100
    assert usual["SEAL/trip"] == (72, 172)
    assert usual["SEAL/delivery"] == (172 + 6 + 4 + 40, 172 + 6 + 4 + 40 + 4)
    branch = run(START, COUNTERS, of("branch")).minutes()
    assert not [name for name in branch if name.startswith("SEAL")]
    assert branch["REG/delivery"] == (5 + 1 + 30 + 0.5 + 10 + 2.5, 51)


def test_a_shared_address_is_known_already():
    assert run(START, of("shared")).minutes() == {
        "start/intake": (0, 10),
        "start/check": (10, 16),  # nothing to correct
        "REG/review/verify": (16, 34),  # 0.9 · 20
        "REG/decision": (34, 39),
        "REG/transfer_back": (39, 47),
        "SEAL/decision": (39, 79),
        "SEAL/transfer_back": (79, 87),
        "start/delivery": (87, 91),
    }


def test_a_cluster_is_filed_by_an_agent():
    times = run(START, of("cluster")).minutes()
    assert times["start/intake"] == (0, 6)
    assert times["start/check"] == (6, 9)  # half of 2 + 4
    assert times["REG/review/verify"] == (9, 29)
    assert times["start/delivery"] == (82, 86)


def test_a_secretary_company_files_and_is_inspected_later():
    story = run(START, of("secretary"))
    times = story.minutes()
    assert times["start/intake"] == (0, 5)
    assert times["start/check"] == (5, 11)
    assert times["REG/decision"] == (62, 67)
    assert times["start/delivery"] == (115, 116)  # a quarter of 4
    # two days after the licence an inspector comes; no clock sees it
    assert times["REG/inspection/later"] == (67, 67 + 2 * 1440)
    assert times["REG/inspection"] == (67 + 2 * 1440, 67 + 2 * 1440 + 60)
    item = story.items(0)["REG/inspection"]
    assert story.nodes[item].owner is Owner.SUPERVISION
    done = story.replication
    readings = read_clocks(done, Scope("startup")).clocks
    assert readings["gross_span"].stop_s[0] == 116 * 60
    assert readings["promised"].stop_s[0] == times["SEAL/decision"][1] * 60
    counters = run(START, COUNTERS, of("secretary")).minutes()
    assert counters["REG/inspection/later"][0] == counters["REG/decision"][1]


def test_two_effects_on_one_case_multiply():
    times = run(START, of("secretary", "yes")).minutes()
    # 10 · 0.5 · 0.5 against 6 · 0.5 · 0.5 · 0.25
    assert times["start/intake"] == (0, 2.5)
    assert times["start/check"] == (2.5, 5.5)  # 2 + a quarter of 4
    assert times["SEAL/decision"][1] - times["SEAL/decision"][0] == 10
    assert times["start/delivery"][1] - times["start/delivery"][0] == 1  # max(1, 1/16)


def test_a_matter_may_be_skipped_by_several_effects_and_by_its_own_condition():
    """SEAL takes place for `usual` and `secretary` alone, and only if its own `if` holds."""
    more = """
    case_types:
      startup:
        matters: {SEAL: {if: {variant: [usual, branch, cluster]}}}
        effects:
          - {if: {variant: [branch, shared]}, skip: [SEAL]}
          - {if: {variant: cluster}, skip: [SEAL]}
    """
    sealed = [
        variant
        for variant in VARIANTS
        if "SEAL/decision" in run(START, more, of(variant)).minutes()
    ]
    assert sealed == ["usual"]


def test_a_refused_case_is_not_inspected():
    refused = "case_types: {startup: {matters: {REG: {refusal: {at_decision: 1.0}}}}}"
    story = run(START, of("secretary"), refused)
    assert story.outcome() is Outcome.REFUSED
    assert "REG/inspection" not in story.minutes()


MANY = """
case_types:
  startup:
    arrivals: {at: null, every: {gap: 40 s, limit: 2000}}
    matters: {REG: {correction: {probability: 0.4, again: 0.5, max_rounds: 2}}}
"""


def rounds(factor, *texts):
    """Return [cases] how often each is sent back before acceptance and in the review."""
    effect = f"case_types: {{startup: {{effects: [{{if: {{variant: cluster}}, {factor}}}]}}}}"
    story = run(START, MANY, *texts, effect, of("cluster"))
    demand, names = story.demand, np.array([node.name for node in story.nodes])
    return [
        np.bincount(demand.case[np.char.startswith(names, name)], minlength=2000)
        for name in ("start/correction", "REG/review_correction")
    ]


def test_the_factor_holds_for_the_first_round_before_acceptance_and_in_the_review():
    review = """
    case_types:
      startup:
        matters:
          REG:
            review_correction: {probability: 0.2, again: 0.5, max_rounds: 2, turnaround: 9 min}
    """
    fewer, same, more = (rounds(f"correction: {f}", review) for f in (0.25, 1.00001, 9.0))
    for part, probability in ((0, 0.4), (1, 0.2)):
        assert np.all(fewer[part] <= same[part])  # the same draws: nobody else is sent back
        assert np.all(same[part] <= more[part])
        for drawn, first in (
            (fewer[part], probability / 4),
            (same[part], probability),
            (more[part], 1.0),  # at most certain
        ):
            at_least = [np.mean(drawn >= k) for k in (1, 2)]
            error = 3.3 * (0.25 / 2000) ** 0.5
            # `again` keeps its meaning
            assert at_least == pytest.approx([first, first / 2], abs=error)


def test_inspections_are_picked_at_random_and_cost_inspectors_only():
    def inspected(share):
        what = f"{{matter: REG, probability: {share}, after: 1 h, pool: inspectors, work: 30 s}}"
        effect = f"inspection: {what}"
        text = f"case_types: {{startup: {{effects: [{{if: {{variant: cluster}}, {effect}}}]}}}}"
        return run(START, MANY, text, of("cluster"))

    some, every = inspected(0.25), inspected(1.0)
    plain = run(START, MANY, "case_types: {startup: {effects: null}}", of("cluster"))
    for story, share in ((some, 0.25), (every, 1.0)):
        names = [node.name for node in story.nodes]
        found = names.count("REG/inspection")
        assert found / 2000 == pytest.approx(share, abs=3.3 * (0.25 / 2000) ** 0.5)
        ended = [read_clocks(each.replication, Scope("startup")).clocks for each in (story, plain)]
        for clock in ended[0]:
            assert np.array_equal(ended[0][clock].stop_s, ended[1][clock].stop_s)
            assert np.array_equal(ended[0][clock].value, ended[1][clock].value)
    # who is inspected at 25 % is also inspected at 100 %
    assert {name for name, _ in plain.items(0).items()} < set(every.items(0))


def test_two_inspections_of_one_matter_have_draws_of_their_own():
    what = "{matter: REG, probability: 0.5, after: 1 h, pool: inspectors, work: 30 s}"
    text = f"""
    case_types:
      startup:
        effects:
          - {{if: {{variant: cluster}}, inspection: {what}}}
          - {{if: {{online: "yes"}}, inspection: {what}}}
    """
    story = run(START, MANY, text, of("cluster", "yes"))
    first, second = (
        {case for case in range(2000) if f"REG/inspection{k}" in story.items(case)}
        for k in ("", "/2")
    )
    error = 3.3 * (0.25 / 2000) ** 0.5
    assert len(first & second) / 2000 == pytest.approx(0.25, abs=error)


def effects(text):
    return f"case_types: {{startup: {{effects: [{text}]}}}}"


def test_a_factor_of_a_review_holds_for_opinions_and_meetings():
    text = """
    case_types:
      startup:
        matters:
          REG:
            co_review: {other: {pool: engravers, work: 10 min}}
            meeting: {pool: window, work: 12 min, preparation: 1.0}
    """
    meeting = "handling: {joint_meeting: true}"
    effect = effects("{if: {variant: shared}, work: {review: 0.5}}")
    times = run(START, text, meeting, effect, of("shared")).minutes()
    assert times["REG/review/verify"] == (47, 57)
    assert times["REG/co_review/other"] == (47, 52)
    assert times["REG/meeting"] == (57, 63)
    assert times["REG/decision"] == (63, 68)


def test_what_a_matter_does_not_have_is_neither_skipped_nor_inspected():
    inspection = "inspection: {matter: SEAL, after: 1 h, pool: inspectors, work: 60 min}"
    effect = effects(
        "{if: {variant: secretary}, skip: [REG]}, "
        f"{{if: {{online: 'yes'}}, work: {{SEAL: 0.5}}, {inspection}}}"
    )
    condition = "case_types: {startup: {matters: {SEAL: {if: {variant: [usual, branch]}}}}}"
    with_seal = run(START, condition, effect, of("usual", "yes")).minutes()
    start, end = with_seal["SEAL/inspection"]
    assert end - start == 60  # the inspectors' own time: SEAL's factor is for what comes before
    assert with_seal["SEAL/decision"][1] - with_seal["SEAL/decision"][0] == 20
    without = run(START, condition, effect, of("shared", "yes")).minutes()
    assert not [name for name in without if name.startswith("SEAL")]
    # a skipped matter keeps the conditions that it has anyway
    offline = "case_types: {startup: {matters: {REG: {if: {online: 'no'}}}}}"
    for variant, online, there in (
        ("usual", "no", True),
        ("usual", "yes", False),
        ("secretary", "no", False),
    ):
        times = run(START, offline, effect, of(variant, online)).minutes()
        assert ("REG/decision" in times) == there


def test_assistants_keep_their_time_and_their_factor_multiplies():
    """At REG's own counter; corrections come to 0.4 · 0.5 · 0.5."""
    assisted = """
    handling: {assisted_service: true, integrated_startup: false}
    pools: {helpers: {}}
    staff: {helpers: {serves: [helpers], count: 99, hours: always}}
    case_types: {startup: {assistance: {pool: helpers, work: 15 min, correction: 0.5}}}
    """
    effect = effects("{if: {variant: cluster}, correction: 0.5, work: {REG: 0.2}}")
    times = run(START, assisted, effect, of("cluster")).minutes()
    assert times["REG/assistance"] == (0, 15)
    assert times["REG/intake"] == (15, 17)
    story = run(START, MANY, assisted, effect, of("cluster"))
    names = [node.name for node in story.nodes]
    share = names.count("REG/correction") / 2000
    assert share == pytest.approx(0.1, abs=3.3 * (0.09 / 2000) ** 0.5)


def test_who_is_not_sent_back_does_not_withdraw():
    """REG is sent back at 0.4 · 0.5 and then withdrawn; SEAL, at 1 · 0.5, is not."""
    text = """
    case_types:
      startup:
        matters:
          REG: {correction: {withdrawal: 1.0}}
          SEAL: {correction: {probability: 1.0, again: 0.0, turnaround: 30 min}}
    """
    effect = effects("{if: {variant: shared}, correction: 0.5}")
    outcome = run(START, MANY, text, effect, of("shared")).demand.outcome
    share = np.mean(outcome == Outcome.WITHDRAWN)
    assert share == pytest.approx(0.2, abs=3.3 * (0.16 / 2000) ** 0.5)


# --- what it is worth, and what it costs, on common random numbers -------------------------------

BUSY = """
period: {start: 2024-01-01, window: {from: 2024-01-01, to: 2024-01-30}, run_out: 300 cd}
staff:
  window: {count: 2}
  registrars: {count: 1}
  engravers: {count: 2}
case_types:
  startup:
    arrivals: {at: null, every: {gap: {exponential: 30 min}, limit: 1300}}
    attributes: {variant: {shares: {usual: 0.6, branch: 0.1, shared: 0.1, cluster: 0.1, secretary: 0.1}}}
    matters:
      REG:
        intake: {exponential: 10 min}
        correction: {probability: 0.4, again: 0.2}
        review: {verify: {work: {exponential: 15 min}}}
      SEAL: {decision: {work: {exponential: 20 min}}}
"""  # noqa: E501
CALM = "staff: {window: {count: 99}, registrars: {count: 99}, engravers: {count: 99}}"


def delivered(*texts):
    """Return [cases] minutes from arrival to the last certificate, and the variant of each."""
    story = run(START, BUSY, *texts)
    clocks = read_clocks(story.replication, Scope("startup")).clocks
    assert not clocks["gross_span"].open.any()
    span = clocks["gross_span"].stop_s - story.demand.workload.arrival_s
    values = story.demand.attribute_values["variant"]
    return span / 60, np.array([values[code] for code in story.demand.attributes["variant"]]), story


NONE = "case_types: {startup: {effects: null}}"


def test_without_a_queue_no_variant_makes_anyone_later():
    span, variant, _ = delivered(CALM)
    before, _, _ = delivered(CALM, NONE)
    assert np.all(span <= before)
    assert np.array_equal(span[variant == "usual"], before[variant == "usual"])
    for each in VARIANTS[1:]:
        of_it = variant == each
        assert of_it.sum() > 50
        assert span[of_it].mean() < before[of_it].mean() - 1


def test_with_a_queue_the_others_gain_too():
    span, variant, _ = delivered()
    before, _, _ = delivered(NONE)
    usual = variant == "usual"
    assert span[usual].mean() < before[usual].mean() - 5


def test_a_cluster_that_comes_at_once_keeps_the_others_waiting():
    """The same 60 firms one every 12 hours, or 20 at a time; all efforts are the same."""

    def with_cluster(hours):
        instants = ", ".join(f"{hour} h" for hour in hours)
        cluster = f"{{at: [{instants}], attributes: {{variant: cluster}}}}"
        return delivered(f"case_types: {{startup: {{more_arrivals: {{cluster: {cluster}}}}}}}")

    one_by_one = with_cluster(range(6, 720, 12))
    at_once = with_cluster(sorted(20 * [6, 246, 486]))
    means = {}
    for name, (span, variant, story) in (("one", one_by_one), ("at once", at_once)):
        means[name] = span[variant == "usual"].mean()
        assert (variant == "cluster").sum() > 60  # with those of the first arrivals
        assert story.demand.workload.amount.sum() == one_by_one[2].demand.workload.amount.sum()
    assert means["at once"] > means["one"] + 5


def test_inspections_by_the_registrars_themselves_cost_the_others():
    """The same inspections, by inspectors or by those who register."""
    apart, variant, _ = delivered()
    effect = "{matter: REG, after: {uniform: {low: 0 wd, high: 3 wd}}, pool: registrars, work: 2 h}"
    own = f"case_types: {{startup: {{effects: [{{if: {{variant: secretary}}, inspection: {effect}}}]}}}}"  # noqa: E501
    elsewhere = own.replace("pool: registrars", "pool: inspectors")
    one, _, by_registrars = delivered(own)
    two, _, by_inspectors = delivered(elsewhere)
    usual = variant == "usual"
    assert one[usual].mean() > 1.2 * two[usual].mean()
    for story in (by_registrars, by_inspectors):
        names = np.array([node.name for node in story.nodes])
        amount = story.demand.workload.amount[names == "REG/inspection"]
        assert np.all(amount == 7200)
        assert len(amount) == (variant == "secretary").sum()
    assert len(apart) == len(one)
