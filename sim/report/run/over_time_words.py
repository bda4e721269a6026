"""The words on months and weeks, in English and Chinese."""

from __future__ import annotations

from typing import Final

WORDS: Final = {
    "worst": (
        "{limit}: not at all times. Worst from {first} to {last}: of the cases submitted then, "
        "{share} are on time ({low} – {high}), below the target.",
        "{limit}:并非各时段都如此。最差的是 {first} 至 {last}:期间提交的办件按期率为 "
        "{share}({low} – {high}),低于目标。",
    ),
}
