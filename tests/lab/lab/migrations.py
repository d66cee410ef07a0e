"""The migrations that the demo shows and the tests know: contoso.com is not ready, fabrikam.com is, northwind.com has moved."""

from __future__ import annotations

from . import firewall
from .certs import Leaf
from .world import NS1, NS2, World
from .zones import VERIFY, Domain


def describe(world: World) -> None:
    """Adds the three to a world."""
    not_ready(world)
    ready(world)
    moved(world)


def not_ready(world: World) -> None:
    """Filtered 993, an incomplete chain on 143, a TTL of a day at the second name server, no record for Microsoft."""
    domain = "contoso.com"
    imap = world.dovecot(f"imap.{domain}", Leaf(f"imap.{domain}", chain=("leaf",)), at="192.0.2.10")
    world.shut(imap, 993, firewall.DROP)
    world.domain(_domain(domain, imap, txt=("v=spf1 mx -all",), autodiscover="CNAME mail", twin={"mx_ttl": 86400}))


def ready(world: World) -> None:
    domain = "fabrikam.com"
    imap = world.dovecot(f"imap.{domain}", at="192.0.2.20")
    world.domain(_domain(domain, imap))
    world.tenant("fabrikam-com")


def moved(world: World) -> None:
    domain = "northwind.com"
    imap = world.dovecot(f"imap.{domain}", at="192.0.2.30")
    world.domain(_domain(domain, imap, mx=("0 northwind-com.mail.protection.outlook.com.",)))
    world.tenant("northwind-com")


def _domain(name: str, imap: str, **changes: object) -> Domain:
    """A domain with name servers below itself, as small companies have them."""
    sound: dict[str, object] = {
        "servers": (f"ns1.{name}", f"ns2.{name}"),
        "glue": {"ns1": NS1[0], "ns2": NS2[0]},
        "mail": f"A {imap}",
        "more": f"imap A {imap}",
        "txt": ("v=spf1 mx include:spf.protection.outlook.com -all", VERIFY),
    }
    return Domain(name, **{**sound, **changes})  # type: ignore[arg-type]
