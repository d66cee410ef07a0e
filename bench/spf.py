"""How fast SPF records are evaluated: our evaluator beside libspf2's, on the same domains of the lab's NSD, through the same resolver.

    SPF_RATE=./bench/spf_rate python3 bench/spf.py [EVALUATIONS]

Each side is one process that reads one file of addresses and senders (`spfquery -file`, package spfquery; for us bench/spf_rate, which
is the evaluator and the DNS client of the program and nothing else), asks one warm Unbound, and prints a result a line; results must
agree. libspf2 asks one question after the other and we many at once, so the distance to the resolver decides: it is measured at several
round trips. The aim is ten times the rate; a resolver on the same machine, with no way to it at all, is the case where least is won.
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
from link import Link  # noqa: E402

ROUND_TRIPS_MS = (0, 1, 5, 20)
ZONE = "many.test"
# One address for each way to end: mx, a, the group's include, Microsoft's include, an address of nobody.
TERMS = "v=spf1 mx a:web.{name} include:_spf{group}.{zone} include:spf.protection.outlook.com exists:%{{ir}}.listed.{zone} {end}all"
ADDRESSES = ("192.0.2.10", "192.0.2.20", "198.18.{group}.1", "203.0.113.7", "198.19.0.1")


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    try:
        namespace.enter()
        spfquery = missing.program("spfquery")
        if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
            raise missing.Missing("/dev/net/tun cannot be opened (run this as root)")
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
        ours, theirs = [os.environ.get("SPF_RATE", "bench/spf_rate"), RESOLVER, str(file)], [spfquery, "-file", str(file)]
        status = measure(Link(), ours, theirs, count)
    sys.stdout.flush()
    os._exit(status)  # the link's thread has nothing left to carry


def records(count: int) -> str:
    lines = [f'_spf{group} TXT "v=spf1 ip4:198.18.{group}.0/24 -all"' for group in range(10)]
    for n in range(count):
        name = f"d{n}.{ZONE}"
        text = TERMS.format(name=name, group=n % 10, zone=ZONE, end="-~?"[n % 3])
        lines += [f'd{n} TXT "{text}"', f"d{n} MX 10 mail.d{n}", f"mail.d{n} A 192.0.2.10", f"web.d{n} A 192.0.2.20"]
    return "\n".join(lines)


def query(n: int) -> str:
    return f"{ADDRESSES[n % len(ADDRESSES)].format(group=n % 10)} someone@d{n}.{ZONE}\n"


def measure(link: Link, ours: list[str], theirs: list[str], count: int) -> int:
    for argv in (ours, theirs):
        run(link, argv)  # warms the resolver's cache
    is_good = True
    print(f"{count} evaluations\n{'R ms':>6} {'cutover /s':>11} {'libspf2 /s':>11} {'times':>7}")
    for round_trip in ROUND_TRIPS_MS:
        link.round_trip_s = round_trip / 1000
        (our_text, our_seconds), (their_text, their_seconds) = run(link, ours), run(link, theirs)
        our_results = [line.split()[-1] for line in our_text.splitlines()]
        their_results = re.findall(r"^(none|neutral|pass|fail|softfail|temperror|permerror)$", their_text, re.MULTILINE)
        is_good = is_good and len(our_results) == count and our_results == their_results
        print(f"{round_trip:6d} {count / our_seconds:11.0f} {count / their_seconds:11.0f} {their_seconds / our_seconds:7.1f}", flush=True)
    print(f"results {dict(Counter(our_results))}: {'the same from both' if is_good else f'libspf2 says {dict(Counter(their_results))}'}")
    return 0 if is_good else 1


def run(link: Link, argv: list[str]) -> tuple[str, float]:
    call = functools.partial(subprocess.run, argv, capture_output=True, text=True, check=False, timeout=600)
    began = time.monotonic()
    done = link.run(call)
    return done.stdout, time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main())
