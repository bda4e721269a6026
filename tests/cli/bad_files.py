"""Two small scenarios, and ways to spoil them."""

from __future__ import annotations

from dataclasses import dataclass

STEPS = """\
name: Small
calendar: {country: everyday}
period:
  start: 2024-01-01
  window: {from: 2024-01-01, to: 2024-01-31}
  run_out: 30 cd
hours:
  office: {week: {mon-fri: "8:30-11:30 13:00-17:00"}}
departments:
  hall: {label: Hall}
pools:
  desk: {department: hall}
staff:
  clerks: {serves: [desk], count: 2, hours: office}
case_types:
  permit:
    arrivals:
      every: {exponential: 4 h}
    attributes:
      zone: {shares: {north: 0.5, south: 0.5}}
    steps:
      intake: {pool: desk, work: 10 min}
      review:
        after: [intake]
        pool: desk
        work: {lognormal: {mean: 1 h, cv: 0.5}}
limits:
  quick:
    case_type: permit
    limit: 5 wd
    clock: gross_span
run: {replications: 2, seed: 1}
"""

MATTERS = """\
name: Small
calendar: {country: everyday}
period:
  start: 2024-01-01
  window: 2024-01-10
  run_out: 30 cd
hours:
  office: {week: {mon-fri: "8:30-17:00"}}
departments:
  hall: {counter: desk}
  planning: {counter: desk}
pools:
  desk: {department: hall}
  planners: {department: planning}
staff:
  clerks: {serves: [desk], count: 2, hours: office}
  planners: {serves: [planners], count: 2, hours: office}
case_types:
  project:
    arrivals:
      yearly: {volume: 100}
    attributes:
      kind: {shares: {large: 0.3, small: 0.7}}
    window: {pool: desk, transfer_out: 1 h, transfer_back: 1 h}
    trip: 1 h
    stages:
      land: {lead: planning, budget: 5 wd}
    serial_order: [LUP, DES]
    matter_defaults:
      intake: 10 min
      check: 10 min
    matters:
      LUP:
        department: planning
        stage: land
        review:
          handle: {pool: planners, work: 1 h}
        decision: {pool: planners, work: 5 min}
      DES:
        department: planning
        stage: land
        requires: [LUP]
        if: {kind: large}
        decision: {pool: planners, work: 5 min}
limits:
  thirty:
    case_type: project
    scope: {matters: [LUP]}
    limit: 30 wd
"""

MARK = "#!"
"""Ends the line that a message must name."""


@dataclass(frozen=True)
class Bad:
    """A file that must be refused, and what the message must say."""

    name: str
    text: str | bytes
    key: str
    """What the message must name as the place: a path of keys."""
    words: tuple[str, ...]
    """What else it must say."""

    @property
    def line(self) -> int | None:
        """The line that the message must name: the marked one."""
        if isinstance(self.text, bytes):
            return None
        lines = [n for n, line in enumerate(self.text.split("\n"), 1) if line.endswith(MARK)]
        return lines[0] if lines else None


