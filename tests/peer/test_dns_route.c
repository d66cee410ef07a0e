/* A machine without a route: in a network namespace of its own, where only loopback is up. */
#include <linux/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../unit/check_main.h"
#include "io/dns_client.h"
#include "io/loop.h"
#include "io/net.h"

static bool is_inside; /* the kernel may forbid namespaces: then there is nothing to see */

static void enter_namespace(void)
{
	struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	is_inside = unshare(CLONE_NEWNET) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	is_inside = is_inside && ioctl(fd, SIOCSIFFLAGS, &lo) == 0;
	close(fd);
}

static const struct {
	const char *server;
	unsigned flags;
} ways[] = {{"192.0.2.1", 0}, {"192.0.2.1", DNS_TCP}, {"2001:db8::1", 0}, {"2001:db8::1", DNS_TCP}, {"fe80::1", 0}};

static void on_done(void *user, const struct dns_reply *reply)
{
	int *calls = user;
	ck_assert_int_eq(reply->outcome, OUTCOME_SKIPPED);
	ck_assert_str_eq(reply->skip_reason, "no-route");
	ck_assert_int_eq(reply->is_icmp, false);
	ck_assert_int_eq(reply->step_count, 1);
	(*calls)++;
}

START_TEST(no_route_is_skipped_at_once)
{
	struct endpoint server, resolver;
	if (!is_inside)
		return;
	endpoint_from_text(&resolver, "127.0.0.1", 53);
	const struct net_config config = {.resolvers = &resolver, .resolver_count = 1, .connect_timeout_ms = 60000, .dns_timeout_ms = 60000,
	                                  .dns_tries = 2, .dns_port = 53, .rate = 1000, .per_host = 4};
	struct net *net = net_new(&config, NULL);
	int calls = 0;
	ck_assert(endpoint_from_text(&server, ways[_i].server, 53));
	dns_ask(net, &(struct dns_question){"contoso.com", LDNS_RR_TYPE_MX, &server, ways[_i].flags}, on_done, &calls);
	loop_run(net->loop);
	ck_assert_int_eq(calls, 1);
	net_free(net);
}
END_TEST

static void fill(Suite *suite)
{
	enter_namespace();
	TCase *tcase = tcase_create("dns_route");
	tcase_set_timeout(tcase, 20);
	tcase_add_loop_test(tcase, no_route_is_skipped_at_once, 0, sizeof ways / sizeof ways[0]);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("io/dns_route", fill)
