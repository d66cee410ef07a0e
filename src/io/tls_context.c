#include "io/tls_context.h"

#include <dirent.h>
#include <errno.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

enum { HASH_DIGITS = 8 };

struct tls_context {
	SSL_CTX *offer;
	X509_STORE *store; /* NULL until asked for, when it is the system's */
};

/*
 * Microsoft's documented TLS 1.2 suites first (data/tls_suites.tsv), so that a server which follows the client's order
 * agrees to one that the service has; then all the rest that this OpenSSL can speak with a certificate.
 */
static const char *const CIPHERS =
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES128-SHA256:"
    "ECDHE-RSA-AES256-SHA:ECDHE-RSA-AES128-SHA:AES256-GCM-SHA384:AES128-GCM-SHA256:"
    "ALL:!aNULL:!eNULL:!PSK:!SRP:@SECLEVEL=0";

static X509_STORE *store_from_file(const char *ca_file, struct error *error)
{
	X509_STORE *store = X509_STORE_new();
	ERR_clear_error();
	errno = 0;
	if (X509_STORE_load_file(store, ca_file) == 1)
		return store;
	int cause = errno;
	ERR_clear_error();
	X509_STORE_free(store);
	error_set(error, "%s: %s", ca_file, cause != 0 ? strerror(cause) : "holds no certificate in PEM form");
	return NULL;
}

static SSL_CTX *offer_new(void)
{
	OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	SSL_CTX *offer = SSL_CTX_new(TLS_client_method());
	if (offer == NULL)
		abort(); /* out of memory, or an OpenSSL without TLS */
	SSL_CTX_set_security_level(offer, 0);
	SSL_CTX_set_min_proto_version(offer, TLS1_VERSION);
	SSL_CTX_set_max_proto_version(offer, TLS1_3_VERSION);
	SSL_CTX_set_cipher_list(offer, CIPHERS);
	SSL_CTX_set_verify(offer, SSL_VERIFY_NONE, NULL);
	SSL_CTX_set_options(offer, SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
	SSL_CTX_set_mode(offer, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_session_cache_mode(offer, SSL_SESS_CACHE_OFF);
	return offer;
}

struct tls_context *tls_context_new(const char *ca_file, struct error *error)
{
	SSL_CTX *offer = offer_new();
	X509_STORE *store = NULL;
	if (ca_file != NULL && (store = store_from_file(ca_file, error)) == NULL) {
		SSL_CTX_free(offer);
		return NULL;
	}
	struct tls_context *context = xcalloc(1, sizeof *context);
	context->offer = offer;
	context->store = store;
	return context;
}

void tls_context_free(struct tls_context *context)
{
	if (context == NULL)
		return;
	SSL_CTX_free(context->offer);
	X509_STORE_free(context->store);
	free(context);
}

SSL_CTX *tls_context_offer(struct tls_context *context)
{
	return context->offer;
}

/* Files as "9f8a2b1c.0", which OpenSSL opens when it wants one of that hash. */
static bool has_hashed_file(const char *folder)
{
	bool is_found = false;
	DIR *files = opendir(folder);
	for (struct dirent *file; !is_found && files != NULL && (file = readdir(files)) != NULL;)
		is_found = strlen(file->d_name) > HASH_DIGITS && file->d_name[HASH_DIGITS] == '.' &&
		           strspn(file->d_name, "0123456789abcdef") == HASH_DIGITS;
	if (files != NULL)
		closedir(files);
	return is_found;
}

static bool has_hashed_files(const char *folders)
{
	bool is_found = false;
	while (!is_found && *folders != '\0') {
		size_t length = strcspn(folders, ":");
		char *folder = xstrndup(folders, length);
		is_found = has_hashed_file(folder);
		free(folder);
		folders += length + (folders[length] == ':');
	}
	return is_found;
}

bool tls_context_lacks_anchors(struct tls_context *context)
{
	const char *folders = getenv(X509_get_default_cert_dir_env());
	STACK_OF(X509_OBJECT) *loaded = X509_STORE_get0_objects(tls_context_store(context));
	return sk_X509_OBJECT_num(loaded) == 0 && !has_hashed_files(folders != NULL ? folders : X509_get_default_cert_dir());
}

X509_STORE *tls_context_store(struct tls_context *context)
{
	if (context->store == NULL) {
		context->store = X509_STORE_new();
		X509_STORE_set_default_paths(context->store); /* an empty store when the system has none: all is untrusted */
		ERR_clear_error();
	}
	return context->store;
}
