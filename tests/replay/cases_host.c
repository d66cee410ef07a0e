#include "endpoint.h"

static struct observation *host(struct world *w, const char *a, const char *aaaa)
{
	return observe(w, "host", HOST, NULL, ENDED(OK), TEXT(HOST_NAME, HOST), TEXT(HOST_V4, a), TEXT(HOST_V6, aaaa));
}

static void resolves(struct world *w)
{
	give(host(w, "ok", "ok"), ROW_TEXT(HOST_ADDRESS, 0, V4), ROW_TEXT(HOST_ADDRESS, 1, V6));
}

static void does_not_exist(struct world *w)
{
	give(host(w, "nxdomain", "nxdomain"), ENDED(NXDOMAIN));
}

static void does_not_exist_for_one_question(struct world *w)
{
	give(host(w, "timeout", "nxdomain"), ENDED(NXDOMAIN));
}

static void does_not_exist_without_details(struct world *w)
{
	observe(w, "host", HOST, NULL, ENDED(NXDOMAIN));
}

static void has_no_address(struct world *w)
{
	give(host(w, "nodata", "nodata"), ENDED(NODATA));
}

static void has_no_ipv6_and_ipv4_is_silent(struct world *w)
{
	give(host(w, "timeout", "nodata"), ENDED(TIMEOUT));
}

static void nobody_asked_for_ipv6(struct world *w)
{
	observe(w, "host", HOST, NULL, ENDED(NODATA), TEXT(HOST_V4, "nodata"));
}

static void no_resolver_answers(struct world *w)
{
	give(host(w, "timeout", "timeout"), ENDED(TIMEOUT), INT(HOST_RESOLVERS_ASKED, 2), INT(HOST_RESOLVERS_ANSWERED, 0));
}

static void servfail(struct world *w)
{
	give(host(w, "servfail", "servfail"), ENDED(SERVFAIL));
}

static void servfail_of_dnssec(struct world *w)
{
	give(host(w, "servfail", "servfail"), ENDED(SERVFAIL), BOOL(HOST_CD_WORKS, true));
}

static void refused(struct world *w)
{
	give(host(w, "refused", "refused"), ENDED(REFUSED));
}

static void ipv4_servfail_beside_no_ipv6(struct world *w)
{
	give(host(w, "servfail", "nodata"), ENDED(SERVFAIL));
}

static void all_private(struct world *w)
{
	give(host(w, "ok", "ok"), ROW_TEXT(HOST_ADDRESS, 0, "10.1.2.3"), ROW_TEXT(HOST_ADDRESS, 1, "fd00::1"));
}

static void carrier_grade(struct world *w)
{
	give(host(w, "ok", "nodata"), ROW_TEXT(HOST_ADDRESS, 0, "100.64.3.4"));
}

static void one_private(struct world *w)
{
	give(host(w, "ok", "nodata"), ROW_TEXT(HOST_ADDRESS, 0, "192.168.1.1"), ROW_TEXT(HOST_ADDRESS, 1, V4));
}

static void private_but_assumed_public(struct world *w)
{
	names_add(&w->policy.assume_public, "fd00::/8");
	names_add(&w->policy.assume_public, "10.1.0.0/16");
	all_private(w);
}

static void private_and_half_assumed_public(struct world *w)
{
	names_add(&w->policy.assume_public, "10.2.0.0/16");
	all_private(w);
}

static void ipv6_only(struct world *w)
{
	give(host(w, "nodata", "ok"), ROW_TEXT(HOST_ADDRESS, 0, V6));
}

static void only_ipv6_was_asked(struct world *w)
{
	observe(w, "host", HOST, NULL, ENDED(OK), TEXT(HOST_V6, "ok"), ROW_TEXT(HOST_ADDRESS, 0, V6));
}

static void ipv6_answers_and_ipv4_is_silent(struct world *w)
{
	give(host(w, "timeout", "ok"), ROW_TEXT(HOST_ADDRESS, 0, V6));
}

static void an_address(struct world *w)
{
	observe(w, "host", V4, NULL, ENDED(OK), BOOL(HOST_IS_ADDRESS, true), ROW_TEXT(HOST_ADDRESS, 0, V4));
}

static void a_private_address(struct world *w)
{
	observe(w, "host", "192.168.1.1", NULL, ENDED(OK), BOOL(HOST_IS_ADDRESS, true),
	        ROW_TEXT(HOST_ADDRESS, 0, "192.168.1.1"));
}

static void an_ipv6_address(struct world *w)
{
	observe(w, "host", V6, NULL, ENDED(OK), BOOL(HOST_IS_ADDRESS, true), ROW_TEXT(HOST_ADDRESS, 0, V6));
}

