/* The IMAP endpoint: host, port, TLS, STARTTLS, certificate, IMAP. */
#include "endpoint.h"

static void nothing_was_observed(struct world *world)
{
	(void)world;
}

static void all_is_good(struct world *world)
{
	static const char *const targets[] = {IMAPS, IMAP};
	observe(world, "host", HOST, NULL, ENDED(OK), TEXT(HOST_V4, "ok"), TEXT(HOST_V6, "nodata"),
	        ROW_TEXT(HOST_ADDRESS, 0, V4));
	for (size_t i = 0; i < 2; i++) {
		port_open(world, targets[i], V4);
		tls_good(world, targets[i], V4);
		imap_good(world, targets[i], V4);
	}
}

#define ALL(target) {"port-open", "pass", target, NULL}, {"tls-ok", "pass", target, NULL}, \
	{"cert-ok", "pass", target, NULL}, {"imap-ok", "pass", target, NULL}

static const struct replay_case endpoint_cases[] = {
    {"nothing observed says nothing", nothing_was_observed, {{0}}},
    {"all is good", all_is_good, {ALL(IMAPS), ALL(IMAP), {"port-view-from-here", "info", HOST, NULL}}},
    {0},
};

int main(void)
{
	static const struct replay_case *const tables[] = {endpoint_cases, host_cases, port_cases, tls_cases,
	                                                   cert_cases,     imap_cases, NULL};
	static const char *const families[] = {"host-", "port-", "tls-", "starttls-", "cert-", "imap-", NULL};
	static const struct replay_suite suite = {"replay/endpoint", tables, families};
	return replay_main(&suite);
}
