"""Rules as the usual tools leave them on a mail server, and rules for the way out: the server's answer has to pass those, too."""

from __future__ import annotations

from .rulesets import Ruleset
from .tables import Tables

# nft

_ACCEPTS = "table inet filter {\n\tchain entry {\n\t\ttype filter hook input priority filter; policy drop;\n\t\ttcp dport { 143, 993 } accept\n\t}\n}\n"


def _out(*lines: str, policy: str = "drop", kind: str = "filter", hook: str = "output") -> str:
    """A mail server that lets all in, and these rules on the way out."""
    body = "".join(f"\t\t{line}\n" for line in lines)
    return f"{_ACCEPTS}table inet way {{\n\tchain out {{\n\t\ttype {kind} hook {hook} priority 0; policy {policy};\n{body}\t}}\n}}\n"


_FIREWALLD = """table inet firewalld {
	chain mangle_PREROUTING {
		type filter hook prerouting priority mangle + 10; policy accept;
		jump mangle_PREROUTING_ZONES
	}
	chain mangle_PREROUTING_ZONES {
		iifname "eth0" goto mangle_PRE_public
		goto mangle_PRE_public
	}
	chain mangle_PRE_public {
	}
	chain nat_PREROUTING {
		type nat hook prerouting priority dstnat + 10; policy accept;
		jump nat_PREROUTING_ZONES
	}
	chain nat_PREROUTING_ZONES {
		iifname "eth0" goto nat_PRE_public
		goto nat_PRE_public
	}
	chain nat_PRE_public {
		tcp dport 2222 redirect to :22
	}
	chain filter_PREROUTING {
		type filter hook prerouting priority filter + 10; policy accept;
		icmpv6 type { nd-router-advert, nd-neighbor-solicit } accept
		meta nfproto ipv6 fib saddr . mark . iif oif missing drop
	}
	chain filter_INPUT {
		type filter hook input priority filter + 10; policy accept;
		ct state { established, related } accept
		ct status dnat accept
		iifname "lo" accept
		ct state invalid drop
		jump filter_INPUT_ZONES
		reject with icmpx type admin-prohibited
	}
	chain filter_OUTPUT {
		type filter hook output priority filter + 10; policy accept;
		ct state { established, related } accept
		oifname "lo" accept
		ip6 daddr { ::/96, 2002:a00::/24 } reject with icmpv6 type addr-unreachable
	}
	chain filter_INPUT_ZONES {
		iifname "eth0" goto filter_IN_public
		goto filter_IN_public
	}
	chain filter_IN_public {
		jump filter_IN_public_deny
		jump filter_IN_public_allow
		meta l4proto { icmp, ipv6-icmp } accept
		reject with icmpx type admin-prohibited
	}
	chain filter_IN_public_deny {
		ip saddr 40.99.0.0/16 ct state { new, untracked } drop
	}
	chain filter_IN_public_allow {
		tcp dport 22 ct state { new, untracked } accept
		ip6 daddr fe80::/64 udp dport 546 ct state { new, untracked } accept
		ip saddr 40.96.0.0/13 tcp dport 993 ct state { new, untracked } accept
		ip6 saddr 2603:1006::/40 tcp dport 993 ct state { new, untracked } accept
	}
}
"""

_FAIL2BAN = _ACCEPTS + """table inet f2b-table {
	set addr-set-dovecot {
		type ipv4_addr
		elements = { 40.99.1.1, 52.96.0.9 }
	}
	set addr6-set-dovecot {
		type ipv6_addr
		elements = { 2603:1006::7 }
	}
	chain f2b-chain {
		type filter hook input priority filter - 1; policy accept;
		tcp dport { 143, 993 } ip saddr @addr-set-dovecot reject with icmp type port-unreachable
		tcp dport { 143, 993 } ip6 saddr @addr6-set-dovecot reject with icmpv6 type port-unreachable
	}
}
"""

