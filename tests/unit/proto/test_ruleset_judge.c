/*
 * Rules in, verdicts out: for port 993 (and 143 where a case says so), one or two addresses a case. "y": let in, "n":
 * refused, "?": cannot be told from the rules. The lab asks a real kernel the same of many of these.
 */
#include "proto/ruleset_judge.h"

#include <stdio.h>
#include <string.h>

#include "../check_main.h"
#include "base/buf.h"
#include "proto/rules_read.h"

#define LOOP(tcase, test, table) tcase_add_loop_test(tcase, test, 0, sizeof table / sizeof table[0])
#define NFT(rules) "table inet filter {\n chain input {\n  type filter hook input priority filter; policy drop;\n" rules "\n }\n}\n"
#define SETS(sets, rules) "table inet filter {\n" sets "\n chain input {\n  type filter hook input priority filter; policy drop;\n" rules "\n }\n}\n"

/* What is asked of every case. */
static const char in4[] = "40.96.0.1", out4[] = "192.0.2.1", in6[] = "2603:1006::1", out6[] = "2001:db8::1";

struct judged {
	struct ruleset ruleset;
	struct ipsets sets;
	struct firewall_answer answer;
	struct prefix_set all;
};

static void judge(struct judged *judged, const char *const *files, size_t count, uint16_t port, const char *destination)
{
	struct error error = {{0}};
	ruleset_init(&judged->ruleset);
	ipsets_init(&judged->sets);
	judged->ruleset.hint = FAMILY_V4;
	for (size_t i = 0; i < count; i++)
		ck_assert_msg(rules_read(&judged->ruleset, &judged->sets, files[i], strlen(files[i]), &error) == 0, "%s", error.text);
	prefix_set_init(&judged->all);
	prefix_set_add_family(&judged->all, 4);
	prefix_set_add_family(&judged->all, 6);
	struct firewall_question question = {.port = port, .hook = HOOK_INPUT, .sources = &judged->all};
	question.has_destination = destination != NULL && address_parse(destination, &question.destination);
	ruleset_judge(&judged->ruleset, &question, &judged->answer);
}

static void judged_clear(struct judged *judged)
{
	firewall_answer_clear(&judged->answer);
	prefix_set_clear(&judged->all);
	ipsets_clear(&judged->sets);
	ruleset_clear(&judged->ruleset);
}

static char verdict(const struct judged *judged, const char *text)
{
	struct address address;
	ck_assert(address_parse(text, &address));
	bool accepted = prefix_set_has(&judged->answer.accepted, &address), refused = prefix_set_has(&judged->answer.refused, &address);
	ck_assert_msg(accepted || refused, "%s: neither", text);
	return accepted && refused ? '?' : accepted ? 'y' : 'n';
}

struct rules_case {
	const char *name, *rules;
	const char *verdicts; /* of in4, out4, in6, out6 */
};

static void assert_verdicts(const struct rules_case *c)
{
	struct judged judged;
	judge(&judged, &c->rules, 1, 993, NULL);
	char found[] = {verdict(&judged, in4), verdict(&judged, out4), verdict(&judged, in6), verdict(&judged, out6), '\0'};
	ck_assert_msg(strcmp(found, c->verdicts) == 0, "%s: %s, wanted %s", c->name, found, c->verdicts);
	judged_clear(&judged);
}

