"""mx-*, ns-*, ttl-*, verify-*, spf-*, autodiscover-*, wildcard-record, msoid-present: one broken thing a domain."""

from __future__ import annotations

from lab import dnspeers, firewall
from lab.cases import Case, Suite
from lab.world import World
from lab.zones import SERVERS, SPF, VERIFY, Domain

Row = tuple[str, str, dict[str, object], tuple[str, ...]]

# about, first label, changes to a sound domain, findings; "{d}" is the domain.
BEFORE: tuple[Row, ...] = (
    ("a sound domain", "sound", {}, ()),
    ("no MX", "mxmissing", {"mx": ()}, ("mx-missing {d}",)),
    ("null MX", "mxnull", {"mx": ("0 .",)}, ("mx-null {d}",)),
    ("null MX beside another", "mxnulltoo", {"mx": ("0 .", "10 mail")}, ("mx-null {d}",)),
    ("Microsoft beside the old host", "mxmixed", {"mx": ("10 mail", "20 mxmixed-test.mail.protection.outlook.com.")}, ("mx-mixed {d}",)),
    ("an MX host without address", "mxgone", {"mx": ("10 gone",)}, ("mx-target-not-found {d}",)),
    ("an MX host that is an alias", "mxalias", {"mail": "CNAME www", "more": "www A 192.0.2.25"}, ("mx-is-alias {d}",)),
    ("an MX that is an address", "mxaddress", {"mx": ("10 192.0.2.25.",)}, ("mx-is-address {d}",)),
    ("an MX host in private space", "mxprivate", {"mail": "A 10.0.0.25"}, ("mx-private-address {d}",)),
    ("servers with different MX sets", "mxtwo", {"twin": {"mx": ("10 mail", "20 mail2"), "more": "mail2 A 192.0.2.26"}, "more": "mail2 A 192.0.2.26"},
     ("mx-differs-between-servers {d}",)),
    ("a dead name server", "nsdead", {"servers": ("ns1.dns.test", "nsdead.dns.test")}, ("ns-unreachable nsdead.dns.test",)),
    ("a name server where nothing listens", "nsclosed", {"servers": ("ns1.dns.test", "nsclosed.dns.test")}, ("ns-unreachable nsclosed.dns.test",)),
    ("a name server behind an ICMP prohibition", "nsbarred", {"servers": ("ns1.dns.test", "nsbarred.dns.test")}, ("ns-unreachable nsbarred.dns.test",)),
    ("a name server that refuses", "nsrefuse", {"servers": ("ns1.dns.test", "nsrefuse.dns.test")}, ("ns-lame nsrefuse.dns.test",)),
    ("a name server with SERVFAIL", "nsfail", {"servers": ("ns1.dns.test", "nsfail.dns.test")}, ("ns-lame nsfail.dns.test",)),
    ("a name server without authority", "nsnotaa", {"servers": ("ns1.dns.test", "nsnotaa.dns.test")}, ("ns-lame nsnotaa.dns.test",)),
    ("a name server that talks garbage", "nsgarbage", {"servers": ("ns1.dns.test", "nsgarbage.dns.test")}, ("ns-lame nsgarbage.dns.test",)),
    ("a name server without TCP", "nsnotcp", {"servers": ("ns1.dns.test", "nsnotcp.dns.test")}, ("ns-tcp-blocked nsnotcp.dns.test",)),
    ("a name server with FORMERR for EDNS", "nsformerr", {"servers": ("ns1.dns.test", "nsformerr.dns.test")}, ("ns-edns-broken nsformerr.dns.test",)),
    ("a name server silent on EDNS", "nsmute", {"servers": ("ns1.dns.test", "nsmute.dns.test")}, ("ns-edns-broken nsmute.dns.test",)),
    ("a name server that truncates always", "nstrunc", {"servers": ("ns1.dns.test", "nstrunc.dns.test")}, ()),
    ("a name server that answers with another id", "nsid", {"servers": ("ns1.dns.test", "nsid.dns.test")}, ("ns-unreachable nsid.dns.test",)),
    ("a name server that answers for another name", "nsname", {"servers": ("ns1.dns.test", "nsname.dns.test")}, ("ns-unreachable nsname.dns.test",)),
    ("a name server with a forged record", "nsforged", {"servers": ("ns1.dns.test", "nsforged.dns.test")}, ()),
    ("a name server with a circle of aliases", "nsloop", {"servers": ("ns1.dns.test", "nsloop.dns.test")}, ("mx-differs-between-servers {d}",)),
    ("nothing but a circle of aliases", "circle", {"servers": ("nsloop.dns.test",)}, ("mx-missing {d}",)),
    ("a name server with a thousand MX records", "nsthousand", {"servers": ("ns1.dns.test", "nsthousand.dns.test"),
      "txt": (VERIFY, "v=spf1 include:spf.protection.outlook.com -all")}, ("mx-differs-between-servers {d}",)),
    ("a name server with a TTL above 2^31", "nsttl", {"servers": ("ns1.dns.test", "nsttl.dns.test")}, ("ttl-differs-between-servers {d}",)),
    ("serials differ", "serial", {"twin": {"serial": 2026010102}}, ("ns-serial-differs {d}",)),
    ("the parent knows fewer servers", "parent", {"delegation": ("ns1.dns.test",)}, ("ns-delegation-differs {d}",)),
    ("a long TTL everywhere", "ttllong", {"mx_ttl": 86400}, ("ttl-too-long {d}",)),
    ("a long TTL at one of two servers", "ttltwo", {"twin": {"mx_ttl": 86400}}, ("ttl-too-long {d}", "ttl-differs-between-servers {d}")),
    ("TTLs that differ below the limit", "ttlshort", {"twin": {"mx_ttl": 300}}, ("ttl-differs-between-servers {d}",)),
    ("a long negative TTL while names are missing", "ttlneg", {"negative_ttl": 86400, "autodiscover": ""}, ("ttl-negative-long {d}",)),
    ("no MS= record", "verify", {"txt": (SPF,)}, ("verify-missing {d}",)),
    ("two MS= records", "verifytwo", {"txt": (SPF, VERIFY, "MS=ms87654321")}, ("verify-differs {d}",)),
    ("no SPF record", "spfnone", {"txt": (VERIFY,)}, ("spf-missing {d}",)),
    ("two SPF records", "spftwo", {"txt": (VERIFY, SPF, "v=spf1 -all")}, ("spf-multiple {d}",)),
    ("SPF without Microsoft", "spfold", {"txt": (VERIFY, "v=spf1 mx -all")}, ("spf-no-microsoft {d}",)),
    ("SPF with a mistake", "spfbad", {"txt": (VERIFY, f"{SPF[:-5]} ip5:192.0.2.1 -all")}, ("spf-syntax {d}",)),
    ("SPF for everybody", "spfall", {"txt": (VERIFY, f"{SPF[:-5]} +all")}, ("spf-permissive {d}",)),
    ("SPF with too many look-ups", "spfmany", {"txt": (VERIFY, f"{SPF[:-5]} {'a:mail.spfmany.test ' * 10}-all")}, ("spf-too-many-lookups {d}",)),
    ("SPF with void look-ups", "spfvoid", {"txt": (VERIFY, f"{SPF[:-5]} a:x.spfvoid.test a:y.spfvoid.test a:z.spfvoid.test -all")},
     ("spf-void-lookups {d}",)),
    ("Autodiscover as an address", "autoa", {"autodiscover": "A 192.0.2.80"}, ("autodiscover-not-alias {d}",)),
    ("a foreign SRV record", "autosrv", {"more": "_autodiscover._tcp SRV 0 0 443 cpanel.elsewhere.test."}, ("autodiscover-srv-foreign {d}",)),
    ("a wildcard", "wild", {"more": "* A 192.0.2.80"}, ("wildcard-record {d}",)),
    ("no DKIM record yet", "dkimlater", {"dkim": ""}, ()),
    ("DKIM with the zone appended", "dkimdot", {"dkim": "CNAME selector{n}-{label}._domainkey.lab.onmicrosoft.com"}, ("dkim-wrong-target {d}",)),
    ("DKIM keys of its own", "dkimown", {"dkim": 'TXT "v=DKIM1; p=MIIB"'}, ("dkim-wrong-target {d}",)),
    ("two DMARC records", "dmarctwo", {"more": '_dmarc TXT "v=DMARC1; p=reject"'}, ("dmarc-invalid {d}",)),
    ("an unreadable DMARC record", "dmarcbad", {"dmarc": "v=DMARC1; p=maybe"}, ("dmarc-invalid {d}",)),
    ("DMARC too strict too early", "dmarcstrict", {"dmarc": "v=DMARC1; p=reject", "dkim": "", "txt": (VERIFY, "v=spf1 mx -all")},
     ("dmarc-strict-too-early {d}", "spf-no-microsoft {d}")),
    ("two MTA-STS records", "ststwo", {"more": '_mta-sts TXT "v=STSv1; id=1;"\n_mta-sts TXT "v=STSv1; id=2;"'}, ("mtasts-invalid {d}",)),
    ("an MTA-STS record without id", "stsid", {"more": '_mta-sts TXT "v=STSv1;"'}, ("mtasts-invalid {d}",)),
    ("a msoid record", "msoid", {"more": "msoid CNAME clientconfig.microsoftonline-p.net."}, ("msoid-present {d}",)),
)

