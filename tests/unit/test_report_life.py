"""The life of one case, told event by event in both languages."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from sim.experiments.case_life.life import traced_case
from sim.report.case_life.report import case_events_report
from sim.report.terminal import terminal_text
from tests.build.stories import scenario
from tests.build.three_matters import LEVERS, SLOW, handling


def life(case: int, language: str, step: str) -> list[str]:
    """Return what is told of a step, blanks joined: Monday is 1 January 2024."""
    told = traced_case(scenario(LEVERS, SLOW, handling(tacit_consent=True)), str(case), seed=1)
    console = Console(width=200, file=StringIO())
    console.print(terminal_text(case_events_report(told, language)))
    lines = [" ".join(line.split()) for line in console.file.getvalue().splitlines()]
    return [line for line in lines if step in line]


@pytest.mark.parametrize(
    ("case", "told"),
    [
        (  # in hand since Tuesday's meeting
            0,
            [
                "Mon 2024-01-01 00:30:00 0 waits A/co_review/other slow",
                "Tue 2024-01-02 14:00:00 1 begins A/co_review/other slow/1",
                "Tue 2024-01-02 23:59:59 1 ends: CONSENT BY SILENCE A/co_review/other slow/1",
            ],
        ),
        (  # still waiting: nobody begins it
            1,
            [
                "Mon 2024-01-01 00:31:00 0 waits A/co_review/other slow",
                "Tue 2024-01-02 23:59:59 1 ends: CONSENT BY SILENCE A/co_review/other slow",
            ],
        ),
    ],
)
def test_consent_by_silence_has_a_word(case, told):
    assert life(case, "en", "co_review") == told
    words = {
        "Mon": "周一",
        "Tue": "周二",
        "waits": "等待",
        "begins": "开始",
        "ends: CONSENT BY SILENCE": "结束:超时默认同意",
    }
    for english, chinese in words.items():
        told = [line.replace(english, chinese) for line in told]
    told = [line.replace("co_review", "会签") for line in told]
    assert life(case, "zh", "会签") == told


def test_work_in_time_and_delays_just_end():
    assert [line.split()[4:6] for line in life(0, "en", "A/")] == [
        ["begins", "A/transfer_out"],
        ["ends", "A/transfer_out"],
        ["waits", "A/co_review/other"],
        ["begins", "A/review/handle"],
        ["ends", "A/review/handle"],
        ["begins", "A/co_review/other"],
        ["ends:", "CONSENT"],
        ["begins", "A/decision"],
        ["ends:", "DECIDED"],
        ["begins", "A/transfer_back"],
        ["ends", "A/transfer_back"],
    ]