static const struct rules_case nft_cases[] = {
    {"no base chain accepts all", "table inet filter {\n chain x {\n  drop\n }\n}\n", "yyyy"},
    {"policy drop", NFT(""), "nnnn"},
    {"policy accept", "table inet filter {\n chain input {\n type filter hook input priority 0; policy accept;\n }\n}\n", "yyyy"},
    {"a table of IPv4 says nothing of IPv6", "table ip filter {\n chain input {\n type filter hook input priority 0; policy drop;\n }\n}\n", "nnyy"},
    {"forward does not count", "table inet f {\n chain f {\n type filter hook forward priority 0; policy drop;\n }\n}\n", "yyyy"},
    {"the way out is shut", "table inet f {\n chain o {\n type filter hook output priority 0; policy drop;\n }\n}\n", "nnnn"},
    {"answers may go out", "table inet f {\n chain o {\n type filter hook output priority 0; policy drop;\n ct state established accept\n }\n}\n", "yyyy"},
    {"answers to some may go out", "table inet f {\n chain o {\n type filter hook output priority 0; policy drop;\n ip daddr 40.96.0.0/13 tcp sport 993 accept\n }\n}\n", "ynnn"},
    {"NAT has had its packet", "table inet f {\n chain o {\n type nat hook output priority 0; policy drop;\n }\n}\n", "yyyy"},
    {"whether it was sent here is not known", NFT("ct status dnat accept"), "????"},
    {"no rule sends it here", NFT("ct status dnat accept") "table ip n {\n chain p {\n type nat hook prerouting priority dstnat;\n }\n}\n", "nnnn"},
    {"a rule sends it here", NFT("ct status dnat accept") "table inet n {\n chain p {\n type nat hook prerouting priority dstnat;\n ip saddr 40.96.0.0/13 tcp dport 993 redirect to :994\n }\n}\n",
     "ynnn"},
    {"a dormant table", "table ip x {\n flags dormant\n chain input {\n type filter hook input priority 0; policy drop;\n }\n}\n", "yyyy"},
    {"dormant by a flag behind its chains",
     "table ip x {\n chain input {\n type filter hook input priority 0; policy drop;\n }\n flags dormant\n}\n", "yyyy"},
    {"a chain without a name", NFT("tcp dport 993 jump {\n ip saddr 40.96.0.0/13 accept\n }\n ip6 saddr 2603:1006::/40 accept"), "ynyn"},
    {"a goto to one", NFT("tcp dport 993 goto {\n ip saddr 40.96.0.0/13 accept\n }\n ip6 saddr 2603:1006::/40 accept"), "ynnn"},
    {"none of these flags", NFT("tcp flags ! fin,rst,psh,ack accept"), "yyyy"},
    {"none of these, and it is one", NFT("tcp flags ! fin,syn,rst accept"), "nnnn"},
    {"a client's port", NFT("tcp sport < 1024 drop\n tcp sport >= 1024 accept"), "yyyy"},
    {"sent to nobody knows where",
     "table ip n {\n chain p {\n type nat hook prerouting priority -100; policy accept;\n xt target \"DNAT\"\n }\n}\n" NFT(""), "??nn"},
    {"what xtables does not stop", NFT("xt match \"comment\" xt target \"LOG\"\n xt target \"REJECT\"\n accept"), "nnnn"},
    {"by port", NFT("tcp dport 993 accept"), "yyyy"},
    {"by another port", NFT("tcp dport 25 accept"), "nnnn"},
    {"by a set of ports", NFT("tcp dport { 25, 143, 993 } accept"), "yyyy"},
    {"by a range of ports", NFT("tcp dport 900-1000 accept"), "yyyy"},
    {"by the name of a port", NFT("tcp dport { imap2, imaps } accept"), "yyyy"},
    {"not a port", NFT("tcp dport != 993 accept"), "nnnn"},
    {"not a range", NFT("tcp dport != 1-100 accept"), "yyyy"},
    {"compared", NFT("tcp dport >= 993 accept\ntcp dport < 993 drop"), "yyyy"},
    {"compared, not", NFT("tcp dport > 993 accept"), "nnnn"},
    {"by source", NFT("ip saddr 40.96.0.0/13 tcp dport 993 accept"), "ynnn"},
    {"by source, IPv6", NFT("ip6 saddr 2603:1006::/40 tcp dport 993 accept"), "nnyn"},
    {"by a set of sources", NFT("ip saddr { 40.96.0.0/13, 10.0.0.0/8 } accept"), "ynnn"},
    {"by a range of sources", NFT("ip saddr 40.96.0.0-40.103.255.255 accept"), "ynnn"},
    {"not from a source is of IPv4 only", NFT("ip saddr != 192.0.2.0/24 accept"), "ynnn"},
    {"by a named set", SETS("set ms {\n type ipv4_addr\n flags interval\n elements = { 40.96.0.0/13,\n 52.96.0.0/14 }\n }", "ip saddr @ms tcp dport 993 accept"), "ynnn"},
    {"by an empty set", SETS("set ms {\n type ipv4_addr\n }", "ip saddr @ms accept"), "nnnn"},
    {"by a set with options", SETS("set ms {\n type ipv4_addr\n flags interval,timeout\n elements = { 40.96.0.0/13 timeout 1h expires 3m comment \"a, b\" counter packets 1 bytes 2 }\n }", "ip saddr @ms accept"), "ynnn"},
    {"by a set that is declared behind", "table inet f {\n chain input {\n type filter hook input priority 0; policy drop;\n ip saddr @ms accept\n }\n set ms {\n type ipv4_addr\n elements = { 40.96.0.1 }\n }\n}\n", "ynnn"},
    {"by a set that is missing", NFT("ip saddr @ms accept"), "????"},
    {"by a define", "define ms = { 40.96.0.0/13, 52.96.0.0/14 }\ndefine port = 993\n" NFT("ip saddr $ms tcp dport $port accept"), "ynnn"},
    {"by a define inside a set", "define a = 40.96.0.0/13\n" NFT("ip saddr { $a, 10.0.0.0/8 } accept"), "ynnn"},
    {"a set of another table", "table ip x {\n set ms {\n type ipv4_addr\n elements = { 40.96.0.1 }\n }\n}\n" NFT("ip saddr @ms accept"), "????"},
    {"by concatenation", NFT("ip saddr . tcp dport { 40.96.0.0/13 . 993, 192.0.2.1 . 25 } accept"), "ynnn"},
    {"by a named concatenation", SETS("set t {\n type ipv4_addr . inet_service\n flags interval\n elements = { 40.96.0.0/13 . 100-1000 }\n }", "ip saddr . tcp dport @t accept"), "ynnn"},
    {"the first verdict counts", NFT("ip saddr 40.96.0.0/16 drop\nip saddr 40.96.0.0/13 accept"), "nnnn"},
    {"a mask of a prefix is not understood", NFT("ip saddr & 255.0.0.255 == 40.0.0.1 accept"), "??nn"},

    {"new connections", NFT("ct state new tcp dport 993 accept"), "yyyy"},
    {"established ones are others", NFT("ct state established,related accept"), "nnnn"},
    {"states by map", NFT("ct state vmap { established : accept, related : accept, invalid : drop, new : accept }"), "yyyy"},
    {"states by set", NFT("ct state { new, established } accept"), "yyyy"},
    {"not new", NFT("ct state != new drop\naccept"), "yyyy"},
    {"invalid is dropped, SYN is not", NFT("ct state invalid drop\ntcp dport 993 accept"), "yyyy"},
    {"lo is another way in", NFT("iif \"lo\" accept"), "nnnn"},
    {"lo by name", NFT("iifname \"lo\" accept"), "nnnn"},
    {"all but lo", NFT("iifname != \"lo\" accept"), "yyyy"},
    {"an interface decides", NFT("iifname \"eth0\" accept"), "????"},
    {"an interface decides nothing when both ways end the same", NFT("iifname \"eth0\" tcp dport 993 accept\ntcp dport 993 accept"), "yyyy"},
    {"any interface of several", NFT("iifname { \"eth0\", \"eth1\" } drop\naccept"), "????"},
    {"SYN by flags", NFT("tcp flags & (fin|syn|rst|ack) == syn accept"), "yyyy"},
    {"SYN by slash", NFT("tcp flags syn / fin,syn,rst,ack accept"), "yyyy"},
    {"any of SYN and ACK", NFT("tcp flags syn,ack accept"), "yyyy"},
    {"ACK", NFT("tcp flags & (syn|ack) == ack accept"), "nnnn"},
    {"flags not zero", NFT("tcp flags & (fin|syn) != 0 accept"), "yyyy"},
    {"no flags at all", NFT("tcp flags & (fin|syn|rst|psh|ack|urg) == 0x0 drop\naccept"), "yyyy"},
    {"SYN and nothing else: ECN may be offered", NFT("tcp flags == syn accept"), "????"},
    {"SYN and ACK is not SYN", NFT("tcp flags == syn|ack accept"), "nnnn"},
    {"other protocols", NFT("udp dport 993 accept\nicmp type echo-request accept\nmeta l4proto ipv6-icmp accept\nip protocol icmp accept\nudp dport != 53 accept"), "nnnn"},
    {"the protocol", NFT("meta l4proto tcp accept"), "yyyy"},
    {"a set of protocols", NFT("meta l4proto { tcp, udp } th dport 993 accept"), "yyyy"},
    {"ip protocol is of IPv4", NFT("ip protocol tcp accept"), "yynn"},
    {"the family", NFT("meta nfproto ipv6 tcp dport 993 accept"), "nnyy"},
    {"a rate limit is not reached", NFT("tcp dport 993 limit rate 10/second burst 5 packets accept"), "yyyy"},
    {"over a rate limit", NFT("tcp dport 993 limit rate over 10/second drop\ntcp dport 993 accept"), "yyyy"},
    {"over a count of connections", NFT("tcp dport 993 ct count over 20 reject with tcp reset\ntcp dport 993 accept"), "yyyy"},
    {"a limit an address", NFT("tcp dport 993 add @meter { ip saddr limit rate over 3/minute burst 5 packets } drop\ntcp dport 993 accept"), "yyyy"},
    {"quotas are not known", NFT("tcp dport 993 quota 25 mbytes accept"), "????"},
    {"marks are not known", NFT("meta mark 0x1 accept"), "????"},
    {"marks are set", NFT("meta mark set 0x1 tcp dport 993 accept"), "yyyy"},
    {"a mark of the connection with a mask", NFT("ct mark & 0xff == 0x1 accept"), "????"},
    {"unicast", NFT("meta pkttype { broadcast, multicast } drop\nmeta pkttype host accept"), "yyyy"},
    {"addresses of this host", NFT("fib daddr type local tcp dport 993 accept"), "yyyy"},
    {"a way back", NFT("fib saddr . iif oif missing drop\naccept"), "yyyy"},
    {"the destination decides", NFT("ip daddr 198.51.100.1 accept"), "??nn"},
    {"a destination that none has", NFT("ip daddr 127.0.0.0/8 accept\nip daddr { 224.0.0.0/4, 255.255.255.255 } accept"), "nnnn"},
    {"any destination", NFT("ip daddr 0.0.0.0/0 accept"), "yynn"},
    {"fragments", NFT("ip frag-off & 0x1fff != 0 drop\ntcp dport 993 accept"), "yyyy"},
    {"statements do not matter", NFT("counter packets 3 bytes 4 log prefix \"x: accept \" flags all tcp dport 993 counter accept comment \"drop\""), "yyyy"},
    {"reject", NFT("tcp dport 993 reject with icmpx type admin-prohibited\naccept"), "nnnn"},
    {"a queue may do anything", NFT("tcp dport 993 queue num 1 bypass\naccept"), "????"},
    {"what is not understood may match", NFT("frobnicate 3 accept"), "????"},
    {"what is not understood does not hide the port", NFT("tcp dport 25 frobnicate 3 drop\ntcp dport 993 accept"), "yyyy"},
    {"a handle is a remark", NFT("tcp dport 993 accept # handle 7"), "yyyy"},
    {"several statements a line", NFT("tcp dport 25 drop; tcp dport 993 accept"), "yyyy"},
    {"a line that goes on", NFT("tcp dport \\\n 993 accept"), "yyyy"},

    {"jump and come back", "table inet f {\n chain ms {\n ip saddr 40.96.0.0/13 accept\n }\n chain input {\n type filter hook input priority 0; policy drop;\n tcp dport 993 jump ms\n ip6 saddr 2603:1006::/40 accept\n }\n}\n", "ynyn"},
    {"jump and return", "table inet f {\n chain ms {\n ip saddr 40.96.0.0/13 return\n drop\n }\n chain input {\n type filter hook input priority 0; policy accept;\n jump ms\n accept\n }\n}\n", "ynnn"},
    {"goto does not come back", "table inet f {\n chain ms {\n ip saddr 40.96.0.0/13 accept\n }\n chain input {\n type filter hook input priority 0; policy drop;\n goto ms\n accept\n }\n}\n", "ynnn"},
    {"return from the base chain is its policy", NFT("ip saddr 40.96.0.0/13 return\naccept"), "nyyy"},
    {"a map of ports", SETS("chain ms {\n ip saddr 40.96.0.0/13 accept\n }", "tcp dport vmap { 22 : accept, 993 : jump ms }\nip6 saddr ::/0 accept"), "ynyy"},
    {"a named map", SETS("map m {\n type inet_service : verdict\n elements = { 993 : accept,\n 22 : drop }\n }", "tcp dport vmap @m"), "yyyy"},
    {"a map of sources", NFT("ip saddr vmap { 40.96.0.0/13 : accept, 0.0.0.0-40.95.255.255 : drop }"), "ynnn"},
    {"a map with a rest", NFT("ip saddr vmap { 40.96.0.0/13 : drop, * : accept }"), "nynn"},
    {"a map of interfaces", SETS("chain wan {\n tcp dport 993 accept\n }", "iifname vmap { \"lo\" : accept, \"eth0\" : jump wan, \"eth1\" : jump wan }"), "????"},
    {"a chain that is missing", NFT("jump nowhere\naccept"), "????"},
    {"a chain that calls itself", "table inet f {\n chain a {\n jump a\n }\n chain input {\n type filter hook input priority 0; policy drop;\n jump a\n accept\n }\n}\n", "????"},
    {"every chain of the hook must accept", "table inet a {\n chain i {\n type filter hook input priority 0; policy drop;\n tcp dport 993 accept\n }\n}\ntable inet b {\n chain i {\n type filter hook input priority 10; policy accept;\n ip saddr 192.0.2.0/24 drop\n }\n}\n", "ynyy"},
    {"by priority, not by order", "table inet a {\n chain late {\n type filter hook input priority filter + 10; policy accept;\n drop\n }\n chain early {\n type filter hook input priority -5; policy accept;\n ip saddr 40.96.0.0/13 accept\n }\n}\n", "nnnn"},
    {"prerouting drops as well", "table inet a {\n chain p {\n type filter hook prerouting priority raw; policy accept;\n ip saddr 192.0.2.0/24 drop\n }\n}\n", "ynyy"},
    {"ingress is of one device", "table netdev a {\n chain g {\n type filter hook ingress device \"eth0\" priority 0; policy accept;\n ip saddr 192.0.2.0/24 drop\n }\n}\n", "y?yy"},
    {"ingress of lo", "table netdev a {\n chain g {\n type filter hook ingress device \"lo\" priority 0; policy drop;\n }\n}\n", "yyyy"},
    {"bridges and ARP are other things", "table bridge b {\n chain i {\n type filter hook input priority 0; policy drop;\n }\n}\ntable arp a {\n chain i {\n type filter hook input priority 0; policy drop;\n }\n}\n", "yyyy"},
    {"DNAT leads to forward", "table ip n {\n chain p {\n type nat hook prerouting priority dstnat; policy accept;\n tcp dport 993 dnat to 10.0.0.5:1993\n }\n chain f {\n type filter hook forward priority 0; policy drop;\n ip daddr 10.0.0.5 tcp dport 1993 ip saddr 40.96.0.0/13 accept\n }\n chain i {\n type filter hook input priority 0; policy drop;\n }\n}\n", "ynyy"},
    {"DNAT for some", "table ip n {\n chain p {\n type nat hook prerouting priority dstnat; policy accept;\n ip saddr 40.96.0.0/13 tcp dport 993 dnat to 10.0.0.5\n }\n chain i {\n type filter hook input priority 0; policy drop;\n }\n}\n", "ynyy"},
    {"a redirect stays here", "table ip n {\n chain p {\n type nat hook prerouting priority dstnat; policy accept;\n tcp dport 993 redirect to :1993\n }\n chain i {\n type filter hook input priority 0; policy drop;\n tcp dport 1993 accept\n }\n}\n", "yyyy"},
    {"xtables matches are not known", NFT("tcp dport 993 xt match \"geoip\" accept"), "????"},
};

