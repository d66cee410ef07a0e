#include "io/certificate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../peer/pki.h"
#include "../check_main.h"

static const char AIA[] = "http://ca.lab.test/int.crt";

static struct pki_pair root, stranger, intermediate, leaf;
static struct certificate_chain chain;
static struct observation *seen;

static void setup(void)
{
	const struct pki_request root_request = {.cn = "Lab Root", .is_ca = 1, .starts_days = -3000, .ends_days = 3000};
	const struct pki_request stranger_request = {.cn = "Stranger", .is_ca = 1, .starts_days = -3000, .ends_days = 3000};
	const struct pki_request int_request = {.cn = "Lab Intermediate", .is_ca = 1, .starts_days = -300, .ends_days = 300};
	root = pki_issue(&root_request, NULL);
	stranger = pki_issue(&stranger_request, NULL);
	intermediate = pki_issue(&int_request, &root);
	leaf = (struct pki_pair){0};
	chain = (struct certificate_chain){.sent = sk_X509_new_null(), .store = X509_STORE_new()};
	X509_STORE_add_cert(chain.store, root.certificate);
	seen = observation_new("tls", "imap.lab.test:993", "192.0.2.1", 0);
}

static void teardown(void)
{
	observation_free(seen);
	sk_X509_free(chain.sent);
	X509_STORE_free(chain.store);
	pki_clear(&leaf);
	pki_clear(&intermediate);
	pki_clear(&stranger);
	pki_clear(&root);
}

static void send_certificate(const struct pki_pair *pair)
{
	sk_X509_push(chain.sent, pair->certificate);
}

/* The leaf, issued and sent first. */
static void issue(const struct pki_request *request, const struct pki_pair *issuer)
{
	leaf = pki_issue(request, issuer);
	send_certificate(&leaf);
}

/* "when:name@depth" of all rows, with a blank between. */
static const char *errors(void)
{
	static char text[1024];
	size_t length = 0;
	text[0] = '\0';
	for (uint32_t row = 0; row < observation_rows(seen, FACT_VERIFY_WHEN); row++)
		length += (size_t)snprintf(text + length, sizeof text - length, "%s%s:%s@%d", row > 0 ? " " : "",
		                           observation_text(seen, FACT_VERIFY_WHEN, row), observation_text(seen, FACT_VERIFY_NAME, row),
		                           (int)observation_int_or(seen, FACT_VERIFY_DEPTH, row, -1));
	return text;
}

static const struct pki_request sound = {.cn = "imap.lab.test", .names = "DNS:imap.lab.test"};

START_TEST(a_sound_chain_has_no_errors)
{
	issue(&sound, &intermediate);
	send_certificate(&intermediate);
	certificate_describe(seen, &chain);
	certificate_verify(seen, &chain, PKI_NOW, "at");
	certificate_check_strength(seen, &chain, "at");
	ck_assert_str_eq(errors(), "");
	ck_assert(observation_flag(seen, FACT_CERT_ORDER_OK, 0));
	ck_assert_uint_eq(observation_rows(seen, FACT_CERT_SUBJECT), 2);
	ck_assert_str_eq(observation_text(seen, FACT_CERT_SUBJECT, 0), "CN=imap.lab.test");
	ck_assert_str_eq(observation_text(seen, FACT_CERT_ISSUER, 1), "CN=Lab Root");
	ck_assert_str_eq(observation_text(seen, FACT_CERT_CN, 0), "imap.lab.test");
	ck_assert_str_eq(observation_text(seen, FACT_CERT_NAME, 0), "imap.lab.test");
	ck_assert_str_eq(observation_text(seen, FACT_CERT_KEY_TYPE, 0), "EC");
	ck_assert_int_eq(observation_int_or(seen, FACT_CERT_KEY_BITS, 0, 0), 256);
	ck_assert_str_eq(observation_text(seen, FACT_CERT_SIGNATURE, 0), "SHA256");
	ck_assert_int_eq(observation_int_or(seen, FACT_CERT_NOT_BEFORE, 0, 0), PKI_NOW - 30 * PKI_DAY);
	ck_assert_int_eq(observation_int_or(seen, FACT_CERT_NOT_AFTER, 0, 0), PKI_NOW + 365 * PKI_DAY);
	ck_assert_uint_eq(strlen(observation_text(seen, FACT_CERT_SHA256, 0)), 64);
	ck_assert(!observation_flag(seen, FACT_CERT_SELF_SIGNED, 0));
}
END_TEST

