"""Firewalls as seen by a client: rules on loopback for single addresses and ports."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from dataclasses import dataclass

from .missing import program

# What happens to a packet, in nft's words.
DROP = "drop"
RESET = "reject with tcp reset"
PORT_UNREACHABLE = "reject with icmpx port-unreachable"
HOST_UNREACHABLE = "reject with icmpx host-unreachable"
ADMIN_PROHIBITED = "reject with icmpx admin-prohibited"


@dataclass(frozen=True)
class Rule:
    """One closed door. `port` 0 is every port; `transport` is tcp or udp."""

    address: str
    port: int
    verdict: str
    transport: str = "tcp"

    def text(self) -> str:
        family = "ip6" if ":" in self.address else "ip"
        port = f"{self.transport} dport {self.port}" if self.port else f"meta l4proto {self.transport}"
        return f"{family} daddr {self.address} {port} {self.verdict}"


def close(rules: Iterable[Rule]) -> None:
    """Adds the rules to the namespace's firewall."""
    body = "\n".join(rule.text() for rule in rules)
    ruleset = f"table inet lab {{\nchain doors {{\ntype filter hook input priority 0\n{body}\n}}\n}}\n"
    subprocess.run([program("nft"), "-f", "-"], input=ruleset, text=True, check=True)