START_TEST(nft_rules_are_judged_as_the_kernel_would)
{
	assert_verdicts(&nft_cases[_i]);
}
END_TEST

#define SAVE(rules) "# Generated by iptables-save v1.8.9\n*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n:ms - [0:0]\n" rules "COMMIT\n"

/* IPv4 alone: nothing is known of IPv6. */
static const struct rules_case iptables_cases[] = {
    {"policy drop", SAVE(""), "nn??"},
    {"policy accept", "*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n", "yy??"},
    {"no rule at all", "# Generated by iptables-save v1.8.9\n# Completed\n", "yy??"},
    {"by port", SAVE("-A INPUT -p tcp -m tcp --dport 993 -j ACCEPT\n"), "yy??"},
    {"of IPv6 by its remark", "# Generated by ip6tables-nft-save v1.8.9 (nf_tables)\n" SAVE(""), "??nn"},
    {"of IPv6 by the remark of its older kind", "# Generated by ip6tables-legacy-save v1.8.9\n" SAVE(""), "??nn"},
    {"not often of late", SAVE("-A INPUT -m recent ! --rcheck --seconds 9 --hitcount 6 -j ACCEPT\n"), "yy??"},
    {"not of late", SAVE("-A INPUT -m recent ! --rcheck --seconds 9 -j ACCEPT\n"), "????"},
    {"by another protocol", SAVE("-A INPUT -p udp -m udp --dport 993 -j ACCEPT\n"), "nn??"},
    {"by several ports", SAVE("-A INPUT -p tcp -m multiport --dports 25,100:1000 -j ACCEPT\n"), "yy??"},
    {"not by several ports", SAVE("-A INPUT -p tcp -m multiport ! --dports 25,993 -j ACCEPT\n"), "nn??"},
    {"an open range", SAVE("-A INPUT -p tcp -m tcp --dport 900: -j ACCEPT\n"), "yy??"},
    {"by source", SAVE("-A INPUT -s 40.96.0.0/13 -p tcp -m tcp --dport 993 -j ACCEPT\n"), "yn??"},
    {"not by source", SAVE("-A INPUT ! -s 40.96.0.0/13 -j ACCEPT\n"), "ny??"},
    {"by a range of sources", SAVE("-A INPUT -m iprange --src-range 40.96.0.0-40.97.0.0 -j ACCEPT\n"), "yn??"},
    {"states", SAVE("-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A INPUT -m conntrack --ctstate INVALID -j DROP\n-A INPUT -p tcp -m state --state NEW -j ACCEPT\n"), "yy??"},
    {"lo", SAVE("-A INPUT -i lo -j ACCEPT\n"), "nn??"},
    {"not lo", SAVE("-A INPUT ! -i lo -j ACCEPT\n"), "yy??"},
    {"an interface", SAVE("-A INPUT -i eth0 -j ACCEPT\n"), "????"},
    {"any interface", SAVE("-A INPUT -i + -j ACCEPT\n"), "yy??"},
    {"a chain", SAVE("-A INPUT -p tcp --dport 993 -j ms\n-A ms -s 40.96.0.0/13 -j ACCEPT\n-A ms -j RETURN\n"), "yn??"},
    {"goto", SAVE("-A INPUT -g ms\n-A INPUT -j ACCEPT\n-A ms -s 40.96.0.0/13 -j ACCEPT\n"), "yn??"},
    {"SYN", SAVE("-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j ACCEPT\n"), "yy??"},
    {"a scan", SAVE("-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN FIN,SYN -j DROP\n-A INPUT -j ACCEPT\n"), "yy??"},
    {"limits", SAVE("-A INPUT -p tcp -m connlimit --connlimit-above 20 --connlimit-mask 32 --connlimit-saddr -j REJECT\n-A INPUT -m hashlimit --hashlimit-above 10/sec --hashlimit-mode srcip --hashlimit-name x -j DROP\n-A INPUT -m limit --limit 3/min --limit-burst 10 -j ACCEPT\n"), "yy??"},
    {"recent connections", SAVE("-A INPUT -p tcp -m recent --set --name x --mask 255.255.255.255 --rsource\n-A INPUT -p tcp -m recent --update --seconds 30 --hitcount 6 --name x --mask 255.255.255.255 --rsource -j DROP\n-A INPUT -j ACCEPT\n"), "yy??"},
    {"knocking", SAVE("-A INPUT -m recent --rcheck --name knock --rsource -j ACCEPT\n"), "????"},
    {"a set that is missing", SAVE("-A INPUT -m set --match-set ms src -j ACCEPT\n"), "????"},
    {"addresses of this host", SAVE("-A INPUT -m addrtype --dst-type LOCAL -j ACCEPT\n"), "yy??"},
    {"logs and marks", SAVE("-A INPUT -j LOG --log-prefix \"[x] -j DROP \" --log-level 4\n-A INPUT -j MARK --set-xmark 0x1/0xffffffff\n-A INPUT -m comment --comment \"a \\\"b\\\" -j DROP\" -j ACCEPT\n"), "yy??"},
    {"what is not understood", SAVE("-A INPUT -m geoip --source-country IE -j ACCEPT\n"), "????"},
    {"what is not understood does not hide the port", SAVE("-A INPUT -p tcp -m tcp --dport 25 -m geoip --source-country IE -j DROP\n-A INPUT -j ACCEPT\n"), "yy??"},
    {"a target that is not known", SAVE("-A INPUT -p tcp --dport 993 -j FROBNICATE\n"), "????"},
    {"a queue", SAVE("-A INPUT -p tcp --dport 993 -j NFQUEUE --queue-num 1\n"), "????"},
    {"raw drops as well", "*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -s 192.0.2.0/24 -j DROP\nCOMMIT\n*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n", "yn??"},
    {"DNAT", "*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp -m tcp --dport 993 -j DNAT --to-destination 10.0.0.5:1993\nCOMMIT\n*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n-A FORWARD -d 10.0.0.5/32 -p tcp -m tcp --dport 1993 -j ACCEPT\nCOMMIT\n", "yy??"},
    {"REDIRECT", "*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp -m tcp --dport 993 -j REDIRECT --to-ports 1993\nCOMMIT\n*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp -m tcp --dport 1993 -j ACCEPT\nCOMMIT\n", "yy??"},
    {"iptables -S", "-P INPUT DROP\n-P FORWARD DROP\n-P OUTPUT ACCEPT\n-A INPUT -p tcp -j ms\n-N ms\n-A ms -s 40.96.0.0/13 -j ACCEPT\n", "yn??"},
    {"with counters", "*filter\n:INPUT DROP [1:2]\n[3:180] -A INPUT -p tcp -m tcp --dport 993 -j ACCEPT\nCOMMIT\n", "yy??"},
    {"ip6tables by its remark", "# Generated by ip6tables-save v1.8.9\n*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp -m tcp --dport 993 -j ACCEPT\nCOMMIT\n", "??yy"},
    {"ip6tables by an address", "*filter\n:INPUT DROP [0:0]\n-A INPUT -s 2603:1006::/40 -j ACCEPT\nCOMMIT\n", "??yn"},
};

