"""A recursive resolver: one Unbound that follows real delegations from the lab's own root."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .daemon import Daemon
from .dnswire import answers
from .missing import program

_CONFIG = """server:
{addresses}  port: 53
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: "{folder}/unbound.pid"
  use-syslog: no
  do-daemonize: no
  num-threads: 1
  access-control: 0.0.0.0/0 allow_snoop
  access-control: ::/0 allow_snoop
  root-hints: "{folder}/root.hints"
  local-zone: "test." nodefault
  module-config: "validator iterator"
  infra-host-ttl: 1
  outgoing-range: 200
{more}{control}"""


@dataclass
class Resolver:
    """`root` is the address of the lab's root server; `more` holds further lines of the server section."""

    name: str
    addresses: tuple[str, ...]
    root: str
    more: str = ""
    control_section: str = "remote-control:\n  control-enable: no\n"

    def start(self, base: Path) -> Daemon:
        folder = base / f"unbound-{self.name}"
        folder.mkdir()
        (folder / "root.hints").write_text(f". 3600 IN NS a.root.test.\na.root.test. 3600 IN A {self.root}\n")
        addresses = "".join(f"  interface: {address}\n" for address in self.addresses)
        (folder / "unbound.conf").write_text(_CONFIG.format(folder=folder, addresses=addresses, more=self.more, control=self.control_section))
        return Daemon(f"unbound {self.name}", [program("unbound"), "-d", "-p", "-c", str(folder / "unbound.conf")], folder / "log")

    def wait(self, daemon: Daemon, name: str) -> None:
        for address in self.addresses:
            daemon.wait_until(lambda address=address: answers(address, name))  # type: ignore[misc]