_OUTPUT = [
    Ruleset("the way out is shut", _out()),
    Ruleset("answers may go out", _out("ct state established,related accept")),
    Ruleset("only new connections may go out", _out("ct state new accept")),
    Ruleset("answers of one port may go out", _out("tcp sport 993 accept")),
    Ruleset("answers to some may go out", _out("ip daddr 40.96.0.0/13 tcp sport 993 accept", "ip6 daddr 2603:1006::/40 ct state established accept")),
    Ruleset("answers to some may not", _out("ip daddr 40.96.0.0/13 drop", "ip6 daddr { 2603:1006::/40 } reject", policy="accept")),
    Ruleset("the flags of an answer", _out("tcp flags & (fin | syn | rst | ack) == syn | ack ip daddr 40.96.0.0/13 accept", "tcp flags & (syn | ack) == syn accept")),
    Ruleset("an answer goes to a client's port", _out("tcp dport < 1024 accept", "tcp dport 1024-65535 ct direction reply accept")),
    Ruleset("a rule for what comes in never holds", _out('iifname "eth0" accept', 'iif "lo" accept', "tcp dport { 143, 993 } accept")),
    Ruleset("the way out depends on the interface", _out('oifname "eth0" ct state established accept'), ("the answer on its way out: it depends on oifname eth0",)),
    Ruleset("the interface of the way out is known", _out('oifname "lo" accept', 'oifname "eth0" ip daddr 40.96.0.0/13 accept'), options=("--interface", "eth0")),
    Ruleset("the server's own address on the way out", _out("ip saddr 192.0.2.10 accept", "ip saddr 192.0.2.11 accept"),
            ("the answer on its way out: it depends on the server's address",)),
    Ruleset("the last hook of the way out", _out("ip daddr 40.100.0.0/16 drop", policy="accept", hook="postrouting")),
    Ruleset("what answers do not come by", _out('oifname "eth0" masquerade', policy="accept", kind="nat", hook="postrouting")),
    Ruleset("one chain for both ways", "table inet filter {\n\tchain both {\n\t\tip saddr 40.96.0.0/13 accept\n\t\tip daddr 40.96.0.0/14 accept\n\t}\n"
            "\tchain entry {\n\t\ttype filter hook input priority 0; policy drop;\n\t\ttcp dport 993 jump both\n\t}\n"
            "\tchain exit {\n\t\ttype filter hook output priority 0; policy drop;\n\t\ttcp sport 993 jump both\n\t}\n}\n",
            ("it depends on the destination address", "the answer on its way out: it depends on the server's address")),
]

NFT = [*_OUTPUT, Ruleset("firewalld", _FIREWALLD), Ruleset("fail2ban", _FAIL2BAN)]

# iptables

_XT = ("xtables",)  # matches that `nft -j` leaves out


def _tables(*rules: str, output: str = "ACCEPT", forward: str = "ACCEPT", chains: tuple[str, ...] = ()) -> str:
    heads = [":INPUT DROP [0:0]", f":FORWARD {forward} [0:0]", f":OUTPUT {output} [0:0]", *(f":{name} - [0:0]" for name in chains)]
    return "\n".join(["*filter", *heads, *rules, "COMMIT", ""])


def _ufw(prefix: str, local: str, *users: str) -> str:
    """As ufw fills its chains: `prefix` is "ufw" or "ufw6"."""
    chains = [f"{prefix}-{name}" for name in ("before-logging-input", "before-input", "after-input", "reject-input", "track-input", "before-output", "track-output",
                                              "logging-deny", "not-local", "user-input", "user-output", "skip-to-policy-input")]
    rules = [f"-A INPUT -j {prefix}-{name}" for name in ("before-logging-input", "before-input", "after-input", "reject-input", "track-input")]
    rules += [f"-A OUTPUT -j {prefix}-{name}" for name in ("before-output", "track-output")]
    rules += [f"-A {prefix}-after-input -p udp -m udp --dport 137 -j {prefix}-skip-to-policy-input",
              f"-A {prefix}-before-input -i lo -j ACCEPT",
              f"-A {prefix}-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
              f"-A {prefix}-before-input -m conntrack --ctstate INVALID -j {prefix}-logging-deny",
              f"-A {prefix}-before-input -m conntrack --ctstate INVALID -j DROP",
              f"-A {prefix}-before-input -p udp -m udp --sport 67 --dport 68 -j ACCEPT",
              *([f"-A {prefix}-before-input -j {prefix}-not-local"] if local else []),
              f"-A {prefix}-before-input -j {prefix}-user-input",
              f"-A {prefix}-before-output -o lo -j ACCEPT",
              f"-A {prefix}-before-output -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
              f"-A {prefix}-before-output -j {prefix}-user-output",
              f"-A {prefix}-logging-deny -m conntrack --ctstate INVALID -m limit --limit 3/min --limit-burst 10 -j RETURN",
              *([f"-A {prefix}-not-local -m addrtype --dst-type {kind} -j RETURN" for kind in ("LOCAL", "MULTICAST", "BROADCAST")] if local else []),
              *([f"-A {prefix}-not-local -m limit --limit 3/min --limit-burst 10 -j {prefix}-logging-deny", f"-A {prefix}-not-local -j DROP"] if local else []),
              f"-A {prefix}-skip-to-policy-input -j DROP",
              f"-A {prefix}-track-output -p tcp -m conntrack --ctstate NEW -j ACCEPT",
              *(f"-A {prefix}-user-input {rule}" for rule in users)]
    return _tables(*rules, output="DROP", forward="DROP", chains=tuple(chains))


