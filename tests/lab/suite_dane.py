"""dane-*: real Postfix with STARTTLS on port 25, TLSA records in signed zones, right and wrong; and a domain with everything right."""

from __future__ import annotations

from dataclasses import dataclass, field

from lab import dnswire, signer
from lab.cases import Case, Suite
from lab.certs import Leaf
from lab.postfix import MailHost
from lab.unbound import Resolver
from lab.world import ROOT, World
from lab.zones import VERIFY

VALIDATOR = "192.0.2.54"
STRANGER = "00112233" * 8
BAD = ("dane-mismatch", "dnssec-bogus")


@dataclass(frozen=True)
class Row:
    """
    The records of mail.LABEL.test: %K and %C stand for its key's and its certificate's digest, %I for the intermediate's key; %k and %c
    for the key and the certificate themselves, %i and %j for the intermediate's.
    """

    about: str
    label: str
    tlsa: tuple[str, ...]
    finding: str
    says: str = ""
    leaf: dict[str, object] = field(default_factory=dict)
    signing: dict[str, object] = field(default_factory=dict)
    has_starttls: bool = True
    alias: str = ""    # what the records' name is an alias of
    verdict: str = ""  # Unbound's, where the finding does not say it


ROWS = (
    Row("the key's digest", "key", ("3 1 1 %K",), "dane-ok"),
    Row("the certificate's digest", "cert", ("3 0 1 %C",), "dane-ok"),
    Row("the key's digest by SHA-512", "sha512", ("3 1 2 %L",), "dane-ok"),
    Row("another digest by SHA-512", "wrong512", (f"3 1 2 {STRANGER}{STRANGER}",), "dane-mismatch", "matches"),
    Row("the authority's key", "anchor", ("2 1 1 %I",), "dane-ok"),
    Row("the next key beside the present one", "rollover", (f"3 1 1 {STRANGER}", "3 1 1 %K"), "dane-ok"),
    Row("usage 3 heeds neither name nor dates", "dates", ("3 1 1 %K",), "dane-ok", leaf={"name": "other.test", "starts": -20, "ends": -1}),
    Row("the wrong digest", "wrong", (f"3 1 1 {STRANGER}",), "dane-mismatch", "no record of _25._tcp.mail.wrong.test matches"),
    Row("a renewed certificate, only the old one's digest left", "renewed", (f"3 0 1 {STRANGER}", "3 1 1 %I"), "dane-mismatch", "matches"),
    Row("the authority's key, the certificate of another host", "anchorname", ("2 1 1 %I",), "dane-mismatch", "not for this name",
        leaf={"name": "other.test"}),
    Row("an authority that is not sent along", "notsent", ("2 1 1 %I",), "dane-mismatch", leaf={"chain": ("leaf",)}),
    Row("no STARTTLS", "notls", ("3 1 1 %K",), "dane-mismatch", "offers no STARTTLS", has_starttls=False),
    Row("usages that mail does not heed", "web", ("1 1 1 %K", "0 0 1 %C"), "dane-unusable", "usage 2 or 3"),
    Row("an unsigned zone", "plain", (f"3 1 1 {STRANGER}",), "dane-unusable", "the zone is not signed", signing={"is_signed": False, "above": ""}),
    Row("records without signature", "bogus", ("3 1 1 %K",), "dnssec-bogus", "senders that check DANE hold mail back",
        signing={"drop": r"RRSIG\s+TLSA\b"}),
    Row("the whole certificate", "wholecert", ("3 0 0 %c",), "dane-ok"),
    Row("the whole key", "wholekey", ("3 1 0 %k",), "dane-ok"),
    Row("the whole certificate of another", "wholewrong", ("3 0 0 %j",), "dane-mismatch", "matches"),
    Row("the whole key of another", "wholewrongkey", ("3 1 0 %i",), "dane-mismatch", "matches"),
    Row("the authority's whole certificate", "wholeanchor", ("2 0 0 %j",), "dane-ok"),
    Row("the authority's whole key", "wholeanchorkey", ("2 1 0 %i",), "dane-ok"),
    Row("an authority that is not sent along, but in the record", "wholenotsent", ("2 0 0 %j",), "", leaf={"chain": ("leaf",)}),
    Row("records behind an alias", "alias", ("3 1 1 %K",), "dane-ok", alias="tlsa"),
    Row("the wrong digest behind an alias", "aliaswrong", (f"3 1 1 {STRANGER}",), "dane-mismatch", "matches", alias="tlsa"),
    Row("an alias into another signed zone", "aliasaway", (), "dane-mismatch", "matches", alias="_25._tcp.mail.cert.test."),
    Row("an alias into an unsigned zone", "aliasplain", (), "dane-unusable", "the zone is not signed", alias="_25._tcp.mail.plain.test.", verdict="insecure"),
    Row("an alias to records without signature", "aliasbogus", (), "dnssec-bogus", alias="_25._tcp.mail.bogus.test."),
    Row("an alias of nothing", "aliasnothing", (), "", alias="gone"),
    Row("an alias without signature", "aliasunsigned", ("3 1 1 %K",), "dnssec-bogus", alias="tlsa", signing={"drop": r"^_25\..*RRSIG\s+CNAME\b"}),
    Row("no records", "absent", (), ""),
    Row("no records, and no proof of that", "noproof", (), "dnssec-bogus", "no signed proof", signing={"drop": r"\bNSEC\b"}),
    Row("no records in a zone with NSEC3", "absent3", (), "", signing={"options": signer.NSEC3}),
    Row("no records in a zone with opt-out", "absentopt", (), "", signing={"options": signer.OPT_OUT}, verdict="insecure"),
    Row("no records in a zone with NSEC3, and no proof of that", "noproof3", (), "dnssec-bogus", "no signed proof",
        signing={"options": signer.NSEC3, "drop": r"\bNSEC3\s"}),
)


