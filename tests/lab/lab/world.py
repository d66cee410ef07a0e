"""Puts a world together: names, name servers, resolvers, mail servers, hostile peers and firewalls; then starts it.

Describe first (dovecot, peer, shut, domain, name_server, resolver), then `start`. Everything stands at documentation addresses on
loopback and on real ports, below a root of the lab's own, so that delegations are followed as on the Internet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from . import dnspeers, firewall, namespace, signer
from .certs import Authority, Leaf, Pair
from .courier import Courier
from .cyrus import Cyrus
from .daemon import Daemon
from .dovecot import Dovecot, Personality
from .nsd import NameServer
from .peers import Peers, Script, inside, tls_context
from .postfix import MailHost
from .stapler import Stapler
from .unbound import Resolver
from .web import Nginx, Site, reply
from .zones import Domain, microsoft_zones, plain_zone

ROOT = "198.51.100.10"
NS1 = ("198.51.100.1", "2001:db8:53::1")
NS2 = ("198.51.100.2",)
MICROSOFT = "192.0.2.250"
RESOLVER = "192.0.2.53"

_ZONE = "hosts.test"

Product = TypeVar("Product", Courier, Cyrus)


class World:
    """One namespace's servers. Hosts below hosts.test get their records by themselves."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.authority = Authority(base / "certs")
        self._peers = Peers()
        self._next = 0
        self._addresses: set[str] = {ROOT, *NS1, *NS2, MICROSOFT, RESOLVER}
        self._hosts: dict[str, list[str]] = {}
        self._doors: list[tuple[str, int, Script]] = []
        self._rules: list[firewall.Rule] = []
        self._personalities: dict[str, list[Personality]] = {}
        self._openssl_configs: dict[str, str] = {}
        self._imap_servers: list[Courier | Cyrus] = []
        self._staplers: list[Stapler] = []
        self._mail_hosts: list[MailHost] = []
        self._web = Nginx()
        self._domains: list[Domain] = []
        self._tenants: dict[str, tuple[str, str]] = {}
        self._signing: dict[str, tuple[str, ...]] | None = None
        self._without_denial: tuple[str, ...] = ()
        self._tlsa: list[str] = []
        self._dns_names = {"ns1": list(NS1), "ns2": list(NS2), "microsoft": [MICROSOFT]}
        self._twisted: list[tuple[str, str, dnspeers.Twist]] = []
        self._resolvers = [Resolver("main", (RESOLVER,), ROOT)]
        self._first_server = NameServer("ns1", NS1)
        self._second_server = NameServer("ns2", NS2)

    # Hosts.

    def address(self) -> str:
        """A fresh IPv4 address."""
        self._next += 1
        return self.claim(f"192.0.2.{99 + self._next}")

    def address6(self) -> str:
        self._next += 1
        return self.claim(f"2001:db8::{0x100 + self._next:x}")

    def claim(self, address: str) -> str:
        self._addresses.add(address)
        return address

    def host(self, name: str, *addresses: str) -> None:
        """A name with these addresses, which need not be the lab's."""
        self._hosts.setdefault(name, []).extend(addresses)

    def pair(self, name: str, leaf: Leaf | None = None) -> Pair:
        """A certificate for that host; a good one unless `leaf` says otherwise."""
        return self.authority.issue(name, leaf or Leaf(name))

    def dovecot(self, name: str, leaf: Leaf | None = None, *, at: str = "", ports: tuple[int, ...] = (143, 993),
                openssl_config: str = "", settings: Mapping[str, str] | None = None) -> str:
        """A real IMAP server; returns its address."""
        address = self._place(name, at)
        instance = name if openssl_config else "main"
        self._openssl_configs[instance] = openssl_config
        personality = Personality(address, self.pair(f"{name}" if not at else f"{name}-{at}", leaf or Leaf(name)), dict(settings or {}), ports)
        self._personalities.setdefault(instance, []).append(personality)
        return address

    def imap_server(self, name: str, make: Callable[[str, Pair], Product]) -> Product:
        """A real IMAP server of another make."""
        server = make(self._place(name, ""), self.pair(name))
        self._imap_servers.append(server)
        return server

    def peer(self, name: str, doors: Mapping[int, Script], *, at: str = "") -> str:
        """A scripted server; returns its address."""
        address = self._place(name, at)
        self._doors += [(address, port, script) for port, script in doors.items()]
        return address

    def postfix(self, name: str, leaf: Leaf | None = None, *, has_starttls: bool = True) -> MailHost:
        """A real mail server on port 25."""
        host = MailHost(name, self._place(name, ""), self.pair(f"mx-{name}", leaf or Leaf(name)), has_starttls)
        self._mail_hosts.append(host)
        return host

    def stapler(self, name: str, *, is_revoked: bool) -> None:
        """A TLS server on 993 that staples an OCSP response of this week."""
        pair = self.pair(name)
        self._staplers.append(Stapler(self._place(name, ""), pair, self.authority.ocsp_response(name, is_revoked=is_revoked)))

    def site(self, name: str, rules: str, *, leaf: Leaf | None = None, at: str = "", names: str = "_") -> str:
        """A real web server for that name, http and https; returns its address."""
        address = self._place(name, at)
        self._web.sites.append(Site(address, self.pair(f"web-{name}-{len(self._web.sites)}", leaf or Leaf(name)), rules, names))
        return address

    def shut(self, address: str, port: int, verdict: str, transport: str = "tcp") -> None:
        """A firewall's rule."""
        self._rules.append(firewall.Rule(address, port, verdict, transport))

    def _place(self, name: str, at: str) -> str:
        address = self.claim(at) if at else self.address()
        if name.endswith(f".{_ZONE}"):
            self.host(name, address)
        return address

    # Names.

    def domain(self, domain: Domain) -> None:
        """A mail domain, delegated from its parent ("com" or "test"), served by both servers."""
        self._domains.append(domain)

    def tenant(self, label: str, form: str = "classic", at: str = MICROSOFT) -> None:
        """A domain that Microsoft has accepted: its label, the form of its MX host, and where that is."""
        self._tenants[label] = (form, at)

    def sign_tree(self, *, without_denial: tuple[str, ...] = (), **options: tuple[str, ...]) -> Path:
        """Signs the root and all above the domains, and Microsoft's mx.microsoft; options of ldns-signzone by zone. Its trust anchor.

        Zones `without_denial` cannot prove that something is not there.
        """
        self._signing = options
        self._without_denial = without_denial
        return signer.anchor("")

    def tlsa(self, host: str, data: str) -> None:
        """A TLSA record of a host under mx.microsoft."""
        self._tlsa.append(f"_25._tcp.{host}. 3600 TLSA {data}")

    def name_server(self, label: str, address: str, *, twist: dnspeers.Twist | None = None) -> None:
        """LABEL.dns.test at that address: scripted, in front of the first server; without a twist nothing listens."""
        self._dns_names[label] = [self.claim(address)]
        if twist:
            self._twisted.append((address, NS1[0], twist))

    def also_at(self, label: str, address: str) -> None:
        """A further address and name of the second server."""
        self._dns_names[label] = [self.claim(address)]
        self._second_server.addresses += (address,)

    def resolver(self, resolver: Resolver) -> None:
        self._resolvers.append(resolver)

    def scripted_resolver(self, address: str, twist: dnspeers.Twist) -> None:
        """In front of the main resolver."""
        self._twisted.append((self.claim(address), RESOLVER, twist))

    # Life.

    def start(self) -> None:
        """Brings all of it up; returns when every server answers."""
        for resolver in self._resolvers:
            self._addresses.update(resolver.addresses)
        namespace.add_addresses(self._addresses)
        mail = [Dovecot(name, people, self._openssl_configs[name]) for name, people in self._personalities.items()]
        servers = self._name_servers()
        started_servers = [(server, server.start(self.base)) for server in servers]
        started_resolvers = [(resolver, resolver.start(self.base)) for resolver in self._resolvers]
        started_mail: list[tuple[Dovecot, Daemon]] = [(server, server.start(self.base)) for server in mail]
        for host in self._mail_hosts:
            host.start(self.base)
        started_others = [(server, server.start(self.base)) for server in self._imap_servers]
        started_staplers = [(stapler, stapler.start(self.base)) for stapler in self._staplers]
        started_web = self._web.start(self.base) if self._web.sites else None
        self._autodiscover_service()
        for address, port, script in self._doors:
            self._peers.listen(address, port, script)
        for address, upstream, twist in self._twisted:
            dnspeers.serve(address, upstream, twist)
        for server, daemon in started_servers:
            server.wait(daemon)
        for resolver, daemon in started_resolvers:
            resolver.wait(daemon, "dns.test")
        if started_web:
            self._web.wait(started_web)
        for dovecot, daemon in started_mail:
            dovecot.wait(daemon)
        for other, daemons in started_others:
            other.wait(daemons)
        for stapler, daemon in started_staplers:
            stapler.wait(daemon)
        firewall.close(self._rules)

    def _autodiscover_service(self) -> None:
        """Microsoft's: a redirect in clear text, and behind TLS a wish for credentials, under its own names only."""
        pair = self.pair("autodiscover.microsoft", Leaf("outlook.com", also=("*.outlook.com",)))
        service = "Location: https://autodiscover-s.outlook.com/autodiscover/autodiscover.xml"
        self._peers.listen(MICROSOFT, 80, reply("302 Found", service))
        self._peers.listen(MICROSOFT, 443, inside(tls_context(pair), reply("401 Unauthorized", "WWW-Authenticate: Bearer")))

    def _name_servers(self) -> list[NameServer]:
        for domain in self._domains:
            self._first_server.zones[domain.name] = domain.zone()
            self._second_server.zones[domain.name] = domain.second().zone()
        for zone, body in ((_ZONE, self._host_records()), ("dns.test", self._dns_records(""))):
            text = plain_zone(zone, ("ns1.dns.test", "ns2.dns.test"), body)
            self._first_server.zones[zone] = text
            self._second_server.zones[zone] = text
        zones = microsoft_zones("microsoft.dns.test", self._tenants, MICROSOFT)
        if self._signing is not None:
            zones["mx.microsoft"] = signer.sign("mx.microsoft", "\n".join([zones["mx.microsoft"], *self._tlsa, ""]))
        microsoft = NameServer("microsoft", (MICROSOFT,), zones)
        return [NameServer("root", (ROOT,), self._parents()), self._first_server, self._second_server, microsoft]

    def _parents(self) -> dict[str, str]:
        root = "a.root.test"
        below: dict[str, list[str]] = {
            "com": ["outlook.com. NS microsoft.dns.test."],
            "microsoft": ["mx.microsoft. NS microsoft.dns.test."],
            "test": [f"{zone}. NS {server}.dns.test." for zone in (_ZONE, "dns.test") for server in ("ns1", "ns2")],
        }
        for domain in self._domains:
            below[domain.name.rpartition(".")[2]] += [domain.referral(), domain.ds() if self._signing is not None else ""]
        below["test"] += [f"a.root A {ROOT}", self._dns_records(".dns.test.")]
        if self._signing is not None:
            below["microsoft"].append(signer.ds("mx.microsoft"))
        delegations = [f"{zone}. NS {root}." for zone in below]
        if self._signing is not None:
            delegations += [signer.ds(zone) for zone in below]
        zones = {zone: plain_zone(zone, (root,), "\n".join(lines)) for zone, lines in below.items()}
        zones[""] = plain_zone("", (root,), "\n".join([*delegations, f"{root}. A {ROOT}"]))
        if self._signing is not None:
            zones = {zone: signer.sign(zone, text, self._signing.get(zone, ())) for zone, text in zones.items()}
            zones |= {zone: signer.without(zones[zone], r"\bNSEC\b") for zone in self._without_denial}
        return zones

    def _dns_records(self, suffix: str) -> str:
        return "\n".join(_address_record(label + suffix, address) for label, addresses in self._dns_names.items() for address in addresses)

    def _host_records(self) -> str:
        return "\n".join(_address_record(f"{name}.", address) for name, addresses in self._hosts.items() for address in addresses)


def _address_record(name: str, address: str) -> str:
    return f"{name} {'AAAA' if ':' in address else 'A'} {address}"
