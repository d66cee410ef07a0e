#include "base/xalloc.h"
#include "endpoint.h"

static void both_families_open(struct world *w)
{
	port_open(w, IMAPS, V4);
	port_open(w, IMAPS, V6);
}

static void both_ports_open(struct world *w)
{
	port_open(w, IMAPS, V4);
	port_open(w, IMAP, V4);
}

static void closed_quietly(struct world *w)
{
	give(port_open(w, IMAPS, V4), ENDED(CLOSED));
}

static void filtered(struct world *w)
{
	port_dead(w, IMAPS, V4, OUTCOME_TIMEOUT);
	port_dead(w, IMAPS, V6, OUTCOME_TIMEOUT);
}

static void filtered_with_a_short_limit(struct world *w)
{
	w->policy.timeout_ms = 400;
	port_dead(w, IMAPS, V4, OUTCOME_TIMEOUT);
}

static void filtered_but_143_works(struct world *w)
{
	port_dead(w, IMAPS, V4, OUTCOME_TIMEOUT);
	port_open(w, IMAP, V4);
	imap_good(w, IMAP, V4);
}

static void filtered_but_143_is_open(struct world *w)
{
	port_dead(w, IMAPS, V4, OUTCOME_TIMEOUT);
	port_open(w, IMAP, V4);
}

static void refused_143_beside_good_993(struct world *w)
{
	port_dead(w, IMAP, V4, OUTCOME_REFUSED);
	port_open(w, IMAPS, V4);
	imap_good(w, IMAPS, V4);
}

static void refused(struct world *w)
{
	port_dead(w, IMAPS, V4, OUTCOME_REFUSED);
}

static void refused_by_icmp(struct world *w)
{
	give(port_dead(w, IMAPS, V4, OUTCOME_REFUSED), TEXT(PORT_ICMP_NAME, "port-unreachable"), INT(PORT_ICMP_TYPE, 3),
	     INT(PORT_ICMP_CODE, 3));
}

static void prohibited(struct world *w)
{
	give(port_dead(w, IMAPS, V4, OUTCOME_UNREACHABLE), TEXT(PORT_ICMP_NAME, "admin-prohibited"), INT(PORT_ICMP_TYPE, 3),
	     INT(PORT_ICMP_CODE, 13), TEXT(PORT_ICMP_FROM, "203.0.114.1"));
}

static void reset_after_accept(struct world *w)
{
	give(port_dead(w, IMAPS, V4, OUTCOME_RESET), INT(PORT_BYTES_RECEIVED, 0));
}

static void reset_after_bytes(struct world *w)
{
	give(port_dead(w, IMAPS, V4, OUTCOME_RESET), INT(PORT_BYTES_RECEIVED, 4));
}

static void mixed_failures(struct world *w)
{
	port_dead(w, IMAPS, V4, OUTCOME_REFUSED);
	port_dead(w, IMAPS, V4_OTHER, OUTCOME_TIMEOUT);
}

static void families_fail_differently(struct world *w)
{
	port_dead(w, IMAPS, V6, OUTCOME_TIMEOUT);
	port_dead(w, IMAPS, V4, OUTCOME_REFUSED);
}

static void one_address_dead(struct world *w)
{
	port_open(w, IMAPS, V4);
	port_dead(w, IMAPS, V4_OTHER, OUTCOME_REFUSED);
}

static void dead_ones_in_both_families(struct world *w)
{
	one_address_dead(w);
	port_open(w, IMAPS, V6);
	port_dead(w, IMAPS, "2a01:110::11", OUTCOME_TIMEOUT);
}

static void ipv6_dead(struct world *w)
{
	port_open(w, IMAPS, V4);
	port_dead(w, IMAPS, V6, OUTCOME_TIMEOUT);
}

static void ipv4_dead(struct world *w)
{
	port_open(w, IMAPS, V6);
	port_dead(w, IMAPS, V4, OUTCOME_TIMEOUT);
}

static void one_ipv4_and_all_ipv6_dead(struct world *w)
{
	one_address_dead(w);
	port_dead(w, IMAPS, V6, OUTCOME_TIMEOUT);
}

static void skip(struct world *w, const char *address, const char *reason)
{
	observe(w, "port", IMAPS, address, ENDED(SKIPPED), TEXT(SKIP_REASON, reason));
}

static void no_ipv6_here(struct world *w)
{
	port_open(w, IMAPS, V4);
	skip(w, V6, "no-route");
}

