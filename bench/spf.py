"""How fast SPF records are evaluated: our evaluator beside libspf2's and pyspf, on the same domains of the lab's NSD, through one resolver.

    SPF_RATE=./bench/spf_rate python3 bench/spf.py [EVALUATIONS]

Each side is one process that reads one file of addresses and senders (`spfquery -file`, package spfquery; the module of package
python3-spf; for us bench/spf_rate, which is the evaluator and the DNS client of the program and nothing else), asks one warm Unbound,
and prints a result a line; results must agree. The peers ask one question after the other and we many at once, so the distance to the
resolver decides: it is measured at several round trips. The aim is ten times the rate; where there is no way to the resolver at all,
libspf2, which is C as we are, comes nearest.
"""

from __future__ import annotations

import functools
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TOP / "tests" / "lab"), str(TOP / "bench")]

from lab import missing, namespace  # noqa: E402
from lab.world import RESOLVER, World  # noqa: E402
from lab.zones import Domain  # noqa: E402
from link import Link, require  # noqa: E402

ROUND_TRIPS_MS = (0, 1, 5, 20)
ZONE = "many.test"
# One address for each way to end: mx, a, the group's include, Microsoft's include, an address of nobody.
TERMS = "v=spf1 mx a:web.{name} include:_spf{group}.{zone} include:spf.protection.outlook.com exists:%{{ir}}.listed.{zone} {end}all"
DEBIANS_PYTHON = "/usr/bin/python3"
PYSPF = """import spf, sys
for line in open(sys.argv[1]):
    address, sender = line.split()
    print(spf.check2(address, sender, sender.split("@")[1])[0])
"""
ADDRESSES = ("192.0.2.10", "192.0.2.20", "198.18.{group}.1", "203.0.113.7", "198.19.0.1")


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    try:
        namespace.enter()
        spfquery = missing.program("spfquery")
        if subprocess.run([DEBIANS_PYTHON, "-c", "import spf"], capture_output=True, check=False).returncode != 0:
            raise missing.Missing("the module spf is not there (apt-get install python3-spf)")
        require()
    except missing.Missing as reason:
        print(f"bench/spf.py: {reason}", file=sys.stderr)
        return 3
    with tempfile.TemporaryDirectory(prefix="cutover-bench-") as folder:
        world = World(Path(folder))
        world.domain(Domain(ZONE, more=records(count)))
        world.start()
        namespace.use_resolver(RESOLVER, Path(folder))
        file = Path(folder) / "queries"
        file.write_text("".join(query(n) for n in range(count)))
        peers = {"libspf2": [spfquery, "-file", str(file)], "pyspf": [DEBIANS_PYTHON, "-c", PYSPF, str(file)]}
        status = measure(Link(), [os.environ.get("SPF_RATE", "bench/spf_rate"), RESOLVER, str(file)], peers, count)
    sys.stdout.flush()
    return status


def records(count: int) -> str:
    lines = [f'_spf{group} TXT "v=spf1 ip4:198.18.{group}.0/24 -all"' for group in range(10)]
    for n in range(count):
        name = f"d{n}.{ZONE}"
        text = TERMS.format(name=name, group=n % 10, zone=ZONE, end="-~?"[n % 3])
        lines += [f'd{n} TXT "{text}"', f"d{n} MX 10 mail.d{n}", f"mail.d{n} A 192.0.2.10", f"web.d{n} A 192.0.2.20"]
    return "\n".join(lines)


def query(n: int) -> str:
    return f"{ADDRESSES[n % len(ADDRESSES)].format(group=n % 10)} someone@d{n}.{ZONE}\n"


def measure(link: Link, ours: list[str], peers: dict[str, list[str]], count: int) -> int:
    for argv in (ours, *peers.values()):
        run(link, argv)  # warms the resolver's cache
    is_good = True
    print(f"{count} evaluations\n{'R ms':>6} {'cutover /s':>11}" + "".join(f" {name + ' /s':>11} {'times':>7}" for name in peers))
    for round_trip in ROUND_TRIPS_MS:
        link.set_round_trip(round_trip / 1000)
        our_text, our_seconds = run(link, ours)
        our_results = [line.split()[-1] for line in our_text.splitlines()]
        print(f"{round_trip:6d} {count / our_seconds:11.0f}", end="")
        for name, argv in peers.items():
            text, seconds = run(link, argv)
            results = re.findall(r"^(none|neutral|pass|fail|softfail|temperror|permerror)$", text, re.MULTILINE)
            is_good = is_good and len(our_results) == count and our_results == results
            print(f" {count / seconds:11.0f} {seconds / our_seconds:7.1f}", end="" if is_good else f" other results: {dict(Counter(results))}")
        print(flush=True)
    print(f"results {dict(Counter(our_results))}: {'the same from all' if is_good else 'not the same from all'}")
    return 0 if is_good else 1


def run(link: Link, argv: list[str]) -> tuple[str, float]:
    call = functools.partial(subprocess.run, argv, capture_output=True, text=True, check=False, timeout=600)
    began = time.monotonic()
    done = link.run(call)
    return done.stdout, time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main())