START_TEST(iptables_rules_are_judged_as_the_kernel_would)
{
	assert_verdicts(&iptables_cases[_i]);
}
END_TEST

static const struct rules_case list_cases[] = {
    {"one a line", "40.96.0.0/13\n2603:1006::/40\n", "ynyn"},
    {"an address", "40.96.0.1\n", "ynnn"},
    {"remarks", "# Microsoft\n40.96.0.0/13 # 192.0.2.0/24\n; 192.0.2.0/24\n// 192.0.2.0/24\n\n", "ynnn"},
    {"a range", "40.96.0.0-40.103.255.255\n", "ynnn"},
    {"CSV with a heading", "prefix,comment\r\n40.96.0.0/13,\"Exchange, Online\"\r\n", "ynnn"},
    {"the second column", "name;network;port\nms;40.96.0.0/13;993\n", "ynnn"},
    {"several a line", "40.96.0.0/13, 2603:1006::/40 192.0.2.0/24\n", "yyyn"},
    {"JSON array", "[\"40.96.0.0/13\", \"2603:1006::/40\"]", "ynyn"},
    {"JSON objects", "{\"allowed\": [{\"name\": \"ms\", \"cidr\": \"40.96.0.0/13\", \"port\": 993}]}", "ynnn"},
    {"what denies is not allowed", "40.96.0.0/13\ndeny 192.0.2.0/24\n!2603:1006::/40\n", "ynnn"},
};

