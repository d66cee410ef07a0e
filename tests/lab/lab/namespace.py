"""A private user, network and process namespace: only loopback, no route out, everything started inside dies with it.

Root is not needed. Inside, the caller is "nobody" with all capabilities over the namespace and none over the machine, so
daemons may take real ports without being root, and behave the same for every caller.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from .missing import Missing, program

INSIDE = "CUTOVER_LAB_INSIDE"
NOBODY = "65534"

# Documentation prefixes (RFC 5737, RFC 3849): no packet for them could leave even by mistake.
PREFIXES = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")


def _unshare() -> list[str]:
    return [program("unshare"), "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--keep-caps", "--net", "--mount",
            "--pid", "--fork", "--mount-proc", "--kill-child"]


def is_inside() -> bool:
    return os.environ.get(INSIDE) == "1"


def enter() -> None:
    """Runs this same Python program again inside a new namespace; returns only there, with loopback up."""
    if not is_inside():
        trial = subprocess.run([*_unshare(), "true"], capture_output=True, text=True, check=False)
        if trial.returncode != 0:
            raise Missing("no private namespace can be made here: " + (trial.stderr.strip() or "unshare failed"))
        environment = {**os.environ, INSIDE: "1"}
        sys.stdout.flush()
        sys.stderr.flush()
        os.execve(program("unshare"), [*_unshare(), sys.executable, "-B", *sys.argv], environment)
    for setting, value in (("ipv4/ip_unprivileged_port_start", "0"), ("ipv6/ip_nonlocal_bind", "1")):
        Path("/proc/sys/net", setting).write_text(value, encoding="ascii")
    _ip("link set lo up\n")


# Where clients come from: a server must not take them for itself (Dovecot trusts a peer at its own address).
CLIENT, CLIENT6 = "192.0.2.1", "2001:db8::1"


def add_addresses(addresses: Iterable[str]) -> None:
    """Makes addresses of either family local, at once usable; who connects to them comes from CLIENT or CLIENT6."""
    lines = [f"addr add {CLIENT}/32 dev lo", f"addr add {CLIENT6}/128 dev lo nodad"]
    for address in sorted(set(addresses)):
        bits, source = (128, CLIENT6) if ":" in address else (32, CLIENT)
        lines.append(f"route add local {address}/{bits} dev lo table local src {source}")
    _ip("\n".join(lines) + "\n")


def use_resolver(address: str, folder: Path) -> None:
    """Makes `address` the system's resolver, inside this namespace only."""
    file = folder / "resolv.conf"
    file.write_text(f"nameserver {address}\n", encoding="ascii")
    subprocess.run([program("mount"), "--bind", str(file), os.path.realpath("/etc/resolv.conf")], check=True)


def _ip(batch: str) -> None:
    subprocess.run([program("ip"), "-batch", "-"], input=batch, text=True, check=True)


def unprivileged(argv: list[str]) -> list[str]:
    """The command without any capability over the namespace: as an ordinary user would run it."""
    return [program("setpriv"), "--ambient-caps=-all", "--inh-caps=-all", "--", *argv]