_DOCKER_NAT = "\n".join([
    "*nat", *(f":{name} ACCEPT [0:0]" for name in ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING")), ":DOCKER - [0:0]",
    "-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER",
    "-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER",
    "-A POSTROUTING -s 10.9.0.0/24 ! -o lan0 -j MASQUERADE",
    "-A DOCKER -i lan0 -j RETURN",
    "-A DOCKER ! -i lan0 -p tcp -m tcp --dport 993 -j DNAT --to-destination 10.9.0.5:993", "COMMIT", ""])
_DOCKER = _DOCKER_NAT + "\n".join([
    "*filter", ":INPUT ACCEPT [0:0]", ":FORWARD DROP [0:0]", ":OUTPUT ACCEPT [0:0]", *(f":DOCKER{name} - [0:0]" for name in ("", "-ISOLATION-STAGE-1", "-USER")),
    "-A FORWARD -j DOCKER-USER", "-A FORWARD -j DOCKER-ISOLATION-STAGE-1", "-A FORWARD -o lan0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
    "-A FORWARD -o lan0 -j DOCKER", "-A FORWARD -i lan0 ! -o lan0 -j ACCEPT",
    "-A DOCKER -d 10.9.0.5/32 ! -i lan0 -o lan0 -p tcp -m tcp --dport 993 -j ACCEPT", "-A DOCKER-ISOLATION-STAGE-1 -j RETURN",
    "-A DOCKER-USER -s 40.99.0.0/16 -j DROP", "-A DOCKER-USER -j RETURN", "COMMIT", ""])
_OPEN6 = _tables("-A INPUT -s 2603:1006::/40 -p tcp -m tcp --dport 993 -j ACCEPT")
_IN = ("-A INPUT -p tcp -m multiport --dports 143,993 -j ACCEPT",)

IPTABLES = [
    Tables("the way out is shut", _tables(*_IN, output="DROP"), _tables(*_IN, output="DROP")),
    Tables("answers may go out", _tables(*_IN, "-A OUTPUT -p tcp -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", output="DROP"), _OPEN6, unsure_json=_XT),
    Tables("answers of one port may go out", _tables(*_IN, "-A OUTPUT -p tcp -m tcp --sport 993 ! --syn -j ACCEPT", output="DROP"),
           _tables(*_IN, "-A OUTPUT -d 2603:1006::/40 -p tcp -m multiport --sports 143,993 -j ACCEPT", output="DROP"), unsure_json=_XT),
    Tables("nothing that begins may go out", _tables(*_IN, "-A OUTPUT -p tcp -m tcp --syn -j ACCEPT", output="DROP"), _OPEN6),
    Tables("ufw", _ufw("ufw", "LOCAL", "-s 40.96.0.0/13 -p tcp -m tcp --dport 993 -j ACCEPT", "-s 52.96.0.0/14 -p tcp -m multiport --dports 143,993 -j ACCEPT"),
           _ufw("ufw6", "", "-s 2603:1006::/40 -p tcp -m tcp --dport 993 -j ACCEPT"), unsure_json=_XT),
    Tables("fail2ban", _tables("-A INPUT -p tcp -m multiport --dports 143,993 -j f2b-dovecot", *_IN,
                               "-A f2b-dovecot -s 40.99.1.1/32 -j REJECT --reject-with icmp-port-unreachable", "-A f2b-dovecot -j RETURN", chains=("f2b-dovecot",)), _OPEN6, unsure_json=_XT),
    Tables("Docker, and what depends on its bridge", _DOCKER, _OPEN6, unsure=("-i lan0",), unsure_listed=("iifname lan0",), unsure_json=_XT),
]
