"""Rules for iptables as iptables-save writes them, for both families, with their ipsets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tables:
    """`unsure`: the reasons with which the program must say that it cannot tell.

    `unsure_listed` and `unsure_json`: instead of those by `nft list ruleset` and `nft -j`, which cannot say every match of iptables.
    """

    name: str
    rules4: str
    rules6: str = "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n"
    sets: str = ""
    unsure: tuple[str, ...] = ()
    unsure_listed: tuple[str, ...] | None = None
    unsure_json: tuple[str, ...] | None = None
    hook: str = "input"
    options: tuple[str, ...] = ()


def _filter(*rules: str, policy: str = "DROP", chains: tuple[str, ...] = (), hook: str = "INPUT") -> str:
    heads = [f":{name} {policy if name == hook else 'ACCEPT'} [0:0]" for name in ("INPUT", "FORWARD", "OUTPUT")]
    return "\n".join(["*filter", *heads, *(f":{name} - [0:0]" for name in chains), *rules, "COMMIT", ""])


def _nat(*rules: str) -> str:
    return "\n".join(["*nat", *(f":{name} ACCEPT [0:0]" for name in ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING")), *rules, "COMMIT", ""])


START = ("-A INPUT -i lo -j ACCEPT", "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", "-A INPUT -m conntrack --ctstate INVALID -j DROP")
OPEN6 = _filter("-A INPUT -s 2603:1006::/40 -p tcp -m tcp --dport 993 -j ACCEPT", "-A INPUT -s 2603:1016::5/128 -j ACCEPT")
NETS = "create office hash:net family inet\nadd office 40.96.0.0/13\nadd office 52.96.0.0/14\nadd office 13.107.6.152/31\n"
_XT = ("xtables",)
_NAT = ("it hands the packet to something that is not known here",)

TABLES = [
    Tables("a rule for each prefix", _filter(*START, "-A INPUT -s 40.96.0.0/13 -p tcp -m multiport --dports 143,993 -j ACCEPT",
                                             "-A INPUT -s 52.96.0.0/14 -p tcp -m tcp --dport 993 -j ACCEPT"), OPEN6, unsure_json=_XT),
    Tables("what a hole takes away", _filter("-A INPUT -s 40.100.0.0/16 -j REJECT --reject-with icmp-port-unreachable",
                                             "-A INPUT -s 40.96.0.0/13 -p tcp -m tcp --dport 100:1000 -j ACCEPT"), OPEN6),
    Tables("not these", _filter("-A INPUT ! -s 40.96.0.0/13 -j DROP", "-A INPUT -p tcp -m tcp ! --dport 993 -j DROP", policy="ACCEPT"), OPEN6),
    Tables("ranges of addresses", _filter("-A INPUT -m iprange --src-range 40.96.0.7-40.97.0.9 -j ACCEPT",
                                          "-A INPUT -m iprange ! --src-range 52.96.0.0-52.97.0.0 -p tcp -m tcp --dport 143 -j ACCEPT"), OPEN6, unsure_json=_XT),
    Tables("chains of one's own", _filter("-A INPUT -p tcp -m tcp --dport 993 -j MAIL", "-A INPUT -s 52.96.0.0/14 -j ACCEPT",
                                          "-A MAIL -s 40.100.0.0/16 -j RETURN", "-A MAIL -s 40.96.0.0/13 -j ACCEPT", "-A MAIL -g LAST",
                                          "-A LAST -s 52.97.0.0/16 -j RETURN", "-A LAST -s 52.98.0.0/16 -j DROP", chains=("MAIL", "LAST")), OPEN6),
    Tables("goto comes back to nobody", _filter("-A INPUT -p tcp -g MAIL", "-A INPUT -s 52.96.0.0/14 -j ACCEPT", "-A MAIL -s 40.96.0.0/13 -j ACCEPT",
                                                chains=("MAIL",)), OPEN6),
    Tables("states and limits", _filter("-A INPUT -m conntrack ! --ctstate NEW -j DROP",
                                        "-A INPUT -p tcp -m connlimit --connlimit-above 60000 --connlimit-mask 32 --connlimit-saddr -j DROP",
                                        "-A INPUT -p tcp -m state --state NEW -m tcp --dport 993 -m limit --limit 10000/sec --limit-burst 10000 -j ACCEPT"),
           OPEN6, unsure_listed=_XT),
    Tables("limits for each address", _filter("-A INPUT -p tcp -m hashlimit --hashlimit-above 10000/sec --hashlimit-burst 10000 --hashlimit-mode srcip "
                                              "--hashlimit-name floods -j DROP", "-A INPUT -s 40.96.0.0/13 -j ACCEPT"), OPEN6, unsure_json=_XT),
    Tables("recent connections, as ufw limits them",
           _filter("-A INPUT -p tcp -m tcp --dport 993 -m conntrack --ctstate NEW -m recent --set --name DEFAULT --mask 255.255.255.255 --rsource",
                   "-A INPUT -p tcp -m tcp --dport 993 -m conntrack --ctstate NEW -m recent --update --seconds 30 --hitcount 6 --name DEFAULT "
                   "--mask 255.255.255.255 --rsource -j DROP", "-A INPUT -p tcp -m tcp --dport 993 -j ACCEPT"), OPEN6, unsure_listed=_XT),
    Tables("not among the recent ones",
           _filter("-A INPUT -m recent ! --rcheck --seconds 30 --hitcount 6 --name other --mask 255.255.255.255 --rsource -j ACCEPT"), OPEN6, unsure_listed=_XT),
    Tables("flags", _filter("-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE -j ACCEPT",
                            "-A INPUT -p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -m conntrack --ctstate NEW -j DROP",
                            "-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -s 40.96.0.0/13 -j ACCEPT"), OPEN6),
    Tables("other protocols", _filter("-A INPUT -p udp -m udp --dport 993 -j ACCEPT", "-A INPUT -p icmp -m icmp --icmp-type 8 -j ACCEPT",
                                      "-A INPUT ! -p udp -s 40.96.0.0/13 -j ACCEPT", "-A INPUT -f -j ACCEPT"), OPEN6),
    Tables("types of addresses", _filter("-A INPUT -m addrtype --dst-type BROADCAST -j DROP", "-A INPUT -m addrtype ! --dst-type LOCAL -j DROP",
                                         "-A INPUT -m pkttype --pkt-type multicast -j DROP", "-A INPUT -p tcp -m tcp --dport 993 -j ACCEPT"), OPEN6, unsure_json=_XT),
    Tables("a comment with all kinds of words", _filter('-A INPUT -s 40.96.0.0/13 -p tcp -m comment --comment "let -j DROP in, \\"now\\"" -j ACCEPT'), OPEN6),
    Tables("a log before the verdict", _filter('-A INPUT -s 40.96.0.0/13 -j LOG --log-prefix "in -j DROP "', "-A INPUT -s 40.96.0.0/13 -j ACCEPT"), OPEN6),
    Tables("tables before the filter", "*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A PREROUTING -s 40.100.0.0/16 -j DROP\nCOMMIT\n"
           "*mangle\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n"
           "-A INPUT -s 40.101.0.0/16 -j DROP\n-A PREROUTING -j MARK --set-xmark 0x1/0xffffffff\nCOMMIT\n" + _filter("-A INPUT -s 40.96.0.0/13 -j ACCEPT"), OPEN6),
    Tables("an interface decides", _filter("-A INPUT -i eth0 -p tcp -m tcp --dport 993 -j ACCEPT"), OPEN6, unsure=("eth0",)),
    Tables("a known interface", _filter("-A INPUT -i eth0 -s 40.96.0.0/13 -j ACCEPT", "-A INPUT -i eth1+ -j ACCEPT", "-A INPUT ! -i eth+ -j ACCEPT",
                                        "-A INPUT -i et+ -p tcp -m tcp --dport 143 -j ACCEPT"), OPEN6, options=("--interface", "eth0")),
    Tables("any interface", _filter("-A INPUT -i eth+ -s 40.96.0.0/13 -j ACCEPT", "-A INPUT ! -i lo -s 52.96.0.0/14 -j ACCEPT"), OPEN6, unsure=("eth",)),
    Tables("redirected", _nat("-A PREROUTING -p tcp -m tcp --dport 993 -j REDIRECT --to-ports 1993")
           + _filter("-A INPUT -s 40.96.0.0/13 -p tcp -m tcp --dport 1993 -j ACCEPT"), OPEN6, unsure_json=_NAT),
    Tables("sent on", _nat("-A PREROUTING -s 40.96.0.0/13 -p tcp -m tcp --dport 993 -j DNAT --to-destination 10.9.0.5:1993")
           + _filter("-A FORWARD -d 10.9.0.5/32 -p tcp -m tcp --dport 1993 ! -s 40.100.0.0/16 -j ACCEPT", "-A INPUT -j DROP", hook="FORWARD"), OPEN6, unsure_json=_NAT),
    Tables("an ipset of prefixes", _filter("-A INPUT -p tcp -m tcp --dport 993 -m set --match-set office src -j ACCEPT"), OPEN6, NETS, unsure_listed=_XT),
    Tables("not in an ipset", _filter("-A INPUT -m set ! --match-set office src -j DROP", policy="ACCEPT"), OPEN6, NETS, unsure_listed=_XT),
    Tables("an ipset with exceptions", _filter("-A INPUT -m set --match-set office src -j ACCEPT"), OPEN6,
           NETS + "add office 40.100.0.0/16 nomatch\nadd office 40.100.7.0/24\nadd office 52.96.0.0/16 nomatch\n", unsure_listed=_XT),
    Tables("an ipset of addresses", _filter("-A INPUT -m set --match-set office src -j ACCEPT"), OPEN6,
           "create office hash:ip family inet\nadd office 40.96.0.1\nadd office 40.96.0.8/30\nadd office 52.96.0.1-52.96.0.3\n", unsure_listed=_XT),
    Tables("an ipset of addresses with a mask", _filter("-A INPUT -m set --match-set office src -j ACCEPT"), OPEN6,
           "create office hash:ip family inet netmask 24\nadd office 40.96.0.1\nadd office 52.96.7.0\n", unsure_listed=_XT),
    Tables("an ipset of a block", _filter("-A INPUT -m set --match-set office src -j ACCEPT"), OPEN6,
           "create office bitmap:ip range 40.96.0.0-40.96.0.255\nadd office 40.96.0.1\nadd office 40.96.0.8-40.96.0.20\n", unsure_listed=_XT),
    Tables("an ipset of addresses and ports", _filter("-A INPUT -m set --match-set office src,dst -j ACCEPT"), OPEN6,
           "create office hash:ip,port family inet\nadd office 40.96.0.1,tcp:993\nadd office 40.96.0.2,udp:993\nadd office 40.96.0.3,tcp:143\n",
           unsure_listed=_XT),
    Tables("an ipset of prefixes and ports", _filter("-A INPUT -m set --match-set office src,dst -j ACCEPT"), OPEN6,
           "create office hash:net,port family inet\nadd office 40.96.0.0/13,tcp:993\nadd office 52.96.0.0/14,tcp:140-150\n", unsure_listed=_XT),
    Tables("an ipset of ports", _filter("-A INPUT -p tcp -s 40.96.0.0/13 -m set --match-set mail dst -j ACCEPT"), OPEN6,
           "create mail bitmap:port range 1-1024\nadd mail 993\nadd mail 20-25\n", unsure_listed=_XT),
    Tables("an ipset of ipsets", _filter("-A INPUT -m set --match-set all src -j ACCEPT"), OPEN6,
           NETS + "create more hash:ip family inet\nadd more 9.9.9.9\ncreate all list:set\nadd all office\nadd all more\n", unsure_listed=_XT),
    Tables("ipsets with comments and times", _filter("-A INPUT -m set --match-set office src -j ACCEPT"), OPEN6,
           'create office hash:net family inet comment timeout 600\nadd office 40.96.0.0/13 timeout 500 comment "no nomatch here"\n', unsure_listed=_XT),
    Tables("a router", _filter("-A FORWARD -s 40.96.0.0/13 -p tcp -m tcp --dport 993 -j ACCEPT", "-A INPUT -j DROP", hook="FORWARD"), OPEN6, hook="forward"),
    Tables("a time of day", _filter("-A INPUT -p tcp -m tcp --dport 993 -m time --timestart 00:00:00 --timestop 23:59:59 -j ACCEPT"), OPEN6,
           unsure=("was not understood",), unsure_json=_XT, unsure_listed=()),
    Tables("a chance", _filter("-A INPUT -s 40.96.0.0/13 -m statistic --mode random --probability 0.99999 -j ACCEPT"), OPEN6, unsure=("--probability",),
           unsure_listed=("a comparison was not understood",), unsure_json=_XT),
]
