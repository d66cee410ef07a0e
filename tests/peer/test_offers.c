/* --deep: one handshake for each version, each documented suite, and without a name, against real OpenSSL servers. */
#include "bench.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "../unit/check_main.h"
#include "patience.h"
#include "verdict.h"

static struct bench bench;
static struct peer *peer;
static struct pki_pair curve, stray;
static SSL_CTX *server, *other;

/* Keys take long to make under valgrind: once for all tests. */
static void make_certificates(void)
{
	struct pki_request request = {.cn = "imap.lab.test", .names = "DNS:imap.lab.test"};
	pki_lab_make("imap.lab.test", "rsa2048");
	curve = pki_issue(&request, &pki_lab.root);
	request.cn = "default.lab.test";
	request.names = "DNS:default.lab.test";
	stray = pki_issue(&request, &pki_lab.root);
}

static void drop_certificates(void)
{
	pki_clear(&stray);
	pki_clear(&curve);
	pki_lab_drop();
}

static void serve_with(const struct pki_pair *pair, int oldest, int newest)
{
	server = pki_server(&pair, 1);
	SSL_CTX_set_min_proto_version(server, oldest);
	SSL_CTX_set_max_proto_version(server, newest);
}

static void teardown(void)
{
	bench_clear(&bench);
	peer_free(peer);
	SSL_CTX_free(server);
	SSL_CTX_free(other);
	peer = NULL;
	server = other = NULL;
}

static void only_tls(struct talk *talk, void *argument)
{
	(void)argument;
	if (talk_begin_tls(talk, server))
		talk_hold(talk);
}

static const struct observation *run(peer_script *script, const char *protocol)
{
	peer = peer_new("127.0.0.1", script, NULL);
	bench_init(&bench, peer);
	bench.ca_file = pki_lab.ca_file;
	bench.protocol = protocol;
	bench.is_deep = true;
	bench_run(&bench, "tls");
	return bench_seen(&bench, "tls", 0);
}

/* "1.3 1.2 -1.1(protocol_version) 1.2:8": versions, a minus before what was refused; documented suites accepted, and refused. */
static const char *offers_of(const struct observation *tls)
{
	static char text[1024];
	size_t length = 0;
	int accepted = 0, refused = 0;
	text[0] = '\0';
	for (uint32_t row = 0; row < observation_rows(tls, FACT_TLS_OFFER_VERSION); row++) {
		const char *version = observation_text(tls, FACT_TLS_OFFER_VERSION, row);
		bool is_accepted = observation_flag(tls, FACT_TLS_OFFER_ACCEPTED, row);
		ck_assert(observation_has(tls, FACT_TLS_OFFER_ANSWER, row));
		ck_assert_int_eq(observation_has(tls, FACT_TLS_OFFER_LISTED, row), is_accepted);
		if (observation_has(tls, FACT_TLS_OFFER_SUITE, row)) {
			ck_assert_str_eq(version, "TLSv1.2");
			accepted += is_accepted;
			refused += !is_accepted;
			continue;
		}
		length += (size_t)snprintf(text + length, sizeof text - length, "%s%s ", is_accepted ? "" : "-", version + 3);
	}
	snprintf(text + length, sizeof text - length, "%d/%d", accepted, accepted + refused);
	return text;
}

