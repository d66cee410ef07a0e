/* The certificate as the service would judge it: what OpenSSL servers present, and the findings that come of it. */
#include "bench.h"

#include <stdio.h>
#include <string.h>

#include "../unit/check_main.h"
#include "verdict.h"

static struct bench bench;
static struct peer *peer;
static struct pki_pair root, stranger, intermediate, brief, weak, leaf;
static SSL_CTX *server;
static char *ca_file;

static void make_certificates(void)
{
	const struct pki_request far = {.cn = "Lab Root", .is_ca = 1, .starts_days = -3000, .ends_days = 3000};
	struct pki_request request = far;
	root = pki_issue(&request, NULL);
	request.cn = "Stranger Root";
	stranger = pki_issue(&request, NULL);
	request.cn = "Lab Intermediate";
	intermediate = pki_issue(&request, &root);
	request.cn = "Weak Intermediate";
	request.key = "rsa1024";
	weak = pki_issue(&request, &root);
	request.cn = "Brief Intermediate";
	request.key = NULL;
	request.ends_days = 33;
	brief = pki_issue(&request, &root);
	ca_file = pki_write(&root);
}

static void drop_certificates(void)
{
	struct pki_pair *const all[] = {&brief, &weak, &intermediate, &stranger, &root};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		pki_clear(all[i]);
	remove(ca_file);
	free(ca_file);
}

static void teardown(void)
{
	bench_clear(&bench);
	peer_free(peer);
	SSL_CTX_free(server);
	pki_clear(&leaf);
	peer = NULL;
	server = NULL;
}

enum sending { SENDS_BOTH, SENDS_LEAF, SENDS_ROOT_BETWEEN, SENDS_A_STRANGER_TOO };
enum staple { STAPLES_NONE, STAPLES_GOOD, STAPLES_REVOKED, STAPLES_UNKNOWN, STAPLES_EXPIRED, STAPLES_OF_A_STRANGER };

#define GOOD_NAME .cn = "imap.lab.test", .names = "DNS:imap.lab.test"

