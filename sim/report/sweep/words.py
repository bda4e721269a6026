"""The words of sweeps, in English and Chinese."""

from __future__ import annotations

from typing import Final

from sim.report.words import Vocabulary

WORDS: Final = {
    "line": (
        "seed {seed}, {combinations:combination|combinations} × {replications:replication|"
        "replications}; each meets the same cases",
        "种子 {seed},{combinations} 个组合 × {replications} 次重复;各组合面对同一批办件",
    ),
    "matrix": ("{limit}: on-time share", "{limit}:按期率"),
    "marks": (
        "✓ holds, ✗ fails, ? undecided, each at the limit's confidence.",
        "✓ 守住,✗ 守不住,? 未定;各按该时限的置信度。",
    ),
    "alone": (
        "Each interval and verdict stands for itself. The best of many is partly lucky: run what "
        "you choose again with another --seed.",
        "各区间与结论单独成立。多中选优难免带有运气,选定后请换 --seed 再验证。",
    ),
    "more_rows": (
        "… {count:more row|more rows}: --out DIR writes them all.",
        "…… 另有 {count} 行:--out 可全部写出。",
    ),
    "unfinished": (
        "Interrupted: {finished} of {combinations:combination is|combinations are} finished.",
        "已中断:{combinations} 个组合中完成了 {finished} 个。",
    ),
}

say = Vocabulary(WORDS)
