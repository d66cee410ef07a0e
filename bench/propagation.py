"""200 resolvers asked for one MX set: `cutover propagation` beside shell loops of dig and kdig and both under xargs -P.

    CUTOVER=./cutover python3 bench/propagation.py [RESOLVERS]     (in the build folder, after `make bench/link`)

Put `chrt -r 1` before it on a machine that does other work, or it is the scheduler that is measured.

Everything stands in private namespaces; the clients sit behind a link with delay. Prints, for some round trips, the median seconds
of each way and how many times as long as cutover it took (the aim is 20 times for the shell loop of dig); then how long the burst
itself lasted, against one round trip, or one DNS time-out when ten of the resolvers are dead (the aim is 10 % more); then
what a list of 30,000 needs, all alive and all dead (the aim is 64 MiB).
"""

from __future__ import annotations

import functools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TOP / "tests" / "lab"), str(TOP / "bench")]

from lab import dnswire, missing, namespace, program  # noqa: E402
from lab.unbound import Resolver  # noqa: E402
from lab.world import RESOLVER, ROOT, World  # noqa: E402
from lab.zones import Domain  # noqa: E402
from link import Link, require  # noqa: E402

DOMAIN, TYPE_MX, REPEAT = "bench.test", 15, 3
ROUND_TRIPS_MS = (0, 30)
BURST_MS, DEAD, TIMEOUT_S = 300, 10, 2
MOST, MANY = 250, 30000
# One Unbound stands for all of ALIVE; nothing behind DEAF answers.
ALIVE, DEAF = "10.0.0.0/15", "10.64.0.0/15"
# A shell loop over dead servers would last for hours.
HANG_S = 300


def main() -> int:
    try:
        namespace.enter()
        for tool in ("dig", "kdig", "xargs", "nft"):
            missing.program(tool)
        require()
    except missing.Missing as reason:
        print(f"bench/propagation.py: {reason}", file=sys.stderr)
        return 3
    count = min(int(sys.argv[1]), MOST) if len(sys.argv) > 1 else 200
    addresses = tuple(f"203.0.113.{number + 1}" for number in range(count))
    with tempfile.TemporaryDirectory(prefix="cutover-bench-") as folder:
        os.chmod(folder, 0o755)
        world = World(Path(folder))
        world.domain(Domain(DOMAIN))
        world.resolver(Resolver("many", addresses, ROOT))
        world.start()
        dnswire.ask_udp(addresses[0], dnswire.query(DOMAIN, TYPE_MX), 3.0)
        link = Link()
        compare(link, addresses, Path(folder))
        burst(link, addresses, Path(folder))
        weigh(addresses[0], Path(folder))
    return 0


def arguments(listed: Path, *more: str) -> list[str]:
    return ["propagation", DOMAIN, "-r", RESOLVER, "--resolvers", str(listed), *more]


def write_list(file: Path, addresses: list[str]) -> Path:
    file.write_text("".join(f"{address} r{number}\n" for number, address in enumerate(addresses)))
    file.chmod(0o644)
    return file