START_TEST(lists_let_in_what_they_hold)
{
	assert_verdicts(&list_cases[_i]);
}
END_TEST

START_TEST(both_families_can_come_in_two_files)
{
	static const char *const files[] = {
	    "*filter\n:INPUT DROP [0:0]\n-A INPUT -s 40.96.0.0/13 -j ACCEPT\nCOMMIT\n",
	    "# ip6tables-save\n*filter\n:INPUT DROP [0:0]\n-A INPUT -s 2603:1006::/40 -j ACCEPT\nCOMMIT\n"};
	struct judged judged;
	judge(&judged, files, 2, 993, NULL);
	ck_assert_int_eq(verdict(&judged, in4), 'y');
	ck_assert_int_eq(verdict(&judged, out4), 'n');
	ck_assert_int_eq(verdict(&judged, in6), 'y');
	ck_assert_int_eq(verdict(&judged, out6), 'n');
	judged_clear(&judged);
}
END_TEST

static const struct {
	const char *name, *set, *match;
	char in, out;
} ipset_cases[] = {
    {"networks", "create ms hash:net family inet hashsize 1024 maxelem 65536\nadd ms 40.96.0.0/13\nadd ms 52.96.0.0/14 timeout 0\n", "ms src", 'y', 'n'},
    {"an exception", "create ms hash:net family inet\nadd ms 0.0.0.0/1\nadd ms 40.96.0.0/16 nomatch\n", "ms src", 'n', 'n'},
    {"addresses and ports", "create ms hash:net,port family inet\nadd ms 40.96.0.0/13,tcp:993\nadd ms 192.0.2.0/24,tcp:25\n", "ms src,dst", 'y', 'n'},
    {"ports of UDP", "create ms hash:net,port family inet\nadd ms 40.96.0.0/13,udp:993\n", "ms src,dst", 'n', 'n'},
    {"ports alone", "create ms bitmap:port range 0-65535\nadd ms 993\n", "ms dst", 'y', 'y'},
    {"destinations", "create ms hash:ip family inet\nadd ms 198.51.100.1\n", "ms dst", '?', '?'},
    {"an exception within an exception", "create ms hash:net family inet\nadd ms 40.0.0.0/8 nomatch\nadd ms 40.96.0.0/16\n", "ms src", 'y', 'n'},
    {"an exception in a comment", "create ms hash:net family inet comment\nadd ms 40.96.0.0/16 comment \"no nomatch here\"\n", "ms src", 'y', 'n'},
    {"a netmask", "create ms hash:ip family inet netmask 24\nadd ms 40.96.0.0\n", "ms src", 'y', 'n'},
    {"a bitmask", "create ms hash:ip family inet bitmask 255.0.255.0\nadd ms 40.0.0.0\n", "ms src", '?', '?'},
    {"a list of a set that is not there", "create ms list:set size 8\nadd ms other\n", "ms src", '?', '?'},
    {"a list of sets", "create other hash:net\nadd other 40.96.0.0/16\ncreate ms list:set size 8\nadd ms other\n", "ms src", 'y', 'n'},
};

