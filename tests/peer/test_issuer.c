/* --fetch: a real TLS server that forgets the intermediate, and an HTTP server where it can be had, or something else. */
#include "bench.h"

#include <stdio.h>
#include <string.h>

#include "../unit/check_main.h"
#include "authority.h"
#include "patience.h"
#include "verdict.h"

static struct bench bench;
static struct peer *peer;
static struct pki_pair stranger, intermediate, cross, far, stale, leaf;
static SSL_CTX *server;

static void make_certificates(void)
{
	const struct pki_request stranger_request = {.cn = "Stranger", .is_ca = 1};
	struct pki_request request = {.cn = "Lab Intermediate", .is_ca = 1};
	pki_lab_make("imap.lab.test", NULL);
	stranger = pki_issue(&stranger_request, NULL);
	intermediate = pki_issue(&request, &pki_lab.root);
	cross = pki_cross(&intermediate, &stranger);
	request.cn = "Private Issuing";
	far = pki_issue(&request, &stranger);
	request.cn = "Old Intermediate";
	request.starts_days = -300;
	request.ends_days = -1;
	stale = pki_issue(&request, &pki_lab.root);
}

static void drop_certificates(void)
{
	struct pki_pair *const all[] = {&stale, &far, &cross, &intermediate, &stranger};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		pki_clear(all[i]);
	pki_lab_drop();
}

static void teardown(void)
{
	bench_clear(&bench);
	peer_free(peer);
	SSL_CTX_free(server);
	pki_clear(&leaf);
	authority_close();
	peer = NULL;
	server = NULL;
}

static void only_tls(struct talk *talk, void *argument)
{
	(void)argument;
	if (talk_begin_tls(talk, server))
		talk_hold(talk);
}

/* The leaf names `host` and /1 of the web server; then the tls probe, and the probe that it leads to. */
static const struct observation *run(const struct pki_pair *issuer, const char *host)
{
	char lead[64];
	leaf = authority_issue("imap.lab.test", issuer, host, 1);
	const struct pki_pair *const sent[] = {&leaf};
	server = pki_server(sent, 1);
	peer = peer_new("127.0.0.1", only_tls, NULL);
	bench_init(&bench, peer);
	bench.ca_file = pki_lab.ca_file;
	bench.fetches = true;
	bench_run(&bench, "tls");
	bench.timeout_ms = authority.is_silent ? silence_ms() : AMPLE_MS;
	snprintf(lead, sizeof lead, "issuer imap.lab.test:%u", bench.port);
	ck_assert_str_eq(bench.lead, lead);
	bench_run(&bench, "issuer");
	ck_assert_int_eq(peer_accepted(peer), 1); /* the mail server is not asked again */
	ck_assert_str_eq(verdict_ids(&bench), "tls-ok cert-chain-incomplete");
	return bench_seen(&bench, "issuer", 0);
}

static const char ADDRESS[] = "http://pki.lab.test";

static const struct row {
	const char *name;
	enum form form;
	const struct pki_pair *issuer, *published;
	const char *head, *form_name, *fault;
	int completes; /* -1: nothing was added */
	enum outcome outcome;
	const char *says; /* in the finding */
} rows[] = {
    {"DER", FORM_DER, &intermediate, &intermediate, "200 OK", "DER", NULL, 1, OUTCOME_OK, "with this one certificate added the chain verifies"},
    {"PEM", FORM_PEM, &intermediate, &intermediate, "200 OK", "PEM", NULL, 1, OUTCOME_OK, "the chain verifies"},
    {"a bag", FORM_BAG, &intermediate, &intermediate, "200 OK", "PKCS #7", NULL, 1, OUTCOME_OK, "the chain verifies"},
    {"a bag in PEM", FORM_PEM_BAG, &intermediate, &intermediate, "200 OK", "PKCS #7", NULL, 1, OUTCOME_OK, "the chain verifies"},
    {"a private authority", FORM_DER, &far, &far, "200 OK", "DER", NULL, 0, OUTCOME_OK, "behind it CN=Stranger is missing"},
    {"out of date", FORM_DER, &stale, &stale, "200 OK", "DER", NULL, 0, OUTCOME_OK, "certificate has expired"},
    {"another certificate", FORM_DER, &intermediate, &stranger, "200 OK", "DER",
     "what came did not issue the certificate that was sent last", -1, OUTCOME_OK, "did not issue"},
    {"no certificate", FORM_GARBAGE, &intermediate, &intermediate, "200 OK", NULL, "what came is no certificate", -1, OUTCOME_OK,
     "it is not to be had there: what came is no certificate"},
    {"nothing", FORM_EMPTY, &intermediate, &intermediate, "200 OK", NULL, "what came is no certificate", -1, OUTCOME_OK, "no certificate"},
    {"not found", FORM_GARBAGE, &intermediate, &intermediate, "404 Not Found", NULL, NULL, -1, OUTCOME_OK, "HTTP status 404"},
    {"too much", FORM_HUGE, &intermediate, &intermediate, "200 OK", NULL, NULL, -1, OUTCOME_PROTOCOL, "not to be had there: protocol"},
};

