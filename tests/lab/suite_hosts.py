"""host-* and port-*: what a name leads to, and what stands at its doors."""

from __future__ import annotations

from lab import dnspeers, firewall, peers
from lab.cases import Case, Suite
from lab.unbound import Resolver
from lab.world import World
from lab.zones import Domain

TIMED_OUT = "The connection to the server '{host}' timed out after 00:00:15."
NOT_COMPLETED = "The connection to the server '{host}' could not be completed."

VALIDATING, REWRITING, REFUSING, DEAD, CLOSED = (f"192.0.2.{n}" for n in (54, 55, 56, 57, 58))


def run(world: World, suite: Suite) -> None:
    cases = [*names(world), *doors(world), *resolvers(world)]
    world.start()
    suite.run(cases)


def names(world: World) -> list[Case]:
    """What the name itself says."""
    world.host("private.hosts.test", "10.1.2.3", "192.168.7.7")
    world.host("shared.hosts.test", "100.64.0.9")
    world.host("loopback.hosts.test", "127.0.0.9", "::1")
    world.peer("v6only.hosts.test", {143: peers.imap(None)}, at=world.address6())
    literal = world.peer("literal.hosts.test", {143: peers.imap(None)})
    world.domain(Domain("nodata.test", mail="TXT x"))
    absent = NOT_COMPLETED.format(host="absent.hosts.test")
    return [
        Case("an absent name is named", "imap absent.hosts.test", ("host-not-found absent.hosts.test",), says=(absent,)),
        Case("a name without an address is told apart", "imap mail.nodata.test", ("host-no-address mail.nodata.test",)),
        Case("private addresses cannot be reached by Microsoft", "imap private.hosts.test",
             ("host-private-address private.hosts.test",)),
        Case("carrier-grade NAT is private too", "imap shared.hosts.test", ("host-private-address shared.hosts.test",)),
        Case("loopback is private too", "imap loopback.hosts.test", ("host-private-address loopback.hosts.test",)),
        Case("IPv6 alone is a warning", "port v6only.hosts.test:143", ("host-ipv6-only v6only.hosts.test",)),
        Case("an address has no name for a certificate", f"port {literal}:143", (f"host-is-address {literal}",)),
        Case("a single label is no host name", "imap mailserver", ("host-not-qualified mailserver",)),
    ]


def doors(world: World) -> list[Case]:
    """What firewalls make of a port."""
    cases = []
    for name, verdict, finding in (("drop", firewall.DROP, "port-timeout"), ("rst", firewall.RESET, "port-refused"),
                                   ("closed", "", "port-refused"),
                                   ("icmp-port", firewall.PORT_UNREACHABLE, "port-refused"),
                                   ("icmp-host", firewall.HOST_UNREACHABLE, "port-unreachable"),
                                   ("icmp-admin", firewall.ADMIN_PROHIBITED, "port-unreachable")):
        host = f"{name}.hosts.test"
        address = world.peer(host, {})
        if verdict:
            world.shut(address, 993, verdict)
        message = (TIMED_OUT if finding == "port-timeout" else NOT_COMPLETED).format(host=host)
        cases.append(Case(f"{name} gives {finding}", f"port {host}:993", (f"{finding} {host}:993",), says=(message,), timeout="2s"))
    world.peer("reset.hosts.test", {993: peers.reset_at_once})
    world.peer("open.hosts.test", {143: peers.imap(None)})
    half = world.peer("half.hosts.test", {143: peers.imap(None)})
    dead = world.peer("half.hosts.test", {143: peers.imap(None)})
    world.shut(dead, 143, firewall.DROP)
    world.peer("family.hosts.test", {143: peers.imap(None)})
    dead6 = world.peer("family.hosts.test", {143: peers.imap(None)}, at=world.address6())
    world.shut(dead6, 143, firewall.DROP)
    world.peer("dual.hosts.test", {143: peers.imap(None)})
    world.peer("dual.hosts.test", {143: peers.imap(None)}, at=world.address6())
    world.peer("noroute.hosts.test", {143: peers.imap(None)})
    world.host("noroute.hosts.test", "2001:db8:ffff::1")
    return [
        *cases,
        Case("reset after accept gives port-reset", "port reset.hosts.test:993", ("port-reset reset.hosts.test:993",)),
        Case("an open port passes", "port open.hosts.test:143", (), ("port-open open.hosts.test:143",)),
        Case("both families open pass", "port dual.hosts.test:143", (), ("port-open dual.hosts.test:143",)),
        Case("one dead address of two is named", "port half.hosts.test:143", ("port-address-dead half.hosts.test:143",), says=(dead, half), timeout="2s"),
        Case("a dead IPv6 address beside a good IPv4 one", "port family.hosts.test:143",
             ("port-family-dead family.hosts.test:143",), says=(dead6,), timeout="2s"),
        Case("no route of a family is neither good nor bad", "port noroute.hosts.test:143", (), ("port-not-tested noroute.hosts.test:143",)),
        Case("a filtered port costs the service's limit and no more", "port drop.hosts.test:993", ("port-timeout drop.hosts.test:993",),
             timeout="", seconds=15.0, says=(TIMED_OUT.format(host="drop.hosts.test"),)),
        Case("both ports of a host are tried unless one is named", "port drop.hosts.test",
             ("port-timeout drop.hosts.test:993", "port-refused drop.hosts.test:143"), timeout="2s"),
    ]


def resolvers(world: World) -> list[Case]:
    """What resolvers do to a verdict."""
    world.domain(Domain("bogus.test"))
    world.resolver(Resolver("validating", (VALIDATING,), "198.51.100.10",
                            f'  trust-anchor: "bogus.test. DS 4711 13 2 {"ab" * 32}"\n'))
    world.scripted_resolver(REWRITING, dnspeers.rewrites_nxdomain)
    world.scripted_resolver(REFUSING, dnspeers.refused)
    world.claim(CLOSED)
    world.shut(world.claim(DEAD), 53, firewall.DROP, "udp")
    world.shut(DEAD, 53, firewall.DROP)
    return [
        Case("a bogus zone is SERVFAIL, and DNSSEC is named as the reason", "imap mail.bogus.test", ("host-servfail mail.bogus.test",),
             resolver=VALIDATING, says=("DNSSEC",)),
        Case("a resolver that refuses says nothing about the target", "imap open.hosts.test:143", ("host-servfail open.hosts.test",), resolver=REFUSING),
        Case("a silent resolver says nothing about the target", "imap open.hosts.test:143", ("resolver-unreachable open.hosts.test",),
             resolver=DEAD, seconds=9.0, timeout="2s"),
        Case("a closed resolver says nothing about the target", "imap open.hosts.test:143", ("resolver-unreachable open.hosts.test",), resolver=CLOSED),
        Case("a resolver that rewrites absent names is found out", "dns bogus.test", (f"resolver-rewrites {REWRITING}",), resolver=REWRITING),
    ]
