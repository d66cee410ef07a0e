"""IMAP servers: one Dovecot with many personalities, each at its own address on the real ports 143 and 993."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from .certs import Pair
from .daemon import Daemon, tcp_opens
from .missing import program

USER, GROUP, ID = "nobody", "nogroup", 65534  # who we are inside the namespace

_COMMON = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/mail.log
protocols = imap
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{folder}/mail/%u
auth_mechanisms = plain login
auth_failure_delay = 1 secs
mail_max_userip_connections = 3
ssl_min_protocol = TLSv1
disable_plaintext_auth = yes
ssl = yes
ssl_cert = <{chain}
ssl_key = <{key}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
auth_master_user_separator = *
passdb {{
  driver = passwd-file
  master = yes
  args = scheme=PLAIN username_format=%u {folder}/masters
}}
userdb {{
  driver = static
  args = uid={id} gid={id} home={folder}/mail/%u
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap {{
  service_count = 1000
}}
service imap-login {{
  chroot =
  service_count = 0
  process_min_avail = 1
  client_limit = 400
"""


@dataclass(frozen=True)
class Personality:
    """How Dovecot behaves at one address."""

    address: str
    pair: Pair
    settings: dict[str, str] = field(default_factory=dict)
    ports: tuple[int, ...] = (143, 993)


class Dovecot:
    """`name` tells instances apart; `openssl_config` replaces the library's own settings (TLS 1.0 needs that)."""

    def __init__(self, name: str, personalities: list[Personality], openssl_config: str = "") -> None:
        self.name = name
        self.personalities = personalities
        self.openssl_config = openssl_config

    def start(self, base: Path) -> Daemon:
        folder = base / f"dovecot-{self.name}"
        for part in ("run", "state", "mail"):
            (folder / part).mkdir(parents=True)
        (folder / "users").write_text("".join(f"user{n:04}:{{PLAIN}}pass{n:04}::::::\n" for n in range(1, 101)) +
                                      "shut:{PLAIN}pass0000::::::nologin\n")
        (folder / "masters").write_text("mailadmin:{PLAIN}master0001\n")
        config = folder / "dovecot.conf"
        config.write_text(self._config(folder))
        return Daemon(f"dovecot {self.name}", [program("dovecot"), "-F", "-c", str(config)], folder / "log")

    def wait(self, daemon: Daemon) -> None:
        for personality in self.personalities:
            for port in personality.ports:
                daemon.wait_until(lambda at=(personality.address, port): tcp_opens(*at))  # type: ignore[misc]

    def _config(self, folder: Path) -> str:
        first = self.personalities[0].pair
        text = _COMMON.format(folder=folder, user=USER, group=GROUP, id=ID, chain=first.chain, key=first.key)
        for number, personality in enumerate(self.personalities):
            for port in personality.ports:
                text += f"  inet_listener l{number}-{port} {{\n    address = {personality.address}\n    port = {port}\n"
                text += "    ssl = yes\n  }\n" if port == 993 else "  }\n"
        text += "  inet_listener imap {\n    port = 0\n  }\n  inet_listener imaps {\n    port = 0\n  }\n}\n"
        if self.openssl_config:
            (folder / "openssl.cnf").write_text(self.openssl_config)
            text += f"import_environment = TZ OPENSSL_CONF={folder}/openssl.cnf\n"
        for personality in self.personalities:
            settings = {"ssl_cert": f"<{personality.pair.chain}", "ssl_key": f"<{personality.pair.key}", **personality.settings}
            lines = "".join(f"  {key} = {value}\n" for key, value in settings.items())
            text += f"local {personality.address} {{\n{lines}}}\n"
        return text


# Nothing above TLS 1.0 for a whole process (MinProtocol, MaxProtocol of OpenSSL's SSL_CONF).
TLS10_ONLY = """openssl_conf = o
[o]
ssl_conf = s
[s]
system_default = d
[d]
MinProtocol = TLSv1
MaxProtocol = TLSv1
CipherString = DEFAULT:@SECLEVEL=0
"""
