"""`cutover records`: the to-do list beside what NSD serves, and its zone-file form, which name servers must take."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass

from lab import program
from lab.cases import Case, Suite
from lab.missing import program as tool
from lab.world import World
from lab.zones import VERIFY, Domain


@dataclass(frozen=True)
class Row:
    """`list` holds "phase state type name", in order."""

    about: str
    domain: Domain
    options: str
    list: tuple[str, ...]


DKIM = ("CNAME selector1._domainkey", "CNAME selector2._domainkey")
EXCHANGED = ("change add MX @", "change remove MX @")

ROWS = (
    Row("a domain with all but the MX in place", Domain("ready.test"), "--verify " + VERIFY,
        ("before present TXT @", "before present TXT @", *(f"before present {name}" for name in DKIM), "before present TXT _dmarc", "before present MX @",
         *EXCHANGED, "change present CNAME autodiscover", "later change TXT @")),
    Row("a domain with nothing", Domain("nothing.test", txt=(), autodiscover="", dkim="", dmarc=""), "--verify " + VERIFY,
        ("before add TXT @", "before add TXT @", *(f"before add {name}" for name in DKIM), "before add TXT _dmarc", "before present MX @",
         *EXCHANGED, "change add CNAME autodiscover", "later add TXT @")),
    Row("a domain of an old provider",
        Domain("old.test", mx_ttl=86400, mx=("10 mail", "20 mx2.elsewhere.test."), txt=("v=spf1 a ~all", "MS=ms99999999"), autodiscover="CNAME mail.elsewhere.test.",
               dkim='TXT "v=DKIM1; p=MIIB"', dmarc="v=DMARC1; p=reject",
               more="_autodiscover._tcp SRV 0 0 443 cpanel.elsewhere.test.\nmsoid CNAME clientconfig.microsoftonline-p.net."),
        "--verify " + VERIFY,
        ("before change TXT @", "before change TXT @", "before remove TXT selector1._domainkey", "before add CNAME selector1._domainkey",
         "before remove TXT selector2._domainkey", "before add CNAME selector2._domainkey", "before present TXT _dmarc", "before change MX @",
         "before change MX @", *EXCHANGED, "change remove MX @", "change change CNAME autodiscover", "change remove SRV _autodiscover._tcp",
         "change remove CNAME msoid", "later change TXT @")),
    Row("a domain that has moved", Domain("moved.test", mx=("0 moved-test.mail.protection.outlook.com.",),
                                          txt=("v=spf1 include:spf.protection.outlook.com -all", VERIFY)), "--verify " + VERIFY,
        ("before present TXT @", "before present TXT @", *(f"before present {name}" for name in DKIM), "before present TXT _dmarc", "before present MX @",
         "change present MX @", "change present CNAME autodiscover", "later present TXT @")),
    Row("a domain whose MX host is told", Domain("told.test"), f"--verify {VERIFY} --expect-mx told-test.e-v1.mx.microsoft",
        ("before present TXT @", "before present TXT @", *(f"before present {name}" for name in DKIM), "before present TXT _dmarc", "before present MX @",
         *EXCHANGED, "change present CNAME autodiscover", "later change TXT @")),
)


def run(world: World, suite: Suite) -> None:
    for row in ROWS:
        world.domain(row.domain)
        world.tenant(row.domain.name.replace(".", "-"))
    world.start()
    for row in ROWS:
        done = program.run(["records", row.domain.name, "--tenant", "lab", *row.options.split(), *suite.options(Case("", "")), "-o", "json"])
        items = [f"{item['phase']} {item['state']} {item['type']} {item['name']}" for item in done.report()["records"]]
        suite.tap.result(row.about, [] if tuple(items) == row.list else ["wanted:", *row.list, "found:", *items])
        for name, problems in zone_file(suite, row):
            suite.tap.result(f"{row.about}: {name}", problems)


def zone_file(suite: Suite, row: Row) -> list[tuple[str, list[str]]]:
    """What is printed is a zone file, but for the SOA and NS records that a zone has anyway."""
    name, file = row.domain.name, suite.folder / f"{row.domain.name}.zone"
    text = program.run(["records", name, "--tenant", "lab", *row.options.split(), *suite.options(Case("", "")), "-o", "text"]).stdout.decode()
    file.write_text(f"$ORIGIN {name}.\n@ 3600 SOA ns1.dns.test. hostmaster 1 7200 3600 1209600 300\n@ 3600 NS ns1.dns.test.\n{text}")
    results = []
    for argv in ([tool("ldns-read-zone"), str(file)], [tool("nsd-checkzone"), name, str(file)]):
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        results.append((f"{argv[0].rpartition('/')[2]} takes it", [] if done.returncode == 0 else [done.stdout, done.stderr, text]))
    return results