static void check_says(const char *says)
{
	const char *summary = verdict_summary(&bench, "cert-chain-incomplete");
	ck_assert_msg(strstr(summary, says) != NULL, "'%s' does not say '%s'", summary, says);
}

START_TEST(what_comes_is_tried)
{
	const struct row *row = &rows[_i];
	authority = (struct authority){.head = row->head, .bodies[1] = authority_publish(row->form, row->published, &cross)};
	const struct observation *issuer = run(row->issuer, ADDRESS);
	ck_assert_str_eq(outcome_name(issuer->outcome), outcome_name(row->outcome));
	ck_text(issuer, ISSUER_FORM, row->form_name);
	ck_text(issuer, ISSUER_FAULT, row->fault);
	ck_flag(issuer, ISSUER_COMPLETES, row->completes);
	ck_assert(!observation_has(issuer, FACT_HTTP_BODY, 0));
	ck_assert_pstr_eq(observation_text(issuer, FACT_ISSUER_LEAF_SHA256, 0), observation_text(bench_seen(&bench, "tls", 0), FACT_CERT_SHA256, 0));
	check_says(row->says);
	ck_assert_int_eq(authority_asked(), 1);
}
END_TEST

/* A path of certificates that are all missing: path[0] issued the leaf, the last was issued by `anchor`; each but the last at its number. */
static struct pki_pair path[AUTHORITY_PATHS];

static void make_path(int length, const struct pki_pair *anchor, int bad, const char *bad_host)
{
	char cn[32];
	for (int i = length - 1; i >= 0; i--) {
		snprintf(cn, sizeof cn, "Missing %d", i + 1);
		path[i] = authority_issue(cn, i == length - 1 ? anchor : &path[i + 1], i + 2 == bad ? bad_host : ADDRESS, i + 2);
	}
}

static const struct deep_row {
	const char *name;
	int length;
	int bad; /* the number of the one where something else is; 0: none */
	enum form form;
	const char *host;
	const struct pki_pair *instead; /* NULL: nothing is there */
	int asked, added, completes;
	const char *says;
} deep[] = {
    {"two", 2, 0, FORM_DER, NULL, NULL, 2, 2, 1,
     "with these 2 certificates added the chain verifies, with fewer it does not: CN=Missing 1, CN=Missing 2"},
    {"two, PEM", 2, 0, FORM_PEM, NULL, NULL, 2, 2, 1, "with these 2 certificates added the chain verifies"},
    {"two, each in a bag", 2, 0, FORM_BAG, NULL, NULL, 2, 2, 1, "with these 2 certificates added the chain verifies"},
    {"four", 4, 0, FORM_DER, NULL, NULL, 4, 4, 1, "with these 4 certificates added the chain verifies"},
    {"five: far enough", 5, 0, FORM_DER, NULL, NULL, 4, 4, 0, "these 4 were fetched (CN=Missing 1, CN=Missing 2, CN=Missing 3, CN=Missing 4), and behind them CN=Missing 5 is missing"},
    {"the second is not there", 2, 2, FORM_DER, ADDRESS, NULL, 2, 1, -1, "/2): it is not to be had there: HTTP status 404"},
    {"the second is another", 2, 2, FORM_DER, ADDRESS, &stranger, 2, 1, -1,
     "/2): it is not to be had there: what came did not issue the certificate that was sent last"},
    {"the second is the first again", 2, 2, FORM_DER, ADDRESS, &path[0], 2, 1, -1, "what came did not issue"},
    {"the second is not to be asked", 2, 2, FORM_DER, "http://127.0.0.1", NULL, 1, 1, -1, "/2): it was not fetched (private-address)"},
    {"the third is not to be asked", 3, 3, FORM_DER, "http://127.0.0.1", NULL, 2, 2, -1,
     "fetched: CN=Missing 1, CN=Missing 2; one more is missing behind it (http://127.0.0.1:"},
};

