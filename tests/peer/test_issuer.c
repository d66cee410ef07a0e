/* --fetch: a real TLS server that forgets the intermediate, and an HTTP server where it can be had, or something else. */
#include "bench.h"

#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <stdio.h>
#include <string.h>

#include "../unit/check_main.h"
#include "patience.h"
#include "verdict.h"

enum { BODY_BYTES = 131072 };

static struct bench bench;
static struct peer *peer, *web;
static struct pki_pair root, stranger, intermediate, far, near, stale, leaf;
static SSL_CTX *server;
static char *ca_file;

/* An answer to one GET, the same for every one. */
struct answer {
	char head[256];
	BIO *body;
	int redirects;   /* so many connections are sent on to /next */
	bool is_silent;
};

static struct answer answer;

static void make_certificates(void)
{
	const struct pki_request root_request = {.cn = "Lab Root", .is_ca = 1}, stranger_request = {.cn = "Stranger", .is_ca = 1};
	struct pki_request request = {.cn = "Lab Intermediate", .is_ca = 1};
	root = pki_issue(&root_request, NULL);
	stranger = pki_issue(&stranger_request, NULL);
	intermediate = pki_issue(&request, &root);
	request.cn = "Private Issuing";
	far = pki_issue(&request, &stranger);
	request.cn = "Second Intermediate";
	near = pki_issue(&request, &intermediate);
	request.cn = "Old Intermediate";
	request.starts_days = -300;
	request.ends_days = -1;
	stale = pki_issue(&request, &root);
	ca_file = pki_write(&root);
}

static void drop_certificates(void)
{
	struct pki_pair *const all[] = {&stale, &near, &far, &intermediate, &stranger, &root};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		pki_clear(all[i]);
	remove(ca_file);
	free(ca_file);
}

static void teardown(void)
{
	bench_clear(&bench);
	peer_free(peer);
	peer_free(web);
	SSL_CTX_free(server);
	pki_clear(&leaf);
	BIO_free(answer.body); /* its server has ended */
	answer = (struct answer){0};
	peer = web = NULL;
	server = NULL;
}

/* What an authority publishes. */
enum form { FORM_DER, FORM_PEM, FORM_BAG, FORM_PEM_BAG, FORM_GARBAGE, FORM_EMPTY, FORM_HUGE };

static BIO *publish(enum form form, const struct pki_pair *what)
{
	BIO *out = BIO_new(BIO_s_mem());
	PKCS7 *bag = PKCS7_new();
	PKCS7_set_type(bag, NID_pkcs7_signed);
	PKCS7_content_new(bag, NID_pkcs7_data);
	PKCS7_add_certificate(bag, stranger.certificate);
	PKCS7_add_certificate(bag, what->certificate);
	if (form == FORM_DER)
		i2d_X509_bio(out, what->certificate);
	else if (form == FORM_PEM)
		PEM_write_bio_X509(out, what->certificate);
	else if (form == FORM_BAG)
		i2d_PKCS7_bio(out, bag);
	else if (form == FORM_PEM_BAG)
		PEM_write_bio_PKCS7(out, bag);
	else if (form == FORM_GARBAGE)
		BIO_puts(out, "<html>\x1b[2J moved");
	for (int i = 0; form == FORM_HUGE && i < BODY_BYTES / 16; i++)
		BIO_puts(out, "0123456789abcdef");
	PKCS7_free(bag);
	return out;
}

static void answer_get(struct talk *talk, void *argument)
{
	(void)argument;
	char *body = NULL, head[400];
	if (answer.is_silent) {
		talk_hold(talk);
		return;
	}
	for (const char *line; (line = talk_hear(talk)) != NULL && line[0] != '\0';)
		;
	if (talk_number(talk) < answer.redirects) {
		snprintf(head, sizeof head, "HTTP/1.1 302 Found\r\nLocation: http://pki.lab.test:%u/next\r\nContent-Length: 0\r\n\r\n", peer_port(web));
		talk_say(talk, head);
		return;
	}
	long length = BIO_get_mem_data(answer.body, &body);
	snprintf(head, sizeof head, "HTTP/1.1 %s\r\nContent-Length: %ld\r\nConnection: close\r\n\r\n", answer.head, length);
	talk_say(talk, head);
	talk_say_bytes(talk, body, (size_t)length);
}

static void only_tls(struct talk *talk, void *argument)
{
	(void)argument;
	if (talk_begin_tls(talk, server))
		talk_hold(talk);
}