static const struct row {
	const char *name;
	bool is_ec;
	int oldest, newest;
	const char *ciphers; /* NULL: all */
	const char *offers, *ids;
	int connections;
} rows[] = {
    {"of today", false, TLS1_2_VERSION, TLS1_3_VERSION, NULL, "v1.3 v1.2 -v1.1 -v1 7/7", "tls-ok cert-ok", 12},
    {"old and new", false, TLS1_VERSION, TLS1_3_VERSION, NULL, "v1.3 v1.2 v1.1 v1 7/7", "tls-ok tls-legacy-offered cert-ok", 12},
    {"1.1 at best", false, TLS1_VERSION, TLS1_1_VERSION, NULL, "v1.1 -v1.3 -v1.2 v1 0/0", "tls-too-old tls-legacy-offered cert-ok", 5},
    {"1.2 alone", false, TLS1_2_VERSION, TLS1_2_VERSION, NULL, "v1.2 -v1.3 -v1.1 -v1 7/7", "tls-ok cert-ok", 12},
    {"1.3 alone", false, TLS1_3_VERSION, TLS1_3_VERSION, NULL, "v1.3 -v1.2 -v1.1 -v1 0/0", "tls-too-new cert-ok", 5},
    {"ECDSA alone", true, TLS1_2_VERSION, TLS1_3_VERSION, NULL, "v1.3 v1.2 -v1.1 -v1 0/8", "tls-suite-not-listed cert-ok", 13},
    {"GCM alone", false, TLS1_2_VERSION, TLS1_2_VERSION, "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0",
     "v1.2 -v1.3 -v1.1 -v1 1/7", "tls-ok cert-ok", 12},
    {"prefers ChaCha", false, TLS1_2_VERSION, TLS1_2_VERSION, "ECDHE-RSA-CHACHA20-POLY1305:AES128-GCM-SHA256:@SECLEVEL=0",
     "v1.2 -v1.3 -v1.1 -v1 1/8", "tls-ok cert-ok", 13},
    {"ChaCha alone", false, TLS1_2_VERSION, TLS1_2_VERSION, "ECDHE-RSA-CHACHA20-POLY1305:@SECLEVEL=0", "v1.2 -v1.3 -v1.1 -v1 0/8",
     "tls-suite-not-listed cert-ok", 13},
};

START_TEST(each_version_and_suite_is_tried_once)
{
	const struct row *row = &rows[_i];
	serve_with(row->is_ec ? &curve : &pki_lab.leaf, row->oldest, row->newest);
	if (row->ciphers != NULL)
		SSL_CTX_set_cipher_list(server, row->ciphers);
	SSL_CTX_set_options(server, SSL_OP_CIPHER_SERVER_PREFERENCE);
	const struct observation *tls = run(only_tls, NULL);
	ck_outcome(tls, OK);
	ck_assert_str_eq(offers_of(tls), row->offers);
	ck_text(tls, TLS_NO_SNI, "same");
	ck_text(tls, TLS_OFFERS_STOPPED, NULL);
	ck_assert_str_eq(verdict_ids(&bench), row->ids);
	ck_assert_int_eq(peer_accepted(peer), row->connections);
	/* One after the other, a pause before each. */
	ck_assert_int_ge(bench.elapsed_ms, (row->connections - 1) * 100);
	ck_assert_uint_eq(tls->line_count, (size_t)row->connections - 1);
}
END_TEST

static void imap_with_tls(struct talk *talk, void *argument)
{
	(void)argument;
	talk_say(talk, "* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n");
	if (talk_hear(talk) == NULL)
		return;
	talk_say(talk, "c1 OK go\r\n");
	only_tls(talk, NULL);
}

START_TEST(the_conversation_before_tls_is_held_each_time)
{
	serve_with(&pki_lab.leaf, TLS1_VERSION, TLS1_2_VERSION);
	const struct observation *tls = run(imap_with_tls, "imap");
	ck_outcome(tls, OK);
	ck_assert_str_eq(offers_of(tls), "v1.2 -v1.3 v1.1 v1 7/7");
	ck_flag(tls, STARTTLS_ACCEPTED, true);
	ck_assert_str_eq(verdict_ids(&bench), "tls-ok tls-legacy-offered cert-ok");
	ck_assert_int_eq(peer_accepted(peer), 12);
}
END_TEST

static int on_name(SSL *ssl, int *alert, void *argument)
{
	(void)argument;
	if (SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name) != NULL)
		return SSL_TLSEXT_ERR_OK;
	*alert = SSL_AD_UNRECOGNIZED_NAME;
	if (other == NULL)
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	SSL_set_SSL_CTX(ssl, other);
	return SSL_TLSEXT_ERR_OK;
}

START_TEST(what_comes_without_a_name_is_told)
{
	serve_with(&pki_lab.leaf, TLS1_3_VERSION, TLS1_3_VERSION);
	SSL_CTX_set_tlsext_servername_callback(server, on_name);
	const struct pki_pair *const sent[] = {&stray};
	if (_i == 0)
		other = pki_server(sent, 1);
	const struct observation *tls = run(only_tls, NULL);
	ck_text(tls, TLS_NO_SNI, _i == 0 ? "other" : "refused");
	ck_text(tls, TLS_NO_SNI_SUBJECT, _i == 0 ? "CN=default.lab.test" : NULL);
	ck_assert_str_eq(verdict_ids(&bench), "tls-too-new cert-ok cert-needs-sni");
}
END_TEST

