"""Rules for nft as administrators and their tools write them: each is loaded into a kernel, and judged from its text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Ruleset:
    """`unsure`: the reasons with which the program must say that it cannot tell; without any it must decide every address.

    `unsure_json`: instead of those by `nft -j`, which leaves some things out.
    """

    name: str
    rules: str
    unsure: tuple[str, ...] = ()
    unsure_json: tuple[str, ...] | None = None
    hook: str = "input"
    options: tuple[str, ...] = ()  # more for the program


def _table(*lines: str, family: str = "inet", policy: str = "drop", before: str = "", hook: str = "input") -> str:
    """A table with one base chain; `before` holds sets, maps and other chains."""
    body = "\n".join(f"\t\t{line}" for line in lines)
    return (f"table {family} filter {{\n{before}\tchain entry {{\n\t\ttype filter hook {hook} priority filter; policy {policy};\n"
            f"{body}\n\t}}\n}}\n")


def _chain(name: str, *lines: str) -> str:
    return f"\tchain {name} {{\n" + "".join(f"\t\t{line}\n" for line in lines) + "\t}\n"


def _set(name: str, kind: str, elements: str, flags: str = "interval", what: str = "set") -> str:
    mark = f"\t\tflags {flags}\n" if flags else ""
    return f"\t{what} {name} {{\n\t\ttype {kind}\n{mark}\t\telements = {{ {elements} }}\n\t}}\n"


V4 = "40.96.0.0/13, 40.104.0.0/15, 52.96.0.0/14, 13.107.6.152/31, 131.253.33.215"
V6 = "2603:1006::/40, 2603:1016::/36, 2620:1ec:4::152"
START = ("ct state established,related accept", "ct state invalid drop", 'iif "lo" accept')
GATE = _chain("gate", "ip saddr 40.100.0.0/16 drop", "ip saddr 40.96.0.0/13 accept", "ip6 saddr 2603:1006::/40 accept")

MATCHES = [
    Ruleset("nothing is filtered", _table(policy="accept")),
    Ruleset("all is dropped", _table()),
    Ruleset("a set of prefixes for each family",
            _table(*START, "tcp dport { 143, 993 } ip saddr @office accept", "tcp dport { 143, 993 } ip6 saddr @office6 accept",
                   before=_set("office", "ipv4_addr", V4) + _set("office6", "ipv6_addr", V6))),
    Ruleset("one port only", _table(f"tcp dport 993 ip saddr {{ {V4} }} accept", f"tcp dport 993 ip6 saddr {{ {V6} }} accept")),
    Ruleset("ranges of addresses",
            _table("ip saddr 40.96.0.7-40.103.255.250 tcp dport 993 accept", "ip6 saddr 2603:1006::7-2603:1006::ff accept",
                   "ip saddr { 52.96.0.1-52.96.0.9, 52.97.0.0/16, 52.99.1.1 } accept")),
    Ruleset("adjacent and overlapping prefixes",
            _table("ip saddr @many accept", before=_set("many", "ipv4_addr", "40.96.0.0/14, 40.100.0.0/14, 40.101.0.0/16, 40.104.0.0/15",
                                                       "interval; auto-merge"))),
    Ruleset("not these", _table("ip saddr != { 40.96.0.0/13, 52.96.0.0/14 } drop", "ip6 saddr != 2603:1006::/40 drop", policy="accept")),
    Ruleset("not this set", _table("ip saddr != @office drop", "tcp dport != 993 drop", policy="accept", before=_set("office", "ipv4_addr", V4))),
    Ruleset("a hole in the middle", _table("ip saddr 40.100.0.0/16 drop", "ip saddr 40.96.0.0/13 accept")),
    Ruleset("a single address shut out", _table("ip saddr 40.96.0.1 drop", "ip6 saddr 2603:1006::5 drop", "tcp dport 993 accept")),
    Ruleset("ports as a range, and compared", _table("tcp dport 1-142 accept", "tcp dport >= 993 ip saddr 40.96.0.0/13 accept",
                                                     "tcp dport < 144 ip6 saddr 2603:1006::/40 accept")),
    Ruleset("not a port", _table("tcp dport != { 25, 143, 587 } accept")),
    Ruleset("other protocols are others", _table("udp dport { 143, 993 } accept", "icmp type echo-request accept", "meta l4proto udp accept",
                                                 "ip protocol icmp accept", "ip6 nexthdr udp accept", "icmpv6 type { echo-request } accept")),
    Ruleset("not udp is tcp", _table("udp dport != 53 accept", "meta l4proto != udp ip saddr 40.96.0.0/13 accept")),
    Ruleset("th dport", _table("meta l4proto { tcp, udp } th dport 993 ip saddr 40.96.0.0/13 accept")),
    Ruleset("families", _table("meta nfproto ipv4 tcp dport 993 accept", "meta nfproto ipv6 tcp dport 143 accept")),
    Ruleset("protocol of the frame", _table("meta protocol ip6 tcp dport 993 accept")),
    Ruleset("concatenations",
            _table("ip saddr . tcp dport { 40.96.0.1 . 993, 52.96.0.1 . 143 } accept", "ip saddr . tcp dport @pairs accept",
                   before=_set("pairs", "ipv4_addr . inet_service", "40.104.0.0/15 . 993, 52.97.0.0-52.98.0.5 . 100-200"))),
    Ruleset("not a concatenation", _table("ip saddr . tcp dport != { 40.96.0.1 . 993, 52.96.0.1 . 143 } drop", policy="accept")),
    Ruleset("concatenations of protocol and port", _table("meta l4proto . th dport { tcp . 993, udp . 143 } accept")),
    Ruleset("tcp flags",
            _table("tcp flags & (fin|syn|rst|ack) != syn drop", "tcp flags & (fin|syn) == (fin|syn) drop", "tcp flags syn ip saddr 40.96.0.0/13 accept",
                   "tcp flags & (syn|ack) == ack accept")),
    Ruleset("the comment and the counter", _table('ip saddr 40.96.0.0/13 counter accept comment "drop; { everything } # now"')),
    Ruleset("a log before the verdict", _table('ip saddr 40.96.0.0/13 tcp dport 993 log prefix "in: accept " level info accept')),
]

MAPS = [
    Ruleset("a verdict map of ports", _table("tcp dport vmap { 993 : accept, 143 : jump gate, 1-24 : drop }", before=GATE)),
    Ruleset("a verdict map of addresses",
            _table("ip saddr vmap { 40.100.0.0/16 : drop, 40.96.0.0/14 : accept, 52.96.0.0/14 : jump gate }", before=GATE)),
    Ruleset("a named verdict map",
            _table("ip saddr vmap @ways", before=GATE + _set("ways", "ipv4_addr : verdict", "40.96.0.0/13 : goto gate, 52.96.0.0/14 : accept",
                                                             what="map"))),
    Ruleset("a verdict map of pairs", _table("ip saddr . tcp dport vmap { 40.96.0.1 . 993 : accept, 40.96.0.2 . 143 : drop }", policy="accept")),
    Ruleset("a verdict map of states", _table("ct state vmap { established : accept, related : accept, invalid : drop, new : jump gate }", before=GATE)),
    Ruleset("a verdict map of families", _table("meta nfproto vmap { ipv4 : jump gate, ipv6 : accept }", before=GATE)),
    Ruleset("a verdict map of protocols", _table("meta l4proto vmap { tcp : jump gate, udp : accept }", before=GATE)),
    Ruleset("a verdict map that goes on", _table("tcp dport vmap { 993 : continue, 143 : return }", "ip saddr 40.96.0.0/13 accept")),
]

CHAINS = [
    Ruleset("a jump comes back", _table("tcp dport 993 jump gate", "ip saddr 52.96.0.0/14 accept", before=GATE)),
    Ruleset("a goto does not", _table("tcp dport 993 goto gate", "ip saddr 52.96.0.0/14 accept", before=GATE)),
    Ruleset("a goto from within a jump", _table("jump first", "ip saddr 52.96.0.0/14 accept",
                                                before=GATE + _chain("first", "tcp dport 993 goto gate", "ip saddr 40.104.0.0/15 accept"))),
    Ruleset("return", _table("jump first", "tcp dport 993 accept", before=_chain("first", "ip saddr 40.96.0.0/13 return", "drop"))),
    Ruleset("return from the base chain meets the policy", _table("ip saddr 40.96.0.0/13 return", "accept")),
    Ruleset("chains of chains", _table("jump a", before=GATE + _chain("c", "tcp dport 993 jump gate") + _chain("b", "ip saddr 40.96.0.0/14 jump c")
                                       + _chain("a", "meta nfproto ipv4 jump b", "ip6 saddr 2603:1006::/41 jump gate"))),
    Ruleset("reject", _table("ip saddr 40.100.0.0/16 reject with tcp reset", "ip6 saddr 2603:1006::/41 reject", "tcp dport 993 accept",
                             "reject with icmpx port-unreachable")),
    Ruleset("each chain of a hook must accept",
            _table("ip saddr { 40.96.0.0/13, 52.96.0.0/14 } accept")
            + "table ip other {\n\tchain early {\n\t\ttype filter hook input priority -10; policy accept;\n\t\tip saddr 40.100.0.0/16 drop\n\t}\n"
              "\tchain late {\n\t\ttype filter hook input priority 10; policy drop;\n\t\ttcp dport 993 accept\n\t}\n}\n"),
    Ruleset("prerouting drops", _table("tcp dport 993 accept")
            + _table("ip saddr 40.100.0.0/16 drop", policy="accept", hook="prerouting").replace("inet filter", "ip early")),
    Ruleset("families of tables", _table("tcp dport 993 accept", family="ip") + _table("ip6 saddr 2603:1006::/40 accept", family="ip6")),
    Ruleset("a table of one family leaves the other alone", _table(family="ip6")),
    Ruleset("a dormant table does nothing", _table(policy="accept") + "table ip asleep {\n\tflags dormant\n\tchain entry {\n"
            "\t\ttype filter hook input priority 0; policy drop;\n\t}\n}\n"),
    Ruleset("chains of the way out are none", _table("tcp dport 993 accept", policy="drop") + "table inet out {\n\tchain entry {\n"
            "\t\ttype filter hook postrouting priority 0; policy accept;\n\t\tip daddr 10.9.0.77 drop\n\t}\n}\n"),
]

STATES = [
    Ruleset("connection tracking", _table(*START, "ct state new tcp dport 993 accept")),
    Ruleset("states in a set", _table("ct state { established, related } accept", "ct state { new, untracked } ip saddr 40.96.0.0/13 accept")),
    Ruleset("not the state", _table("ct state != new drop", "ct direction original ip saddr 40.96.0.0/13 accept", "ct direction reply accept")),
    Ruleset("limits that are not reached",
            _table("ct state new limit rate over 1000000/second drop", "tcp dport 993 limit rate 1000000/second burst 100000 packets accept",
                   "ct count over 100000 drop", "ip saddr 40.96.0.0/13 accept")),
    Ruleset("a meter for each address",
            _table("ct state new add @floods { ip saddr limit rate over 1000/second burst 10000 packets } drop", "tcp dport 993 accept",
                   before="\tset floods {\n\t\ttype ipv4_addr\n\t\tsize 65535\n\t\tflags dynamic,timeout\n\t\ttimeout 1m\n\t}\n")),
    Ruleset("loopback is another way", _table('iif "lo" accept', 'iifname "lo" tcp dport 993 accept', 'iifname != "lo" ip saddr 40.96.0.0/13 accept')),
    Ruleset("this host", _table("fib daddr type != local drop", "fib saddr type { broadcast, multicast } drop", "tcp dport 993 accept")),
    Ruleset("the way back", _table("fib saddr . iif oif missing drop", "tcp dport 993 accept")),
    Ruleset("packets to this host", _table("meta pkttype { broadcast, multicast } drop", "meta pkttype host tcp dport 993 accept")),
    Ruleset("marks are set", _table("ct mark set 7", "meta mark set 1", "tcp option maxseg size set 1400", "tcp dport 993 accept")),
]

UNSURE = [
    Ruleset("an interface decides", _table('iifname "eth0" tcp dport 993 accept'), ("it depends on iifname eth0",)),
    Ruleset("a known interface decides", _table('iifname "eth0" tcp dport 993 accept', 'iifname { "eth1", "lan*" } accept', 'iif != "eth0" accept',
                                               'iifname "et*" ip saddr 40.96.0.0/13 accept'), options=("--interface", "eth0")),
    Ruleset("a known interface in a map", _table('iifname vmap { "lo" : accept, "eth0" : jump gate, "eth1" : accept }', before=GATE),
            options=("--interface", "eth0")),
    Ruleset("an ingress chain of the known device", _table("tcp dport 993 accept") + "table netdev early {\n\tchain entry {\n"
            '\t\ttype filter hook ingress device "eth0" priority 0; policy accept;\n\t\tip saddr 40.100.0.0/16 drop\n\t}\n'
            '\tchain other {\n\t\ttype filter hook ingress device "lan0" priority 0; policy drop;\n\t}\n}\n', unsure_json=("it depends on the device",), options=("--interface", "eth0")),
    Ruleset("an interface does not matter in the end", _table('iifname "eth0" tcp dport 993 accept', "tcp dport 993 accept")),
    Ruleset("an interface in a map", _table('iifname vmap { "lo" : accept, "eth0" : jump gate }', before=GATE), ("it depends on iifname eth0",)),
    Ruleset("zones, as firewalld has them",
            _table('iifname "eth0" goto gate', "goto gate", before=GATE + _chain("spare", "drop"))),
    Ruleset("the server's address is not known", _table("ip daddr 192.0.2.10 tcp dport 993 accept"), ("it depends on the destination address",)),
    Ruleset("the server's address is known", _table("ip daddr 192.0.2.10 tcp dport 993 accept", "ip daddr 192.0.2.11 accept"),
            options=("--imap", "192.0.2.10:993")),
    Ruleset("a client's port", _table("tcp sport 1024-65535 tcp dport 993 accept", "tcp sport < 1024 accept")),
    Ruleset("the client's port decides", _table("tcp sport 20000-61000 tcp dport 993 accept"), ("it depends on tcp sport 20000-61000",)),
    Ruleset("a mark decides", _table("meta mark 0 tcp dport 993 accept"), ("it depends on meta mark",)),
    Ruleset("some bits of the address", _table("ip saddr & 0.0.0.255 == 0.0.0.5 accept"), ("was not understood",)),
    Ruleset("an ingress chain of a device", _table("tcp dport 993 accept") + "table netdev early {\n\tchain entry {\n"
            '\t\ttype filter hook ingress device "eth0" priority 0; policy accept;\n\t\tip saddr 40.100.0.0/16 drop\n\t}\n}\n',
            ("it depends on the device",)),
    Ruleset("a chain without a name", _table("tcp dport 993 jump {\n\t\t\tip saddr 40.96.0.0/13 accept\n\t\t}")),
    Ruleset("a goto to a chain without a name", _table("tcp dport 993 goto {\n\t\t\tip saddr vmap { 40.96.0.0/13 : accept }\n\t\t\t"
                                                       "ip6 saddr 2603:1006::/40 accept\n\t\t}", "accept")),
]

NAT = [
    Ruleset("another port of this host", "table inet nat {\n\tchain entry {\n\t\ttype nat hook prerouting priority dstnat; policy accept;\n"
            "\t\ttcp dport 993 redirect to :1993\n\t}\n}\n" + _table("tcp dport 1993 ip saddr 40.96.0.0/13 accept", "tcp dport { 143, 993 } ip saddr 52.96.0.0/14 accept")),
    Ruleset("to the server behind this one", "table ip nat {\n\tchain entry {\n\t\ttype nat hook prerouting priority dstnat; policy accept;\n"
            "\t\tip saddr 40.96.0.0/13 tcp dport 993 dnat to 10.9.0.5:1993\n\t}\n}\n"
            + _table("ct state established,related accept", "ip daddr 10.9.0.5 tcp dport 1993 ip saddr != 40.100.0.0/16 accept", hook="forward")
            + _table("tcp dport 143 accept").replace("inet filter", "inet own")),
    Ruleset("a router", _table("ip saddr 40.96.0.0/13 tcp dport 993 accept", "ct status dnat accept", hook="forward"), hook="forward", unsure=("ct status",)),
    Ruleset("a router that lets all through", _table(policy="accept", hook="forward") + _table().replace("inet filter", "inet own"), hook="forward"),
]

RULESETS = [*MATCHES, *MAPS, *CHAINS, *STATES, *UNSURE, *NAT]
