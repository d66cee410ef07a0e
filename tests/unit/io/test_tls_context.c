#include "io/tls_context.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../peer/pki.h"
#include "../check_main.h"

static char path[] = "/tmp/cutover-test-XXXXXX";

static void write_file(const char *text)
{
	memcpy(path + sizeof path - 7, "XXXXXX", 6); /* used before, where tests do not fork */
	int fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

START_TEST(a_missing_file_is_named)
{
	struct error error = {{0}};
	ck_assert_ptr_null(tls_context_new("/nonexistent/ca.pem", &error));
	ck_assert_str_eq(error.text, "/nonexistent/ca.pem: No such file or directory");
}
END_TEST

START_TEST(a_file_without_certificates_is_refused)
{
	struct error error = {{0}};
	char wanted[128];
	write_file(_i == 0 ? "" : _i == 1 ? "no PEM here\n" : "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
	ck_assert_ptr_null(tls_context_new(path, &error));
	snprintf(wanted, sizeof wanted, "%s: holds no certificate in PEM form", path);
	ck_assert_str_eq(error.text, wanted);
	unlink(path);
}
END_TEST

START_TEST(a_file_replaces_the_systems_anchors)
{
	struct error error = {{0}};
	const struct pki_request request = {.cn = "Lab Root", .is_ca = 1};
	struct pki_pair root = pki_issue(&request, NULL);
	char *file = pki_write(&root);
	struct tls_context *context = tls_context_new(file, &error);
	ck_assert_ptr_nonnull(context);
	ck_assert_int_eq(sk_X509_OBJECT_num(X509_STORE_get0_objects(tls_context_store(context))), 1);
	ck_assert_ptr_eq(tls_context_store(context), tls_context_store(context));
	tls_context_free(context);
	unlink(file);
	free(file);
	pki_clear(&root);
}
END_TEST

START_TEST(the_offer_puts_microsofts_suites_first)
{
	struct error error = {{0}};
	struct tls_context *context = tls_context_new(NULL, &error);
	STACK_OF(SSL_CIPHER) *ciphers = SSL_CTX_get_ciphers(tls_context_offer(context));
	int first = 0;
	while (strcmp(SSL_CIPHER_get_version(sk_SSL_CIPHER_value(ciphers, first)), "TLSv1.3") == 0)
		first++;
	ck_assert_str_eq(SSL_CIPHER_get_name(sk_SSL_CIPHER_value(ciphers, first)), "ECDHE-RSA-AES256-GCM-SHA384");
	ck_assert_str_eq(SSL_CIPHER_get_name(sk_SSL_CIPHER_value(ciphers, first + 1)), "ECDHE-RSA-AES128-GCM-SHA256");
	for (int i = 0; i < sk_SSL_CIPHER_num(ciphers); i++)
		ck_assert_int_ne(SSL_CIPHER_get_auth_nid(sk_SSL_CIPHER_value(ciphers, i)), NID_auth_null);
	ck_assert_int_eq(SSL_CTX_get_min_proto_version(tls_context_offer(context)), TLS1_VERSION);
	tls_context_free(context);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("tls_context");
	tcase_add_test(tcase, a_missing_file_is_named);
	tcase_add_loop_test(tcase, a_file_without_certificates_is_refused, 0, 3);
	tcase_add_test(tcase, a_file_replaces_the_systems_anchors);
	tcase_add_test(tcase, the_offer_puts_microsofts_suites_first);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("io/tls_context", fill)
