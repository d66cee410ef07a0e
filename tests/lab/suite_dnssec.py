"""dnssec-*: a signed tree from the root down, broken in one place each; a validating Unbound must agree in every case."""

from __future__ import annotations

from dataclasses import dataclass

from lab import dnswire, signer
from lab.cases import Case, Suite
from lab.signer import NSEC3, OPT_OUT, Signed
from lab.unbound import Resolver
from lab.world import RESOLVER, ROOT, World
from lab.zones import Domain

VALIDATOR = "192.0.2.54"
WILDCARD = "* MX 10 mail"
NO_MX = ("mx-missing",)
INSIDE = ("spf-missing", "verify-missing")
OF_WILDCARD = (*INSIDE, "dkim-wrong-target")
UNSIGNED = "dnssec-unsigned"
BOGUS = "dnssec-bogus"


@dataclass(frozen=True)
class Row:
    """A domain, what Unbound and we make of it, and a part of what we say."""

    about: str
    domain: Domain
    verdict: str = "secure"
    finding: str = "dnssec-ok"
    says: str = ""
    name: str = ""  # below the domain
    besides: tuple[str, ...] = ()  # what else the same zone gives
    is_withheld: bool = False      # a validator gives nothing of the whole zone


def _other_algorithm(zone: str) -> str:
    return signer.ds(zone).replace(" 13 2 ", " 8 2 ")


def _unknown_algorithm(zone: str) -> str:
    return signer.ds(zone).replace(" 13 2 ", " 200 2 ")


def _digests(zone: str, *digests: str) -> str:
    """DS records of the zone's key; "wrong-1" and the like: with a digest of something else, or of a kind that nobody knows ("200")."""
    lines = []
    for digest in digests:
        line = signer.ds(zone, digest="-2" if digest == "200" else digest.removeprefix("wrong"))
        fields = line.split()
        at = fields.index("DS")
        fields[at + 3] = "200" if digest == "200" else fields[at + 3]
        fields[-1] = "00" * 4 + fields[-1][8:] if digest.startswith("wrong") else fields[-1]
        lines.append(" ".join(fields))
    return "\n".join(lines)


def algorithms() -> tuple[Row, ...]:
    """The algorithms that are in use (RFC 8624), and digests of DS records (as Unbound does, one that fits is enough)."""
    rows = [Row(f"signed by {name}", Signed(f"alg{number}.test", algorithm=name), says="signed and valid")
            for number, name in ((8, "RSASHA256"), (10, "RSASHA512"), (14, "ECDSAP384SHA384"), (15, "ED25519"), (16, "ED448"))]
    digests = ((("-1",), "SHA-1", "secure"), (("-2",), "SHA-256", "secure"), (("-4",), "SHA-384", "secure"), (("200",), "an unknown digest", "insecure"),
               (("200", "-2"), "an unknown digest and SHA-256", "secure"), (("wrong-1", "-2"), "a wrong SHA-1 and SHA-256", "secure"),
               (("-1", "wrong-2"), "SHA-1 and a wrong SHA-256", "secure"), (("wrong-4",), "a wrong SHA-384", "bogus"))
    for number, (kinds, about, verdict) in enumerate(digests):
        name = f"digest{number}.test"
        rows.append(Row(f"a DS record by {about}", Signed(name, above=_digests(name, *kinds)), verdict,
                        {"secure": "dnssec-ok", "insecure": UNSIGNED, "bogus": BOGUS}[verdict], is_withheld=verdict == "bogus"))
    return tuple(rows)