# The same once the MX has been changed: sound is {label}-test.mail.protection.outlook.com.
AFTER: tuple[Row, ...] = (
    ("a sound domain", "done", {}, ()),
    ("the mx.microsoft form", "modern", {"mx": ("0 modern-test.e-v1.mx.microsoft.",)}, ()),
    ("a domain with a hyphen", "con-toso", {"mx": ("0 contoso-test0i.mail.protection.outlook.com.",)}, ()),
    ("still the old host", "stillold", {"mx": ("10 mail",)}, ("mx-not-microsoft {d}",)),
    ("the old host beside Microsoft", "stilltwo", {"mx": ("0 stilltwo-test.mail.protection.outlook.com.", "20 mail")}, ("mx-mixed {d}",)),
    ("a domain that Microsoft does not know", "unknown", {"mx": ("0 nobody-test.mail.protection.outlook.com.",)},
     ("mx-target-not-found {d}", "mx-label-differs {d}")),
    ("the zone appended", "appended", {"mx": ("0 appended-test.mail.protection.outlook.com",)}, ("mx-zone-appended {d}",)),
    ("a submission host", "submit", {"mx": ("0 smtp.office365.com.",)}, ("mx-submission-host {d}",)),
    ("the retired German cloud", "german", {"mx": ("0 german-test.mail.protection.outlook.de.",)}, ("mx-retired {d}",)),
    ("another domain's label", "label", {"mx": ("0 done-test.mail.protection.outlook.com.",)}, ("mx-label-differs {d}",)),
    ("the verification MX left behind", "left", {"mx": ("0 left-test.mail.protection.outlook.com.", "32767 ms12345678.msv1.invalid.")},
     ("mx-verification-left {d}",)),
    ("no SPF record", "spfnoneafter", {"txt": (VERIFY,)}, ("spf-missing {d}",)),
    ("no Autodiscover record", "autonone", {"autodiscover": ""}, ("autodiscover-missing {d}",)),
    ("Autodiscover at the old provider", "autoold", {"autodiscover": "CNAME mail.elsewhere.test."}, ("autodiscover-old-target {d}", "autodiscover-unreachable {d}")),
    ("no DKIM record", "dkimnone", {"dkim": ""}, ("dkim-missing {d}",)),
    ("another domain's DKIM label", "dkimlabel", {"dkim": "CNAME selector{n}-done-test._domainkey.lab.onmicrosoft.com."}, ("dkim-wrong-target {d}",)),
    ("no DMARC record", "dmarcnone", {"dmarc": ""}, ("dmarc-missing {d}",)),
    ("a long TTL is no harm any more", "ttlafter", {"mx_ttl": 86400}, ()),
)


