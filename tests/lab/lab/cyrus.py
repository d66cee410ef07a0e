"""Cyrus IMAP of Debian's packages: its master process on the ports, passwords in SASL's own database."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .certs import Pair
from .daemon import Daemon, tcp_opens
from .unpacked import Root

ADMIN = "cyrus"
_SERVER = "lab"  # its name, and the realm of its users

_IMAPD = """configdirectory: /var/lib/cyrus
proc_path: /run/cyrus/proc
mboxname_lockpath: /run/cyrus/lock
defaultpartition: default
partition-default: /var/spool/cyrus
autocreate_quota: 0
servername: {server}
admins: {admin}
allowplaintext: no
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: /etc/sasldb2
sasl_mech_list: PLAIN LOGIN
tls_server_cert: /etc/tls/chain.pem
tls_server_key: /etc/tls/key.pem
"""

_CYRUS = """START {{
  recover cmd="ctl_cyrusdb -r"
}}
SERVICES {{
  imap cmd="imapd -U 1" listen="{address}:143" prefork=0
  imaps cmd="imapd -s -U 1" listen="{address}:993" prefork=0
}}
EVENTS {{
}}
"""


@dataclass(frozen=True)
class Cyrus:
    """`settings` are of imapd.conf: maxlogins_per_host and maxlogins_per_user among them. The administrator is one of the users."""

    address: str
    pair: Pair
    users: Mapping[str, str] = field(default_factory=dict)  # name -> password
    denied: tuple[str, ...] = ()  # of these, who may not use IMAP
    settings: Mapping[str, str] = field(default_factory=dict)

    def start(self, base: Path) -> list[Daemon]:
        root = Root(base / f"cyrus-{self.address}")
        for part in ("var/lib/cyrus/db", "var/lib/cyrus/socket", "var/lib/cyrus/log", "var/spool/cyrus", "run/cyrus/proc", "run/cyrus/lock"):
            (root.folder / part).mkdir(parents=True)
        settings = "".join(f"{key}: {value}\n" for key, value in self.settings.items())
        root.write("etc/imapd.conf", _IMAPD.format(server=_SERVER, admin=ADMIN) + settings)
        root.write("etc/cyrus.conf", _CYRUS.format(address=self.address))
        root.write("etc/tls/chain.pem", self.pair.chain.read_text())
        root.write("etc/tls/key.pem", self.pair.key.read_text())
        for name, password in self.users.items():
            root.run("saslpasswd2", "-p", "-c", "-f", "/etc/sasldb2", "-u", _SERVER, name, text=password)
        for name in self.denied:
            root.run("/usr/lib/cyrus/bin/cyr_deny", "-s", "imap,imaps", name)
        return [root.daemon("cyrus", "/usr/lib/cyrus/bin/master", "-D")]

    def wait(self, daemons: list[Daemon]) -> None:
        for port in (143, 993):
            daemons[0].wait_until(lambda at=(self.address, port): tcp_opens(*at))  # type: ignore[misc]

    def share(self, owner: str, reader: str) -> None:
        """Lets `reader` read the mailbox user/OWNER, which this makes."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with imaplib.IMAP4_SSL(self.address, ssl_context=context) as admin:
            admin.login(ADMIN, self.users[ADMIN])
            admin.create(f"user/{owner}")
            admin.setacl(f"user/{owner}", reader, "lrs")
