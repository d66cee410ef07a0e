"""How fast rows are signed in with: `cutover login` against real Dovecot, beside curl once a row in a shell loop.

    CUTOVER=./cutover python3 bench/login.py [ROWS]

The aim for 1,000 rows at 20 at once: as fast as the server allows, at least five times the loop.
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
from lab.world import RESOLVER, World  # noqa: E402

HOST = "bench.hosts.test"
LOOP_ROWS = 100  # of curl, which is slow


def main() -> int:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    try:
        namespace.enter()
        curl = missing.program("curl")
    except missing.Missing as reason:
        print(f"bench/login.py: {reason}", file=sys.stderr)
        return 3
    with tempfile.TemporaryDirectory(prefix="cutover-bench-") as folder:
        world = World(Path(folder))
        address = world.dovecot(HOST, settings={"mail_max_userip_connections": "100"})
        world.start()
        file = Path(folder) / "users.csv"
        numbers = [1 + n % 100 for n in range(rows)]
        file.write_text("EmailAddress,UserName,Password\n" + "".join(f"user{n:04}@contoso.com,user{n:04},pass{n:04}\n" for n in numbers))
        done = program.run(["login", str(file), "--imap", HOST, "-j", "20", "--rate", "200", "-r", RESOLVER, "--ca-file",
                            str(world.authority.root), "--assume-public", "192.0.2.0/24", "-q"])
        print(f"cutover: {rows} rows in {done.seconds:.2f} s, {rows / done.seconds:.0f} a second, {done.peak_kib} KiB, exit {done.status}")
        began = time.monotonic()
        for n in numbers[:LOOP_ROWS]:
            subprocess.run([curl, "-s", "--cacert", str(world.authority.root), "--resolve", f"{HOST}:993:{address}", "-u",
                            f"user{n:04}:pass{n:04}", "-X", "EXAMINE INBOX", f"imaps://{HOST}/"], stdout=subprocess.DEVNULL, check=True)
        took = time.monotonic() - began
        print(f"curl:    {LOOP_ROWS} rows in {took:.2f} s, {LOOP_ROWS / took:.0f} a second; cutover is "
              f"{rows / done.seconds / (LOOP_ROWS / took):.1f} times as fast")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
