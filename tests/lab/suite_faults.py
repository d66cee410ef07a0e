"""
One fault at a time in a domain with everything right: each changes exactly its own findings about mail policies, at every level.

A row plants one id of the families below, and says besides what that implies and why. That every id stands in a row is checked against
the catalogue. All domains share one real Postfix (their TLSA records are of its key), one host at Microsoft, one nginx.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from lab import signer
from lab.cases import Case, Suite
from lab.certs import Leaf
from lab.unbound import Resolver
from lab.world import ROOT, World
from lab.zones import VERIFY

CATALOGUE = Path(os.environ["TOP_SRCDIR"]) / "include/cutover/catalogue.def"
VALIDATOR = "192.0.2.54"
FAMILIES = ("autodiscover", "dane", "dkim", "dmarc", "dnssec", "msoid", "mtasts", "spf", "tlsrpt", "wildcard")
NEW = "shared-test.e-v1.mx.microsoft"
STRANGER = "00112233" * 8
SPF = "v=spf1 include:spf.protection.outlook.com -all"
STS = '_mta-sts TXT "v=STSv1; id=20260101;"'
GOOD = ("autodiscover-ok D", "dane-ok mail.D", f"dane-ok {NEW}", "dkim-ok D", "dmarc-ok D", "dnssec-ok D", "mtasts-ok D", "spf-ok D")
EXCHANGE = "location / { return 401; }"  # an Autodiscover service asks for a password
OWN = "CNAME clients"  # Autodiscover by a host of the domain's own


@dataclass(frozen=True)
class Fault:
    """What is different from the good domain; `come` and `gone` are the findings "ID SUBJECT", D standing for the domain."""

    label: str  # the id
    come: tuple[str, ...]
    gone: tuple[str, ...] = ()
    changes: dict[str, object] = field(default_factory=dict)  # of the domain
    spf: str = SPF
    tlsa: str = "3 1 1 %K"
    sts: str = STS
    sts_mx: tuple[str, ...] = ("mail.D", "*.e-v1.mx.microsoft")
    tls_rpt: str = '_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tlsrpt@elsewhere.test"'
    clients: str = ""  # rules of the web server behind the name "clients"
    root: str = ""     # of the web server of the bare domain
    leaf: str = ""     # whose certificate the former shows, where that is wrong
    more: str = ""

    def domain(self) -> str:
        return f"{self.label.replace('-', '')}.test"


def spf(label: str, record: str) -> Fault:
    return Fault(label, (f"{label} D",), ("spf-ok D",), spf=record)


def record(label: str, gone: str, **changes: object) -> Fault:
    return Fault(label, (f"{label} D",), (f"{gone} D",), changes)


def client(label: str, *implied: str, **how: str) -> Fault:
    """Autodiscover by a host of one's own is an old target, whatever is wrong with that host."""
    return Fault(label, (f"{label} D", *implied), ("autodiscover-ok D",), {"autodiscover": OWN}, **how)  # type: ignore[arg-type]


INCLUDE = "include:spf.protection.outlook.com "
VOIDS = " ".join(f"a:gone{n}.spfvoidlookups.test" for n in range(3))
FAULTS = (
    Fault("good", ()),
    Fault("spf-missing", ("spf-missing D",), ("spf-ok D",), {"txt": (VERIFY,)}),
    Fault("spf-multiple", ("spf-multiple D",), ("spf-ok D",), {"txt": (VERIFY, SPF, "v=spf1 -all")}),
    spf("spf-no-microsoft", "v=spf1 ip4:198.18.0.1 -all"),
    spf("spf-syntax", SPF.replace("-all", "ip5:192.0.2.1 -all")),
    spf("spf-too-many-lookups", SPF.replace("-all", INCLUDE * 5 + '" "' + INCLUDE * 5 + "-all")),
    spf("spf-void-lookups", SPF.replace("-all", f"{VOIDS} -all")),
    spf("spf-permissive", SPF.replace("-all", "?all")),
    Fault("spf-old-sender", ("spf-old-sender D",), spf=SPF.replace("-all", "mx -all")),
    record("dkim-missing", "dkim-ok", dkim=""),
    record("dkim-wrong-target", "dkim-ok", dkim="CNAME selector{n}-good-test._domainkey.lab.onmicrosoft.com."),
    record("dmarc-missing", "dmarc-ok", dmarc=""),
    record("dmarc-invalid", "dmarc-ok", dmarc="v=DMARC1; p=maybe"),
    # Strict is too early only while Microsoft's mail can pass by neither of the two.
    Fault("dmarc-strict-too-early", ("dmarc-strict-too-early D", "dkim-missing D", "spf-no-microsoft D"), ("dmarc-ok D", "dkim-ok D", "spf-ok D"),
          {"dmarc": "v=DMARC1; p=reject", "dkim": ""}, spf="v=spf1 ip4:198.18.0.1 -all"),
    Fault("mtasts-absent", ("mtasts-absent D",), ("mtasts-ok D",), sts=""),
    Fault("mtasts-excludes-mx", ("mtasts-excludes-mx D",), ("mtasts-ok D",), sts_mx=("mail.D",)),
    Fault("mtasts-invalid", ("mtasts-invalid D",), ("mtasts-ok D",), sts='_mta-sts TXT "v=STSv1;"'),
    Fault("tlsrpt-absent", ("tlsrpt-absent D",), tls_rpt=""),
    Fault("dane-unusable", ("dane-unusable mail.D",), ("dane-ok mail.D",), tlsa="1 1 1 %K"),
    Fault("dane-mismatch", ("dane-mismatch mail.D",), ("dane-ok mail.D",), tlsa=f"3 1 1 {STRANGER}"),
    # Records of an unsigned zone protect nobody.
    Fault("dnssec-unsigned", ("dnssec-unsigned D", "dane-unusable mail.D"), ("dnssec-ok D", "dane-ok mail.D"), {"is_signed": False, "above": ""}),
    record("dnssec-bogus", "dnssec-ok", drop=r"RRSIG\s+MX\b"),
    record("dnssec-expiring", "dnssec-ok", starts=-29, ends=1),
    record("autodiscover-missing", "autodiscover-ok", autodiscover=""),
    client("autodiscover-old-target", clients=EXCHANGE),
    client("autodiscover-certificate", "autodiscover-old-target D", clients=EXCHANGE, leaf="www.elsewhere.test"),
    client("autodiscover-loop", "autodiscover-old-target D", clients="location / { return 302 https://$host$request_uri; }"),
    Fault("autodiscover-unreachable", ("autodiscover-unreachable D", "autodiscover-old-target D"), ("autodiscover-ok D",), {"autodiscover": "CNAME mail"}),
    Fault("autodiscover-not-alias", ("autodiscover-not-alias D",), ("autodiscover-ok D",), {"autodiscover": "A %A"}, clients=EXCHANGE),
    Fault("autodiscover-srv-foreign", ("autodiscover-srv-foreign D",), ("autodiscover-ok D",), more="_autodiscover._tcp SRV 0 0 443 cpanel.elsewhere.test."),
    Fault("autodiscover-root-answers", ("autodiscover-root-answers D",), root="default_type text/html; location / { return 200 '<html>Welcome</html>'; }"),
    Fault("wildcard-record", ("wildcard-record D",), more="* A 192.0.2.80"),
    Fault("msoid-present", ("msoid-present D",), more="msoid CNAME clientconfig.microsoftonline-p.net."),
)


