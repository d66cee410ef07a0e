"""Real Postfix: its SMTP server with STARTTLS, one process a host.

master(8) and tlsmgr(8) insist on being root, which nobody is in the lab's namespace. So this file hands smtpd(8) its listening socket
as master(8) does (file descriptors 3 to 6), and gives it the random bytes that it asks tlsmgr(8) for. No mail is ever taken.
"""

from __future__ import annotations

import base64
import fcntl
import os
import pwd
import socket
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

from .certs import Pair
from .missing import Missing

_SMTPD = "/usr/lib/postfix/sbin/smtpd"
_CONFIG = """compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
mail_owner = {owner}
setgid_group = mail
default_privs = daemon
myhostname = {name}
max_use = 100000
max_idle = 1h
smtpd_tls_security_level = {tls}
smtpd_tls_chain_files = {key}, {chain}
smtpd_tls_session_cache_database =
tls_ssl_options = NO_TICKET
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_peername_lookup = no
smtpd_relay_restrictions = reject
notify_classes =
local_recipient_maps =
alias_maps =
"""
# Where master(8) leaves what a server needs: two ends of the flow pipe, the status pipe, the listening socket.
_FIRST_DESCRIPTOR = 3
_OUT_OF_THE_WAY = 40


@dataclass(frozen=True)
class MailHost:
    """One host that takes mail on port 25."""

    name: str
    address: str
    pair: Pair
    has_starttls: bool = True

    def start(self, base: Path) -> None:
        """Returns when it listens; smtpd answers as soon as it has read its settings."""
        if not os.access(_SMTPD, os.X_OK):
            raise Missing(f"{_SMTPD} is not there (apt-get install postfix)")
        folder = base / f"postfix-{self.name}"
        for part in ("queue/private", "queue/public", "queue/pid", "data", "conf"):
            (folder / part).mkdir(parents=True)
        owner = pwd.getpwuid(os.getuid()).pw_name
        (folder / "conf/main.cf").write_text(
            _CONFIG.format(folder=folder, owner=owner, name=self.name, key=self.pair.key, chain=self.pair.chain,
                           tls="may" if self.has_starttls else "none"))
        (folder / "conf/master.cf").write_text("smtp inet n - n - - smtpd\n")
        _serve_random(folder)
        listener = socket.create_server((self.address, 25), backlog=64)
        listener.setblocking(False)
        self._start(folder, listener)

    def _start(self, folder: Path, listener: socket.socket) -> None:
        flow, status = os.pipe(), os.pipe()  # never read: they only must be open

        def hand_over() -> None:
            moved = [fcntl.fcntl(number, fcntl.F_DUPFD, _OUT_OF_THE_WAY) for number in (*flow, status[1], listener.fileno())]
            for number, descriptor in enumerate(moved, _FIRST_DESCRIPTOR):
                os.dup2(descriptor, number)

        environment = {"MAIL_CONFIG": str(folder / "conf"), "GENERATION": "0", "PATH": os.environ["PATH"]}
        with (folder / "log").open("wb") as log:
            subprocess.Popen([_SMTPD, "-n", "smtp", "-t", "inet"], preexec_fn=hand_over, close_fds=False, env=environment,
                             cwd=folder / "queue", stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def _serve_random(folder: Path) -> None:
    """What smtpd(8) asks of tlsmgr(8) before it begins TLS: random bytes, and whether sessions are kept (no)."""
    door = socket.socket(socket.AF_UNIX)
    here = os.getcwd()
    os.chdir(folder / "queue/private")  # a socket's path must be short
    door.bind("tlsmgr")
    os.chdir(here)
    door.listen(8)
    threading.Thread(target=_accept, args=(door,), daemon=True).start()


def _accept(door: socket.socket) -> None:
    while True:
        client, _ = door.accept()
        threading.Thread(target=_answer, args=(client,), daemon=True).start()


def _message(**attributes: object) -> bytes:
    return b"".join(f"{name}\0{value}\0".encode() for name, value in attributes.items()) + b"\0"


def _answer(client: socket.socket) -> None:
    client.sendall(_message(protocol="tlsmgr_protocol"))
    data = b""
    while part := client.recv(4096):
        data += part
        while b"\0\0" in data:
            head, _, data = data.partition(b"\0\0")
            words = head.decode().split("\0")
            asked = dict(zip(words[::2], words[1::2]))
            if asked.get("request") == "seed":
                client.sendall(_message(status=0, seed=base64.b64encode(os.urandom(int(asked["size"]))).decode()))
            else:
                client.sendall(_message(status=0, cachable=0, timeout=3600))
