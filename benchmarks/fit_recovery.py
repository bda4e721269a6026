"""How often the ranges of a fit hold the true values of invented cities.

    python -m benchmarks.fit_recovery [CITIES]

Each city has a volume, staff, work, corrections and refusals of its own, and one to three years of
records (`tests/build/fitted_city.py`). The ranges are of 90 %.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict

import sim
from tests.build.fitted_city import held, random_city, ranges, register_of_city


def main(cities: int) -> None:
    """Print for each kind of value how many ranges hold the truth, and the median error."""
    inside: dict[str, list[bool]] = defaultdict(list)
    error: dict[str, list[float]] = defaultdict(list)
    officers = seconds = 0.0
    for number in range(cities):
        scenario, truth = random_city(number)
        register = register_of_city(scenario, number)
        begin = time.process_time()
        fitted = sim.fit(register)
        seconds += time.process_time() - begin
        found = ranges(fitted)
        for path, holds in held(fitted, truth).items():
            inside[path].append(holds)
            value = found[path][0] / (60 if path.endswith("work.mean") else 1)
            error[path].append(value / truth[path] - 1)
        staff = {name: group.count for name, group in fitted.scenario.staff.items()}
        officers += staff == {name: group.count for name, group in scenario.staff.items()}
        print(f"{number + 1} of {cities}", file=sys.stderr)
    every = [holds for path in inside for holds in inside[path]]
    for path, holds in inside.items():
        middle = sorted(error[path])[len(error[path]) // 2]
        print(f"{path:55} {sum(holds):3} of {len(holds):3}  median error {middle:+.1%}")
    print(f"{'all':55} {sum(every):3} of {len(every):3}  {sum(every) / len(every):.1%}")
    print(
        f"officers found again in {officers:.0f} of {cities} cities; {seconds / cities:.1f} s a fit"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