/* The leaf names `address` with the web server's port; then the tls probe, and the probe that it leads to. */
static const struct observation *run(const struct pki_pair *issuer, const char *address)
{
	char names[128], lead[64];
	web = peer_new("127.0.0.1", answer_get, NULL);
	snprintf(names, sizeof names, "%s:%u/intermediate", address, peer_port(web));
	const struct pki_request request = {.cn = "imap.lab.test", .names = "DNS:imap.lab.test", .ca_issuers = names};
	leaf = pki_issue(&request, issuer);
	const struct pki_pair *const sent[] = {&leaf};
	server = pki_server(sent, 1);
	peer = peer_new("127.0.0.1", only_tls, NULL);
	bench_init(&bench, peer);
	bench.ca_file = ca_file;
	bench.fetches = true;
	bench.timeout_ms = AMPLE_MS;
	bench_run(&bench, "tls");
	bench.timeout_ms = answer.is_silent ? 1000 : AMPLE_MS;
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
    {"two are missing", FORM_DER, &near, &near, "200 OK", "DER", NULL, 0, OUTCOME_OK, "behind it CN=Lab Intermediate is missing"},
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
	answer = (struct answer){.body = publish(row->form, row->published)};
	strcpy(answer.head, row->head);
	const struct observation *issuer = run(row->issuer, ADDRESS);
	ck_assert_str_eq(outcome_name(issuer->outcome), outcome_name(row->outcome));
	ck_text(issuer, ISSUER_FORM, row->form_name);
	ck_text(issuer, ISSUER_FAULT, row->fault);
	ck_flag(issuer, ISSUER_COMPLETES, row->completes);
	ck_assert(!observation_has(issuer, FACT_HTTP_BODY, 0));
	ck_assert_pstr_eq(observation_text(issuer, FACT_ISSUER_LEAF_SHA256, 0), observation_text(bench_seen(&bench, "tls", 0), FACT_CERT_SHA256, 0));
	check_says(row->says);
	ck_assert_int_eq(peer_accepted(web), 1);
}
END_TEST

START_TEST(a_few_redirects_are_followed)
{
	static const int redirects[] = {1, 3, 4, 100};
	answer = (struct answer){.head = "200 OK", .body = publish(FORM_DER, &intermediate), .redirects = redirects[_i]};
	run(&intermediate, ADDRESS);
	int asked = redirects[_i] < 4 ? redirects[_i] + 1 : 4;
	ck_assert_int_eq(peer_accepted(web), asked);
	ck_flag(bench_seen(&bench, "issuer", asked - 1), ISSUER_COMPLETES, redirects[_i] < 4 ? 1 : -1);
	check_says(redirects[_i] < 4 ? "the chain verifies" : "HTTP status 302");
}
END_TEST

/* The guard: an address in a certificate must not make us knock at hosts of the user's own network. */
START_TEST(hosts_that_are_not_public_are_left_alone)
{
	answer = (struct answer){.head = "200 OK", .body = publish(FORM_DER, &intermediate)};
	const struct observation *issuer = run(&intermediate, "http://127.0.0.1");
	ck_outcome(issuer, SKIPPED);
	ck_text(issuer, SKIP_REASON, "private-address");
	ck_assert_int_eq(peer_accepted(web), 0);
	check_says("it was not fetched (private-address)");
}
END_TEST

START_TEST(only_the_web_is_asked)
{
	answer = (struct answer){.head = "200 OK", .body = publish(FORM_DER, &intermediate)};
	const struct observation *issuer = run(&intermediate, "ldap://pki.lab.test");
	ck_outcome(issuer, PROTOCOL);
	ck_assert_int_eq(peer_accepted(web), 0);
	check_says("not to be had there");
}
END_TEST

START_TEST(silence_has_an_end)
{
	answer = (struct answer){.is_silent = true};
	const struct observation *issuer = run(&intermediate, ADDRESS);
	ck_outcome(issuer, TIMEOUT);
	ck_assert_int_lt(bench.elapsed_ms, AMPLE_MS);
	check_says("not to be had there: timeout");
}
END_TEST

START_TEST(an_interrupt_is_told)
{
	answer = (struct answer){.is_silent = true};
	web = peer_new("127.0.0.1", answer_get, NULL);
	char address[64];
	snprintf(address, sizeof address, "%s:%u/intermediate", ADDRESS, peer_port(web));
	const struct pki_request request = {.cn = "imap.lab.test", .names = "DNS:imap.lab.test", .ca_issuers = address};
	leaf = pki_issue(&request, &intermediate);
	const struct pki_pair *const sent[] = {&leaf};
	server = pki_server(sent, 1);
	peer = peer_new("127.0.0.1", only_tls, NULL);
	bench_init(&bench, peer);
	bench.ca_file = ca_file;
	bench_run(&bench, "tls");
	ck_assert_str_eq(bench.lead, ""); /* without --fetch nothing is fetched */
	bench.stop_after_ms = 100;
	bench_run(&bench, "issuer");
	ck_outcome(bench_seen(&bench, "issuer", 0), CANCELLED);
}
END_TEST

START_TEST(a_whole_chain_is_no_lead)
{
	const struct pki_request request = {.cn = "imap.lab.test", .names = "DNS:imap.lab.test", .ca_issuers = "http://pki.lab.test/x"};
	leaf = pki_issue(&request, &intermediate);
	const struct pki_pair *const sent[] = {&leaf, &intermediate};
	server = pki_server(sent, 2);
	peer = peer_new("127.0.0.1", only_tls, NULL);
	bench_init(&bench, peer);
	bench.ca_file = ca_file;
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
	tcase_add_loop_test(tcase, a_few_redirects_are_followed, 0, 4);
	tcase_add_test(tcase, hosts_that_are_not_public_are_left_alone);
	tcase_add_test(tcase, only_the_web_is_asked);
	tcase_add_test(tcase, silence_has_an_end);
	tcase_add_test(tcase, an_interrupt_is_told);
	tcase_add_test(tcase, a_whole_chain_is_no_lead);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("peer/issuer", fill)