def run(world: World, suite: Suite) -> None:
    name_servers(world)
    cases = [*table(world, "before", BEFORE), *table(world, "after", AFTER), *options(world)]
    world.start()
    suite.run(cases)
    for phase, rows in (("before", BEFORE), ("after", AFTER)):
        for about, _, _, findings in rows:
            suite.tap.result(f"{phase}: {about}: nothing else changes", stray(suite, phase, about, findings))


# Findings on mail policies that follow from a fault of another kind, or from one that is only told.
FOLLOWS = {
    **dict.fromkeys(("no MX", "null MX", "an MX host without address", "an MX that is an address", "a name server with a circle of aliases",
                     "nothing but a circle of aliases", "a name server with a thousand MX records", "still the old host",
                     "the old host beside Microsoft"), {"spf-old-sender"}),
    "a long negative TTL while names are missing": {"autodiscover-missing", "autodiscover-ok"},
    "Autodiscover as an address": {"autodiscover-unreachable"},
    "no DKIM record yet": {"dkim-missing", "dkim-ok"},
    "DMARC too strict too early": {"dkim-missing", "dkim-ok"},
}
POLICIES = ("autodiscover", "dane", "dkim", "dmarc", "dnssec", "msoid", "mtasts", "spf", "tlsrpt", "wildcard")