def rows() -> tuple[Row, ...]:
    """"Parents: "test" denies by NSEC, "com" by NSEC3 with opt-out, "microsoft" not at all."""
    return (
        Row("signed and valid", Signed("sound.test")),
        Row("signed with NSEC3", Signed("hashed.test", options=NSEC3)),
        Row("signed, below a parent that leaves out unsigned delegations", Signed("sound.com", options=OPT_OUT)),
        Row("no MX record, which is proven", Signed("nomx.test", mx=()), besides=NO_MX),
        Row("no MX record, which is proven by NSEC3", Signed("nomxhashed.test", mx=(), options=NSEC3), besides=NO_MX),
        Row("a name of a wildcard", Signed("wild.test", more=WILDCARD), name="any.wild.test", besides=OF_WILDCARD),
        Row("a name of a wildcard with NSEC3", Signed("wildhashed.test", more=WILDCARD, options=NSEC3), name="any.wildhashed.test", besides=OF_WILDCARD),
        Row("a name inside the zone", Signed("inside.test", more="sub MX 10 mail"), name="sub.inside.test", besides=INSIDE),
        Row("a name inside the zone with NSEC3", Signed("insidehashed.test", more="a.b MX 10 mail", options=NSEC3), name="a.b.insidehashed.test", besides=INSIDE),
        Row("a name of a wildcard with opt-out", Signed("wildoptout.test", more=WILDCARD, options=OPT_OUT), "insecure", UNSIGNED, "opt-out", name="any.wildoptout.test", besides=OF_WILDCARD),
        *algorithms(),
        Row("signatures that end beyond 2038", Signed("beyond.test", ends=20 * 365), says="2046"),
        Row("signatures that end tomorrow", Signed("ending.test", starts=-29, ends=1), finding="dnssec-expiring"),
        Row("short signatures that were made just now", Signed("online.test", starts=-0.05, ends=2), says="made anew"),
        Row("unsigned", Domain("plain.test"), "insecure", UNSIGNED, "there is no DS record"),
        Row("unsigned, below a parent with opt-out", Domain("plain.com"), "insecure", UNSIGNED, "there is no DS record"),
        Row("signed, and the parent does not know", Signed("island.test", above=""), "insecure", UNSIGNED, "though the zone itself is signed"),
        Row("signed, and the parent with opt-out does not know", Signed("island.com", above=""), "insecure", UNSIGNED, "though the zone itself is signed"),
        Row("an algorithm that nobody knows", Signed("unknown.test", above=_unknown_algorithm("unknown.test")), "insecure", UNSIGNED, "no algorithm"),
        Row("more rounds of NSEC3 than anybody walks", Signed("costly.test", mx=(), options=("-n", "-t", "2000")), "insecure", UNSIGNED, besides=NO_MX),
        Row("moved to a provider that does not sign, the DS left behind", Signed("moved.test", is_signed=False), "bogus", BOGUS, "but no DNSKEY", is_withheld=True),
        Row("moved to a provider with other keys, the DS left behind", Signed("rekeyed.test", above=signer.ds("rekeyed.test", "old")), "bogus", BOGUS,
            "no key matches", is_withheld=True),
        Row("the wrong algorithm in the DS record", Signed("algorithm.test", above=_other_algorithm("algorithm.test")), "bogus", BOGUS, "no key matches", is_withheld=True),
        Row("expired signatures", Signed("expired.test", starts=-20, ends=-1), "bogus", BOGUS, "expired at", is_withheld=True),
        Row("signatures of the future", Signed("future.test", starts=2), "bogus", BOGUS, "begins only at", is_withheld=True),
        Row("signatures that begin beyond 2038", Signed("later.test", starts=15 * 365, ends=20 * 365), "bogus", BOGUS, "begins only at 2041", is_withheld=True),
        Row("an MX set without signature", Signed("nosig.test", drop=r"RRSIG\s+MX\b"), "bogus", BOGUS, "there is no signature"),
        Row("absence without a proof", Signed("nodenial.test", mx=(), drop=r"\bNSEC\b"), "bogus", BOGUS, "no signed proof", besides=NO_MX),
        Row("a wildcard without the proof that nothing is closer", Signed("wildbare.test", more=WILDCARD, drop=r"\bNSEC\b"), "bogus", BOGUS,
            name="any.wildbare.test", besides=OF_WILDCARD, is_withheld=True),
        Row("a delegation without a proof that it is unsigned", Domain("bare.microsoft"), "bogus", BOGUS, "no signed proof", is_withheld=True),
    )


def run(world: World, suite: Suite) -> None:
    anchor = world.sign_tree(com=OPT_OUT, without_denial=("microsoft",))
    table = rows()
    for row in table:
        world.domain(row.domain)
    world.resolver(Resolver("validator", (VALIDATOR,), ROOT, f'  trust-anchor-file: "{anchor}"\n  val-log-level: 2\n'))
    world.start()
    suite.run(case(row, anchor, resolver) for row in table for resolver in (RESOLVER, VALIDATOR))
    suite.run([Case("an anchor of the domain itself", f"dns sound.test --trust-anchor {signer.anchor('sound.test')}", (), ("dnssec-ok sound.test",)),
               Case("an anchor of another domain says nothing", f"dns sound.test --trust-anchor {signer.anchor('hashed.test')}")])
    for row in table:
        found = dnswire.validation(VALIDATOR, row.name or row.domain.name, dnswire.TYPE_MX)
        suite.tap.result(f"Unbound agrees: {row.about}", [] if row.verdict == found else [f"Unbound says {found}"])


def case(row: Row, anchor: object, resolver: str) -> Case:
    name = row.name or row.domain.name
    finding = f"{row.finding} {name}"
    expect = [f"{other} {name}" for other in row.besides]
    if row.finding in (BOGUS, "dnssec-expiring"):
        expect.append(finding)
    if row.is_withheld and resolver == VALIDATOR:
        expect.append(f"propagation-servfail {resolver}")
    return Case(f"{row.about}{', through a validator' if resolver == VALIDATOR else ''}", f"dns {name} --trust-anchor {anchor}", tuple(expect),
                (finding,), says=(row.says,) if row.says else (), resolver=resolver, seconds=4.0)
