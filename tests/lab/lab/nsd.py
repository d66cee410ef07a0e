"""Authoritative servers: one NSD a server, on its own addresses, port 53."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from .daemon import Daemon
from .dnswire import answers
from .missing import program

_SERVER = """server:
  server-count: 1
{addresses}  username: ""
  zonesdir: "{folder}"
  database: ""
  pidfile: "{folder}/nsd.pid"
  zonelistfile: "{folder}/zones.list"
  xfrdfile: "{folder}/xfrd.state"
  xfrdir: "{folder}"
  rrl-ratelimit: 0
  minimal-responses: yes
{identity}remote-control:
  control-enable: no
"""


@dataclass
class NameServer:
    """A server and what it serves: origin without the last dot ("" is the root) -> zone file. `identity` "": kept to itself."""

    name: str
    addresses: tuple[str, ...]
    zones: dict[str, str] = field(default_factory=dict)
    identity: str = ""

    def start(self, base: Path) -> Daemon:
        """Starts it without waiting; see wait."""
        folder = base / f"nsd-{self.name}"
        folder.mkdir()
        addresses = "".join(f"  ip-address: {address}\n" for address in self.addresses)
        identity = f'  identity: "{self.identity}"\n' if self.identity else "  hide-identity: yes\n"
        config = _SERVER.format(folder=folder, addresses=addresses, identity=identity)
        for origin, text in self.zones.items():
            file = folder / f"{origin or 'root'}.zone"
            file.write_text(text)
            config += f'zone:\n  name: "{origin or "."}"\n  zonefile: "{file}"\n'
        (folder / "nsd.conf").write_text(config)
        return Daemon(f"nsd {self.name}", [program("nsd"), "-d", "-c", str(folder / "nsd.conf")], folder / "log")

    def wait(self, daemon: Daemon) -> None:
        """Until every address has an answer for the last zone."""
        origin = list(self.zones)[-1]
        for address in self.addresses:
            daemon.wait_until(lambda address=address: answers(address, origin))  # type: ignore[misc]
