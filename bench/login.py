"""How fast rows are signed in with: `cutover login` against real Dovecot, beside curl once a row in a shell loop.

    CUTOVER=./cutover python3 bench/login.py          1,000 rows at 20 at once; at least five times the loop
    CUTOVER=./cutover python3 bench/login.py 50000    the largest file; less than 64 MiB

imapsync, which others use for this, is not in Debian 12; it starts Perl and loads its modules once a row, which curl does not.
The loop runs before and behind, so that other work on the machine counts for both.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TOP / "tests" / "lab")]

from lab import missing, namespace, program  # noqa: E402
from lab.certs import Leaf  # noqa: E402
from lab.cases import PEAK_KIB  # noqa: E402
from lab.world import RESOLVER, World  # noqa: E402

HOST = "bench.hosts.test"
LOOP_ROWS = 100  # of curl, which is slow; before and behind
TIMES = 5
_LOOP = """while IFS=, read -r address user password; do
  curl -s --cacert "$ROOT" --resolve "$HOST:993:$ADDRESS" -u "$user:$password" -X 'EXAMINE INBOX' "imaps://$HOST/" >/dev/null || exit 1
done"""


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    try:
        namespace.enter()
        missing.program("curl")
    except missing.Missing as reason:
        print(f"bench/login.py: {reason}", file=sys.stderr)
        return 3
    program.HANG_SECONDS = 1800.0
    with tempfile.TemporaryDirectory(prefix="cutover-bench-") as folder:
        is_good = measure(Path(folder), count)
    sys.stdout.flush()
    os._exit(0 if is_good else 1)


def measure(folder: Path, count: int) -> bool:
    world = World(folder)
    address = world.dovecot(HOST, Leaf(HOST, key="ec"), settings={"mail_max_userip_connections": "100"})
    world.start()
    environment = {**os.environ, "ROOT": str(world.authority.root), "HOST": HOST, "ADDRESS": address}
    rows = [f"user{1 + n % 100:04}@contoso.com,user{1 + n % 100:04},pass{1 + n % 100:04}\n" for n in range(count)]
    file = folder / "users.csv"
    file.write_text("EmailAddress,UserName,Password\n" + "".join(rows))
    took = loop(environment, rows)
    done = program.run(["login", str(file), "--imap", HOST, "-j", "20", "--rate", "1000", "-r", RESOLVER, "--ca-file",
                        str(world.authority.root), "--assume-public", "192.0.2.0/24", "--record", str(folder / "run.jsonl"), "-q"])
    took += loop(environment, rows)
    ours, theirs = count / done.seconds, 2 * LOOP_ROWS / took
    print(f"cutover: {count} rows in {done.seconds:.2f} s, {ours:.0f} a second, {done.peak_kib} KiB (limit {PEAK_KIB}), exit {done.status}")
    print(f"curl:    {2 * LOOP_ROWS} rows in {took:.2f} s, {theirs:.0f} a second")
    print(f"cutover is {ours / theirs:.1f} times as fast (aim {TIMES})")
    return done.status == 0 and ours >= TIMES * theirs and done.peak_kib < PEAK_KIB


def loop(environment: dict[str, str], rows: list[str]) -> float:
    """Seconds of LOOP_ROWS rows."""
    began = time.monotonic()
    subprocess.run([missing.program("sh"), "-c", _LOOP], input="".join(rows[:LOOP_ROWS]), text=True, env=environment, check=True)
    return time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main())