/* Reads the ClientHello, and closes: with bytes unread it would be a reset. */
static void close_silently(struct talk *talk)
{
	char hello[4096];
	(void)!recv(talk_fd(talk), hello, sizeof hello, 0);
}

/* A server that has enough of us: what it does from the third connection on. */
static void only_two(struct talk *talk, void *argument)
{
	const char *then = argument;
	if (talk_number(talk) < 2)
		only_tls(talk, NULL);
	else if (strcmp(then, "holds") == 0)
		talk_hold(talk);
	else if (strcmp(then, "resets") == 0)
		talk_reset(talk);
	else
		close_silently(talk);
}

static const struct {
	char then[8];
	const char *stopped;
} fed_up[] = {{"holds", "timeout"}, {"closes", "closed"}, {"resets", "reset"}};

START_TEST(a_server_that_has_enough_says_nothing_about_versions)
{
	static char then[8]; /* the peer's thread outlives this call */
	strcpy(then, fed_up[_i].then);
	serve_with(&pki_lab.leaf, TLS1_3_VERSION, TLS1_3_VERSION);
	peer = peer_new("127.0.0.1", only_two, then);
	bench_init(&bench, peer);
	bench.ca_file = pki_lab.ca_file;
	bench.is_deep = true;
	bench.timeout_ms = strcmp(fed_up[_i].then, "holds") == 0 ? silence_ms() : AMPLE_MS;
	bench_run(&bench, "tls");
	const struct observation *tls = bench_seen(&bench, "tls", 0);
	ck_outcome(tls, OK);
	ck_text(tls, TLS_OFFERS_STOPPED, fed_up[_i].stopped);
	ck_assert(!observation_has(tls, FACT_TLS_NO_SNI, 0));
	/* TLS 1.2 was refused by an alert before. */
	ck_assert_str_eq(verdict_ids(&bench), "tls-too-new cert-ok");
}
END_TEST

static void only_one(struct talk *talk, void *argument)
{
	(void)argument;
	if (talk_number(talk) < 1)
		only_tls(talk, NULL);
	else
		close_silently(talk);
}

START_TEST(a_close_at_tls_12_alone_is_no_refusal)
{
	serve_with(&pki_lab.leaf, TLS1_2_VERSION, TLS1_3_VERSION);
	const struct observation *tls = run(only_one, NULL);
	ck_text(tls, TLS_OFFERS_STOPPED, "closed");
	ck_assert_str_eq(offers_of(tls), "v1.3 -v1.2 -v1.1 -v1 0/0");
	ck_assert_str_eq(verdict_ids(&bench), "tls-ok cert-ok");
}
END_TEST

static const int interrupts[] = {50, 150, 350, 800};

START_TEST(an_interrupt_keeps_what_is_known)
{
	serve_with(&pki_lab.leaf, TLS1_2_VERSION, TLS1_3_VERSION);
	peer = peer_new("127.0.0.1", only_tls, NULL);
	bench_init(&bench, peer);
	bench.ca_file = pki_lab.ca_file;
	bench.is_deep = true;
	bench.stop_after_ms = interrupts[_i]; /* eleven pauses take longer */
	bench_run(&bench, "tls");
	const struct observation *tls = bench_seen(&bench, "tls", 0);
	if (tls == NULL || tls->outcome == OUTCOME_CANCELLED)
		return; /* a slow machine: the ordinary handshake was not over */
	ck_outcome(tls, OK);
	ck_text(tls, TLS_OFFERS_STOPPED, "cancelled");
	ck_text(tls, TLS_VERSION, "TLSv1.3");
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("offers");
	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, make_certificates, drop_certificates);
	tcase_add_checked_fixture(tcase, NULL, teardown);
	tcase_add_loop_test(tcase, each_version_and_suite_is_tried_once, 0, sizeof rows / sizeof rows[0]);
	tcase_add_test(tcase, the_conversation_before_tls_is_held_each_time);
	tcase_add_loop_test(tcase, what_comes_without_a_name_is_told, 0, 2);
	tcase_add_loop_test(tcase, a_server_that_has_enough_says_nothing_about_versions, 0, sizeof fed_up / sizeof fed_up[0]);
	tcase_add_test(tcase, a_close_at_tls_12_alone_is_no_refusal);
	tcase_add_loop_test(tcase, an_interrupt_keeps_what_is_known, 0, sizeof interrupts / sizeof interrupts[0]);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("peer/offers", fill)