static const struct row {
	const char *name;
	struct pki_request leaf;
	const struct pki_pair *issuer;
	enum sending sending;
	enum staple staple;
	int cutover_days; /* from PKI_NOW; 0: none */
	const char *ids;  /* beside tls-ok */
	const char *ocsp;
} rows[] = {
    {"sound", {GOOD_NAME}, &intermediate, SENDS_BOTH, STAPLES_NONE, 0, "cert-ok", "none"},

    /* trust */
    {"signed by itself", {GOOD_NAME}, NULL, SENDS_LEAF, STAPLES_NONE, 0, "cert-self-signed", "none"},
    {"a private authority", {GOOD_NAME}, &stranger, SENDS_BOTH, STAPLES_NONE, 0, "cert-untrusted", "none"},
    {"intermediate not sent", {GOOD_NAME}, &intermediate, SENDS_LEAF, STAPLES_NONE, 0, "cert-chain-incomplete", "none"},
    {"root between", {GOOD_NAME}, &intermediate, SENDS_ROOT_BETWEEN, STAPLES_NONE, 0, "cert-ok cert-chain-order", "none"},
    {"one that does not belong", {GOOD_NAME}, &intermediate, SENDS_A_STRANGER_TOO, STAPLES_NONE, 0, "cert-ok cert-chain-order", "none"},

    /* names (RFC 6125 6.4: a wildcard is the whole leftmost label, and stands for one) */
    {"upper case", {.cn = "x", .names = "DNS:IMAP.Lab.TEST"}, &intermediate, SENDS_BOTH, STAPLES_NONE, 0, "cert-ok", "none"},
    {"second of two", {.cn = "x", .names = "DNS:mail.lab.test,DNS:imap.lab.test"}, &intermediate, SENDS_BOTH, STAPLES_NONE, 0, "cert-ok", "none"},
    {"wildcard", {.cn = "x", .names = "DNS:*.lab.test"}, &intermediate, SENDS_BOTH, STAPLES_NONE, 0, "cert-ok", "none"},
    {"wildcard of two labels", {.cn = "x", .names = "DNS:*.test"}, &intermediate, SENDS_BOTH, STAPLES_NONE, 0, "cert-name-mismatch", "none"},
    {"wildcard in a label", {.cn = "x", .names = "DNS:im*.lab.test"}, &intermediate, SENDS_BOTH, STAPLES_NONE, 0, "cert-name-mismatch", "none"},
    {"wildcard not leftmost", {.cn = "x", .names = "DNS:imap.*.test"}, &intermediate, SENDS_BOTH, STAPLES_NONE, 0, "cert-name-mismatch", "none"},
    {"wildcard below the name", {.cn = "x", .names = "DNS:*.imap.lab.test"}, &intermediate, SENDS_BOTH, STAPLES_NONE, 0, "cert-name-mismatch", "none"},
    {"another name", {.cn = "imap.lab.test", .names = "DNS:www.lab.test"}, &intermediate, SENDS_BOTH, STAPLES_NONE, 0, "cert-name-mismatch", "none"},
    {"common name only", {.cn = "imap.lab.test"}, &intermediate, SENDS_BOTH, STAPLES_NONE, 0, "cert-name-in-cn-only", "none"},
    {"wildcard in the common name only", {.cn = "*.lab.test"}, &intermediate, SENDS_BOTH, STAPLES_NONE, 0, "cert-name-in-cn-only", "none"},
    {"another common name", {.cn = "www.lab.test"}, &intermediate, SENDS_BOTH, STAPLES_NONE, 0, "cert-name-mismatch", "none"},
    {"an address only", {.cn = "x", .names = "IP:127.0.0.1"}, &intermediate, SENDS_BOTH, STAPLES_NONE, 0, "cert-name-mismatch", "none"},

    /* strength */
    {"RSA of 1024 bits", {.cn = "x", .names = "DNS:imap.lab.test", .key = "rsa1024"}, &intermediate, SENDS_BOTH, STAPLES_NONE, 0, "cert-weak-key", "none"},
    {"a weak intermediate", {GOOD_NAME}, &weak, SENDS_BOTH, STAPLES_NONE, 0, "cert-weak-key", "none"},
    {"SHA-1", {GOOD_NAME, .digest = "SHA1"}, &intermediate, SENDS_BOTH, STAPLES_NONE, 0, "cert-weak-signature", "none"},
    {"MD5, by a weak intermediate", {GOOD_NAME, .digest = "MD5"}, &weak, SENDS_BOTH, STAPLES_NONE, 0, "cert-weak-key cert-weak-signature", "none"},

    /* time: now, the cutover, 72 h after it */
    {"expired", {GOOD_NAME, .starts_days = -90, .ends_days = -1}, &intermediate, SENDS_BOTH, STAPLES_NONE, 0, "cert-expired", "none"},
    {"not valid yet", {GOOD_NAME, .starts_days = 1, .ends_days = 90}, &intermediate, SENDS_BOTH, STAPLES_NONE, 0, "cert-not-yet-valid", "none"},
    {"ends in 20 days", {GOOD_NAME, .starts_days = -9, .ends_days = 20}, &intermediate, SENDS_BOTH, STAPLES_NONE, 0, "cert-expires-soon", "none"},
    {"ends in 22 days", {GOOD_NAME, .starts_days = -9, .ends_days = 22}, &intermediate, SENDS_BOTH, STAPLES_NONE, 0, "cert-ok", "none"},
    {"ends before the cutover", {GOOD_NAME, .starts_days = -9, .ends_days = 30}, &intermediate, SENDS_BOTH, STAPLES_NONE, 31, "cert-expires-soon", "none"},
    {"ends two days after it", {GOOD_NAME, .starts_days = -9, .ends_days = 33}, &intermediate, SENDS_BOTH, STAPLES_NONE, 31, "cert-expires-soon", "none"},
    {"ends four days after it", {GOOD_NAME, .starts_days = -9, .ends_days = 35}, &intermediate, SENDS_BOTH, STAPLES_NONE, 31, "cert-ok", "none"},
    {"the issuer ends two days after it", {GOOD_NAME}, &brief, SENDS_BOTH, STAPLES_NONE, 31, "cert-expires-soon", "none"},
    {"the issuer ends before it", {GOOD_NAME}, &brief, SENDS_BOTH, STAPLES_NONE, 60, "cert-expires-soon", "none"},
    {"the issuer ends later", {GOOD_NAME}, &brief, SENDS_BOTH, STAPLES_NONE, 29, "cert-ok", "none"},

    /* what is stapled */
    {"good", {GOOD_NAME}, &intermediate, SENDS_BOTH, STAPLES_GOOD, 0, "cert-ok", "good"},
    {"revoked", {GOOD_NAME}, &intermediate, SENDS_BOTH, STAPLES_REVOKED, 0, "cert-revoked", "revoked"},
    {"unknown", {GOOD_NAME}, &intermediate, SENDS_BOTH, STAPLES_UNKNOWN, 0, "cert-staple-invalid", "unknown"},
    {"out of date", {GOOD_NAME}, &intermediate, SENDS_BOTH, STAPLES_EXPIRED, 0, "cert-staple-invalid", "expired"},
    {"signed by a stranger", {GOOD_NAME}, &intermediate, SENDS_BOTH, STAPLES_OF_A_STRANGER, 0, "cert-staple-invalid", "invalid"},
    {"good, but the issuer is not sent", {GOOD_NAME}, &intermediate, SENDS_LEAF, STAPLES_GOOD, 0, "cert-chain-incomplete", "unchecked"},
};

