#include "authority.h"

#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <stdio.h>
#include <string.h>

#include "peer.h"

enum { HUGE_BYTES = 131072 };

struct authority authority;
static struct peer *web;

BIO *authority_publish(enum form form, const struct pki_pair *first, const struct pki_pair *second)
{
	BIO *out = BIO_new(BIO_s_mem());
	PKCS7 *bag = PKCS7_new();
	PKCS7_set_type(bag, NID_pkcs7_signed);
	PKCS7_content_new(bag, NID_pkcs7_data);
	PKCS7_add_certificate(bag, first->certificate);
	if (second != NULL)
		PKCS7_add_certificate(bag, second->certificate);
	if (form == FORM_DER)
		i2d_X509_bio(out, first->certificate);
	else if (form == FORM_PEM)
		PEM_write_bio_X509(out, first->certificate);
	else if (form == FORM_BAG)
		i2d_PKCS7_bio(out, bag);
	else if (form == FORM_PEM_BAG)
		PEM_write_bio_PKCS7(out, bag);
	else if (form == FORM_GARBAGE)
		BIO_puts(out, "<html>\x1b[2J moved");
	for (int i = 0; form == FORM_HUGE && i < HUGE_BYTES / 16; i++)
		BIO_puts(out, "0123456789abcdef");
	PKCS7_free(bag);
	return out;
}

static void answer(struct talk *talk, void *argument)
{
	(void)argument;
	char *body = NULL, head[400];
	if (authority.is_silent) {
		talk_hold(talk);
		return;
	}
	const char *line = talk_hear(talk);
	int path = 0;
	if (line != NULL && (sscanf(line, "GET /%d ", &path) != 1 || path < 1 || path > AUTHORITY_PATHS))
		path = 0;
	while (line != NULL && line[0] != '\0')
		line = talk_hear(talk);
	if (talk_number(talk) < authority.redirects) {
		snprintf(head, sizeof head, "HTTP/1.1 302 Found\r\nLocation: http://pki.lab.test:%u/%d\r\nContent-Length: 0\r\n\r\n", peer_port(web), path);
		talk_say(talk, head);
		return;
	}
	BIO *published = authority.bodies[path];
	const char *status = published == NULL ? "404 Not Found" : authority.head != NULL ? authority.head : "200 OK";
	long length = published != NULL ? BIO_get_mem_data(published, &body) : 0;
	snprintf(head, sizeof head, "HTTP/1.1 %s\r\nContent-Length: %ld\r\nConnection: close\r\n\r\n", status, length);
	talk_say(talk, head);
	talk_say_bytes(talk, body, (size_t)length);
}

void authority_open(void)
{
	if (web == NULL)
		web = peer_new("127.0.0.1", answer, NULL);
}

void authority_close(void)
{
	peer_free(web);
	web = NULL;
	for (int path = 0; path <= AUTHORITY_PATHS; path++)
		BIO_free(authority.bodies[path]);
	authority = (struct authority){0};
}

int authority_asked(void)
{
	return web != NULL ? peer_accepted(web) : 0;
}

struct pki_pair authority_issue(const char *cn, const struct pki_pair *issuer, const char *host, int path)
{
	bool is_leaf = strcmp(cn, "imap.lab.test") == 0;
	char address[128];
	authority_open();
	snprintf(address, sizeof address, "%s:%u/%d", host, peer_port(web), path);
	const struct pki_request request = {.cn = cn, .names = is_leaf ? "DNS:imap.lab.test" : NULL, .is_ca = !is_leaf, .ca_issuers = address};
	return pki_issue(&request, issuer);
}