static void nothing_could_be_tried(struct world *w)
{
	skip(w, V6, "no-family");
}

static void filtered_and_no_ipv6_here(struct world *w)
{
	port_dead(w, IMAPS, V4, OUTCOME_TIMEOUT);
	skip(w, V6, "no-route");
}

static void deadline(struct world *w)
{
	skip(w, V4, "deadline");
}

static void ipv6_not_asked(struct world *w)
{
	port_open(w, IMAPS, V4);
	skip(w, V6, "not-asked");
}

static void interrupted(struct world *w)
{
	observe(w, "port", IMAPS, V4, ENDED(CANCELLED));
}

static void reset_while_waiting_for_a_greeting(struct world *w)
{
	port_open(w, IMAP, V4);
	observe(w, "imap", IMAP, V4, ENDED(RESET), TEXT(IMAP_STAGE, "greeting"));
}

static void reset_for_the_tls_probe(struct world *w)
{
	port_open(w, IMAP, V4);
	observe(w, "tls", IMAP, V4, ENDED(RESET), TEXT(TLS_MODE, "starttls"), TEXT(STARTTLS_PROTOCOL, "imap"),
	        TEXT(STARTTLS_STAGE, "greeting"));
}

static void reset_inside_tls(struct world *w)
{
	port_open(w, IMAPS, V4);
	tls_agreed(w, IMAPS, V4);
	observe(w, "imap", IMAPS, V4, ENDED(RESET), TEXT(IMAP_STAGE, "greeting"));
}

static void recorded_in_one_place(struct world *w)
{
	observe(w, "host", HOST, NULL, ENDED(OK), ROW_TEXT(HOST_ADDRESS, 0, V4))->vantage = xstrdup("paris");
	port_dead(w, IMAPS, V4, OUTCOME_TIMEOUT)->vantage = xstrdup("paris");
}

static void recorded_in_two_places(struct world *w)
{
	recorded_in_one_place(w);
	port_open(w, IMAPS, V4)->vantage = xstrdup("tokyo");
}

static void literal_ipv6(struct world *w)
{
	port_open(w, "[2a01:110::10]:993", V6);
}

static void private_address(struct world *w)
{
	observe(w, "host", HOST, NULL, ENDED(OK), TEXT(HOST_V4, "ok"), ROW_TEXT(HOST_ADDRESS, 0, "10.1.2.3"));
	port_dead(w, IMAPS, "10.1.2.3", OUTCOME_REFUSED);
}

static void private_address_that_is_wanted(struct world *w)
{
	names_add(&w->policy.ignore, "host-private-address");
	private_address(w);
}

static void private_address_beside_other_interests(struct world *w)
{
	names_add(&w->policy.only, "port-refused");
	private_address(w);
}

static void private_address_that_answers(struct world *w)
{
	observe(w, "host", HOST, NULL, ENDED(OK), TEXT(HOST_V4, "ok"), ROW_TEXT(HOST_ADDRESS, 0, "10.1.2.3"));
	port_open(w, IMAPS, "10.1.2.3");
}

#define OPEN(target) {"port-open", "pass", target, NULL}
#define VIEW {"port-view-from-here", "info", HOST, NULL}
#define ONE(id, severity, says) {id, severity, IMAPS, says}

