#ifndef IO_HTTP_CLIENT_H
#define IO_HTTP_CLIENT_H
/* libcurl's multi interface on our loop; what http.c and the IMAP login share. */
#include <curl/curl.h>

struct http_client;
struct net;

/*
 * Adds an easy handle whose CURLOPT_PRIVATE is a struct curl_transfer. `done` is called on a later turn with curl's result; the handle is
 * taken off the multi before that. curl_transfer_remove takes it off early; done is not called then.
 */
struct curl_transfer {
	CURL *easy;
	void (*done)(struct curl_transfer *transfer, CURLcode code);
};

void curl_transfer_add(struct net *net, struct curl_transfer *transfer);
void curl_transfer_remove(struct net *net, struct curl_transfer *transfer);

#endif
