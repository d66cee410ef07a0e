/* The IMAP endpoint: host, port, TLS, STARTTLS, certificate, IMAP. */
#include "replay.h"

static void nothing_was_observed(struct world *world)
{
	(void)world;
}

static const struct replay_case endpoint_cases[] = {
    {"nothing observed says nothing", nothing_was_observed, {{0}}},
    {0},
};

int main(void)
{
	static const struct replay_case *const tables[] = {endpoint_cases, NULL};
	static const char *const families[] = {NULL};
	static const struct replay_suite suite = {"replay/endpoint", tables, families};
	return replay_main(&suite);
}
