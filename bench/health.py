"""How soon an operator hears of a fault, and how often for nothing: months of forty simulated sites (bench.month).

Every fault must be noticed, called what it is, and found over; no site may be called anything that it is not.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import timedelta
from multiprocessing import get_context
from os import cpu_count
from statistics import median

from bench.figures import Figure, Outcome, Sheet, finish, options
from bench.month import Change, Told, account, catalogue, live
from news.health import HealthState

# The seeds are not those of the tests, on which the thresholds were tried.
SEEDS, QUICK_SEEDS = tuple(range(101, 113)), (101,)
_LOOK = timedelta(minutes=5)
_HOUR = timedelta(hours=1)
# A site that is called what it is not, once a month in a catalogue of forty, is what an operator puts up with.
_WRONG = 1.0


def run(seed: int) -> tuple[list[Told], list[Change]]:
    """A month: what was seen of its faults, and the changes that stand for none."""
    told, wrong = list[Told](), list[Change]()
    for portal in catalogue(seed):
        seen, left = account(portal, list(live(portal, look=_LOOK)))
        told, wrong = told + seen, wrong + left
    return told, wrong


def outcome(months: Sequence[tuple[list[Told], list[Change]]]) -> Outcome:
    told = [one for seen, _ in months for one in seen]
    wrong = [change for _, left in months for change in left]
    kinds = {one.fault.kind: [other for other in told if other.fault.kind == one.fault.kind] for one in told}
    missed = sum(one.noticed is None or one.over is None for one in told)
    broken = sum(change.after is HealthState.BROKEN for change in wrong)
    figures = (
        Figure("faults that were not noticed, or not found over", missed, "", "0", not missed, f"of {len(told)}"),
        Figure("sites called broken that were not", broken, "", "0", not broken),
        Figure(
            "changes that stand for no fault", len(wrong) / len(months), "a month", f"<= {_WRONG:g}",
            len(wrong) / len(months) <= _WRONG, "; ".join(f"{c.site} {c.after}" for c in wrong[:5]),
        ),
        *(_delay(kind, [one.noticed for one in seen if one.noticed is not None]) for kind, seen in kinds.items()),
    )  # fmt: skip
    return Outcome(figures, (_sheet(kinds),))


def _delay(kind: str, delays: Sequence[timedelta]) -> Figure:
    return Figure(
        f"{kind}: from the fault to the change of state, median", median(delay / _HOUR for delay in delays), "h"
    )


def _sheet(kinds: dict[str, list[Told]]) -> Sheet:
    rows = []
    for kind, told in sorted(kinds.items()):
        delays = sorted(one.noticed / _HOUR for one in told if one.noticed is not None)
        ends = sorted(one.over / _HOUR for one in told if one.over is not None)
        figures = (delays[0], median(delays), delays[-1], median(ends), ends[-1])
        rows.append((kind, str(told[0].fault.state), str(len(told)), *(f"{hours:.1f}" for hours in figures)))
    header = ("fault", "state", "faults", "noticed, h", "median", "latest", "over, median h", "latest")
    return Sheet("Hours from the beginning of a fault to its state, and from its end to healthy", header, tuple(rows))


def main() -> int:
    given = options("health").parse_args()
    with get_context("spawn").Pool(cpu_count()) as pool:
        months = pool.map(run, QUICK_SEEDS if given.quick else SEEDS, chunksize=1)
    return finish("health", outcome(months), given.json)


if __name__ == "__main__":
    sys.exit(main())