static const struct row *row;

static int on_status(SSL *ssl, void *argument)
{
	static const int statuses[] = {[STAPLES_GOOD] = V_OCSP_CERTSTATUS_GOOD,       [STAPLES_REVOKED] = V_OCSP_CERTSTATUS_REVOKED,
	                               [STAPLES_UNKNOWN] = V_OCSP_CERTSTATUS_UNKNOWN, [STAPLES_EXPIRED] = V_OCSP_CERTSTATUS_GOOD,
	                               [STAPLES_OF_A_STRANGER] = V_OCSP_CERTSTATUS_GOOD};
	unsigned char *response = NULL;
	(void)argument;
	if (row->staple == STAPLES_NONE)
		return SSL_TLSEXT_ERR_NOACK;
	const struct pki_pair *signer = row->staple == STAPLES_OF_A_STRANGER ? &stranger : row->issuer;
	/* It begins a day before PKI_NOW; the one out of date ends at once. */
	int length = pki_ocsp(&leaf, row->issuer, signer, statuses[row->staple], row->staple == STAPLES_EXPIRED ? -1 : 3, &response);
	SSL_set_tlsext_status_ocsp_resp(ssl, response, length);
	return SSL_TLSEXT_ERR_OK;
}

static void only_tls(struct talk *talk, void *argument)
{
	(void)argument;
	if (talk_begin_tls(talk, server))
		talk_hold(talk);
}

static void serve(void)
{
	static const size_t counts[] = {[SENDS_BOTH] = 2, [SENDS_LEAF] = 1, [SENDS_ROOT_BETWEEN] = 3, [SENDS_A_STRANGER_TOO] = 3};
	const struct pki_pair *second = row->sending == SENDS_ROOT_BETWEEN ? &root : row->issuer;
	const struct pki_pair *third = row->sending == SENDS_ROOT_BETWEEN ? row->issuer : &stranger;
	const struct pki_pair *const sent[] = {&leaf, second, third};
	server = pki_server(sent, counts[row->sending]);
	SSL_CTX_set_tlsext_status_cb(server, on_status);
	peer = peer_new("127.0.0.1", only_tls, NULL);
}

START_TEST(a_certificate_gives_its_findings)
{
	char wanted[128];
	row = &rows[_i];
	leaf = pki_issue(&row->leaf, row->issuer);
	serve();
	bench_init(&bench, peer);
	bench.ca_file = ca_file;
	bench.cutover = row->cutover_days != 0 ? PKI_NOW + row->cutover_days * PKI_DAY : bench.cutover;
	bench_run(&bench, "tls");
	snprintf(wanted, sizeof wanted, "tls-ok %s", row->ids);
	ck_assert_msg(strcmp(verdict_ids(&bench), wanted) == 0, "%s: '%s', not '%s'", row->name, verdict_ids(&bench), wanted);
	ck_text(bench_seen(&bench, "tls", 0), TLS_OCSP_STATUS, row->ocsp);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("verdicts");
	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, make_certificates, drop_certificates);
	tcase_add_checked_fixture(tcase, NULL, teardown);
	tcase_add_loop_test(tcase, a_certificate_gives_its_findings, 0, sizeof rows / sizeof rows[0]);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("peer/verdicts", fill)
