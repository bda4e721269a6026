"""The course of cases: matters and their order, corrections, special procedures, negative ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Ints
from sim.fitting.durations import Spans, fit_spans, legal_period
from sim.fitting.lives import AFTER, BEFORE, DAY_S, PUBLICITY, SPECIAL, Lives
from sim.fitting.measured import Measured, assumed, bounded, share
from sim.records.from_events import NEVER
from sim.records.register import Register, State

OFTEN: Final = 0.95
"""Share of the cases in which something holds from which on it is a rule."""
ENOUGH: Final = 20
"""Records from which on a matter has values of its own."""
_NOT_ACCEPTED: Final = (State.NOT_TAKEN, State.NOT_ACCEPTED)
_FAILED: Final = (*_NOT_ACCEPTED, State.REFUSED, State.LAPSED, State.WITHDRAWN)


@dataclass(frozen=True, eq=False)
class Course:
    """The items of one case type: rows of `lives`."""

    lives: Lives
    number: int
    """Number of the case type in the definition."""
    rows: Ints
    """[n] rows of `lives`, of items that were received."""
    cases: Ints
    """Cases of this type that were received by then."""
    register: Register

    @cached_property
    def matters(self) -> tuple[str, ...]:
        """The matters, each after those that it waits for, stage by stage."""
        known = [m for m in self.lives.definition.stages[self.number] if self.items(m).size]
        seen = [str(m) for m in dict.fromkeys(self.lives.matter[self.rows].tolist())]
        first = [*known, *(m for m in seen if m not in known)]
        return tuple(_after_what_they_need(first, self.requires_among(tuple(first))))

    def items(self, matter: str) -> Ints:
        """Return the rows of a matter's items."""
        return np.asarray(self.rows[self.lives.matter[self.rows] == matter])

    # --- structure ----------------------------------------------------------------------------

    def stage(self, matter: str) -> str:
        """Return the stage of a matter; a name of its own if it has none."""
        return self.lives.definition.stages[self.number].get(matter) or "all"

    def department(self, matter: str) -> str:
        """Return the department that most items of a matter name."""
        names = [d for d in self.lives.department[self.items(matter)].tolist() if d]
        return Counter(names).most_common(1)[0][0] if names else "office"

    def at_window(self, matter: str) -> bool:
        """Whether papers are handed in and accepted; else the matter begins by itself."""
        rows = self.items(matter)
        received, accepted = self.lives.received[rows], self.lives.accepted[rows]
        known = accepted != NEVER
        if not self.lives.has_hours or not known.any():
            return True
        corrected = np.isin(rows, self.pause_rows(BEFORE))
        return bool((accepted > received)[known | corrected].mean() > 1 - OFTEN)

    @property
    def stated(self) -> bool:
        """Whether the register lists what matters wait for."""
        return bool((self.register.matters["after"] != "").any())

    def requires_among(self, matters: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        """Return matter → matters that it waits for: as the process table says, else inferred."""
        return self._stated(matters) if self.stated else self._inferred(matters)

    @cached_property
    def requires(self) -> dict[str, tuple[str, ...]]:
        """Matter → the matters that it waits for."""
        return self.requires_among(self.matters)

    def _stated(self, matters: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        definition = self.lives.definition
        found: dict[str, tuple[str, ...]] = dict.fromkeys(matters, ())
        table = self.register.matters
        for flow, code, name, after in zip(
            table["flow"], table["matter_code"], table["matter"], table["after"], strict=True
        ):
            if str(flow) not in ("", definition.case_types[self.number]):
                continue
            names = definition.names[self.number]
            matter = definition.matter(self.number, str(code) if str(code) in names else str(name))
            needed = (definition.matter(self.number, one) for one in str(after).split())
            if matter in found:
                found[matter] = tuple(m for m in needed if m in found and m != matter)
        return found

    def _inferred(self, matters: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        """Infer from times: B waits for A if it began after A's decision in nearly all cases."""
        begun, ended = ({m: self._by_case(m, what) for m in matters} for what in ("begin", "end"))
        before: dict[str, set[str]] = {m: set() for m in matters}
        for one in matters:
            for other in matters:
                both = (ended[one] != NEVER) & (begun[other] != NEVER)
                if one != other and both.sum() >= 5:
                    after = begun[other][both] >= ended[one][both]
                    if after.mean() >= OFTEN:
                        before[other].add(one)
        return {m: tuple(sorted(_direct(before, m), key=matters.index)) for m in matters}

    def _by_case(self, matter: str, what: str) -> Ints:
        """Return [C] when the first item of a matter began, or was decided; `NEVER`: not."""
        lives, rows = self.lives, self.items(matter)
        begin = np.where(lives.begun[rows] != NEVER, lives.begun[rows], lives.received[rows])
        end = np.where(lives.decided[rows], lives.ended[rows], NEVER)
        found = np.full(len(lives.arrival), NEVER)
        np.minimum.at(found, lives.case[rows], begin if what == "begin" else end)
        return found

    @cached_property
    def groups(self) -> NDArray[np.int64]:
        """[N] number of the handing-in of each item: papers of one stage that came together."""
        lives = self.lives
        group = np.arange(len(lives.case))
        seen: dict[tuple[int, str, int], int] = {}
        for row in self.rows.tolist():
            key = (int(lives.case[row]), str(lives.stage[row]), int(lives.received[row]))
            group[row] = seen.setdefault(key, row)
        return group

    @cached_property
    def one_window(self) -> bool:
        """Whether the papers of a stage are handed in together, where it has several matters."""
        window = [m for m in self.matters if self.at_window(m)]
        rows = np.concatenate([self.items(m) for m in window]) if window else self.rows
        rows = rows[self.lives.application[rows] == 1]
        places: dict[tuple[int, str], list[int]] = {}
        for row in rows.tolist():
            key = (int(self.lives.case[row]), str(self.lives.stage[row]))
            places.setdefault(key, []).append(int(self.groups[row]))
        several = [groups for groups in places.values() if len(groups) > 1]
        together = sum(len(set(groups)) < len(groups) for groups in several)
        return not several or together >= 0.5 * len(several)

    @cached_property
    def parallel(self) -> bool:
        """Whether matters of a case that do not wait for each other overlap in time."""
        lives = self.lives
        spans: dict[int, list[tuple[int, int, str]]] = {}
        for row in self.rows.tolist():
            if lives.ended[row] != NEVER:
                span = (int(lives.received[row]), int(lives.ended[row]), str(lives.matter[row]))
                spans.setdefault(int(lives.case[row]), []).append(span)
        waits = {m: _all_before(self.requires, m) for m in self.matters}
        met = overlapping = 0
        for items in spans.values():
            items.sort()
            for (_, end, one), (begin, _, other) in pairwise(items):
                if one not in waits.get(other, set()) and other not in waits.get(one, set()):
                    met += 1
                    overlapping += begin < end
        return met < 5 or overlapping >= 0.3 * met

    @cached_property
    def own_time_wd(self) -> float:
        """The median of the applicant's own time before matters that could have begun earlier."""
        lives = self.lives
        found = []
        for matter in self.matters:
            rows = self.items(matter)
            done = np.full(len(lives.arrival), -1, np.int64)
            for one in self.requires[matter]:
                over = self.items(one)[lives.decided[self.items(one)]]
                np.maximum.at(done, lives.case[over], lives.ended[over])
            rows = rows[(done[lives.case[rows]] >= 0) & (lives.application[rows] == 1)]
            gap = lives.working_s(lives.received[rows]) - lives.working_s(done[lives.case[rows]])
            found.append(np.maximum(gap, 0.0) / DAY_S)
        every = np.concatenate(found) if found else np.zeros(0)
        return float(np.median(every)) if len(every) >= ENOUGH else 0.0

    # --- pauses -------------------------------------------------------------------------------

    def pause_rows(self, kind: int) -> Ints:
        """Return the items of all pauses of a kind."""
        return np.asarray(self.lives.pauses.item[self.lives.pauses.kind == kind])

    def _pauses(self, kind: int, rows: Ints) -> Ints:
        pauses = self.lives.pauses
        return np.flatnonzero((pauses.kind == kind) & np.isin(pauses.item, rows))

    @cached_property
    def unit(self) -> str:
        """The calendar on which applicants' time passes: `cd` if much of it ends on days off."""
        pauses = self.lives.pauses
        mine = np.isin(pauses.kind, (BEFORE, AFTER)) & (pauses.end != NEVER)
        day = np.minimum(pauses.end[mine] // DAY_S, len(self.lives.days) - 1)
        return "cd" if len(day) >= ENOUGH and (~self.lives.days.working[day]).mean() > 0.1 else "wd"

    def spans(self, start: Ints, end: Ints, unit: str) -> Spans:
        """Return spans in days; those that had not ended count as at least so long."""
        lives = self.lives
        over = end != NEVER
        last = np.where(over, end, lives.now_s)
        if unit == "wd":
            days = (lives.working_s(last) - lives.working_s(start)) / DAY_S
        else:
            days = (last - start) / DAY_S
        days = np.maximum(days, 0.0)
        if not lives.has_hours:  # dates: up to a day less, or more
            return Spans(np.maximum(days - 1, 0), np.where(over, days + 1, np.inf))
        short = days < 0.01
        return Spans(
            np.where(short, 0.0, days), np.where(over, np.where(short, 0.01, days), np.inf)
        )

    def turnaround(self, kind: int, rows: Ints, note: str = "") -> dict[str, Any] | None:
        """Return the distribution of the applicant's time in corrections; None without any.

        A correction in which the papers were withdrawn was given up then: it is censored.
        """
        at = self._pauses(kind, rows)
        pauses, lives = self.lives.pauses, self.lives
        left = pauses.end[at] == NEVER
        given_up = np.minimum(lives.ended[pauses.item[at]], lives.now_s)
        spans = self.spans(pauses.start[at], pauses.end[at], self.unit)
        known = self.spans(pauses.start[at], np.where(left, given_up, pauses.end[at]), self.unit)
        spans = Spans(np.where(left, known.low, spans.low), np.where(left, np.inf, spans.high))
        family = fit_spans(spans)
        return None if family is None else family.written(self.unit, note=note)

    def correction(self, matter: str) -> dict[str, Any]:
        """Return the correction before acceptance of a matter, without what all have in common."""
        rows, lives = self.items(matter), self.lives
        through = (lives.accepted[rows] != NEVER) | (lives.ended[rows] != NEVER)
        back = np.isin(rows, self.pause_rows(BEFORE))
        rows, back = rows[through | back], back[through | back]
        together = self._together(rows)
        found: dict[str, Any] = {
            "probability": self._per_matter(int(back.sum()), len(rows), together)
        }
        if back.sum() >= ENOUGH:
            turnaround = self.turnaround(BEFORE, rows)
            if turnaround is not None:
                found["turnaround"] = turnaround
        return found

    @cached_property
    def corrects(self) -> bool:
        """Whether there was any correction before acceptance."""
        return len(self._pauses(BEFORE, self.rows)) > 0

    def corrections_in_common(self) -> dict[str, Any] | None:
        """Return what corrections of all matters share; None if there was none."""
        turnaround = self.turnaround(BEFORE, self.rows)
        if turnaround is None:
            return None
        at = self._pauses(BEFORE, self.rows)
        group = self.groups[self.lives.pauses.item[at]]
        rounds = (
            np.unique(group, return_counts=True)[1] if not self.one_window else self._rounds(at)
        )
        ended = self.lives.pauses.end[at] != NEVER
        again = int((rounds - 1).sum())
        possible = max(int(ended.sum() * len(rounds) / max(rounds.sum(), 1)) + again, again, 1)
        withdrawn = self._withdrawn(at)
        return {
            "probability": assumed(0.0),
            "again": share(again, max(possible, again)),
            "max_rounds": Measured(int(min(max(rounds.max(), 3), 20)), n=len(rounds)),
            "turnaround": turnaround,
            "redo": assumed(0.5, 0.2, 1.0, "how long a second check takes leaves no stamp"),
            "withdrawal": share(withdrawn, len(at)),
        }

    def _rounds(self, at: Ints) -> Ints:
        """Return the rounds of each handing-in: items of one share their rounds."""
        pauses = self.lives.pauses
        per_item = np.bincount(pauses.item[at], minlength=len(self.lives.case))
        most = np.zeros(len(self.lives.case), np.int64)
        np.maximum.at(most, self.groups, per_item)
        return most[most > 0]

    def _withdrawn(self, at: Ints) -> int:
        pauses, lives = self.lives.pauses, self.lives
        gone = (pauses.end[at] == NEVER) & (lives.state[pauses.item[at]] == State.WITHDRAWN)
        return int(gone.sum())

    def _together(self, rows: Ints) -> float:
        """Return how many papers are handed in together with those of these items, on average."""
        if not self.one_window or not len(rows):
            return 1.0
        window = [m for m in self.matters if self.at_window(m)]
        mine = self.rows[np.isin(self.lives.matter[self.rows], window)]
        size = np.bincount(self.groups[mine], minlength=len(self.lives.case))
        return float(np.maximum(size[self.groups[rows]], 1).mean())

    def _per_matter(self, k: int, n: int, together: float) -> Measured:
        """Return the share of one matter: papers that go back together hide whose they were."""
        whole = share(k, n)
        if together <= 1.05 or k == 0:
            return whole
        one, low, high = (1 - (1 - x) ** (1 / together) for x in (k / n, whole.low, whole.high))
        note = (
            f"papers of {together:.1f} matters go back together; whose they were is not recorded, "
            "so all have the same part"
        )
        return bounded(one, low, high, n, how="inferred", note=note)

    def review_correction(self, matter: str) -> dict[str, Any] | None:
        """Return the correction after acceptance; None if there was none."""
        rows, lives = self.items(matter), self.lives
        back = np.isin(rows, self.pause_rows(AFTER))
        rows, back = rows[lives.decided[rows] | back], back[lives.decided[rows] | back]
        turnaround = self.turnaround(AFTER, rows) if back.any() else None
        if turnaround is None:
            return None
        at = self._pauses(AFTER, rows)
        rounds = np.unique(lives.pauses.item[at], return_counts=True)[1]
        again = int((rounds - 1).sum())
        return {
            "probability": share(int(back.sum()), len(rows)),
            "again": share(again, int(rounds.sum())),
            "max_rounds": Measured(int(min(max(rounds.max(), 3), 20)), n=len(rounds)),
            "turnaround": turnaround,
            "withdrawal": share(self._withdrawn(at), len(at)),
        }

    def specials(self, matter: str) -> dict[str, Any]:
        """Return the special procedures of a matter by name."""
        rows, pauses = self.items(matter), self.lives.pauses
        at = self._pauses(SPECIAL, rows)
        reached = rows[self.lives.decided[rows] | np.isin(rows, pauses.item[at])]
        found: dict[str, Any] = {}
        for name in dict.fromkeys(pauses.name[at].tolist()):
            mine = at[pauses.name[at] == name]
            held = len(np.unique(pauses.item[mine]))
            family = fit_spans(self.spans(pauses.start[mine], pauses.end[mine], "wd"))
            if family is not None:
                found[str(name) or "special"] = {
                    "probability": share(held, len(reached)),
                    "delay": family.written("wd"),
                }
        return found

    def publicity(self, matter: str) -> Any:
        """Return the period of publicity: a legal one, if most last equally many days."""
        pauses = self.lives.pauses
        at = self._pauses(PUBLICITY, self.items(matter))
        if not len(at):
            return None
        over = at[pauses.end[at] != NEVER]
        begin, end = pauses.start[over] // DAY_S, pauses.end[over] // DAY_S
        days = self.lives.days
        for unit, length in (
            ("cd", end - begin),
            ("wd", days.cumulative[end] - days.cumulative[begin]),
        ):
            period = legal_period(length.astype(np.float64))
            if period is not None:
                return {"legal": Measured(f"{period} {unit}", n=len(over))}
        family = fit_spans(self.spans(pauses.start[at], pauses.end[at], "wd"))
        return None if family is None else family.written("wd")

    # --- ends ---------------------------------------------------------------------------------

    def refusal(self, matter: str) -> dict[str, Any]:
        """Return the shares of negative ends."""
        lives, rows = self.lives, self.items(matter)
        state = lives.state[rows]
        refused_early = int(np.isin(state, _NOT_ACCEPTED).sum())
        checked = int((lives.accepted[rows] != NEVER).sum()) + refused_early
        found: dict[str, Any] = {}
        if refused_early and self.at_window(matter):
            found["at_acceptance"] = self._per_matter(refused_early, checked, self._together(rows))
        if refused := int((state == State.REFUSED).sum()):
            known = lives.decided[rows] & (state != State.DECIDED_SOMEHOW)
            found["at_decision"] = share(refused, int(known.sum()))
        return found

    def resubmission(self) -> dict[str, Any] | None:
        """Return how often, and how soon, a failed application is handed in again; None: never."""
        lives = self.lives
        failed = [r for r in self.rows.tolist() if lives.state[r] in _FAILED]
        key = {
            (int(lives.case[r]), str(lives.matter[r]), int(lives.application[r])): r
            for r in self.rows.tolist()
        }
        again = []
        for row in failed:
            case, matter = int(lives.case[row]), str(lives.matter[row])
            following = key.get((case, matter, int(lives.application[row]) + 1))
            again.append((row, following))
        gaps = [(lives.ended[r], lives.received[f]) for r, f in again if f is not None]
        if not gaps:
            return None
        ended, received = (np.array(column) for column in zip(*gaps, strict=True))
        patience = int(np.quantile(received - ended, 0.95))
        old = [(r, f) for r, f in again if f is not None or lives.now_s - lives.ended[r] > patience]
        withdrawn = [f is not None for r, f in old if lives.state[r] == State.WITHDRAWN]
        others = [f is not None for r, f in old if lives.state[r] != State.WITHDRAWN]
        family = fit_spans(self.spans(ended, np.maximum(received, ended), self.unit))
        if family is None:
            return None
        found: dict[str, Any] = {
            "probability": share(sum(others), len(others)) if others else assumed(0.0),
            "after": family.written(self.unit),
        }
        if withdrawn:
            found["withdrawn"] = share(sum(withdrawn), len(withdrawn))
        return found

    def promised(self, matter: str) -> Measured | None:
        """Return the days that most items of a matter were promised."""
        days = self.lives.promised_wd[self.items(matter)]
        days = days[days >= 0]
        if not len(days):
            return None
        values, count = np.unique(np.floor(days), return_counts=True)
        most = int(count.argmax())
        note = (
            "" if count[most] == len(days) else f"so in {count[most] / len(days):.0%} of the items"
        )
        return Measured(f"{int(values[most])} wd", n=len(days), note=note)

    # --- which cases have a matter ------------------------------------------------------------

    @cached_property
    def complete(self) -> Ints:
        """Cases that had the time to come to all their matters, and did not fail."""
        lives = self.lives
        cases = self.cases
        last = np.zeros(len(lives.arrival), np.int64)
        still_open = lives.ended[self.rows] == NEVER
        until = np.where(still_open, lives.now_s, lives.ended[self.rows])
        np.maximum.at(last, lives.case[self.rows], until)
        failed = np.zeros(len(lives.arrival), np.bool_)
        failed[lives.case[self.rows][np.isin(lives.state[self.rows], _FAILED)]] = True
        is_open = np.zeros(len(lives.arrival), np.bool_)
        is_open[lives.case[self.rows][still_open]] = True
        length = last[cases] - lives.arrival[cases]
        closed = ~is_open[cases]
        if not closed.any():
            return cases
        patience = np.quantile(length[closed], 0.9)
        old = lives.now_s - lives.arrival[cases] > patience
        return np.asarray(cases[old & closed & ~failed[cases]])

    def presence(self, matter: str) -> tuple[int, int]:
        """Return in how many complete cases a matter occurs, and how many there are."""
        has = np.isin(self.complete, self.lives.case[self.items(matter)])
        return int(has.sum()), len(has)

    def told_by(self, matter: str) -> tuple[str, tuple[str, ...]] | None:
        """Return the attribute and values that the cases with a matter have, and no others."""
        attributes = self.lives.attributes
        has = np.isin(self.complete, self.lives.case[self.items(matter)])
        for name in attributes.columns:
            values = attributes[name].astype(str).to_numpy()[self.complete]
            shares = {v: has[values == v].mean() for v in dict.fromkeys(values) if v}
            always = tuple(v for v, s in shares.items() if s >= OFTEN)
            never = [v for v, s in shares.items() if s <= 1 - OFTEN]
            if always and never and len(always) + len(never) == len(shares) and "" not in values:
                return str(name), always
        return None


def _after_what_they_need(
    matters: list[str], requires: dict[str, tuple[str, ...]]
) -> Iterator[str]:
    """Yield matters in their order, each after those that it waits for."""
    left = list(matters)
    done: set[str] = set()
    while left:
        following = next((m for m in left if done.issuperset(requires[m])), left[0])
        left.remove(following)
        done.add(following)
        yield following


def _all_before(requires: dict[str, tuple[str, ...]], matter: str) -> set[str]:
    found: set[str] = set()
    left = [matter]
    while left:
        for one in requires.get(left.pop(), ()):
            if one not in found:
                found.add(one)
                left.append(one)
    return found


def _direct(before: dict[str, set[str]], matter: str) -> set[str]:
    """Return what a matter waits for without what follows from the rest, and without circles."""
    mine = {one for one in before[matter] if matter not in before[one]}
    return {one for one in mine if not any(one in before[other] for other in mine - {one})}


def usable(rows: Ints, lives: Lives) -> Bools:
    """Return [n]: the item was not paused after acceptance, and its times are in order."""
    ordered = (lives.received[rows] <= lives.accepted[rows]) & (
        lives.accepted[rows] <= lives.ended[rows]
    )
    return np.asarray(~lives.paused[rows] & ordered)
