#include "dns_world.h"

#include <string.h>

static const struct {
	const char *name, *address;
} servers[] = {{"", ""}, {"ns1.contoso.com", "192.0.2.53"}, {"ns2.contoso.com", "192.0.2.54"}};

/* What a DNS message brings; nothing when none came. */
static void add_header(struct observation *o, enum outcome outcome, bool is_authoritative)
{
	static const struct {
		enum outcome outcome;
		const char *rcode;
	} rcodes[] = {
	    {OUTCOME_OK, "NOERROR"}, {OUTCOME_NODATA, "NOERROR"}, {OUTCOME_NXDOMAIN, "NXDOMAIN"}, {OUTCOME_SERVFAIL, "SERVFAIL"}};
	o->outcome = outcome;
	for (size_t i = 0; i < sizeof rcodes / sizeof *rcodes; i++)
		if (rcodes[i].outcome == outcome)
			give(o, TEXT(DNS_RCODE, rcodes[i].rcode), BOOL(DNS_AA, is_authoritative && outcome != OUTCOME_SERVFAIL),
			     TEXT(DNS_TRANSPORT, "udp"), BOOL(DNS_EDNS, true));
}

static struct observation *ask_server(struct world *world, int server, const char *question, const char *type, const char *purpose)
{
	return observe(world, "dns", "contoso.com", servers[server].address, TEXT(DNS_QUESTION, question), TEXT(DNS_TYPE, type),
	               TEXT(DNS_ROLE, "authoritative"), TEXT(DNS_PURPOSE, purpose), TEXT(DNS_ZONE, "contoso.com"),
	               TEXT(DNS_SERVER, servers[server].name));
}

struct observation *ask_zone(struct world *world, int server, const char *question, const char *type, enum outcome outcome)
{
	struct observation *o = ask_server(world, server, question, type, "records");
	add_header(o, outcome, true);
	return o;
}

struct observation *ask_ttl(struct world *world, int server, const char *question, const char *type, enum outcome outcome)
{
	struct observation *o = ask_server(world, server, question, type, "ttl");
	add_header(o, outcome, true);
	return o;
}

static struct observation *ask_cache(struct world *world, const char *question, const char *type, const char *purpose, enum outcome outcome)
{
	struct observation *o = observe(world, "dns", "contoso.com", "198.51.100.53", TEXT(DNS_QUESTION, question),
	                                TEXT(DNS_TYPE, type), TEXT(DNS_ROLE, "resolver"), TEXT(DNS_PURPOSE, purpose));
	add_header(o, outcome, false);
	return o;
}

struct observation *ask_resolver(struct world *world, const char *question, const char *type, enum outcome outcome)
{
	return ask_cache(world, question, type, "records", outcome);
}

struct observation *ask_organization(struct world *world, const char *question, enum outcome outcome)
{
	return ask_cache(world, question, "TXT", "organization", outcome);
}

struct observation *ask_parent(struct world *world, enum outcome outcome)
{
	struct observation *o = observe(world, "dns", "contoso.com", "203.0.113.53", TEXT(DNS_QUESTION, "contoso.com"),
	                                TEXT(DNS_TYPE, "NS"), TEXT(DNS_ROLE, "parent"), TEXT(DNS_PURPOSE, "delegation"),
	                                TEXT(DNS_ZONE, "com"), TEXT(DNS_SERVER, "a.gtld-servers.net"));
	add_header(o, outcome, false);
	return o;
}

struct observation *serve_mx(struct world *world, int server, int64_t ttl_s, const char *host, const char *second)
{
	struct observation *o = ask_zone(world, server, "contoso.com", "MX", host != NULL ? OUTCOME_OK : OUTCOME_NODATA);
	if (host != NULL)
		add_mx(o, 10, host, ttl_s);
	if (second != NULL)
		add_mx(o, 20, second, ttl_s);
	return o;
}

void serve_mx_everywhere(struct world *world, int64_t ttl_s, const char *host, const char *second)
{
	serve_mx(world, NS1, ttl_s, host, second);
	serve_mx(world, NS2, ttl_s, host, second);
}