const struct replay_case port_cases[] = {
    {"open on both families", both_families_open, {ONE("port-open", "pass", V4 ", " V6 ": open"), VIEW}},
    {"the view from here is said once a host", both_ports_open, {OPEN(IMAPS), OPEN(IMAP), VIEW}},
    {"a connection that is closed quietly stood", closed_quietly, {OPEN(IMAPS), VIEW}},
    {"filtered", filtered, {ONE("port-timeout", "fail", V4 ", " V6 ": no answer within 15 s")}},
    {"filtered, short limit", filtered_with_a_short_limit, {ONE("port-timeout", "fail", "no answer within 400 ms")}},
    {"filtered 993 beside a good 143",
     filtered_but_143_works,
     {ONE("port-timeout", "fail", "port 143 with STARTTLS works, the endpoint could use it"),
      OPEN(IMAP),
      VIEW,
      {"imap-ok", "pass", IMAP, NULL}}},
    {"filtered 993 beside an open 143",
     filtered_but_143_is_open,
     {ONE("port-timeout", "fail", "; port 143 answers"), OPEN(IMAP), VIEW}},
    {"refused 143 beside a good 993",
     refused_143_beside_good_993,
     {{"port-refused", "fail", IMAP, "port 993 with TLS works"}, OPEN(IMAPS), VIEW, {"imap-ok", "pass", IMAPS, NULL}}},
    {"refused", refused, {ONE("port-refused", "fail", V4 ": refused (RST)")}},
    {"refused by ICMP", refused_by_icmp, {ONE("port-refused", "fail", "port-unreachable (ICMP 3/3)")}},
    {"prohibited", prohibited, {ONE("port-unreachable", "fail", "admin-prohibited (ICMP 3/13 from 203.0.114.1)")}},
    {"reset after accept", reset_after_accept, {ONE("port-reset", "fail", "reset before any byte")}},
    {"reset after bytes is open", reset_after_bytes, {OPEN(IMAPS), VIEW}},
    {"mixed failures of one family",
     mixed_failures,
     {ONE("port-timeout", "fail", V4 ": refused (RST); " V4_OTHER ": no answer within 15 s")}},
    {"IPv4 names the failure", families_fail_differently, {ONE("port-refused", "fail", V6 ": no answer")}},
    {"one address dead",
     one_address_dead,
     {OPEN(IMAPS), ONE("port-address-dead", "warn", V4_OTHER ": refused (RST); open: " V4), VIEW}},
    {"dead ones in both families",
     dead_ones_in_both_families,
     {OPEN(IMAPS), ONE("port-address-dead", "warn", "2a01:110::11: no answer within 15 s; open: " V4 ", " V6), VIEW}},
    {"IPv6 dead", ipv6_dead, {ONE("port-family-dead", "warn", V6 ": no answer within 15 s; IPv4 answers"), VIEW}},
    {"IPv4 dead", ipv4_dead, {ONE("port-family-dead", "warn", V4 ": no answer within 15 s; IPv6 answers"), VIEW}},
    {"one IPv4 address and all of IPv6 dead",
     one_ipv4_and_all_ipv6_dead,
     {ONE("port-address-dead", "warn", V4_OTHER), ONE("port-family-dead", "warn", V6), VIEW}},
    {"no IPv6 here", no_ipv6_here, {OPEN(IMAPS), ONE("port-not-tested", "skip", "no IPv6 route"), VIEW}},
    {"no IPv6 here and nothing else", nothing_could_be_tried, {ONE("port-not-tested", "skip", "no IPv6")}},
    {"filtered and no IPv6 here",
     filtered_and_no_ipv6_here,
     {ONE("port-timeout", "fail", V4), ONE("port-not-tested", "skip", V6)}},
    {"the deadline came first", deadline, {ONE("port-not-tested", "skip", "deadline")}},
    {"a family that the user left out is no gap", ipv6_not_asked, {OPEN(IMAPS), VIEW}},
    {"an interrupt decides nothing", interrupted, {{0}}},
    {"a private address is dead for Microsoft anyway",
     private_address,
     {{"host-private-address", "fail", HOST, NULL}}},
    {"a private address that is wanted", private_address_that_is_wanted, {ONE("port-refused", "fail", NULL)}},
    {"a private address, ports asked for", private_address_beside_other_interests, {ONE("port-refused", "fail", NULL)}},
    {"a private address that answers",
     private_address_that_answers,
     {{"host-private-address", "fail", HOST, NULL}, OPEN(IMAPS), VIEW}},
    {"reset while waiting for a greeting",
     reset_while_waiting_for_a_greeting,
     {{"port-reset", "fail", IMAP, "reset before any byte"}}},
    {"reset for the tls probe", reset_for_the_tls_probe, {{"port-reset", "fail", IMAP, NULL}}},
    {"reset inside TLS is the server's",
     reset_inside_tls,
     {OPEN(IMAPS), VIEW, {"tls-ok", "pass", IMAPS, NULL}, ONE("imap-closed", "fail", NULL)}},
    {"recorded in one place", recorded_in_one_place, {ONE("port-timeout", "fail", V4 ": no answer within 15 s")}},
    {"open in one of two places",
     recorded_in_two_places,
     {ONE("port-timeout", "fail", "(seen from paris)"), ONE("port-open", "pass", "(seen from tokyo)"), VIEW}},
    {"an IPv6 literal",
     literal_ipv6,
     {OPEN("[2a01:110::10]:993"), {"port-view-from-here", "info", "2a01:110::10", NULL}}},
    {0},
};
