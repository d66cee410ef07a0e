"""A TLS server that staples an OCSP response, which Dovecot cannot: openssl s_server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .certs import Pair
from .daemon import Daemon, tcp_opens
from .missing import program


@dataclass(frozen=True)
class Stapler:
    """On port 993; after the handshake it waits for an HTTP request."""

    address: str
    pair: Pair
    response: Path

    def start(self, base: Path) -> Daemon:
        argv = [program("openssl"), "s_server", "-accept", f"{self.address}:993", "-cert", str(self.pair.chain), "-cert_chain",
                str(self.pair.chain), "-key", str(self.pair.key), "-status_file", str(self.response), "-www"]
        return Daemon(f"s_server {self.address}", argv, base / f"s_server-{self.address}.log")

    def wait(self, daemon: Daemon) -> None:
        daemon.wait_until(lambda: tcp_opens(self.address, 993))