START_TEST(sets_of_ipset_are_known)
{
	struct judged judged;
	char rules[512];
	snprintf(rules, sizeof rules, "*filter\n:INPUT DROP [0:0]\n-A INPUT -m set --match-set %s -j ACCEPT\nCOMMIT\n", ipset_cases[_i].match);
	const char *files[] = {ipset_cases[_i].set, rules};
	judge(&judged, files, 2, 993, NULL);
	ck_assert_msg(verdict(&judged, in4) == ipset_cases[_i].in, "%s: %c", ipset_cases[_i].name, verdict(&judged, in4));
	ck_assert_msg(verdict(&judged, out4) == ipset_cases[_i].out, "%s: %c", ipset_cases[_i].name, verdict(&judged, out4));
	judged_clear(&judged);
}
END_TEST

static const struct {
	const char *name, *rules, *interface;
	char in;
} interface_cases[] = {
    {"the one", NFT("iifname \"eth0\" accept"), "eth0", 'y'},
    {"another", NFT("iifname \"eth1\" accept"), "eth0", 'n'},
    {"not another", NFT("iifname != \"eth1\" accept"), "eth0", 'y'},
    {"one of several", NFT("iifname { \"lo\", \"eth0\" } accept"), "eth0", 'y'},
    {"one of a kind", NFT("iifname \"eth*\" accept"), "eth0", 'y'},
    {"one of another kind", NFT("iifname \"lan*\" accept"), "eth0", 'n'},
    {"in a concatenation", NFT("iifname . tcp dport { \"eth0\" . 993 } accept"), "eth0", 'y'},
    {"not known", NFT("iifname \"eth0\" accept"), NULL, '?'},
    {"not known, but not lo", NFT("iifname \"lo\" accept"), NULL, 'n'},
    {"a kind of iptables", SAVE("-A INPUT -i eth+ -j ACCEPT\n"), "eth0", 'y'},
    {"its device", "table netdev x {\n chain i {\n type filter hook ingress device \"eth0\" priority 0; policy drop;\n }\n}\n", "eth0", 'n'},
    {"another device", "table netdev x {\n chain i {\n type filter hook ingress device \"eth1\" priority 0; policy drop;\n }\n}\n", "eth0", 'y'},
};