static void check_deep(int asked, int added, int completes, const char *says)
{
	const struct observation *last = NULL;
	for (int i = 0; bench_seen(&bench, "issuer", i) != NULL; i++)
		last = bench_seen(&bench, "issuer", i);
	ck_assert_int_eq(authority_asked(), asked);
	ck_assert_uint_eq(observation_rows(last, FACT_ISSUER_SUBJECT), (uint32_t)added);
	ck_assert_uint_eq(observation_rows(last, FACT_ISSUER_SHA256), (uint32_t)added);
	ck_flag(last, ISSUER_COMPLETES, completes);
	check_says(says);
}

START_TEST(issuers_are_followed_a_few_deep)
{
	const struct deep_row *row = &deep[_i];
	make_path(row->length, &pki_lab.root, row->bad, row->host);
	for (int i = 1; i <= row->length; i++)
		if (i != row->bad)
			authority.bodies[i] = authority_publish(row->form, &path[i - 1], NULL);
	if (row->instead != NULL)
		authority.bodies[row->bad] = authority_publish(row->form, row->instead, NULL);
	run(&path[0], ADDRESS);
	check_deep(row->asked, row->added, row->completes, row->says);
	for (int i = 0; i < row->length; i++)
		pki_clear(&path[i]);
}
END_TEST

/* What stands in the same bag is not asked for. */
START_TEST(a_bag_may_hold_the_whole_path)
{
	make_path(2, &pki_lab.root, 0, NULL);
	authority = (struct authority){.bodies[1] = authority_publish(FORM_BAG, &path[1], &path[0])};
	run(&path[0], ADDRESS);
	check_deep(1, 2, 1, "with these 2 certificates added the chain verifies, with fewer it does not: CN=Missing 1, CN=Missing 2");
	pki_clear(&path[0]);
	pki_clear(&path[1]);
}
END_TEST

/* Of two that issued it the one that leads to a trusted root. */
START_TEST(a_bag_may_hold_cross_certificates)
{
	authority = (struct authority){.bodies[1] = authority_publish(FORM_BAG, &cross, &intermediate)};
	run(&intermediate, ADDRESS);
	check_deep(1, 1, 1, "with this one certificate added the chain verifies");
}
END_TEST

/* Two authorities that issued each other, and no root. */
START_TEST(a_circle_has_an_end)
{
	struct pki_pair one = authority_issue("One", NULL, ADDRESS, 2), two = authority_issue("Two", &one, ADDRESS, 1), back = pki_cross(&one, &two);
	authority = (struct authority){.bodies[1] = authority_publish(FORM_DER, &back, NULL), .bodies[2] = authority_publish(FORM_DER, &two, NULL)};
	run(&back, ADDRESS);
	check_deep(3, 2, -1, "fetched: CN=One, CN=Two; one more is missing behind it");
	check_says("what came is in the chain already, so that it leads nowhere");
	pki_clear(&back);
	pki_clear(&two);
	pki_clear(&one);
}
END_TEST

START_TEST(a_few_redirects_are_followed)
{
	static const int redirects[] = {1, 3, 4, 100};
	authority = (struct authority){.bodies[1] = authority_publish(FORM_DER, &intermediate, NULL), .redirects = redirects[_i]};
	run(&intermediate, ADDRESS);
	int asked = redirects[_i] < 4 ? redirects[_i] + 1 : 4;
	ck_assert_int_eq(authority_asked(), asked);
	ck_flag(bench_seen(&bench, "issuer", asked - 1), ISSUER_COMPLETES, redirects[_i] < 4 ? 1 : -1);
	check_says(redirects[_i] < 4 ? "the chain verifies" : "HTTP status 302");
}
END_TEST

