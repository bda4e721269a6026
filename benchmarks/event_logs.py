"""Networks of steps against published simulators, on two event logs and their published split.

    python -m benchmarks.event_logs FOLDER

FOLDER holds `loanapp/train.csv.gz` and `test.csv.gz` (github.com/lukaskirchdorfer/AgentSimulator)
and `credentials/ConsultaDataMining201618.csv.gz` (pix-framework); what is not there is passed over.
The logs are not part of the project. All that is chosen is chosen on the training part; ten logs
are simulated, with as many cases as the test part and from its first arrival on. The published
figures are means of ten logs by the same distances (Loan, AgentSimulator: from its own ten logs).
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from sim.logs.choice import against, choose
from sim.logs.distances import NAMES, summary
from sim.logs.event_log import EventLog, log_of, part_before_and_after
from sim.records.opened import register_from

LOGS = 10
MORE_LOGS = 100
MARKS = ("Start", "End")
"""Events of the ACR log that are no activities."""
PUBLISHED = {
    "Loan": {
        "Simod": (0.150, 13.551, 0.402, 9.228, 20.425),
        "DGEN": (0.219, 212.278, 13.403, 5.262, 9.385),
        "AgentSimulator": (0.069, 2.971, 0.221, 1.381, 1.595),
    },
    "ACR": {
        "Simod": (0.239, 287.279, 2.602, 32.461, 93.512),
        "DGEN": (0.314, 559.675, 17.840, 30.875, 95.113),
        "DSIM": (0.260, 273.468, 4.644, 15.621, 48.246),
        "RIMS": (0.259, 241.947, 3.068, 18.549, 41.577),
        "AgentSimulator": (0.362, 328.714, 7.609, 22.911, 62.482),
    },
}
"""Log → method → NGD, AEDD, CEDD, REDD, CTDD."""


def main(folder: Path) -> None:
    """Print a table for each log that is there."""
    for name, before, after in parts(folder):
        began = time.process_time()
        choice = choose(before, name)
        chosen_s = time.process_time() - began
        began = time.process_time()
        rows = against(choice.network, after, MORE_LOGS)
        each_s = (time.process_time() - began) / MORE_LOGS
        print(f"\n{name}: fitted to {len(before.cases)} cases, held against {len(after.cases)}")
        print(
            f"delays: {choice.delay or 'none'}; cases used: {choice.network.origin.used} "
            f"({choice.share:.0%}); {chosen_s:.1f} s to fit and choose, {each_s:.3f} s a log"
        )
        print(table(name, rows).to_string(index=False))


def table(name: str, rows: list[dict[str, float]]) -> pd.DataFrame:
    """Return a row for each distance: ours and the best published one."""
    ours, more = summary(rows[:LOGS]), summary(rows)
    methods = PUBLISHED[name]
    found = []
    for place, distance in enumerate(NAMES):
        best = min(methods, key=lambda method: methods[method][place])
        mean, spread = ours[distance]
        found.append(
            {
                "distance": distance,
                f"mean of {LOGS}": f"{mean:.3f}",
                "sd": f"{spread:.3f}",
                f"mean of {MORE_LOGS}": f"{more[distance][0]:.3f}",
                "best published": f"{methods[best][place]:.3f}",
                "by": best,
                "smaller": "yes" if mean < methods[best][place] else "NO",
            }
        )
    return pd.DataFrame(found)


def parts(folder: Path) -> Iterator[tuple[str, EventLog, EventLog]]:
    """Yield name, training part and test part of each log in a folder."""
    loan = folder / "loanapp"
    if (loan / "train.csv.gz").is_file() and (loan / "test.csv.gz").is_file():
        before, after = (
            log_of(register_from([loan / f"{part}.csv.gz"])) for part in ("train", "test")
        )
        yield "Loan", before, after
    credentials = folder / "credentials" / "ConsultaDataMining201618.csv.gz"
    if credentials.is_file():
        yield "ACR", *part_before_and_after(without_marks(credentials), 0.2)


def without_marks(file: Path) -> EventLog:
    """Return the log without its marks of begin and end."""
    rows = pd.read_csv(file, dtype=str, keep_default_na=False)
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "activities.csv"
        rows[~np.isin(rows["concept:name"], MARKS)].to_csv(kept, index=False)
        return log_of(register_from([kept]))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