START_TEST(a_known_interface_decides)
{
	struct judged judged;
	judge(&judged, &interface_cases[_i].rules, 1, 993, NULL);
	firewall_answer_clear(&judged.answer);
	struct firewall_question question = {
	    .port = 993, .hook = HOOK_INPUT, .sources = &judged.all, .interface = interface_cases[_i].interface};
	ruleset_judge(&judged.ruleset, &question, &judged.answer);
	ck_assert_msg(verdict(&judged, in4) == interface_cases[_i].in, "%s: %c", interface_cases[_i].name, verdict(&judged, in4));
	judged_clear(&judged);
}
END_TEST

START_TEST(a_known_destination_decides)
{
	static const char *const rules = NFT("ip daddr 198.51.100.1 tcp dport 993 accept");
	struct judged judged;
	judge(&judged, &rules, 1, 993, "198.51.100.1");
	ck_assert_int_eq(verdict(&judged, in4), 'y');
	judged_clear(&judged);
	judge(&judged, &rules, 1, 993, "198.51.100.2");
	ck_assert_int_eq(verdict(&judged, in4), 'n');
	judged_clear(&judged);
}
END_TEST

START_TEST(the_rule_that_decides_is_named)
{
	static const char *const rules = NFT("ip saddr 192.0.2.0/24 drop\niifname \"eth0\" ip saddr 40.96.0.0/13 accept\nip6 saddr 2001:db8::/32 accept");
	struct judged judged;
	struct prefix_set set;
	struct prefix prefix;
	judge(&judged, &rules, 1, 993, NULL);
	prefix_set_init(&set);
	prefix_parse(out4, &prefix);
	prefix_set_add(&set, &prefix);
	const struct firewall_event *event = firewall_answer_why(&judged.answer, FIREWALL_REFUSES, &set);
	ck_assert_str_eq(event->place, "line 4");
	ck_assert(!event->is_policy);
	prefix_set_clear(&set);
	prefix_parse(in4, &prefix);
	prefix_set_add(&set, &prefix);
	event = firewall_answer_why(&judged.answer, FIREWALL_UNCERTAIN, &set);
	ck_assert_str_eq(event->place, "line 5");
	ck_assert_str_eq(event->why, "it depends on iifname eth0");
	event = firewall_answer_why(&judged.answer, FIREWALL_REFUSES, &set);
	ck_assert_str_eq(event->place, "line 3");
	ck_assert(event->is_policy);
	prefix_set_clear(&set);
	judged_clear(&judged);
}
END_TEST

static const struct {
	const char *name, *rules, *place, *text;
	bool has_lost;
} notes[] = {
    {"a missing set", NFT("ip saddr @ms accept"), "inet filter", "'@ms' is not in the rules", false},
    {"a strange statement", NFT("frobnicate 3 accept"), "line 4", "'frobnicate' was not understood", false},
    {"a command", "table ip x {\n}\nadd rule ip x y accept\n", "line 3", "'add' is not read here: give the listing, nft list ruleset", true},
    {"a strange line of iptables", "*filter\nfrobnicate\nCOMMIT\n", "line 2", "'frobnicate' was not understood", true},
    {"a strange option", SAVE("-A INPUT -m geoip --source-country IE -j ACCEPT\n"), "line 7", "'--source-country' was not understood", false},
    {"a strange target", SAVE("-A INPUT -j FROB\n"), "line 7", "the target 'FROB' is not known", false},
    {"no prefix", "40.96.0.0/13\nmail.contoso.com\n", "line 2", "no prefix on this line", true},
    {"no prefix in JSON", "[\"40.96.0.0/33\"]", "", "'40.96.0.0/33' is no prefix", true},
};

START_TEST(what_is_not_understood_is_said_with_its_place)
{
	struct judged judged;
	judge(&judged, &notes[_i].rules, 1, 993, NULL);
	ck_assert_msg(judged.ruleset.note_count == 1, "%s: %zu notes", notes[_i].name, judged.ruleset.note_count);
	ck_assert_str_eq(judged.ruleset.notes[0].place, notes[_i].place);
	ck_assert_str_eq(judged.ruleset.notes[0].text, notes[_i].text);
	ck_assert_int_eq(judged.ruleset.has_lost, notes[_i].has_lost);
	judged_clear(&judged);
}
END_TEST