def stray(suite: Suite, phase: str, about: str, findings: tuple[str, ...]) -> list[str]:
    """What a planted fault changes on mail policies, at all levels: its own finding comes, others of its family may give way to it."""
    good, found = ({finding.split()[0] for finding in suite.found.get(f"{phase}: {name}", set())} for name in ("a sound domain", about))
    own = {finding.split()[0] for finding in findings}
    families = {finding.partition("-")[0] for finding in own}
    expected = FOLLOWS.get(about, set()) | own
    come, gone = (sorted(f for f in some - expected if f.partition("-")[0] in POLICIES) for some in (found - good, good - found))
    return [*(f"also: {finding}" for finding in come), *(f"lost: {finding}" for finding in gone if finding.partition("-")[0] not in families)]


def name_servers(world: World) -> None:
    """Servers that misbehave, each in front of the sound first one."""
    world.name_server("nsclosed", "198.51.100.20")
    world.name_server("nsdead", "198.51.100.21")
    for transport in ("udp", "tcp"):
        world.shut("198.51.100.21", 53, firewall.DROP, transport)
    world.name_server("nsbarred", "198.51.100.30")
    for transport in ("udp", "tcp"):
        world.shut("198.51.100.30", 53, firewall.ADMIN_PROHIBITED, transport)
    world.name_server("nsrefuse", "198.51.100.22", twist=dnspeers.refused)
    world.name_server("nsfail", "198.51.100.23", twist=dnspeers.servfail)
    world.name_server("nsnotaa", "198.51.100.24", twist=dnspeers.not_authoritative)
    world.name_server("nsgarbage", "198.51.100.25", twist=dnspeers.garbage)
    world.name_server("nsformerr", "198.51.100.26", twist=dnspeers.formerr_on_edns)
    world.name_server("nsmute", "198.51.100.27", twist=dnspeers.silent_on_edns)
    world.name_server("nstrunc", "198.51.100.28", twist=dnspeers.always_truncated)
    world.name_server("nsid", "198.51.100.31", twist=dnspeers.another_id)
    world.name_server("nsname", "198.51.100.32", twist=dnspeers.another_name)
    world.name_server("nsforged", "198.51.100.33", twist=dnspeers.forged_record)
    world.name_server("nsloop", "198.51.100.34", twist=dnspeers.alias_loop)
    world.name_server("nsthousand", "198.51.100.35", twist=dnspeers.thousand_records)
    world.name_server("nsttl", "198.51.100.36", twist=dnspeers.huge_ttl)
    world.also_at("nsnotcp", "198.51.100.29")
    world.shut("198.51.100.29", 53, firewall.DROP, "tcp")


