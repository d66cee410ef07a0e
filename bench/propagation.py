"""200 resolvers asked for one MX set: `cutover propagation` beside a shell loop of dig, dig under xargs -P, and kdig on the same list.

    CUTOVER=./cutover python3 bench/propagation.py [RESOLVERS]

Everything stands in one private namespace: one Unbound at as many addresses, a round trip of nothing. Prints the median seconds of
each, and how many times faster cutover is. The aim is 20 times the speed of the shell loop. kdig is left out where it is missing.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TOP / "tests" / "lab")]

from lab import dnswire, missing, namespace, program  # noqa: E402
from lab.unbound import Resolver  # noqa: E402
from lab.world import RESOLVER, World  # noqa: E402
from lab.zones import Domain  # noqa: E402

DOMAIN, TYPE_MX, REPEAT = "bench.test", 15, 3


def main() -> int:
    try:
        namespace.enter()
    except missing.Missing as reason:
        print(f"bench/propagation.py: {reason}", file=sys.stderr)
        return 3
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    addresses = tuple(f"203.0.113.{number + 1}" for number in range(min(count, 250)))
    with tempfile.TemporaryDirectory(prefix="cutover-bench-") as folder:
        os.chmod(folder, 0o755)
        world = World(Path(folder))
        world.domain(Domain(DOMAIN))
        world.resolver(Resolver("many", addresses, "198.51.100.10"))
        world.start()
        dnswire.ask_udp(addresses[0], dnswire.query(DOMAIN, TYPE_MX), 3.0)
        measure(addresses, Path(folder))
    sys.stdout.flush()
    os._exit(0)


def shell(words: str) -> Callable[[], int]:
    return lambda: subprocess.run(["/bin/sh", "-c", words], stdout=subprocess.DEVNULL, check=False).returncode


def measure(addresses: tuple[str, ...], folder: Path) -> None:
    listed = folder / "list"
    listed.write_text("\n".join(addresses) + "\n")
    named = folder / "named"
    named.write_text("".join(f"{address} r{number}\n" for number, address in enumerate(addresses)))
    arguments = ["propagation", DOMAIN, "-r", RESOLVER, "--resolvers", str(named), "--samples", "1", "-q"]
    question = f"+norecurse +short +tries=1 {DOMAIN} MX"
    ways: dict[str, Callable[[], int]] = {
        "cutover propagation": lambda: program.run(arguments).status,
        "shell loop of dig": shell(f"while read -r a; do dig @$a {question}; done <{listed}"),
        "dig under xargs -P 50": shell(f"xargs -P 50 -I A dig @A {question} <{listed}"),
    }
    if shutil.which("kdig"):
        ways["shell loop of kdig"] = shell(f"while read -r a; do kdig @$a +norec +short {DOMAIN} MX; done <{listed}")
    took: dict[str, float] = {}
    for name, way in ways.items():
        took[name] = statistics.median(timed(way) for _ in range(REPEAT))
    print(f"{len(addresses)} resolvers\n{'':24} {'s':>8} {'times':>7}")
    for name, seconds in took.items():
        print(f"{name:24} {seconds:8.3f} {seconds / took['cutover propagation']:7.1f}")


def timed(way: Callable[[], int]) -> float:
    started = time.monotonic()
    way()
    return time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main())
