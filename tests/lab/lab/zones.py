"""Zones of mail domains: one sound migration, and variations of it in single records."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field

SPF = "v=spf1 mx include:spf.protection.outlook.com -all"
VERIFY = "MS=ms12345678"
SERVERS = ("ns1.dns.test", "ns2.dns.test")


@dataclass(frozen=True)
class Domain:
    """A mail domain as both its servers have it, unless `twin` says what the second one has instead.

    Names in records are relative to the domain, as in any zone file.
    """

    name: str
    mx: tuple[str, ...] = ("10 mail",)
    mx_ttl: int = 3600
    txt: tuple[str, ...] = (SPF, VERIFY)
    autodiscover: str = "CNAME autodiscover.outlook.com."
    dkim: str = "CNAME selector{n}-{label}._domainkey.lab.onmicrosoft.com."  # of both selectors
    dmarc: str = "v=DMARC1; p=none"
    label: str = ""  # Microsoft's, where it is not just the name with dashes for dots
    more: str = ""
    mail: str = "A 192.0.2.25"
    serial: int = 2026010101
    negative_ttl: int = 300
    servers: tuple[str, ...] = SERVERS   # the zone's own NS set
    delegation: tuple[str, ...] = ()     # the parent's, where it differs
    glue: Mapping[str, str] = field(default_factory=dict)  # servers below the domain: label -> address
    twin: Mapping[str, object] = field(default_factory=dict)

    def zone(self) -> str:
        lines = [f"$ORIGIN {self.name}.", "$TTL 3600",
                 f"@ {max(3600, self.negative_ttl)} SOA {self.servers[0]}. hostmaster {self.serial} 7200 3600 1209600 {self.negative_ttl}"]
        lines += [f"@ NS {server}." for server in self.servers]
        lines += [f"@ {self.mx_ttl} MX {mx}" for mx in self.mx]
        lines += [f'@ TXT "{text}"' for text in self.txt]
        lines += [f"autodiscover {self.autodiscover}"] if self.autodiscover else []
        if self.dkim:
            lines += [f"selector{n}._domainkey {self.dkim}".format(n=n, label=self.label or self.name.replace(".", "-")) for n in (1, 2)]
        lines += [f'_dmarc TXT "{self.dmarc}"'] if self.dmarc else []
        lines += [f"mail {self.mail}"] if self.mail else []
        lines += [f"{label} A {address}" for label, address in self.glue.items()]
        return "\n".join([*lines, self.more, ""])

    def second(self) -> Domain:
        """The domain as the second server has it."""
        return dataclasses.replace(self, **self.twin)  # type: ignore[arg-type]

    def ds(self) -> str:
        """What a signed parent says of the domain's keys."""
        return ""

    def referral(self) -> str:
        """The lines of the parent's zone."""
        lines = [f"{self.name}. NS {server}." for server in self.delegation or self.servers]
        return "\n".join(lines + [f"{label}.{self.name}. A {address}" for label, address in self.glue.items()])


def plain_zone(origin: str, servers: tuple[str, ...], body: str) -> str:
    """A zone of any other kind."""
    dot = f"{origin}." if origin else "."
    ns = "\n".join(f"@ NS {server}." for server in servers)
    return f"$ORIGIN {dot}\n$TTL 3600\n@ SOA {servers[0]}. hostmaster.{servers[0]}. 1 7200 3600 1209600 300\n{ns}\n{body}\n"


def microsoft_zones(server: str, tenants: Mapping[str, tuple[str, str]], address: str) -> dict[str, str]:
    """Stand-ins for Microsoft's zones. `tenants`: label -> "classic" or the letter of the mx.microsoft form, and the host's address."""
    classic = [f"{label}.mail.protection 10 A {at}" for label, (form, at) in tenants.items() if form == "classic"]
    modern = [f"{label}.{form}-v1 3600 A {at}" for label, (form, at) in tenants.items() if form != "classic"]
    outlook = "\n".join([*classic, f"autodiscover 300 A {address}", f"autodiscover-s 300 A {address}", 'spf.protection 300 TXT "v=spf1 ip4:203.0.113.0/24 -all"'])
    return {
        "outlook.com": plain_zone("outlook.com", (server,), outlook),
        "mx.microsoft": plain_zone("mx.microsoft", (server,), "\n".join(modern)),
    }