def table(world: World, phase: str, rows: tuple[Row, ...]) -> list[Case]:
    cases = []
    for about, label, changes, findings in rows:
        name = f"{label}.test"
        if phase == "after":
            changes = {"mx": (f"0 {label}-test.mail.protection.outlook.com.",), **changes}
        tenant = "contoso-test0i" if label == "con-toso" else f"{label}-test"
        world.domain(Domain(name, **{"label": tenant, **changes}))  # type: ignore[arg-type]
        world.tenant(tenant, "e" if label == "modern" else "classic")
        expect = tuple(finding.format(d=name) for finding in findings)
        slow = any(word in label for word in ("nsdead", "nsmute", "nsnotcp", "nsid", "nsname"))
        cases.append(Case(f"{phase}: {about}", f"dns {name} --phase {phase}", expect, seconds=12.0 if slow else 2.0, timeout="2s" if slow else "5s"))
    return cases


def options(world: World) -> list[Case]:
    """The same zones with what the user knows."""
    world.domain(Domain("mxalso.test", mx=("10 mail",), servers=SERVERS))
    world.domain(Domain("targets.test", mail="86400 A 192.0.2.25"))
    sound = tuple(f"{finding} sound.test" for finding in ("mx-ok", "ns-ok", "ttl-ok", "verify-ok", "spf-ok", "autodiscover-ok", "mtasts-absent", "tlsrpt-absent", "spf-old-sender"))
    world.domain(Domain("spfns.test", txt=("v=spf1 ip4:198.51.100.1 ip4:198.51.100.10 include:spf.protection.outlook.com -all", VERIFY)))
    world.domain(Domain("group.test", dmarc="v=DMARC1; p=reject; sp=none"))
    world.domain(Domain("apart.group.test", dmarc="v=DMARC1; p=none; psd=n", label="apart-group-test"))
    world.domain(Domain("unit.group.test", dmarc="", label="unit-group-test"))
    world.tenant("apart-group-test")
    world.tenant("unit-group-test")
    return [
        Case("before: name servers are no old senders", "dns spfns.test", (), ("spf-ok spfns.test",), never=("spf-old-sender spfns.test",)),
        Case("before: DMARC of the organization above", "dns unit.group.test", (), ("dmarc-ok unit.group.test",), says=("at _dmarc.group.test",)),
        Case("before: DMARC that sets the domain apart", "dns apart.group.test", (), ("dmarc-ok apart.group.test",),
             says=("receivers differ on the organizational domain: apart.group.test by the tree walk", "group.test by public suffixes")),
        Case("before: what a sound domain passes", "dns sound.test", (), sound),
        Case("before: a long TTL of the MX host is told", "dns targets.test", (), ("ttl-target-long targets.test",)),
        Case("before: another MX than expected", "dns mxalso.test --phase after --expect-mx mx.elsewhere.test", ("mx-unexpected mxalso.test", "propagation-not-started mxalso.test")),
        Case("before: another MS= record than expected", "dns sound.test --verify MS=ms99999999", ("verify-differs sound.test",)),
        Case("ttl: the short ones", "ttl sound.test", (), ("ttl-ok sound.test",)),
        Case("ttl: names the server", "ttl ttltwo.test", ("ttl-too-long ttltwo.test", "ttl-differs-between-servers ttltwo.test"), says=("ns2.dns.test",)),
    ]