def changed(text: str, old: str, new: str) -> str:
    """Replace the one place where `old` stands."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)


def steps(name: str, old: str, new: str, key: str, *words: str) -> Bad:
    """Spoil the small scenario with steps."""
    return Bad(name, changed(STEPS, old, new), key, words)


def matters(name: str, old: str, new: str, key: str, *words: str) -> Bad:
    """Spoil the small scenario with matters."""
    return Bad(name, changed(MATTERS, old, new), key, words)


# what is replaced most often
NAME = "name: Small"
WINDOW = "  window: {from: 2024-01-01, to: 2024-01-31}"
CLERKS = "  clerks: {serves: [desk], count: 2, hours: office}"
INTAKE = "      intake: {pool: desk, work: 10 min}"
WORK = "        work: {lognormal: {mean: 1 h, cv: 0.5}}"
EVERY = "      every: {exponential: 4 h}"
SHARES = "      zone: {shares: {north: 0.5, south: 0.5}}"
HOURS = '  office: {week: {mon-fri: "8:30-11:30 13:00-17:00"}}'
LIMIT = "    limit: 5 wd"


def staff(name: str, fields: str, key: str, *words: str) -> Bad:
    """Spoil the roster."""
    return steps(name, CLERKS, f"  clerks: {{{fields}}} {MARK}", key, *words)


def work(name: str, text: str, key: str, *words: str) -> Bad:
    """Spoil the effort of the step `review`."""
    return steps(name, WORK, f"        work: {text} {MARK}", key, *words)


def every(name: str, text: str, key: str, *words: str) -> Bad:
    """Spoil the gaps between cases."""
    return steps(name, EVERY, f"      every: {text} {MARK}", key, *words)


def office(name: str, text: str, key: str, *words: str) -> Bad:
    """Spoil the office hours."""
    return steps(name, HOURS, f"  office: {text} {MARK}", key, *words)


R = "case_types.permit.steps.review"
STAFF = "staff.clerks"

SHAPES = [
    # wrong types
    steps("text-for-number", "count: 2", "count: two", f"{STAFF}.count", "whole number"),
    staff("number-as-text", 'serves: [desk], count: "2", hours: office', f"{STAFF}.count", "'2'", "whole number"),
    staff("float-for-count", "serves: [desk], count: 2.5, hours: office", f"{STAFF}.count", "2.5", "whole number"),
    staff("bool-for-count", "serves: [desk], count: true, hours: office", f"{STAFF}.count", "True", "whole number"),
    staff("list-for-count", "serves: [desk], count: [2], hours: office", f"{STAFF}.count", "whole number"),
    staff("date-for-count", "serves: [desk], count: 2024-01-01, hours: office", f"{STAFF}.count", "whole number"),
    staff("text-for-list", "serves: desk, count: 2, hours: office", f"{STAFF}.serves", "list"),
    staff("mapping-for-list", "serves: {desk: 1}, count: 2, hours: office", f"{STAFF}.serves", "list"),
    staff("number-in-list", "serves: [1], count: 2, hours: office", f"{STAFF}.serves.0", "text"),
    staff("list-for-text", "serves: [desk], count: 2, hours: [office]", f"{STAFF}.hours", "text"),
    staff("text-for-probability", "serves: [desk], count: 2, hours: office, absence: often", f"{STAFF}.absence", "number"),
    staff("bool-for-probability", "serves: [desk], count: 2, hours: office, absence: true", f"{STAFF}.absence", "number"),
    staff("number-for-date", "serves: [desk], count: 2, hours: office, from: 20240101", f"{STAFF}.from", "date"),
    staff("text-for-date", "serves: [desk], count: 2, hours: office, from: soon", f"{STAFF}.from", "date", "2021-03-01"),
    staff("no-such-date", "serves: [desk], count: 2, hours: office, from: 2024-02-30", f"{STAFF}.from", "date"),
    staff("list-for-roster-group", "", f"{STAFF}", "missing"),
    steps("list-for-mapping", CLERKS, f"  clerks: [desk, 2] {MARK}", STAFF, "mapping"),
    steps("text-for-mapping", CLERKS, f"  clerks: two {MARK}", STAFF, "mapping"),
    steps("number-for-mapping", "staff:\n" + CLERKS, f"staff: 7 {MARK}", "staff", "mapping"),
    steps("list-for-top-mapping", "pools:\n  desk: {department: hall}", f"pools: [desk] {MARK}", "pools", "mapping"),
    steps("text-for-case-type", "    steps:", f"    steps: none {MARK}\n    note: |\n     x", "case_types.permit.steps", "mapping") if False else
    steps("number-for-label", "{label: Hall}", f"{{label: 7}} {MARK}", "departments.hall.label", "text"),
    steps("list-for-name", NAME, f"name: [Small] {MARK}", "name", "text"),
    steps("number-for-name", NAME, f"name: 5 {MARK}", "name", "text"),
    steps("bool-as-text", INTAKE, f'      intake: {{pool: desk, work: 10 min, probability: "yes"}} {MARK}', "case_types.permit.steps.intake.probability", "number"),
    steps("text-for-switch", "run: {", f"handling: {{one_window: 'yes'}} {MARK}\nrun: {{", "handling.one_window", "true or false"),
    steps("number-for-switch", "run: {", f"handling: {{one_window: 1}} {MARK}\nrun: {{", "handling.one_window", "true or false"),
    steps("float-for-replications", "replications: 2,", "replications: 2.0,", "run.replications", "whole number"),
    steps("wrong-choice", "clock: gross_span", f"clock: gross {MARK}", "limits.quick.clock", "gross_span"),
    steps("list-for-choice", "clock: gross_span", f"clock: [gross_span] {MARK}", "limits.quick.clock", "gross_span"),
    work("number-for-duration", "60", f"{R}.work", "60", "unit"),
    work("list-for-distribution", "[1 h, 2 h]", f"{R}.work", "1 h"),
    work("null-distribution", "", R, "work"),
    # unknown keys and names
    steps("unknown-top", NAME, f"{NAME}\nholidys: 1 {MARK}", "holidys", "unknown key"),
    steps("unknown-top-near", NAME, f"{NAME}\nlimts: {{}} {MARK}", "limts", "unknown key", "did you mean 'limits'?"),
    staff("unknown-nested", "serves: [desk], count: 2, hours: office, sped: 2", f"{STAFF}.sped", "unknown key", "did you mean 'speed'?"),
    staff("unknown-in-list", "serves: [desk], count: 2, hours: office, leave: [{dates: 2024-01-05, oficers: 1}]", f"{STAFF}.leave.0.oficers", "did you mean 'officers'?"),
    work("unknown-distribution", "{lognorml: {mean: 1 h, cv: 0.5}}", f"{R}.work.lognorml", "did you mean 'lognormal'?"),
    work("unknown-parameter", "{lognormal: {mean: 1 h, cw: 0.5}}", f"{R}.work.lognormal.cw", "did you mean 'cv'?"),
    every("unknown-gap", "{exponentially: 4 h}", "case_types.permit.arrivals.every", "did you mean 'exponential'?"),
    steps("missing-pool", INTAKE, f"      intake: {{pool: dsk, work: 10 min}} {MARK}", "case_types.permit.steps.intake.pool", "dsk", "did you mean 'desk'?"),
    staff("missing-pool-served", "serves: [dask], count: 2, hours: office", f"{STAFF}.serves.0", "did you mean 'desk'?"),
    staff("missing-hours", "serves: [desk], count: 2, hours: ofice", f"{STAFF}.hours", "did you mean 'office'?"),
    steps("missing-department", "{department: hall}", f"{{department: hell}} {MARK}", "pools.desk.department", "did you mean 'hall'?"),
    steps("missing-case-type", "    case_type: permit", f"    case_type: permits {MARK}", "limits.quick.case_type", "did you mean 'permit'?"),
    matters("missing-stage", "        stage: land\n        review", f"        stage: lnd {MARK}\n        review", "case_types.project.matters.LUP.stage", "did you mean 'land'?"),
    matters("missing-matter", "requires: [LUP]", f"requires: [LUB] {MARK}", "case_types.project.matters.DES.requires", "did you mean 'LUP'?"),
    steps("missing-step", "after: [intake]", f"after: [intak] {MARK}", f"{R}.after", "did you mean 'intake'?"),
    steps("missing-key", LIMIT + "\n", "", "limits.quick", "'limit' is missing"),
    steps("missing-top-key", "period:\n  start: 2024-01-01\n" + WINDOW + "\n  run_out: 30 cd\n", "", "", "'period' is missing"),
    # circles
    steps("circle-of-steps", INTAKE, f"      intake: {{pool: desk, work: 10 min, after: [review]}} {MARK}", "case_types.permit.steps", "circle", "intake"),
    steps("step-after-itself", "after: [intake]", f"after: [review] {MARK}", f"{R}.after", "circle", "review → review"),
    matters("circle-of-matters", "        stage: land\n        review", f"        requires: [DES] {MARK}\n        stage: land\n        review", "case_types.project.matters", "circle"),
    matters("matter-requires-itself", "requires: [LUP]", f"requires: [DES] {MARK}", "case_types.project.matters.DES.requires", "circle", "DES → DES"),
    # numbers
    work("negative-time", "-3 h", f"{R}.work", "-3 h"),
    work("negative-time-in-distribution", "{exponential: -3 h}", f"{R}.work.exponential", "-3 h"),
    work("zero-mean", "{exponential: 0 h}", f"{R}.work", "mean must be above 0"),
    work("zero-lognormal", "{lognormal: {mean: 0 h, cv: 1.0}}", f"{R}.work", "mean must be above 0"),
    staff("probability-above-1", "serves: [desk], count: 2, hours: office, absence: 1.5", f"{STAFF}.absence", "1.5", "at most 1"),
    staff("probability-below-0", "serves: [desk], count: 2, hours: office, absence: -0.1", f"{STAFF}.absence", "-0.1", "at least 0"),
    staff("percent-for-probability", "serves: [desk], count: 2, hours: office, absence: 3%", f"{STAFF}.absence", "3%", "number"),
    steps("shares-not-1", SHARES, f"      zone: {{shares: {{north: 0.5, south: 0.4}}}} {MARK}", "case_types.permit.attributes.zone", "add up to 1", "0.9"),
    steps("no-shares", SHARES, f"      zone: {{shares: {{}}}} {MARK}", "case_types.permit.attributes.zone.shares", "at least one"),
    staff("head-count-0", "serves: [desk], count: 0, hours: office", "pools.desk", "no officer serves"),
    staff("head-count-huge", "serves: [desk], count: 1000000000000, hours: office", f"{STAFF}.count", "10000"),
    staff("head-count-10**400", f"serves: [desk], count: {10**400}, hours: office", f"{STAFF}.count", "10000"),
    staff("head-count-5000-digits", f"serves: [desk], count: {'9' * 5000}, hours: office", f"{STAFF}.count", "whole number"),
    staff("head-count-negative", "serves: [desk], count: -1, hours: office", f"{STAFF}.count", "at least 0"),
    staff("speed-1e308", "serves: [desk], count: 1, hours: office, speed: 1e308", f"{STAFF}.speed", "at most 1000"),
    staff("speed-1e400", "serves: [desk], count: 1, hours: office, speed: 1e400", f"{STAFF}.speed", "number"),
    staff("speed-10**400", f"serves: [desk], count: 1, hours: office, speed: {10**400}", f"{STAFF}.speed", "at most 1000"),
    staff("speed-nan", "serves: [desk], count: 1, hours: office, speed: .nan", f"{STAFF}.speed", "number"),
    staff("speed-inf", "serves: [desk], count: 1, hours: office, speed: .inf", f"{STAFF}.speed", "at most 1000"),
    staff("share-0", "serves: [desk], count: 1, hours: office, share: 0", f"{STAFF}.share", "above 0"),
    work("cv-nan", "{lognormal: {mean: 1 h, cv: .nan}}", f"{R}.work.lognormal.cv", "number"),
    work("cv-inf", "{lognormal: {mean: 1 h, cv: .inf}}", f"{R}.work.lognormal.cv", "number"),
    work("cv-1e308", "{lognormal: {mean: 1 h, cv: 1e308}}", f"{R}.work.lognormal.cv", "at most"),
    work("1e9-h", "1e9 h", f"{R}.work", "1e9 h", "number and a unit"),
    work("too-many-h", "9999999999 h", f"{R}.work", "at most 100 years"),
    work("digits-h", f"{'9' * 5000} h", f"{R}.work", "at most 100 years"),
    steps("seed-too-big", "seed: 1}", f"seed: {2**63}}} {MARK}", "run.seed", "at most"),
    # staff and pools
    steps("empty-roster", "staff:\n" + CLERKS, f"staff: {{}} {MARK}", "pools.desk", "no officer"),
    steps("pool-nobody-serves", "pools:", f"pools:\n  back: {{}} {MARK}", "", "") if False else
    steps("pool-nobody-serves", "  desk: {department: hall}\n", f"  desk: {{department: hall}}\n  back: {{}} {MARK}\n", "pools.back", "no officer serves this pool"),
]