static const struct {
	const char *text;
	enum rules_format format;
} formats[] = {
    {"table inet filter {\n}\n", RULES_NFT},
    {"#!/usr/sbin/nft -f\nflush ruleset\n", RULES_NFT},
    {"# Warning: table ip filter is managed by iptables-nft\ntable ip filter {\n}\n", RULES_NFT},
    {"{\"nftables\": []}", RULES_NFT_JSON},
    {"# Generated by iptables-save\n*filter\n", RULES_IPTABLES},
    {"# Generated by iptables-save v1.8.9\n", RULES_IPTABLES},
    {"# Generated by ip6tables-nft-save v1.8.9\n", RULES_IPTABLES},
    {"-P INPUT ACCEPT\n", RULES_IPTABLES},
    {"create ms hash:net\n", RULES_IPSET},
    {"40.96.0.0/13\n", RULES_LIST},
    {"prefix\n40.96.0.0/13\n", RULES_LIST},
    {"[\"40.96.0.0/13\"]", RULES_LIST_JSON},
    {"", RULES_EMPTY},
    {" \n# nothing\n", RULES_EMPTY},
};

START_TEST(formats_are_told_apart)
{
	ck_assert_msg(rules_format(formats[_i].text, strlen(formats[_i].text)) == formats[_i].format, "%s", formats[_i].text);
}
END_TEST

static const struct {
	const char *rules;
	unsigned hint, families;
} family_cases[] = {
    {"# Generated by ip6tables-save v1.8.9\n-P INPUT DROP\n", FAMILY_V4, FAMILY_V6},
    {"# Generated by iptables-nft-save v1.8.9\n-P INPUT DROP\n", FAMILY_V6, FAMILY_V4},
    {"-P INPUT DROP\n-A INPUT -s 2603:1006::/40 -j ACCEPT\n", FAMILY_V4, FAMILY_V6},
    {"-P INPUT DROP\n-A INPUT -j MAIL\n-A MAIL -d 192.0.2.1/32 -j ACCEPT\n", FAMILY_V6, FAMILY_V4},
    {"-P INPUT DROP\n-A INPUT -p ipv6-icmp -j ACCEPT\n", 0, FAMILY_V6},
    {"-P INPUT DROP\n-A INPUT -p icmp -j ACCEPT\n", 0, FAMILY_V4},
    {"-P INPUT DROP\n-A INPUT -j REJECT --reject-with icmp6-port-unreachable\n", 0, FAMILY_V6},
    {"-P INPUT DROP\n-A INPUT -j REJECT --reject-with icmp-port-unreachable\n", 0, FAMILY_V4},
    {"-P INPUT DROP\n-A INPUT -j ufw6-user-input\n", 0, FAMILY_V6},
    {"*nat\n-A PREROUTING -p tcp -j DNAT --to-destination [2001:db8::1]:993\n", 0, FAMILY_V6},
    {"-P INPUT DROP\n-A INPUT -p tcp --dport 993 -j ACCEPT\n", FAMILY_V6, FAMILY_V6},
    {"-P INPUT DROP\n-A INPUT -p tcp --dport 993 -j ACCEPT\n", 0, 0},
    {"-P INPUT DROP\n-A INPUT -p tcp --dport 993 -m comment --comment \" -s 192.0.2.1 \" -j ACCEPT\n", 0, 0},
};

START_TEST(the_family_of_iptables_rules_is_told_or_not_known)
{
	struct ruleset ruleset;
	struct ipsets sets;
	struct error error = {{0}};
	ruleset_init(&ruleset);
	ipsets_init(&sets);
	ruleset.hint = family_cases[_i].hint;
	ck_assert_int_eq(rules_read(&ruleset, &sets, family_cases[_i].rules, strlen(family_cases[_i].rules), &error), 0);
	ck_assert_msg(ruleset.families == family_cases[_i].families, "%s: %u", family_cases[_i].rules, ruleset.families);
	ck_assert_int_eq(ruleset.has_no_family, family_cases[_i].families == 0);
	struct prefix_set all;
	prefix_set_init(&all);
	prefix_set_add_family(&all, 4);
	struct firewall_answer answer;
	ruleset_judge(&ruleset, &(struct firewall_question){.port = 993, .hook = HOOK_INPUT, .sources = &all}, &answer);
	const struct firewall_event *event = firewall_answer_why(&answer, FIREWALL_UNCERTAIN, &all);
	if (family_cases[_i].families == 0)
		ck_assert_str_eq(event->why, "nothing in the rules says whether they are of IPv4 or of IPv6: give -4 or -6");
	else if (family_cases[_i].families == FAMILY_V6)
		ck_assert_str_eq(event->why, "no rules of this family were given");
	firewall_answer_clear(&answer);
	prefix_set_clear(&all);
	ipsets_clear(&sets);
	ruleset_clear(&ruleset);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("ruleset_judge");
	LOOP(tcase, nft_rules_are_judged_as_the_kernel_would, nft_cases);
	LOOP(tcase, iptables_rules_are_judged_as_the_kernel_would, iptables_cases);
	LOOP(tcase, the_family_of_iptables_rules_is_told_or_not_known, family_cases);
	LOOP(tcase, lists_let_in_what_they_hold, list_cases);
	tcase_add_test(tcase, both_families_can_come_in_two_files);
	LOOP(tcase, sets_of_ipset_are_known, ipset_cases);
	LOOP(tcase, a_known_interface_decides, interface_cases);
	tcase_add_test(tcase, a_known_destination_decides);
	tcase_add_test(tcase, the_rule_that_decides_is_named);
	LOOP(tcase, what_is_not_understood_is_said_with_its_place, notes);
	LOOP(tcase, formats_are_told_apart, formats);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("proto/ruleset_judge", fill)
