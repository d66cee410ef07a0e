/*
 * Connects through firewalls: what each does to a SYN, told apart without root. Needs the namespace that firewall.test makes.
 * Ports: 701 drop, 702 RST, 703-706 ICMP (port, host, net, admin), 708 nothing listens.
 */
#include "bench.h"

#include <string.h>

#include "../unit/check_main.h"

static const struct {
	const char *address;
	uint16_t port;
	const char *outcome;
	int type, code; /* -1: no ICMP */
	const char *name, *error;
} doors[] = {
    {"127.0.0.1", 701, "timeout", -1, -1, NULL, NULL},
    {"127.0.0.1", 702, "refused", -1, -1, NULL, "ECONNREFUSED"},
    {"127.0.0.1", 703, "refused", 3, 3, "port-unreachable", "ECONNREFUSED"},
    {"127.0.0.1", 704, "unreachable", 3, 1, "host-unreachable", "EHOSTUNREACH"},
    {"127.0.0.1", 705, "unreachable", 3, 0, "net-unreachable", "ENETUNREACH"},
    {"127.0.0.1", 706, "unreachable", 3, 13, "admin-prohibited", "EHOSTUNREACH"},
    {"127.0.0.1", 708, "refused", -1, -1, NULL, "ECONNREFUSED"},
    {"::1", 701, "timeout", -1, -1, NULL, NULL},
    {"::1", 702, "refused", -1, -1, NULL, "ECONNREFUSED"},
    {"::1", 703, "refused", 1, 4, "port-unreachable", "ECONNREFUSED"},
    {"::1", 704, "unreachable", 1, 3, "host-unreachable", "EHOSTUNREACH"},
    {"::1", 705, "unreachable", 1, 0, "net-unreachable", "ENETUNREACH"},
    {"::1", 706, "unreachable", 1, 1, "admin-prohibited", "EACCES"},
    {"192.0.2.77", 993, "skipped", -1, -1, NULL, "ENETUNREACH"},
    {"2001:db8::77", 993, "skipped", -1, -1, NULL, "ENETUNREACH"},
};

START_TEST(each_door_is_told_apart)
{
	struct bench bench;
	bench_init(&bench, NULL);
	bench.address = doors[_i].address;
	bench.port = doors[_i].port;
	bench.timeout_ms = 1300;
	bench_run(&bench, "port");
	const struct observation *port = bench_seen(&bench, "port", 0);
	ck_assert_msg(strcmp(bench_outcome(port), doors[_i].outcome) == 0, "%s %d: %s", doors[_i].address, doors[_i].port, bench_outcome(port));
	ck_assert_int_eq(observation_int_or(port, FACT_PORT_ICMP_TYPE, 0, -1), doors[_i].type);
	ck_assert_int_eq(observation_int_or(port, FACT_PORT_ICMP_CODE, 0, -1), doors[_i].code);
	ck_text(port, PORT_ICMP_NAME, doors[_i].name);
	ck_text(port, PORT_ICMP_FROM, doors[_i].type >= 0 ? doors[_i].address : NULL);
	ck_text(port, ERRNO, doors[_i].error);
	bool is_dropped = strcmp(doors[_i].outcome, "timeout") == 0, is_local = strcmp(doors[_i].outcome, "skipped") == 0;
	ck_assert_int_eq(observation_int_or(port, FACT_PORT_SYN_RETRANSMITS, 0, -1), is_dropped ? 1 : is_local ? -1 : 0);
	ck_text(port, SKIP_REASON, is_local ? "no-route" : NULL);
	ck_assert_int_eq(observation_has(port, FACT_PORT_TELNET, 0), !is_local);
	if (is_dropped)
		ck_assert_int_ge(port->elapsed_ms, 1250);
	else
		ck_assert_int_lt(port->elapsed_ms, bench.timeout_ms); /* with the first SYN, as the retransmissions say */
	bench_clear(&bench);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("firewall");
	tcase_set_timeout(tcase, 30);
	tcase_add_loop_test(tcase, each_door_is_told_apart, 0, sizeof doors / sizeof doors[0]);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("peer/firewall", fill)