START_TEST(dates_are_judged_as_of_any_time)
{
	issue(&sound, &intermediate);
	send_certificate(&intermediate);
	certificate_verify(seen, &chain, PKI_NOW, "at");
	certificate_verify(seen, &chain, PKI_NOW + 310 * PKI_DAY, "cutover"); /* the intermediate ends first */
	certificate_verify(seen, &chain, PKI_NOW + 370 * PKI_DAY, "window");
	certificate_verify(seen, &chain, PKI_NOW - 40 * PKI_DAY, "before");
	ck_assert_str_eq(errors(), "cutover:expired@1 window:expired@1 window:expired@0 before:not-yet-valid@0");
	ck_assert_str_eq(observation_text(seen, FACT_VERIFY_SUBJECT, 0), "CN=Lab Intermediate");
	ck_assert_int_eq(observation_int_or(seen, FACT_VERIFY_CODE, 0, 0), X509_V_ERR_CERT_HAS_EXPIRED);
}
END_TEST

START_TEST(no_error_hides_another)
{
	const struct pki_request request = {.cn = "x", .starts_days = -20, .ends_days = -10};
	issue(&request, NULL);
	certificate_verify(seen, &chain, PKI_NOW, "at");
	ck_assert_str_eq(errors(), "at:self-signed-leaf@0 at:expired@0");
}
END_TEST

