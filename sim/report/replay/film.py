"""A replay in one language: its data, its labels, and what is said about it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

import numpy as np

from sim.experiments.replay.replay import Replay
from sim.process.graph import Outcome, Role
from sim.report.drawing.words import days_unit
from sim.report.labels import Labels
from sim.report.language import Language, typeset
from sim.report.numbers import MONTHS, date_text
from sim.report.replay.encoding import data_of
from sim.report.replay.places import Box, Picture, picture_of
from sim.report.replay.words import WEEKDAYS, WORDS, say

MOST_POOLS: Final = 12
"""Pools whose queues are shown, those with the longest first."""


class Film:
    """A replay as a page shows it; texts are plain, whoever writes them must escape them."""

    def __init__(self, replay: Replay) -> None:
        self.replay = replay

    @cached_property
    def pictures(self) -> tuple[Picture, ...]:
        """The picture of each case type, in the order of `Process.case_types`."""
        types = self.replay.model.scenario.case_types
        graphs = self.replay.model.process.graphs
        return tuple(picture_of(graph, types[graph.case_type]) for graph in graphs)

    @cached_property
    def pools(self) -> list[int]:
        """The pools with the longest queues, or else the most work; the longest first."""
        items = self.replay.items
        work = items.pool >= 0
        pools = len(self.replay.model.pools.names)
        longest = np.array([self._longest(pool) for pool in range(pools)])
        count = np.bincount(items.pool[work], minlength=pools)
        order = np.lexsort((-count, -longest))
        return [int(pool) for pool in order if count[pool]][:MOST_POOLS]

    def _longest(self, pool: int) -> int:
        """Return the most items that wait for a pool at once, waits after a hand-over left out."""
        items = self.replay.items
        own = items.pool == pool
        ready, start = items.ready[own], items.start[own]
        begun = start[start >= 0]
        step = np.append(np.ones(len(ready), np.int64), -np.ones(len(begun), np.int64))
        order = np.lexsort((step, np.append(ready, begun)))
        return int(np.cumsum(step[order]).max(initial=0))

    @cached_property
    def data(self) -> str:
        """What the script draws, as JSON: the same in every language."""
        nodes = [
            [box, int(node.role)]
            for graph, picture in zip(self.replay.model.process.graphs, self.pictures, strict=True)
            for node, box in zip(graph.nodes, picture.box_of, strict=True)
        ]
        data = data_of(self.replay) | {
            "nodes": nodes,
            "pictures": [
                {"columns": [boxes for _, boxes in picture.columns],
                 "after": [box.after for box in picture.boxes]}
                for picture in self.pictures
            ],
            "pools": self.pools,
        }  # fmt: skip
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))

    def labels(self, language: Language) -> str:
        """Return what the script writes in a language, as JSON."""
        labels = Labels(self.replay.model.scenario, language, say)
        process, pools = self.replay.model.process, self.replay.model.pools.names
        first = self.replay.date(self.replay.first).date()
        pictures = [
            self._pictures_labels(picture, case_type, labels)
            for case_type, picture in zip(process.case_types, self.pictures, strict=True)
        ]
        words = {key: say(key, language) for key in WORDS if not key.startswith(("shown_", "key_"))}
        words["tally_ended"] = say("tally_ended", language, first=date_text(first, language))
        texts: Mapping[str, Any] = {
            "types": [labels.case_type(name) for name in process.case_types],
            "pictures": pictures,
            "pools": [labels.pool(name) for name in pools],
            "roles": [say(_role_key(role), language) for role in Role],
            "outcomes": [say(outcome.name.lower(), language) for outcome in Outcome],
            "limits": [
                {"label": labels.limit(clock.limit.name),
                 "unit": days_unit(clock.limit.unit, language)}
                for clock in self.replay.clocks
            ],
            "months": [name[:3] if language == "en" else f"{number}月"
                       for number, name in enumerate(MONTHS, start=1)],
            "months_long": list(MONTHS),
            "weekdays": [pair[0 if language == "en" else 1] for pair in WEEKDAYS],
            "words": words,
        }  # fmt: skip
        return json.dumps(_typeset(texts, language), ensure_ascii=False, separators=(",", ":"))

    def _pictures_labels(
        self, picture: Picture, case_type: str, labels: Labels
    ) -> Mapping[str, list[str]]:
        return {
            "columns": [
                labels.stage(case_type, name) if name else "" for name, _ in picture.columns
            ],
            "boxes": [_box_label(box, case_type, labels) for box in picture.boxes],
        }

    def told(self, language: Language) -> tuple[str, ...]:
        """Return what is shown, in sentences."""
        replay = self.replay
        last = date_text(replay.date(replay.last).date(), language)
        text = say(
            "shown_named" if replay.chosen else "shown_middle",
            language,
            number=replay.replication + 1,
            of=replay.of,
            first=date_text(replay.date(replay.first).date(), language),
            last=last,
            cases=f"{len(replay.case):,}",
            steps=f"{len(replay.items.case):,}",
        )
        return (text, *((say("shortened", language),) if replay.shortened else ()))


def _role_key(role: Role) -> str:
    return "step_role" if role is Role.STEP else role.name.lower()


def _box_label(box: Box, case_type: str, labels: Labels) -> str:
    kind, name = box.key
    if kind == "matter":
        return labels.matter(case_type, name)
    if kind == "step":
        return labels.step(name)
    if box.pool is not None:
        return labels.pool(box.pool)
    return labels.say("shared")


def _typeset(texts: Any, language: Language) -> Any:
    """Return texts with the punctuation of the language, also those in lists and mappings."""
    if isinstance(texts, str):
        return typeset(texts, language)
    if isinstance(texts, Mapping):
        return {key: _typeset(text, language) for key, text in texts.items()}
    return [_typeset(text, language) for text in texts]