static void connected_elsewhere(struct world *w)
{
	observe(w, "host", HOST, NULL, ENDED(OK), BOOL(HOST_OVERRIDDEN, true), ROW_TEXT(HOST_ADDRESS, 0, "10.0.0.1"));
}

static void single_label(struct world *w)
{
	observe(w, "host", "mailserver", NULL, ENDED(NXDOMAIN), TEXT(HOST_V4, "nxdomain"), TEXT(HOST_V6, "nxdomain"));
}

static void single_label_that_resolves(struct world *w)
{
	observe(w, "host", "mailserver", NULL, ENDED(OK), TEXT(HOST_V4, "ok"), ROW_TEXT(HOST_ADDRESS, 0, "10.0.0.1"));
}

static void malformed(struct world *w)
{
	observe(w, "host", "imap_1.contoso.com", NULL, ENDED(NXDOMAIN));
	observe(w, "host", "-imap.contoso.com", NULL, ENDED(NXDOMAIN));
	observe(w, "host", "10.0.0.256", NULL, ENDED(NXDOMAIN));
	observe(w, "host", "xn--bcher-kva.example", NULL, ENDED(OK), TEXT(HOST_V4, "ok"), ROW_TEXT(HOST_ADDRESS, 0, V4));
}

static void seen_from_two_places(struct world *w)
{
	does_not_exist(w);
	does_not_exist(w);
}

#define MISSING {"host-not-found", "fail", HOST, "NXDOMAIN"}
#define PRIVATE(says) {"host-private-address", "fail", HOST, says}

const struct replay_case host_cases[] = {
    {"a host that resolves", resolves, {{0}}},
    {"a name that does not exist", does_not_exist, {MISSING}},
    {"NXDOMAIN for one question is NXDOMAIN for the name", does_not_exist_for_one_question, {MISSING}},
    {"NXDOMAIN by the outcome alone", does_not_exist_without_details, {MISSING}},
    {"the same from two places is one finding", seen_from_two_places, {MISSING}},
    {"a name without addresses", has_no_address, {{"host-no-address", "fail", HOST, NULL}}},
    {"no AAAA and silence for A decides nothing", has_no_ipv6_and_ipv4_is_silent, {{0}}},
    {"no A and AAAA not asked decides nothing", nobody_asked_for_ipv6, {{0}}},
    {"no resolver answers: nothing is known of the host", no_resolver_answers,
     {{"resolver-unreachable", "unknown", HOST, NULL}}},
    {"SERVFAIL", servfail, {{"host-servfail", "fail", HOST, "answers SERVFAIL"}}},
    {"SERVFAIL of DNSSEC", servfail_of_dnssec, {{"host-servfail", "fail", HOST, "DNSSEC is the reason"}}},
    {"REFUSED", refused, {{"host-servfail", "fail", HOST, "answers REFUSED"}}},
    {"SERVFAIL for A beside no AAAA", ipv4_servfail_beside_no_ipv6, {{"host-servfail", "fail", HOST, NULL}}},
    {"all addresses private", all_private, {PRIVATE("10.1.2.3 is private use, fd00::1 is unique local")}},
    {"behind a carrier's NAT", carrier_grade, {PRIVATE("CGNAT")}},
    {"one public address is enough", one_private, {{0}}},
    {"assumed public", private_but_assumed_public, {{0}}},
    {"another range assumed public", private_and_half_assumed_public, {PRIVATE("10.1.2.3")}},
    {"IPv6 only", ipv6_only, {{"host-ipv6-only", "warn", HOST, NULL}}},
    {"only IPv6 was asked", only_ipv6_was_asked, {{0}}},
    {"silence for A is not IPv6 only", ipv6_answers_and_ipv4_is_silent, {{0}}},
    {"an address instead of a name", an_address, {{"host-is-address", "warn", V4, NULL}}},
    {"an IPv6 address", an_ipv6_address, {{"host-is-address", "warn", V6, NULL}}},
    {"a private address instead of a name",
     a_private_address,
     {{"host-is-address", "warn", "192.168.1.1", NULL}, {"host-private-address", "fail", "192.168.1.1", NULL}}},
    {"addresses of --connect say nothing about DNS", connected_elsewhere, {{0}}},
    {"a single label that does not exist", single_label, {{"host-not-qualified", "fail", "mailserver", NULL}}},
    {"a single label that resolves here",
     single_label_that_resolves,
     {{"host-not-qualified", "fail", "mailserver", NULL}}},
    {"malformed names",
     malformed,
     {{"host-not-qualified", "fail", "imap_1.contoso.com", NULL},
      {"host-not-qualified", "fail", "-imap.contoso.com", NULL},
      {"host-not-qualified", "fail", "10.0.0.256", NULL}}},
    {0},
};