def shell(words: str, lines: int) -> None:
    """Every resolver must have answered: a way that fails is no measure."""
    done = subprocess.run(["/bin/sh", "-c", words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False, timeout=HANG_S)
    if done.stdout.count(f"mail.{DOMAIN}".encode()) != lines:
        raise SystemExit(f"{words}: {done.stdout.count(b'mail.')} answers of {lines}")


def cutover(listed: Path, alive: int, *more: str) -> list[dict[str, Any]]:
    """What it saw in the caches."""
    run = program.run(arguments(listed, "--json", *more))
    seen = [one for one in run.report()["observations"] if one["probe"] == "cache"]
    answered = sum(one["outcome"] == "ok" for one in seen)
    if answered != alive:
        raise SystemExit(f"{run.words()}: {answered} answers of {alive}\n{run.stderr.decode()}")
    return seen


def compare(link: Link, addresses: tuple[str, ...], folder: Path) -> None:
    plain = folder / "plain"
    plain.write_text("\n".join(addresses) + "\n")
    named, count = write_list(folder / "named", list(addresses)), len(addresses)
    question = f"+norecurse +short +tries=1 {DOMAIN} MX"
    kquestion = f"+norec +short +retry=0 {DOMAIN} MX"
    ways: dict[str, Callable[[], object]] = {
        "cutover propagation": lambda: cutover(named, count, "--samples", "1"),
        "shell loop of dig": lambda: shell(f"while read -r a; do dig @$a {question}; done <{plain}", count),
        "dig under xargs -P 50": lambda: shell(f"xargs -P 50 -I A dig @A {question} <{plain}", count),
        "shell loop of kdig": lambda: shell(f"while read -r a; do kdig @$a {kquestion}; done <{plain}", count),
        "kdig under xargs -P 50": lambda: shell(f"xargs -P 50 -I A kdig @A {kquestion} <{plain}", count),
    }
    for round_trip_ms in ROUND_TRIPS_MS:
        link.set_round_trip(round_trip_ms / 1000)
        took = {name: statistics.median(timed(link, way) for _ in range(REPEAT)) for name, way in ways.items()}
        print(f"{count} resolvers, round trip {round_trip_ms} ms\n{'':24} {'s':>8} {'times':>7}")
        for name, seconds in took.items():
            print(f"{name:24} {seconds:8.3f} {seconds / took['cutover propagation']:7.1f}", flush=True)


def timed(link: Link, way: Callable[[], object]) -> float:
    started = time.monotonic()
    link.run(way)
    return time.monotonic() - started


def burst(link: Link, addresses: tuple[str, ...], folder: Path) -> None:
    """From the first question to the end of the last resolver, by what the program itself has written down."""
    link.set_round_trip(BURST_MS / 1000)
    everyone = write_list(folder / "everyone", list(addresses))
    some = write_list(folder / "some", [*addresses[DEAD:], *(f"203.0.114.{number + 1}" for number in range(DEAD))])
    rows = ((everyone, 0, BURST_MS), (some, DEAD, TIMEOUT_S * 1000))
    for listed, dead, least_ms in rows:
        call = functools.partial(cutover, listed, len(addresses) - dead, "--timeout", f"{TIMEOUT_S}s")
        lasted_ms = statistics.median(span_ms(link.run(call)) for _ in range(REPEAT))
        print(f"burst, {len(addresses)} resolvers, {dead} dead: {lasted_ms:.0f} ms, {lasted_ms / least_ms * 100 - 100:+.1f} % of {least_ms} ms")


def span_ms(seen: list[dict[str, Any]]) -> float:
    starts = [datetime.fromisoformat(one["started"]).timestamp() * 1000 for one in seen]
    return max(start + one["elapsed_ms"] for start, one in zip(starts, seen)) - min(starts)


def weigh(server: str, folder: Path) -> None:
    """On one machine, without the link: the server's addresses are rewritten on the way out."""
    subprocess.run(["ip", "-batch", "-"], input=f"route add local {ALIVE} dev lo\nroute add local {DEAF} dev lo\n", text=True, check=True)
    rules = (f"table ip bench {{\nchain out {{\ntype nat hook output priority -100\nip daddr {ALIVE} udp dport 53 dnat to {server}\n}}\n"
             f"chain in {{\ntype filter hook input priority 0\nip daddr {DEAF} drop\n}}\n}}\n")
    subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True)
    for network, name in ((10 * 256, "alive"), (10 * 256 + 64, "dead")):
        hosts = [f"{(network + (n >> 16)) >> 8}.{(network + (n >> 16)) & 255}.{n >> 8 & 255}.{n & 255}" for n in range(1, MANY + 1)]
        listed = write_list(folder / name, hosts)
        for form in ("text", "json"):
            run = program.run(arguments(listed, "--timeout", "1s", "-o", f"{form}:{folder}/report"))
            print(f"{MANY} resolvers, all {name}, {form}: {run.peak_kib / 1024:.1f} MiB, {run.seconds:.1f} s, exit {run.status}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