def run(world: World, suite: Suite) -> None:
    anchor = world.sign_tree()
    cases = [case(world, row, anchor) for row in ROWS] + [aliased(world, anchor)] + microsoft(world, anchor) + complete(world, anchor)
    world.resolver(Resolver("validator", (VALIDATOR,), ROOT, f'  trust-anchor-file: "{anchor}"\n'))
    world.start()
    # The control question has SERVFAIL for an answer where absence is not proven: what the cache holds must be there before it.
    for row in ROWS:
        if row.label.startswith("noproof"):
            dnswire.validation(VALIDATOR, f"{row.label}.test", dnswire.TYPE_MX)
    suite.run(cases)
    for row in ROWS:
        wanted = row.verdict or "insecure" if row.label == "plain" or row.verdict else "bogus" if row.finding == "dnssec-bogus" else "secure"
        found = dnswire.validation(VALIDATOR, f"_25._tcp.mail.{row.label}.test", dnswire.TYPE_TLSA)
        suite.tap.result(f"Unbound agrees: {row.about}", [] if found == wanted else [f"Unbound says {found}"])


def _records(world: World, host: MailHost, owner: str, rows: tuple[str, ...], alias: str = "") -> str:
    """The lines of the zone file."""
    authority, name = world.authority, f"_25._tcp.{owner}"
    marks = {"%K": authority.digest(host.pair), "%C": authority.digest(host.pair, of_key=False), "%L": authority.digest(host.pair, algorithm="sha512"),
             "%k": authority.whole(host.pair).hex(), "%c": authority.whole(host.pair, of_key=False).hex()}
    if any(mark in row for row in rows for mark in ("%I", "%i", "%j")):
        chain = world.pair(f"chain-{host.name}")
        marks |= {"%I": authority.digest(chain, depth=1), "%i": authority.whole(chain, depth=1).hex(),
                  "%j": authority.whole(chain, of_key=False, depth=1).hex()}
    lines = [f"{alias or name} TLSA {row}" for row in rows]
    for mark, data in marks.items():
        lines = [line.replace(mark, data) for line in lines]
    return "\n".join(lines + ([f"{name} CNAME {alias}"] if alias else []))


def case(world: World, row: Row, anchor: object) -> Case:
    name = f"{row.label}.test"
    host = world.postfix(f"mail.{name}", Leaf(**{"name": f"mail.{name}", **row.leaf}), has_starttls=row.has_starttls)  # type: ignore[arg-type]
    world.domain(signer.Signed(name, mail=f"A {host.address}", more=_records(world, host, "mail", row.tlsa, row.alias), **row.signing))  # type: ignore[arg-type]
    found = (f"{row.finding} mail.{name}",) if row.finding else ()
    expect = found if row.finding in BAD else ()
    return Case(row.about, f"dns {name} --trust-anchor {anchor}", expect, (*found, f"dnssec-{'unsigned' if row.label == 'plain' else 'ok'} {name}"),
                says=(row.says,) if row.says else (), resolver=VALIDATOR, seconds=4.0)


