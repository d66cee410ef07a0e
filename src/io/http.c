#include "io/http.h"

#include <errno.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "io/certificate.h"
#include "io/http_client.h"
#include "io/loop.h"
#include "io/net.h"
#include "io/pacer.h"
#include "io/tls_context.h"

enum { SHOWN_BODY_BYTES = 400 };

struct http_exchange {
	struct curl_transfer transfer; /* first: the exchange is found from it */
	struct net *net;
	char *url, *host, *body;
	struct endpoint address;
	size_t body_ceiling;
	bool is_binary;
	int64_t judge_at, started_ms, began_ms;
	bool is_on_multi, is_beyond_ceiling;
	struct curl_slist *headers, *connect_to;
	struct buf received;
	struct observation *observation;
	struct pace_ticket *ticket;
	http_done *done;
	void *user;
};

bool http_split_url(const char *url, bool *is_tls, char host[256], uint16_t *port)
{
	CURLU *parts = curl_url();
	char *scheme = NULL, *name = NULL, *number = NULL, *user = NULL;
	int64_t value = 0;
	bool is_good = curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
	               curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
	               curl_url_get(parts, CURLUPART_HOST, &name, 0) == CURLUE_OK &&
	               curl_url_get(parts, CURLUPART_PORT, &number, CURLU_DEFAULT_PORT) == CURLUE_OK &&
	               curl_url_get(parts, CURLUPART_USER, &user, 0) == CURLUE_NO_USER;
	is_good = is_good && (str_equal(scheme, "http") || str_equal(scheme, "https")) && strlen(name) < 256 &&
	          str_to_int(number, 1, 65535, &value);
	if (is_good) {
		size_t length = strlen(name);
		bool is_bracketed = name[0] == '[' && name[length - 1] == ']';
		snprintf(host, 256, "%.*s", (int)(length - 2 * is_bracketed), name + is_bracketed);
		str_lower(host);
		*is_tls = str_equal(scheme, "https");
		*port = (uint16_t)value;
	}
	curl_free(scheme);
	curl_free(name);
	curl_free(number);
	curl_free(user);
	curl_url_cleanup(parts);
	return is_good;
}

static void exchange_free(struct http_exchange *exchange)
{
	curl_easy_cleanup(exchange->transfer.easy);
	curl_slist_free_all(exchange->headers);
	curl_slist_free_all(exchange->connect_to);
	pace_release(exchange->ticket);
	observation_free(exchange->observation);
	buf_clear(&exchange->received);
	free(exchange->url);
	free(exchange->host);
	free(exchange->body);
	free(exchange);
}

static size_t on_body(char *bytes, size_t size, size_t count, void *user)
{
	struct http_exchange *exchange = user;
	buf_add(&exchange->received, bytes, size * count);
	exchange->is_beyond_ceiling = exchange->received.is_full;
	return exchange->is_beyond_ceiling ? 0 : size * count;
}

/* OpenSSL asks whether the chain is good: it is recorded, and the answer is always yes. */
static int on_certificate(X509_STORE_CTX *context, void *user)
{
	struct http_exchange *exchange = user;
	struct certificate_chain chain = {
	    .sent = X509_STORE_CTX_get0_untrusted(context),
	    .store = tls_context_store(exchange->net->tls),
	    .lacks_anchors = tls_context_lacks_anchors(exchange->net->tls),
	};
	if (chain.sent != NULL && sk_X509_num(chain.sent) > 0) {
		observation_add_text(exchange->observation, FACT_TLS_NAME, 0, exchange->host);
		certificate_describe(exchange->observation, &chain);
		certificate_check_name(exchange->observation, &chain, exchange->host);
		certificate_verify(exchange->observation, &chain, exchange->judge_at, "at");
		certificate_check_strength(exchange->observation, &chain, "at");
	}
	X509_STORE_CTX_set_error(context, X509_V_OK);
	return 1;
}

static CURLcode on_ssl_context(CURL *easy, void *context, void *user)
{
	(void)easy;
	SSL_CTX_set_cert_verify_callback(context, on_certificate, user);
	return CURLE_OK;
}

static enum outcome outcome_of(const struct http_exchange *exchange, CURLcode code)
{
	long system_errno = 0;
	curl_easy_getinfo(exchange->transfer.easy, CURLINFO_OS_ERRNO, &system_errno);
	if (exchange->is_beyond_ceiling)
		return OUTCOME_PROTOCOL;
	switch ((int)code) {
	case CURLE_OK: return OUTCOME_OK;
	case CURLE_COULDNT_CONNECT:
		return system_errno == ECONNREFUSED ? OUTCOME_REFUSED
		       : system_errno == ECONNRESET ? OUTCOME_RESET
		                                    : OUTCOME_UNREACHABLE;
	case CURLE_OPERATION_TIMEDOUT: return OUTCOME_TIMEOUT;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CIPHER:
	case CURLE_PEER_FAILED_VERIFICATION: return OUTCOME_TLS;
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR: return OUTCOME_RESET;
	case CURLE_GOT_NOTHING:
	case CURLE_PARTIAL_FILE: return OUTCOME_CLOSED;
	default: return OUTCOME_PROTOCOL;
	}
}

