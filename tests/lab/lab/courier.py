"""Courier-IMAP of Debian's packages: couriertcpd on the ports, couriertls for TLS, authdaemond with a userdb."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .certs import Pair
from .daemon import Daemon, tcp_opens
from .missing import program
from .unpacked import Root

# As /etc/init.d does: Debian's settings, then the case's own.
_CONFIGURED = """set -a
. /packages/etc/courier/imapd
. /packages/etc/courier/imapd-ssl
. /etc/courier/settings
exec couriertcpd -maxprocs=$MAXDAEMONS -maxperip=$MAXPERIP $TCPDOPTS "$@"
"""
_LOGIN = ("/usr/lib/courier/courier/imaplogin", "/usr/bin/imapd", "Maildir")
_ID = 65534


@dataclass(frozen=True)
class Courier:
    """`settings` are of /etc/courier/imapd: MAXPERIP (connections of one address) and MAXDAEMONS (of all) among them."""

    address: str
    pair: Pair
    users: Mapping[str, str] = field(default_factory=dict)  # name -> password
    disabled: tuple[str, ...] = ()  # of these, who may not use IMAP
    shared: Mapping[str, str] = field(default_factory=dict)  # owner of a mailbox -> who may read it as #shared.OWNER
    settings: Mapping[str, str] = field(default_factory=dict)

    def start(self, base: Path) -> list[Daemon]:
        root = Root(base / f"courier-{self.address}")
        (root.folder / "run/courier/authdaemon").mkdir(parents=True)
        (root.folder / "var/lib/courier").mkdir(parents=True)
        root.write("etc/courier/authdaemonrc", 'authmodulelist="authuserdb"\nauthmodulelistorig="authuserdb"\ndaemons=2\n'
                   'authdaemonvar=/run/courier/authdaemon\n')
        root.write("etc/courier/imapd.pem", self.pair.key.read_text() + self.pair.chain.read_text())
        settings = {"IMAP_TLS_REQUIRED": "1", "TLS_TRUSTCERTS": "", "TLS_DHPARAMS": "", **self.settings}
        root.write("etc/courier/settings", "".join(f"{key}='{value}'\n" for key, value in settings.items()))
        self._write_users(root)
        root.write("etc/courier/shared/index", "".join(f"{owner}\t{_ID}\t{_ID}\t/home/{owner}\tMaildir\n" for owner in self.shared))
        for owner, reader in self.shared.items():
            root.run("maildiracl", "-set", f"/home/{owner}/Maildir", "INBOX", f"user={reader}", "lr")
        listen = ("/bin/sh", "-c", _CONFIGURED, "sh", f"-address={self.address}")
        implicit = ("/usr/bin/couriertls", "-server", "-tcpd")
        return [
            root.daemon("authdaemond", "/usr/lib/courier/courier-authlib/authdaemond"),
            root.daemon("couriertcpd 143", *listen, "143", *_LOGIN, settings={"IMAP_STARTTLS": "YES"}),
            root.daemon("couriertcpd 993", *listen, "993", *implicit, *_LOGIN, settings={"IMAP_TLS": "1"}),
        ]

    def wait(self, daemons: list[Daemon]) -> None:
        for daemon, port in zip(daemons[1:], (143, 993)):
            daemon.wait_until(lambda at=(self.address, port): tcp_opens(*at))  # type: ignore[misc]

    def _write_users(self, root: Root) -> None:
        people, secrets = "", ""
        for name, password in self.users.items():
            hashed = subprocess.run([program("openssl"), "passwd", "-6", "-stdin"], input=password, text=True, check=True, capture_output=True)
            options = "|options=disableimap=1" if name in self.disabled else ""
            people += f"{name}\tuid={_ID}|gid={_ID}|home=/home/{name}|mail=/home/{name}/Maildir{options}|_=\n"
            secrets += f"{name}\tsystempw={hashed.stdout.strip()}\n"
            for part in ("cur", "new", "tmp"):
                (root.folder / "home" / name / "Maildir" / part).mkdir(parents=True)
        for kind, lines in (("userdb", people), ("userdbshadow", secrets)):
            root.run("/usr/lib/courier/courier-authlib/makedatprog", "-", f"/etc/courier/{kind}.tmp", f"/etc/courier/{kind}.dat", text=f"{lines}.\n")
