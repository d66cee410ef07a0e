/* The port probe against peers on loopback. Firewalls stand in test_firewall.c. */
#include "bench.h"

#include <stdio.h>
#include <string.h>
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../unit/check_main.h"
#include "patience.h"

static struct bench bench;
static struct peer *peer;

static void run(peer_script *script)
{
	peer = peer_new("127.0.0.1", script, NULL);
	bench_init(&bench, peer);
	bench_run(&bench, "port");
}

static void teardown(void)
{
	bench_clear(&bench);
	peer_free(peer);
	peer = NULL;
}

static void hold(struct talk *talk, void *argument)
{
	(void)argument;
	talk_hold(talk);
}

START_TEST(a_silent_port_is_open)
{
	run(hold);
	const struct observation *port = bench_seen(&bench, "port", 0);
	ck_outcome(port, OK);
	ck_assert_str_eq(port->address, "127.0.0.1");
	ck_assert_int_eq(observation_int_or(port, FACT_PORT_FAMILY, 0, 0), 4);
	ck_assert_int_eq(observation_int_or(port, FACT_PORT_BYTES_RECEIVED, 0, -1), 0);
	ck_assert_int_eq(observation_int_or(port, FACT_PORT_SYN_RETRANSMITS, 0, -1), 0);
	ck_assert(observation_has(port, FACT_PORT_CONNECT_MS, 0));
	ck_assert(observation_has(port, FACT_PORT_RTT_MS, 0));
	ck_assert(!observation_has(port, FACT_PORT_GREETING, 0));
	ck_assert(!observation_has(port, FACT_PORT_TELNET, 0));
	ck_assert_uint_eq(bench.evidence.count, 2); /* host, port */
}
END_TEST

static void greet_and_close(struct talk *talk, void *argument)
{
	(void)argument;
	talk_say(talk, "* OK \x1b[2J re");
	talk_pause(talk, 20);
	talk_say(talk, "ady\r\n");
}

START_TEST(a_greeting_is_kept_escaped)
{
	run(greet_and_close);
	ck_outcome(bench_seen(&bench, "port", 0), OK);
	ck_text(bench_seen(&bench, "port", 0), PORT_GREETING, "* OK \\027[2J ready");
}
END_TEST

static void reset(struct talk *talk, void *argument)
{
	(void)argument;
	talk_reset(talk);
}

START_TEST(a_reset_before_any_byte_is_told_apart)
{
	peer = peer_new("127.0.0.1", reset, NULL);
	bench_init(&bench, peer);
	bench.lag_ms = _i == 0 ? 0 : 200; /* whenever it is seen */
	bench_run(&bench, "port");
	ck_outcome(bench_seen(&bench, "port", 0), RESET);
	ck_assert_int_eq(observation_int_or(bench_seen(&bench, "port", 0), FACT_PORT_BYTES_RECEIVED, 0, -1), 0);
}
END_TEST

static void say_nothing(struct talk *talk, void *argument)
{
	(void)talk;
	(void)argument;
}

START_TEST(a_close_before_any_byte_is_told_apart)
{
	run(say_nothing);
	ck_outcome(bench_seen(&bench, "port", 0), CLOSED);
}
END_TEST

START_TEST(a_closed_port_refuses)
{
	/* Bound, so that nobody else is given the port, and not listening. */
	struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof here;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&here, length), 0);
	getsockname(fd, (struct sockaddr *)&here, &length);
	bench_init(&bench, NULL);
	bench.port = ntohs(here.sin_port);
	bench_run(&bench, "port");
	close(fd);
	const struct observation *port = bench_seen(&bench, "port", 0);
	ck_outcome(port, REFUSED);
	ck_text(port, ERRNO, "ECONNREFUSED");
	ck_assert(!observation_has(port, FACT_PORT_ICMP_TYPE, 0));
	char words[200];
	snprintf(words, sizeof words, "Connecting To imap.lab.test...Could not open connection to the host, on port %d: Connect failed", bench.port);
	ck_text(port, PORT_TELNET, words);
}
END_TEST

START_TEST(ipv6_is_a_family_of_its_own)
{
	peer = peer_new("::1", hold, NULL);
	bench_init(&bench, peer);
	bench.address = "::1";
	bench_run(&bench, "port");
	ck_outcome(bench_seen(&bench, "port", 0), OK);
	ck_assert_int_eq(observation_int_or(bench_seen(&bench, "port", 0), FACT_PORT_FAMILY, 0, 0), 6);
	ck_assert_str_eq(bench_seen(&bench, "port", 0)->address, "::1");
}
END_TEST

static void talk_without_end(struct talk *talk, void *argument)
{
	(void)argument;
	for (int i = 0; i < 100000; i++)
		talk_say(talk, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
}

START_TEST(two_hundred_bytes_are_enough)
{
	run(talk_without_end);
	ck_outcome(bench_seen(&bench, "port", 0), OK);
	ck_assert_uint_eq(strlen(observation_text(bench_seen(&bench, "port", 0), FACT_PORT_GREETING, 0)), 200);
}
END_TEST

START_TEST(an_interrupt_while_listening_is_said)
{
	peer = peer_new("127.0.0.1", hold, NULL);
	bench_init(&bench, peer);
	bench.stop_after_ms = 100;
	bench_run(&bench, "port");
	ck_outcome(bench_seen(&bench, "port", 0), CANCELLED);
	ck_text(bench_seen(&bench, "port", 0), SKIP_REASON, "cancelled");
	ck_assert_int_lt(bench.elapsed_ms, AMPLE_MS);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("port");
	tcase_set_timeout(tcase, 30);
	tcase_add_checked_fixture(tcase, NULL, teardown);
	tcase_add_test(tcase, a_silent_port_is_open);
	tcase_add_test(tcase, a_greeting_is_kept_escaped);
	tcase_add_loop_test(tcase, a_reset_before_any_byte_is_told_apart, 0, 2);
	tcase_add_test(tcase, a_close_before_any_byte_is_told_apart);
	tcase_add_test(tcase, a_closed_port_refuses);
	tcase_add_test(tcase, ipv6_is_a_family_of_its_own);
	tcase_add_test(tcase, two_hundred_bytes_are_enough);
	tcase_add_test(tcase, an_interrupt_while_listening_is_said);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("peer/port", fill)