def aliased(world: World, anchor: object) -> Case:
    """An MX host that is an alias: senders check by the records of the name behind it."""
    host = world.postfix("real.mxalias.test")
    more = f"real A {host.address}\n" + _records(world, host, "real", ("3 1 1 %K",)) + f"\n_25._tcp.mail TLSA 3 1 1 {STRANGER}"
    world.domain(signer.Signed("mxalias.test", mail="CNAME real", more=more))
    return Case("an MX host that is an alias", f"dns mxalias.test --trust-anchor {anchor}", ("mx-is-alias mxalias.test",),
                ("dane-ok real.mxalias.test", "dnssec-ok mxalias.test"), resolver=VALIDATOR, seconds=4.0)


def microsoft(world: World, anchor: object) -> list[Case]:
    """Inbound DANE: Microsoft publishes the records of mx.microsoft."""
    cases = []
    for label, is_right in (("inbound", True), ("inboundwrong", False)):
        name, mx = f"{label}.test", f"{label}-test.e-v1.mx.microsoft"
        host = world.postfix(mx)
        world.tenant(f"{label}-test", "e", host.address)
        world.tlsa(mx, f"3 1 1 {world.authority.digest(host.pair) if is_right else STRANGER}")
        world.domain(signer.Signed(name, mx=(f"0 {mx}.",)))
        found = (f"dane-{'ok' if is_right else 'mismatch'} {mx}",)
        cases.append(Case(f"mx.microsoft with {'its own' if is_right else 'foreign'} records", f"dns {name} --phase after --trust-anchor {anchor}",
                          () if is_right else found, (*found, f"dnssec-ok {name}"), resolver=VALIDATOR, seconds=4.0))
    return cases


COMPLETE = ("mx-ok", "ns-ok", "verify-ok", "spf-ok", "dkim-ok", "dmarc-ok", "mtasts-ok", "dnssec-ok", "autodiscover-ok")


def complete(world: World, anchor: object) -> list[Case]:
    """Everything right, together: what an engineer wants to see on the night."""
    before, after = _complete(world, "complete"), _complete(world, "completed", is_changed=True)
    passed, moved = (tuple(f"{finding} {name}.test" for finding in COMPLETE) for name in ("complete", "completed"))
    return [
        Case("everything right, before", f"before complete.test --imap imap.complete.test --expect-mx {before} --trust-anchor {anchor}", (),
             (*passed, "ttl-ok complete.test", "dane-ok mail.complete.test", f"dane-ok {before}", "imap-ok imap.complete.test:993"), resolver=VALIDATOR, seconds=4.0,
             says=("READY",), never=("dane-unusable mail.complete.test", "dnssec-unsigned complete.test", "mtasts-absent complete.test",
                                     "tlsrpt-absent complete.test", "dkim-missing complete.test", "dmarc-missing complete.test")),
        Case("everything right, after", f"after completed.test --old-mx mail.completed.test --expect-mx {after} --trust-anchor {anchor}", (),
             (*moved, f"dane-ok {after}", "dane-ok mail.completed.test", "propagation-ok completed.test"), resolver=VALIDATOR, seconds=4.0,
             never=(f"dane-unusable {after}", "dnssec-unsigned completed.test", "mtasts-absent completed.test", "tlsrpt-absent completed.test",
                    "spf-old-sender completed.test", "autodiscover-unreachable completed.test")),
    ]


def _complete(world: World, label: str, is_changed: bool = False) -> str:
    """The domain before or after the change; its MX host at Microsoft."""
    name, mx = f"{label}.test", f"{label}-test.e-v1.mx.microsoft"
    old, new = world.postfix(f"mail.{name}"), world.postfix(mx)
    imap = world.dovecot(f"imap.{name}")
    policy = "".join(f"{line}\\n" for line in ("version: STSv1", "mode: enforce", f"mx: mail.{name}", f"mx: {mx}", "max_age: 604800"))
    address = world.site(f"mta-sts.{name}", f'location = /.well-known/mta-sts.txt {{ return 200 "{policy}"; }}')
    more = "\n".join((_records(world, old, "mail", ("3 1 1 %K",)), '_mta-sts TXT "v=STSv1; id=20260101;"', f"mta-sts A {address}",
                      f'_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tlsrpt@{name}"', f"imap A {imap}"))
    changes = {"mx": (f"0 {mx}.",), "txt": ("v=spf1 include:spf.protection.outlook.com -all", VERIFY)} if is_changed else {}
    world.domain(signer.Signed(name, mail=f"A {old.address}", more=more, **changes))  # type: ignore[arg-type]
    world.tenant(f"{label}-test", "e", new.address)
    world.tlsa(mx, f"3 1 1 {world.authority.digest(new.pair)}")
    return mx
