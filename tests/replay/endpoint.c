#include "endpoint.h"

struct observation *port_open(struct world *world, const char *target, const char *address)
{
	return observe(world, "port", target, address, ENDED(OK), INT(PORT_CONNECT_MS, 12));
}

struct observation *port_dead(struct world *world, const char *target, const char *address, enum outcome outcome)
{
	struct observation *o =
		observe(world, "port", target, address, TEXT(PORT_TELNET, "Could not open connection to the host"));
	o->outcome = outcome;
	return o;
}

struct observation *tls_agreed(struct world *world, const char *target, const char *address)
{
	return observe(world, "tls", target, address, ENDED(OK), TEXT(TLS_MODE, "implicit"), TEXT(TLS_NAME, HOST),
	               TEXT(TLS_VERSION, "TLSv1.3"), TEXT(TLS_CIPHER, "TLS_AES_256_GCM_SHA384"),
	               BOOL(TLS_SUITE_LISTED, true));
}

void give_certificate(struct observation *tls, uint32_t row, const char *subject, const char *issuer)
{
	give(tls, ROW_TEXT(CERT_SUBJECT, row, subject), ROW_TEXT(CERT_ISSUER, row, issuer),
	     ROW_TEXT(CERT_SIGNATURE, row, "SHA256"), ROW_TIME(CERT_NOT_BEFORE, row, REPLAY_NOW - 30 * REPLAY_DAY),
	     ROW_TIME(CERT_NOT_AFTER, row, REPLAY_NOW + 60 * REPLAY_DAY),
	     ROW_TEXT(CERT_KEY_TYPE, row, row == 0 ? "RSA" : "EC"), ROW_INT(CERT_KEY_BITS, row, row == 0 ? 2048 : 256),
	     ROW_TEXT(CERT_SHA256, row, row == 0 ? "aaaaaaaaaaaaaaaa00" : "bbbbbbbbbbbbbbbb00"),
	     ROW_BOOL(CERT_SELF_SIGNED, row, false));
}

struct observation *tls_good(struct world *world, const char *target, const char *address)
{
	struct observation *o = tls_agreed(world, target, address);
	give_certificate(o, 0, "CN=" HOST, "CN=Good Issuing CA");
	give_certificate(o, 1, "CN=Good Issuing CA", "CN=Good Root");
	give(o, ROW_TEXT(CERT_NAME, 0, HOST), TEXT(CERT_CN, HOST), BOOL(CERT_NAME_OK, true), BOOL(CERT_ORDER_OK, true));
	return o;
}

void give_error(struct observation *tls, uint32_t row, const char *when, const char *name, int64_t depth,
                const char *subject)
{
	give(tls, ROW_TEXT(VERIFY_WHEN, row, when), ROW_TEXT(VERIFY_NAME, row, name), ROW_INT(VERIFY_DEPTH, row, depth),
	     ROW_TEXT(VERIFY_SUBJECT, row, subject), ROW_TEXT(VERIFY_TEXT, row, "OpenSSL's sentence"));
}

struct observation *imap_good(struct world *world, const char *target, const char *address)
{
	return observe(world, "imap", target, address, ENDED(OK), TEXT(IMAP_STAGE, "done"),
	               TEXT(IMAP_GREETING, "* OK ready"), TEXT(IMAP_GREETING_KIND, "ok"), INT(IMAP_GREETING_MS, 20),
	               TEXT(IMAP_REVISION, "IMAP4rev1"), BOOL(IMAP_IN_TLS, true), BOOL(IMAP_PASSWORD_AUTH, true),
	               BOOL(IMAP_LOGIN_DISABLED, false), ROW_TEXT(IMAP_CAPABILITY, 0, "IMAP4rev1"),
	               ROW_TEXT(IMAP_CAPABILITY, 1, "AUTH=PLAIN"));
}