def run(world: World, suite: Suite) -> None:
    anchor = world.sign_tree()
    host, new = world.postfix("mail.shared.test"), world.postfix(NEW)
    world.tenant("shared-test", "e", new.address)
    world.tlsa(NEW, f"3 1 1 {world.authority.digest(new.pair)}")
    key = world.authority.digest(host.pair)
    for fault in FAULTS:
        plant(world, fault, host.address, key)
    world.resolver(Resolver("validator", (VALIDATOR,), ROOT, f'  trust-anchor-file: "{anchor}"\n'))
    world.start()
    suite.run(case(fault, anchor) for fault in FAULTS)
    for fault in FAULTS:
        suite.tap.result(f"{fault.label} changes its own findings alone", difference(suite, fault))
    suite.tap.result("every finding of the families is planted", missing())


def plant(world: World, fault: Fault, mail: str, key: str) -> None:
    name = fault.domain()
    policy = ("version: STSv1", "mode: enforce", *(f"mx: {mx.replace('D', name)}" for mx in fault.sts_mx), "max_age: 604800")
    sts = world.site(f"mta-sts.{name}", f'location = /.well-known/mta-sts.txt {{ return 200 "{"".join(line + chr(92) + "n" for line in policy)}"; }}')
    lines = [f"_25._tcp.mail TLSA {fault.tlsa.replace('%K', key)}", fault.sts, f"mta-sts A {sts}", fault.tls_rpt, fault.more]
    changes = {"txt": (fault.spf, VERIFY), **fault.changes}
    if fault.clients:
        address = world.site(f"autodiscover.{name}", fault.clients, leaf=Leaf(fault.leaf) if fault.leaf else None)
        lines.append(f"clients A {address}")
        changes["autodiscover"] = str(changes["autodiscover"]).replace("%A", address)
    if fault.root:
        lines.append(f"@ A {world.site(name, fault.root)}")
    world.domain(signer.Signed(name, mail=f"A {mail}", more="\n".join(lines), **changes))  # type: ignore[arg-type]


def case(fault: Fault, anchor: object) -> Case:
    levels = catalogue()
    bad = tuple(finding for finding in fault.come if levels[finding.split()[0]] in ("WARN", "FAIL"))
    return Case(fault.label, f"dns {fault.domain()} --expect-mx {NEW} --trust-anchor {anchor}",
                tuple(re.sub(r"\bD$", fault.domain(), finding) for finding in bad), resolver=VALIDATOR, seconds=6.0)


def catalogue() -> dict[str, str]:
    """The families' ids, and how bad each is before the change."""
    rows = re.findall(r'^FINDING\(\w+, "([^"]+)", (\w+),', CATALOGUE.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: level for name, level in rows if name.partition("-")[0] in FAMILIES}


def found(suite: Suite, fault: Fault) -> set[str]:
    """The findings of the families, D standing for the domain."""
    own = re.escape(fault.domain())
    return {re.sub(rf"\b{own}$", "D", finding) for finding in suite.found.get(fault.label, set()) if finding.partition("-")[0] in FAMILIES}


def difference(suite: Suite, fault: Fault) -> list[str]:
    good, now = found(suite, FAULTS[0]), found(suite, fault)
    rows: tuple[tuple[str, set[str], set[str]], ...] = (("come", now - good, set(fault.come)), ("gone", good - now, set(fault.gone)))
    problems = [] if good == set(GOOD) else [f"the good domain has {sorted(good)}"]
    for word, some, wanted in rows:
        problems += [f"{word}: {finding}" for finding in sorted(some - wanted)] + [f"not {word}: {finding}" for finding in sorted(wanted - some)]
    return problems


def missing() -> list[str]:
    """Ids that no row plants, and that the good domain does not have."""
    return sorted(set(catalogue()) - {fault.label for fault in FAULTS} - {finding.split()[0] for finding in GOOD})
