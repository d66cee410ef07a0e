"""How many round trips one `cutover before` takes: real servers behind a link with delay.

    CUTOVER=./cutover python3 bench/before.py [COMMAND...]     (in the build folder, after `make bench/link`)

Prints, for each round trip R, the time of the run and (time - time without delay) / R. The aim is about 8 when nothing times out.
"""

from __future__ import annotations

import functools
import statistics
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TOP / "tests" / "lab"), str(TOP / "bench")]

from lab import missing, namespace, program  # noqa: E402
from lab.migrations import describe  # noqa: E402
from lab.world import RESOLVER, World  # noqa: E402
from link import Link, require  # noqa: E402

ROUND_TRIPS_MS = (50, 100, 200)
REPEAT = 3
COMMAND = "before fabrikam.com --imap imap.fabrikam.com"


def main() -> int:
    try:
        namespace.enter()
        require()
    except missing.Missing as reason:
        print(f"bench/before.py: {reason}", file=sys.stderr)
        return 3
    with tempfile.TemporaryDirectory(prefix="cutover-bench-") as folder:
        world = World(Path(folder))
        describe(world)
        world.start()
        words = sys.argv[1:] or COMMAND.split()
        public = [word for prefix in namespace.PREFIXES for word in ("--assume-public", prefix)]
        measure(Link(), [*words, "-r", RESOLVER, "--ca-file", str(world.authority.root), *public, "-q"])
    return 0


def measure(link: Link, arguments: list[str]) -> None:
    print(f"cutover {' '.join(arguments[:4])} ...\n{'R ms':>6} {'s':>7} {'/R':>6} {'packets':>8}")
    base, packets = timed(link, arguments, 0)
    print(f"{0:6d} {base:7.3f} {'-':>6} {packets:8d}")
    for round_trip in ROUND_TRIPS_MS:
        seconds, packets = timed(link, arguments, round_trip)
        print(f"{round_trip:6d} {seconds:7.3f} {(seconds - base) / round_trip * 1000:6.1f} {packets:8d}", flush=True)


def timed(link: Link, arguments: list[str], round_trip_ms: int) -> tuple[float, int]:
    """Median seconds and packets of some runs; the first warms the resolver's cache and is not counted."""
    call = functools.partial(program.run, arguments)
    link.set_round_trip(round_trip_ms / 1000)
    link.run(call)
    link.set_round_trip(round_trip_ms / 1000)
    runs = [link.run(call) for _ in range(REPEAT)]
    packets = link.set_round_trip(0)
    if any(run.status not in (0, 1, 2) for run in runs):
        print(runs[0].stderr.decode(errors="replace"), file=sys.stderr)
    return statistics.median(run.seconds for run in runs), packets // REPEAT


if __name__ == "__main__":
    sys.exit(main())