/* The guard: an address in a certificate must not make us knock at hosts of the user's own network. */
START_TEST(hosts_that_are_not_public_are_left_alone)
{
	authority = (struct authority){.bodies[1] = authority_publish(FORM_DER, &intermediate, NULL)};
	const struct observation *issuer = run(&intermediate, "http://127.0.0.1");
	ck_outcome(issuer, SKIPPED);
	ck_text(issuer, SKIP_REASON, "private-address");
	ck_assert_int_eq(authority_asked(), 0);
	check_says("it was not fetched (private-address)");
}
END_TEST

START_TEST(only_the_web_is_asked)
{
	authority = (struct authority){.bodies[1] = authority_publish(FORM_DER, &intermediate, NULL)};
	const struct observation *issuer = run(&intermediate, "ldap://pki.lab.test");
	ck_outcome(issuer, PROTOCOL);
	ck_assert_int_eq(authority_asked(), 0);
	check_says("not to be had there");
}
END_TEST

START_TEST(silence_has_an_end)
{
	authority = (struct authority){.is_silent = true};
	const struct observation *issuer = run(&intermediate, ADDRESS);
	ck_outcome(issuer, TIMEOUT);
	ck_assert_int_lt(bench.elapsed_ms, AMPLE_MS);
	check_says("not to be had there: timeout");
}
END_TEST

START_TEST(an_interrupt_is_told)
{
	authority = (struct authority){.is_silent = true};
	leaf = authority_issue("imap.lab.test", &intermediate, ADDRESS, 1);
	const struct pki_pair *const sent[] = {&leaf};
	server = pki_server(sent, 1);
	peer = peer_new("127.0.0.1", only_tls, NULL);
	bench_init(&bench, peer);
	bench.ca_file = pki_lab.ca_file;
	bench_run(&bench, "tls");
	ck_assert_str_eq(bench.lead, ""); /* without --fetch nothing is fetched */
	bench.stop_after_ms = 100;
	bench_run(&bench, "issuer");
	ck_outcome(bench_seen(&bench, "issuer", 0), CANCELLED);
}
END_TEST

START_TEST(a_whole_chain_is_no_lead)
{
	leaf = authority_issue("imap.lab.test", &intermediate, ADDRESS, 1);
	const struct pki_pair *const sent[] = {&leaf, &intermediate};
	server = pki_server(sent, 2);
	peer = peer_new("127.0.0.1", only_tls, NULL);
	bench_init(&bench, peer);
	bench.ca_file = pki_lab.ca_file;
	bench.fetches = true;
	bench_run(&bench, "tls");
	ck_assert_str_eq(bench.lead, "");
	ck_assert(!observation_has(bench_seen(&bench, "tls", 0), FACT_CERT_DER, 0));
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("issuer");
	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, make_certificates, drop_certificates);
	tcase_add_checked_fixture(tcase, NULL, teardown);
	tcase_add_loop_test(tcase, what_comes_is_tried, 0, sizeof rows / sizeof rows[0]);
	tcase_add_loop_test(tcase, issuers_are_followed_a_few_deep, 0, sizeof deep / sizeof deep[0]);
	tcase_add_test(tcase, a_bag_may_hold_the_whole_path);
	tcase_add_test(tcase, a_bag_may_hold_cross_certificates);
	tcase_add_test(tcase, a_circle_has_an_end);
	tcase_add_loop_test(tcase, a_few_redirects_are_followed, 0, 4);
	tcase_add_test(tcase, hosts_that_are_not_public_are_left_alone);
	tcase_add_test(tcase, only_the_web_is_asked);
	tcase_add_test(tcase, silence_has_an_end);
	tcase_add_test(tcase, an_interrupt_is_told);
	tcase_add_test(tcase, a_whole_chain_is_no_lead);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("peer/issuer", fill)
