#ifndef RULE_DNS_VIEW_H
#define RULE_DNS_VIEW_H
/*
 * The DNS evidence of one domain, joined: what was asked of whom, what can be believed, and whose word counts.
 *
 * Read are observations of the probes "dns" and "ttl", and what "autodiscover" asked DNS by itself, whose
 * target is policy->domain, one question to one server each:
 * address = the server's, dns.question, dns.type, dns.role, dns.purpose, dns.zone and dns.server (of authoritative and
 * parent servers), dns.rcode and dns.aa of an answer. A server name that does not resolve has no address. Names are in
 * lower case without the last dot, as dns_name_text writes them.
 *
 * An authoritative server is believed when it answers with AA; a resolver when it answers and does not rewrite; nobody
 * else. So "no answer" never becomes "wrong answer".
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "cutover/evidence.h"
#include "cutover/finding.h"

enum dns_role { DNS_ROLE_OTHER, DNS_ROLE_AUTHORITATIVE, DNS_ROLE_RESOLVER, DNS_ROLE_PARENT };

enum dns_state {
	DNS_UNTRIED,  /* skipped, cancelled or our defect: nothing is known */
	DNS_SILENT,   /* no DNS message came: timeout, ICMP, reset, closed */
	DNS_ERROR,    /* one came that says nothing about the name: SERVFAIL, REFUSED, a referral, garbage */
	DNS_ANSWERED, /* records, or that there are none */
};

struct dns_entry {
	const struct observation *o;
	size_t index;                                          /* in the evidence */
	const char *question, *type, *purpose, *zone, *server; /* "" when the fact is absent */
	const char *address;                                   /* NULL for a name server whose name does not resolve */
	enum dns_role role;
	enum dns_state state;
	bool is_trusted; /* ANSWERED, and whose word counts; see above */
};

struct dns_view {
	const struct evidence *evidence;
	const struct policy *policy;
	struct findings *findings;
	const char *domain;
	struct dns_entry *entries;
	size_t count, room;
	const struct dns_entry *newest; /* trusted SOA answer of the highest serial (RFC 1982; first server of them), or NULL */
};

/* False, and nothing to clear, when policy->domain is NULL or nothing was asked about it. All is borrowed. */
bool dns_view_init(struct dns_view *view, const struct evidence *evidence, const struct policy *policy,
                   struct findings *findings);
void dns_view_clear(struct dns_view *view);

/*
 * The answer that counts: of the server with the newest zone, else of any authoritative server, else of a resolver
 * (role says which; a resolver's TTLs are a cache's). NULL when nobody could answer.
 */
const struct dns_entry *dns_view_best(const struct dns_view *view, const char *name, const char *type);

/* The same where only the TTL is of interest: what `ttl` asks for nothing else counts, too. */
const struct dns_entry *dns_view_best_ttl(const struct dns_view *view, const char *name, const char *type);

/* As dns_view_best for `prefix` + the domain: dns_view_best_below(view, "autodiscover.", "A"). */
const struct dns_entry *dns_view_best_below(const struct dns_view *view, const char *prefix, const char *type);

/* Whether the question was put to anybody, however that ended. */
bool dns_view_asked(const struct dns_view *view, const char *name, const char *type);

/* By the server's name, address and vantage point; < 0, 0, > 0. */
int dns_entry_compare_servers(const struct dns_entry *a, const struct dns_entry *b);

/* A trusted answer that there is no such record; false for NULL. */
bool dns_entry_is_negative(const struct dns_entry *entry);

/* The resolver at that address answers for names that do not exist; no wildcard explains it. */
bool dns_view_is_rewriter(const struct dns_view *view, const char *address);

/* The zone's own servers deny a name that nobody published: no wildcard stands there. */
bool dns_view_denies_made_up(const struct dns_view *view);

/* As findings_add, with the argument {domain}; `subject` NULL: the domain. */
struct finding *dns_view_add(const struct dns_view *view, enum finding_id id, const char *subject,
                             const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* "ns2.contoso.com (192.0.2.54)", for a resolver "resolver 192.0.2.53": put behind what `out` holds. */
void dns_entry_say(struct buf *out, const struct dns_entry *entry);

/* "", or for a resolver's answer ", as resolver 192.0.2.53 says; no authoritative server answered". Allocated. */
char *dns_entry_source(const struct dns_entry *entry);

#endif