static void note(struct http_exchange *exchange, const struct http_reply *reply, CURLcode code)
{
	struct observation *o = exchange->observation;
	o->outcome = reply->outcome;
	o->elapsed_ms = clock_monotonic_ms() - exchange->began_ms;
	if (code != CURLE_OK)
		observation_add_text(o, FACT_DETAIL, 0, curl_easy_strerror(code));
	if (reply->status != 0)
		observation_add_int(o, FACT_HTTP_STATUS, 0, reply->status);
	if (reply->location != NULL)
		observation_add_bytes(o, FACT_HTTP_LOCATION, 0, reply->location, strlen(reply->location));
	if (reply->content_type != NULL)
		observation_add_bytes(o, FACT_HTTP_CONTENT_TYPE, 0, reply->content_type, strlen(reply->content_type));
	size_t shown = reply->body_length < SHOWN_BODY_BYTES ? reply->body_length : SHOWN_BODY_BYTES;
	if (!exchange->is_binary)
		observation_add_bytes(o, FACT_HTTP_BODY, 0, reply->body, shown);
	observation_add_int(o, FACT_HTTP_BODY_BYTES, 0, (int64_t)reply->body_length);
}

static void on_transfer_done(struct curl_transfer *transfer, CURLcode code)
{
	struct http_exchange *exchange = (struct http_exchange *)transfer;
	struct http_reply reply = {
	    .outcome = outcome_of(exchange, code), .body = exchange->received.bytes, .body_length = exchange->received.length};
	long status = 0;
	curl_off_t retry_after = 0;
	char *location = NULL, *content_type = NULL;
	exchange->is_on_multi = false;
	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(transfer->easy, CURLINFO_REDIRECT_URL, &location);
	curl_easy_getinfo(transfer->easy, CURLINFO_CONTENT_TYPE, &content_type);
	curl_easy_getinfo(transfer->easy, CURLINFO_RETRY_AFTER, &retry_after);
	reply.status = (int)status;
	reply.retry_after_s = (int64_t)retry_after;
	reply.location = location;
	reply.content_type = content_type;
	note(exchange, &reply, code);
	struct observation *observation = exchange->observation;
	exchange->observation = NULL;
	exchange->done(exchange->user, &reply, observation);
	exchange_free(exchange);
}

static void set_options(struct http_exchange *exchange, int64_t timeout_ms)
{
	CURL *easy = exchange->transfer.easy;
	curl_easy_setopt(easy, CURLOPT_URL, exchange->url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_PROXY, ""); /* not what the environment says */
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "cutover/" CUTOVER_VERSION);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, exchange->headers);
	curl_easy_setopt(easy, CURLOPT_CONNECT_TO, exchange->connect_to);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L); /* we record and judge: on_certificate */
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
	curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
	curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_ssl_context);
	curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, exchange);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
	if (exchange->body != NULL) {
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, exchange->body);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)strlen(exchange->body));
	}
}

static void on_granted(void *user)
{
	struct http_exchange *exchange = user;
	exchange->began_ms = clock_monotonic_ms();
	exchange->observation->started_ms = clock_now_ms();
	exchange->is_on_multi = true;
	curl_transfer_add(exchange->net, &exchange->transfer);
}

struct http_exchange *http_start(struct net *net, const struct http_request *request, http_done *done, void *user)
{
	char address[ENDPOINT_TEXT_BYTES];
	struct http_exchange *exchange = xcalloc(1, sizeof *exchange);
	exchange->net = net;
	exchange->url = xstrdup(request->url);
	exchange->host = xstrdup(request->host);
	exchange->body = xstrdup(request->body);
	exchange->address = request->address;
	exchange->is_binary = request->is_binary;
	exchange->judge_at = request->judge_at;
	exchange->done = done;
	exchange->user = user;
	buf_init(&exchange->received, request->body_ceiling);
	endpoint_address(&request->address, address);
	exchange->observation = observation_new(request->probe, request->target, address, clock_now_ms());
	observation_add_bytes(exchange->observation, FACT_HTTP_URL, 0, request->url, strlen(request->url));
	observation_add_text(exchange->observation, FACT_HTTP_METHOD, 0, request->body != NULL ? "POST" : "GET");
	bool is_v6 = strchr(address, ':') != NULL;
	/* Whatever host and port the URL names: this address and port, and no look-up by curl. */
	char *connect_to = xasprintf(is_v6 ? "::[%s]:%u" : "::%s:%u", address, endpoint_port(&request->address));
	exchange->connect_to = curl_slist_append(NULL, connect_to);
	free(connect_to);
	if (request->content_type != NULL) {
		char *header = xasprintf("Content-Type: %s", request->content_type);
		exchange->headers = curl_slist_append(NULL, header);
		free(header);
	}
	exchange->transfer = (struct curl_transfer){.easy = curl_easy_init(), .done = on_transfer_done};
	set_options(exchange, request->timeout_ms);
	exchange->ticket = pace_ask(net->pacer, &exchange->address, on_granted, exchange);
	return exchange;
}

void http_cancel(struct http_exchange *exchange)
{
	if (exchange == NULL)
		return;
	if (exchange->is_on_multi)
		curl_transfer_remove(exchange->net, &exchange->transfer);
	exchange_free(exchange);
}
