"""How many lines of mixed logs a second `cutover diagnose --offline -` reads.

    CUTOVER=./cutover python3 bench/diagnose.py [LINES]

One line in ten holds a message of a user; the others are what logs hold besides. The aim is 10,000 lines a second at least.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time

LINES = 1_000_000
AIM = 10_000
MESSAGES = (
    "We had trouble signing in to this account. Confirm that you\u2019re using the correct user name and password.",
    "A recipient wasn't found for {user} on the target. Create a recipient of the appropriate type for this migration on the target and try again.",
    "This mailbox is full. Please free up some space so that email can be downloaded.",
    "The connection to the server 'imap.contoso.com' could not be completed. ---> TLS negotiation failed.",
    "Imap server reported an error during LOGIN indicating that authentication failed: 'Invalid credentials (Failure)'.",
)
OTHERS = (
    "2026-11-22T01:00:{n:02} INFO  [MigrationService] Syncing {user}, 1200 of 4711 items, folder \"Inbox/Projects & more\"",
    "{user},Syncing,1200,0,\"\",\"2026-11-22 01:00\"",
    "imap-login: Info: Login: user=<{user}>, method=PLAIN, rip=40.92.0.17, lip=192.0.2.1, mpid={n}, TLS, session=<abc>",
    "   at Microsoft.Exchange.Connections.Imap.ImapConnection.Connect(String server, Int32 port)",
)


def lines(count: int) -> bytes:
    source = random.Random(1)
    rows = []
    for n in range(count):
        user = f"user{source.randrange(50_000):05}@contoso.com"
        if source.random() < 0.1:
            rows.append(f"{user},Failed,\"{source.choice(MESSAGES).format(user=user)}\"")
        else:
            rows.append(source.choice(OTHERS).format(user=user, n=n % 60))
    return "\n".join(rows).encode()


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    text = lines(min(count, 400_000))  # the reader takes 64 MiB
    count = text.count(b"\n") + 1
    started = time.monotonic()
    run = subprocess.run([os.environ.get("CUTOVER", "./cutover"), "diagnose", "--offline", "-", "-q"], input=text, stdout=subprocess.PIPE, check=False)
    seconds = time.monotonic() - started
    rate = count / seconds
    print(f"{count} lines, {len(text) / 1e6:.1f} MB in {seconds:.2f} s: {rate:,.0f} lines a second (exit {run.returncode})")
    return 0 if rate >= AIM else 1


if __name__ == "__main__":
    sys.exit(main())
