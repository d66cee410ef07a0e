"""Rules that nobody would write: chains, sets and maps put together by chance from a small world, the same for the same seed."""

from __future__ import annotations

import random

from .rulesets import Ruleset

# Disjoint within each list, so that nft takes any of them together in a set without merging; all are subsets of OUTER.
INNER = ("40.96.0.0/14", "40.100.0.0/15", "40.102.3.0/24", "40.102.4.1", "40.103.0.0-40.103.9.9", "52.96.0.0/15", "52.98.7.0/26")
INNER6 = ("2603:1006::/41", "2603:1006:80::/48", "2603:1006:81::1", "2603:1016::/37", "2603:1016:800::1-2603:1016:800::ff")
OUTER = ("40.96.0.0/13", "52.96.0.0/14", "40.0.0.0/8", "0.0.0.0/1")
OUTER6 = ("2603:1006::/40", "2603:1000::/24")
PORTS = ("143", "993", "100-200", "25", "1-1023", "990-65535")
APART = ("25", "143", "200-900", "993")  # ports for sets


class Chance:
    """One ruleset's maker."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = random.Random(seed)

    def ruleset(self) -> Ruleset:
        pick = self.random
        chains = [f"c{n}" for n in range(pick.randint(1, 4))]
        lines = ["table inet chance {"]
        for name, kind, elements in (("s4", "ipv4_addr", INNER), ("s6", "ipv6_addr", INNER6)):
            lines += [f"\tset {name} {{", f"\t\ttype {kind}", "\t\tflags interval", f"\t\telements = {{ {self.some(elements)} }}", "\t}"]
        for number, name in reversed(list(enumerate(chains))):
            lines += [f"\tchain {name} {{", *self.rules(chains[number + 1:]), "\t}"]
        for number in range(pick.randint(1, 3)):
            head = f"\t\ttype filter hook {pick.choice(('input', 'input', 'prerouting'))} priority {pick.randint(-20, 20)}; policy {self.verdict()};"
            lines += [f"\tchain base{number} {{", head, *self.rules(chains), "\t}"]
        return Ruleset(f"by chance, seed {self.seed}", "\n".join([*lines, "}", ""]))

    def some(self, elements: tuple[str, ...]) -> str:
        return ", ".join(self.random.sample(elements, self.random.randint(1, len(elements))))

    def rules(self, chains: list[str]) -> list[str]:
        return ["\t\t" + self.rule(chains) for _ in range(self.random.randint(1, 5))]

    def rule(self, chains: list[str]) -> str:
        """Matches of one family, or of none: nft does not take both in one rule."""
        pick = self.random
        family = pick.choice((self.ip, self.ip6, self.port))
        matches = [pick.choice((family, self.port))() for _ in range(pick.choice((0, 1, 1, 2, 2, 3)))]
        if pick.random() < 0.25:
            key, elements = {self.ip: ("ip saddr", INNER), self.ip6: ("ip6 saddr", INNER6)}.get(family, ("tcp dport", APART))
            cases = ", ".join(f"{element} : {self.way(chains)}" for element in pick.sample(elements, pick.randint(1, 3)))
            return " ".join([*matches, f"{key} vmap {{ {cases} }}"])
        return " ".join([*matches, pick.choice(("", "counter")), self.way(chains)])

    def not_or(self) -> str:
        return self.random.choice(("", "", "!= "))

    def ip(self) -> str:
        pick, no = self.random, self.not_or()
        return "ip saddr " + pick.choice((f"{no}{pick.choice(INNER + OUTER)}", f"{no}@s4", f"{no}{{ {self.some(INNER)} }}",
                                          f". tcp dport {no}{{ {pick.choice(INNER)} . {pick.choice(PORTS)}, 9.9.9.9 . 143 }}"))

    def ip6(self) -> str:
        pick, no = self.random, self.not_or()
        return "ip6 saddr " + pick.choice((f"{no}{pick.choice(INNER6 + OUTER6)}", f"{no}@s6", f"{no}{{ {self.some(INNER6)} }}"))

    def port(self) -> str:
        pick, no = self.random, self.not_or()
        return pick.choice((f"tcp dport {no}{pick.choice(PORTS)}", f"tcp dport {no}{{ {self.some(APART)} }}", f'iif {no}"lo"',
                            f"ct state {no}{pick.choice(('new', 'established,related', 'invalid'))}"))

    def way(self, chains: list[str]) -> str:
        if chains and self.random.random() < 0.4:
            return f"{self.random.choice(('jump', 'jump', 'goto'))} {self.random.choice(chains)}"
        return self.random.choice((self.verdict(), self.verdict(), "return", "continue"))

    def verdict(self) -> str:
        return self.random.choice(("accept", "drop"))
