"""The lab itself: that its world is what the other suites take it for. Needs no `cutover`."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Callable

from lab import dnspeers, dnswire, firewall, namespace, peers
from lab.cases import Suite
from lab.certs import Leaf
from lab.dovecot import TLS10_ONLY
from lab.world import NS1, NS2, RESOLVER, World
from lab.zones import Domain


def run(world: World, suite: Suite) -> None:
    good = world.dovecot("good.hosts.test")
    old = world.dovecot("old.hosts.test", openssl_config=TLS10_ONLY, settings={"ssl_cipher_list": "DEFAULT:@SECLEVEL=0"})
    nochain = world.dovecot("nochain.hosts.test", Leaf("nochain.hosts.test", chain=("leaf",)))
    expired = world.dovecot("expired.hosts.test", Leaf("expired.hosts.test", starts=-9, ends=-2))
    bye = world.peer("bye.hosts.test", {143: peers.say_and_close(b"* BYE no\r\n")}, at=world.address6())
    reset = world.peer("reset.hosts.test", {143: peers.reset_at_once})
    prohibited = world.peer("prohibited.hosts.test", {143: peers.hold})
    world.shut(prohibited, 143, firewall.ADMIN_PROHIBITED)
    world.domain(Domain("two.test", twin={"serial": 7}))
    world.name_server("old", "198.51.100.30", twist=dnspeers.formerr_on_edns)
    world.start()
    anchor = str(world.authority.root)
    checks: dict[str, Callable[[], object]] = {
        "there is no route out": lambda: connect_error("198.18.0.1", 443) == errno.ENETUNREACH,
        "clients come from an address of their own": lambda: local_address(good) == namespace.CLIENT,
        "clients come from an IPv6 address of their own": lambda: local_address(bye) == namespace.CLIENT6,
        "a good certificate verifies": lambda: handshake(good, "good.hosts.test", anchor) == "TLSv1.3",
        "an expired one does not": lambda: "expired" in handshake(expired, "expired.hosts.test", anchor),
        "nor one without its intermediate": lambda: "unable to get local issuer" in handshake(nochain, "nochain.hosts.test", anchor),
        "nor one of another name": lambda: "mismatch" in handshake(good, "other.hosts.test", anchor),
        "TLS 1.0 is too old for a client of today": lambda: handshake(old, "old.hosts.test", anchor) not in ("TLSv1.2", "TLSv1.3"),
        "a remote client may not sign in without TLS": lambda: b"LOGINDISABLED" in first_bytes(good),
        "a peer's BYE": lambda: first_bytes(bye) == b"* BYE no\r\n",
        "a peer's reset": lambda: raises(ConnectionResetError, lambda: first_bytes(reset)),
        "a firewall's ICMP": lambda: connect_error(prohibited, 143) == errno.EHOSTUNREACH,
        "the resolver follows delegations": lambda: dnswire.answers(RESOLVER, "two.test"),
        "both servers have the domain": lambda: dnswire.answers(NS1[0], "two.test") and dnswire.answers(NS2[0], "two.test"),
        "they answer over IPv6": lambda: dnswire.answers(NS1[1], "two.test"),
        "with different serials": lambda: ask(NS1[0], "two.test") != ask(NS2[0], "two.test"),
        "a scripted server forwards": lambda: dnswire.answers("198.51.100.30", "two.test"),
        "absent names are absent": lambda: dnswire.rcode(ask(RESOLVER, "absent.hosts.test")) == dnswire.RCODE_NXDOMAIN,
    }
    for name, check in checks.items():
        try:
            problems = [] if check() else ["it does not hold"]
        except OSError as error:
            problems = [repr(error)]
        suite.tap.result(name, problems)


def connect_error(address: str, port: int) -> int:
    with socket.socket(socket.AF_INET) as client:
        client.settimeout(3)
        return client.connect_ex((address, port))


def local_address(address: str) -> str:
    with socket.create_connection((address, 143), timeout=10) as client:
        return str(client.getsockname()[0])


def first_bytes(address: str) -> bytes:
    with socket.create_connection((address, 143), timeout=10) as client:
        return client.recv(4096)


def raises(kind: type[Exception], call: Callable[[], object]) -> bool:
    try:
        call()
    except kind:
        return True
    return False


def handshake(address: str, name: str, anchor: str) -> str:
    """The protocol agreed, or the error's text."""
    context = ssl.create_default_context(cafile=anchor)
    try:
        with socket.create_connection((address, 993), timeout=10) as raw, context.wrap_socket(raw, server_hostname=name) as client:
            return str(client.version())
    except ssl.SSLError as error:
        return str(error)


def ask(server: str, name: str) -> bytes:
    return dnswire.ask_udp(server, dnswire.query(name, dnswire.TYPE_SOA), 10.0) or b""