START_TEST(the_missing_intermediate_is_named)
{
	struct pki_request request = sound;
	request.ca_issuers = AIA;
	issue(&request, &intermediate);
	certificate_verify(seen, &chain, PKI_NOW, "at");
	ck_assert_str_eq(errors(), "at:issuer-missing@0 at:issuer-missing@0");
	ck_assert_int_eq(observation_int_or(seen, FACT_VERIFY_CODE, 0, 0), X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
	ck_assert_int_eq(observation_int_or(seen, FACT_VERIFY_CODE, 1, 0), X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE);
	ck_assert_str_eq(observation_text(seen, FACT_CERT_MISSING_ISSUER, 0), "CN=Lab Intermediate");
	ck_assert_str_eq(observation_text(seen, FACT_CERT_MISSING_AIA, 0), AIA);
}
END_TEST

START_TEST(a_stranger_is_no_missing_link)
{
	issue(&sound, &stranger);
	send_certificate(&stranger);
	certificate_verify(seen, &chain, PKI_NOW, "at");
	ck_assert_str_eq(errors(), "at:self-signed-chain@1");
	ck_assert(!observation_has(seen, FACT_CERT_MISSING_ISSUER, 0));
}
END_TEST

START_TEST(a_private_root_that_stays_at_home_is_untrusted)
{
	const struct pki_request request = {.cn = "Private Issuing", .is_ca = 1};
	struct pki_pair issuing = pki_issue(&request, &stranger);
	issue(&sound, &issuing);
	send_certificate(&issuing);
	certificate_verify(seen, &chain, PKI_NOW, "at");
	ck_assert_str_eq(errors(), "at:untrusted@1");
	ck_assert_str_eq(observation_text(seen, FACT_CERT_MISSING_ISSUER, 0), "CN=Stranger");
	pki_clear(&issuing);
}
END_TEST

START_TEST(a_leaf_may_not_issue)
{
	struct pki_pair server = pki_issue(&sound, &root); /* CA:FALSE */
	issue(&sound, &server);
	send_certificate(&server);
	certificate_verify(seen, &chain, PKI_NOW, "at");
	ck_assert_ptr_nonnull(strstr(errors(), "at:invalid-ca@1"));
	pki_clear(&server);
}
END_TEST

static const struct {
	const char *key, *digest, *errors;
} strengths[] = {
    {"rsa2048", "SHA256", ""},
    {"rsa1024", "SHA256", "at:weak-key@0"},
    {"ec", "SHA256", ""},
    {"ec192", "SHA256", "at:weak-key@0"},
    {"ec", "SHA1", "at:weak-signature@0"},
    {"ec", "MD5", "at:weak-signature@0"},
    {"rsa1024", "SHA1", "at:weak-key@0 at:weak-signature@0"},
};

START_TEST(strength_is_told_even_of_a_chain_that_ends_early)
{
	struct pki_request request = sound;
	request.key = strengths[_i].key;
	request.digest = strengths[_i].digest;
	struct pki_pair issuing = {0};
	const struct pki_request ca_request = {.cn = "RSA Intermediate", .is_ca = 1, .key = "rsa2048"};
	issuing = pki_issue(&ca_request, &root); /* MD5 signatures need RSA */
	issue(&request, &issuing);
	if (_i % 2 == 0)
		send_certificate(&issuing);
	certificate_check_strength(seen, &chain, "at");
	ck_assert_str_eq(errors(), strengths[_i].errors);
	pki_clear(&issuing);
}
END_TEST

START_TEST(the_signature_of_a_root_does_not_count)
{
	const struct pki_request request = {.cn = "Old Root", .is_ca = 1, .key = "rsa1024", .digest = "SHA1"};
	struct pki_pair old = pki_issue(&request, NULL);
	X509_STORE_add_cert(chain.store, old.certificate);
	issue(&sound, &old);
	send_certificate(&old);
	certificate_verify(seen, &chain, PKI_NOW, "at");
	certificate_check_strength(seen, &chain, "at");
	ck_assert_str_eq(errors(), "");
	pki_clear(&old);
}
END_TEST

static const struct {
	const char *cn, *names, *asked;
	bool is_ok, is_in_cn;
} names[] = {
    {"imap.lab.test", "DNS:imap.lab.test", "imap.lab.test", true, false},
    {"imap.lab.test", "DNS:IMAP.Lab.Test", "imap.lab.test", true, false},
    {"imap.lab.test", "DNS:other.lab.test", "imap.lab.test", false, false},
    {"imap.lab.test", NULL, "imap.lab.test", false, true},
    {"other.lab.test", NULL, "imap.lab.test", false, false},
    {"x", "DNS:*.lab.test", "imap.lab.test", true, false},
    {"x", "DNS:*.lab.test", "a.imap.lab.test", false, false},
    {"x", "DNS:*.lab.test", "lab.test", false, false},
    {"x", "DNS:im*.lab.test", "imap.lab.test", false, false},
    {"x", "DNS:*.*.test", "imap.lab.test", false, false},
    {"x", "IP:192.0.2.1,IP:2001:db8::1", "192.0.2.1", true, false},
    {"x", "IP:192.0.2.1,IP:2001:db8::1", "2001:db8::1", true, false},
    {"x", "IP:192.0.2.1", "192.0.2.2", false, false},
    {"x", "DNS:192.0.2.1", "192.0.2.1", false, false},
    {"x", "DNS:xn--mller-kva.example", "xn--mller-kva.example", true, false},
};

START_TEST(a_name_matches_or_not)
{
	const struct pki_request request = {.cn = names[_i].cn, .names = names[_i].names};
	issue(&request, &root);
	certificate_check_name(seen, &chain, names[_i].asked);
	ck_assert_msg(observation_flag(seen, FACT_CERT_NAME_OK, 0) == names[_i].is_ok, "%s for %s", names[_i].names, names[_i].asked);
	ck_assert_msg(observation_flag(seen, FACT_CERT_NAME_IN_CN, 0) == names[_i].is_in_cn, "%s for %s", names[_i].names, names[_i].asked);
}
END_TEST

START_TEST(names_of_both_kinds_are_listed_and_bounded)
{
	char list[4096] = "IP:192.0.2.1,IP:2001:db8::1,email:a@b.test";
	for (int i = 0; i < 150; i++)
		snprintf(list + strlen(list), sizeof list - strlen(list), ",DNS:n%d.lab.test", i);
	const struct pki_request request = {.cn = "a\\b\x1b", .names = list};
	issue(&request, &root);
	certificate_describe(seen, &chain);
	ck_assert_str_eq(observation_text(seen, FACT_CERT_NAME, 0), "192.0.2.1");
	ck_assert_str_eq(observation_text(seen, FACT_CERT_NAME, 1), "2001:db8::1");
	ck_assert_str_eq(observation_text(seen, FACT_CERT_NAME, 2), "n0.lab.test");
	ck_assert_uint_eq(observation_rows(seen, FACT_CERT_NAME), 100);
	ck_assert_str_eq(observation_text(seen, FACT_CERT_CN, 0), "a\\\\b\\027");
}
END_TEST

START_TEST(order_is_told_from_what_was_sent)
{
	issue(&sound, &intermediate);
	if (_i == 0)
		send_certificate(&root);
	send_certificate(&intermediate);
	if (_i == 1)
		send_certificate(&stranger);
	if (_i == 2)
		send_certificate(&root);
	certificate_describe(seen, &chain);
	certificate_verify(seen, &chain, PKI_NOW, "at");
	ck_assert_int_eq(observation_flag(seen, FACT_CERT_ORDER_OK, 0), _i >= 2);
	ck_assert_str_eq(errors(), ""); /* clients put it in order */
}
END_TEST

static const struct {
	const char *signer; /* "issuer", "delegate", "leaf" */
	int status, ends_days;
	int64_t when;
	const char *says;
} stapled[] = {
    {"issuer", V_OCSP_CERTSTATUS_GOOD, 3, PKI_NOW, "good"},
    {"issuer", V_OCSP_CERTSTATUS_REVOKED, 3, PKI_NOW, "revoked"},
    {"issuer", V_OCSP_CERTSTATUS_UNKNOWN, 3, PKI_NOW, "unknown"},
    {"issuer", V_OCSP_CERTSTATUS_GOOD, 3, PKI_NOW + 4 * PKI_DAY, "expired"},
    {"issuer", V_OCSP_CERTSTATUS_GOOD, 3, PKI_NOW - 2 * PKI_DAY, "expired"},
    {"stranger", V_OCSP_CERTSTATUS_REVOKED, 3, PKI_NOW, "invalid"},
    {"leaf", V_OCSP_CERTSTATUS_GOOD, 3, PKI_NOW, "invalid"},
};

START_TEST(a_stapled_response_is_checked)
{
	unsigned char *response = NULL;
	issue(&sound, &intermediate);
	send_certificate(&intermediate);
	const struct pki_pair *signer = strcmp(stapled[_i].signer, "issuer") == 0 ? &intermediate
	                                : strcmp(stapled[_i].signer, "leaf") == 0 ? &leaf
	                                                                         : &stranger;
	int length = pki_ocsp(&leaf, &intermediate, signer, stapled[_i].status, stapled[_i].ends_days, &response);
	ck_assert_str_eq(certificate_ocsp_status(&chain, response, length, stapled[_i].when), stapled[_i].says);
	ck_assert_str_eq(certificate_ocsp_status(&chain, response, length - 1, stapled[_i].when), "invalid");
	OPENSSL_free(response);
}
END_TEST

/* The issuer is not sent: known when it is an anchor, otherwise nothing can be said. */
START_TEST(the_issuer_of_a_stapled_response_may_be_an_anchor)
{
	unsigned char *response = NULL;
	const struct pki_pair *issuer = _i == 0 ? &root : &intermediate;
	issue(&sound, issuer);
	int length = pki_ocsp(&leaf, issuer, issuer, V_OCSP_CERTSTATUS_REVOKED, 3, &response);
	ck_assert_str_eq(certificate_ocsp_status(&chain, response, length, PKI_NOW), _i == 0 ? "revoked" : "unchecked");
	OPENSSL_free(response);
}
END_TEST

#define LOOP(tcase, test, table) tcase_add_loop_test(tcase, test, 0, sizeof(table) / sizeof(table)[0])

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("certificate");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_sound_chain_has_no_errors);
	tcase_add_test(tcase, dates_are_judged_as_of_any_time);
	tcase_add_test(tcase, no_error_hides_another);
	tcase_add_test(tcase, the_missing_intermediate_is_named);
	tcase_add_test(tcase, a_stranger_is_no_missing_link);
	tcase_add_test(tcase, a_private_root_that_stays_at_home_is_untrusted);
	tcase_add_test(tcase, a_leaf_may_not_issue);
	LOOP(tcase, strength_is_told_even_of_a_chain_that_ends_early, strengths);
	tcase_add_test(tcase, the_signature_of_a_root_does_not_count);
	LOOP(tcase, a_name_matches_or_not, names);
	tcase_add_test(tcase, names_of_both_kinds_are_listed_and_bounded);
	tcase_add_loop_test(tcase, order_is_told_from_what_was_sent, 0, 4);
	LOOP(tcase, a_stapled_response_is_checked, stapled);
	tcase_add_loop_test(tcase, the_issuer_of_a_stapled_response_may_be_an_anchor, 0, 2);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("io/certificate", fill)