void add_mx(struct observation *o, int64_t preference, const char *host, int64_t ttl_s)
{
	uint32_t row = observation_rows(o, FACT_DNS_MX_HOST);
	give(o, ROW_TEXT(DNS_MX_OWNER, row, "contoso.com"), ROW_INT(DNS_MX_TTL, row, ttl_s), ROW_INT(DNS_MX_PREFERENCE, row, preference),
	     ROW_TEXT(DNS_MX_HOST, row, host));
}

void add_address(struct observation *o, const char *address, int64_t ttl_s)
{
	uint32_t row = observation_rows(o, FACT_DNS_ADDRESS);
	give(o, ROW_TEXT(DNS_ADDRESS_OWNER, row, observation_text(o, FACT_DNS_QUESTION, 0)), ROW_INT(DNS_ADDRESS_TTL, row, ttl_s),
	     ROW_TEXT(DNS_ADDRESS, row, address));
}

void add_alias(struct observation *o, const char *target, int64_t ttl_s)
{
	uint32_t row = observation_rows(o, FACT_DNS_CNAME);
	const char *owner = row == 0 ? observation_text(o, FACT_DNS_QUESTION, 0) : observation_text(o, FACT_DNS_CNAME, row - 1);
	give(o, ROW_TEXT(DNS_CNAME_OWNER, row, owner), ROW_INT(DNS_CNAME_TTL, row, ttl_s), ROW_TEXT(DNS_CNAME, row, target),
	     TEXT(DNS_CNAME_TARGET, target));
}

void add_txt(struct observation *o, const char *text, int64_t ttl_s)
{
	uint32_t row = observation_rows(o, FACT_DNS_TXT);
	give(o, ROW_INT(DNS_TXT_TTL, row, ttl_s), ROW_TEXT(DNS_TXT, row, text));
}

void add_srv(struct observation *o, const char *target)
{
	uint32_t row = observation_rows(o, FACT_DNS_SRV_TARGET);
	give(o, ROW_INT(DNS_SRV_PORT, row, 443), ROW_TEXT(DNS_SRV_TARGET, row, target));
}

void add_ns(struct observation *o, const char *host)
{
	uint32_t row = observation_rows(o, FACT_DNS_NS_HOST);
	give(o, ROW_TEXT(DNS_NS_OWNER, row, "contoso.com"), ROW_TEXT(DNS_NS_HOST, row, host));
}

void add_soa(struct observation *o, int64_t serial, int64_t negative_ttl_s)
{
	give(o, TEXT(DNS_SOA_OWNER, "contoso.com"), INT(DNS_SOA_TTL, negative_ttl_s), INT(DNS_SOA_SERIAL, serial),
	     INT(DNS_SOA_MINIMUM, negative_ttl_s), INT(DNS_NEGATIVE_TTL_S, negative_ttl_s));
}

void publish_address(struct world *world, const char *name, const char *address, int64_t ttl_s)
{
	for (int server = NS1; server <= NS2; server++) {
		add_address(ask_zone(world, server, name, "A", OUTCOME_OK), address, ttl_s);
		ask_zone(world, server, name, "AAAA", OUTCOME_NODATA);
	}
}

void publish_alias(struct world *world, const char *name, const char *target, int64_t ttl_s)
{
	for (int server = NS1; server <= NS2; server++) {
		add_alias(ask_zone(world, server, name, "CNAME", OUTCOME_OK), target, ttl_s);
		add_alias(ask_zone(world, server, name, "A", OUTCOME_OK), target, ttl_s);
	}
}

void publish_nothing(struct world *world, const char *name, const char *type, enum outcome outcome)
{
	for (int server = NS1; server <= NS2; server++)
		ask_zone(world, server, name, type, outcome);
}

void publish_txt(struct world *world, const char *first, const char *second)
{
	for (int server = NS1; server <= NS2; server++) {
		struct observation *o = ask_zone(world, server, "contoso.com", "TXT", first != NULL ? OUTCOME_OK : OUTCOME_NODATA);
		if (first != NULL)
			add_txt(o, first, 3600);
		if (second != NULL)
			add_txt(o, second, 3600);
	}
}

void resolve_host(struct world *world, const char *host, const char *address)
{
	struct observation *o = ask_resolver(world, host, "A", address != NULL ? OUTCOME_OK : OUTCOME_NXDOMAIN);
	if (address != NULL)
		add_address(o, address, 60);
	ask_resolver(world, host, "AAAA", address != NULL ? OUTCOME_NODATA : OUTCOME_NXDOMAIN);
}
