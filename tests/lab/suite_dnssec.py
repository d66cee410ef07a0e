"""dnssec-*: zones signed by ldns, below an anchor of their own."""

from __future__ import annotations

from lab import signer
from lab.cases import Case, Suite
from lab.world import World
from lab.zones import Domain


def run(world: World, suite: Suite) -> None:
    rows = (
        ("signed and valid", signer.Signed("sound.test"), "sound.test", (), "dnssec-ok"),
        ("signatures that end tomorrow", signer.Signed("ending.test", ends=1), "ending.test", ("dnssec-expiring",), "dnssec-expiring"),
        ("expired signatures", signer.Signed("expired.test", starts=-20, ends=-1), "expired.test", ("dnssec-bogus",), "dnssec-bogus"),
        ("signatures of the future", signer.Signed("future.test", starts=2), "future.test", ("dnssec-bogus",), "dnssec-bogus"),
        ("an anchor without keys", Domain("bare.test"), "other.test", (), ""),
    )
    cases = []
    for about, domain, key, bad, also in rows:
        world.domain(domain)
        anchor = signer.anchor(key)
        if not also:
            # The DS record of a zone that was signed once, under the name of the one that is not any more.
            text = anchor.read_text().replace(key, domain.name)
            anchor = world.base / "left.ds"
            anchor.write_text(text)
            bad, also = ("dnssec-bogus",), "dnssec-bogus"
            domain_name = domain.name
        domain_name = domain.name
        cases.append(Case(about, f"dns {domain_name} --trust-anchor {anchor}", tuple(f"{finding} {domain_name}" for finding in bad),
                          (f"{also} {domain_name}",), seconds=4.0))
    world.start()
    suite.run(cases)
