/*
 * STARTTLS against servers, and people in between, that tamper with it: the cases of Poddebniak, Ising, Boeck and Schinzel, "Why TLS
 * Is Better Without STARTTLS" (USENIX Security 2021), and of CVE-2011-0411 and its like, seen from the client's side. The tls probe
 * must name the fault, must never begin TLS on tampered ground, and must say nothing in clear text that was not asked for.
 */
#include "bench.h"

#include <stdio.h>
#include <string.h>

#include "../unit/check_main.h"
#include "patience.h"
#include "verdict.h"

static struct bench bench;
static struct peer *peer;
static SSL_CTX *server, *old;

static void make_certificates(void)
{
	pki_lab_make("imap.lab.test", "rsa2048");
	const struct pki_pair *const sent[] = {&pki_lab.leaf};
	server = pki_server(sent, 1);
	old = pki_server(sent, 1);
	SSL_CTX_set_max_proto_version(old, TLS1_VERSION);
}

static void drop_certificates(void)
{
	SSL_CTX_free(old);
	SSL_CTX_free(server);
	pki_lab_drop();
}

static void teardown(void)
{
	bench_clear(&bench);
	if (peer != NULL)
		ck_assert_int_le(peer_accepted(peer), 2);
	peer_free(peer);
	peer = NULL;
}

/*
 * What the server does, in turn. A text is said once a line was heard, the first at once; with '~' before it after a pause instead.
 * TLS and OLD begin the handshake (OLD: TLS 1.0 at best), HOLD says no more, CLOSE goes.
 */
#define TLS "TLS"
#define OLD "OLD"
#define HOLD "HOLD"
#define CLOSE "CLOSE"

static const struct attack {
	const char *name, *protocol;
	const char *steps[8];
	const char *ids;
	const char *heard; /* all that was said in clear text; TLS may follow where the server has begun it */
} attacks[] = {
    /* nobody tampers */
    {"sound", "imap", {"* OK hi\r\n", "* CAPABILITY IMAP4rev1 STARTTLS\r\nc1 OK\r\n", "c2 OK go\r\n", TLS}, "tls-ok cert-ok",
     "c1 CAPABILITY\r\nc2 STARTTLS\r\n"},
    {"sound", "smtp", {"220 hi\r\n", "250-mx\r\n250 STARTTLS\r\n", "220 go\r\n", TLS}, "tls-ok cert-ok", "EHLO cutover.invalid\r\nSTARTTLS\r\n"},
    {"sound", "pop3", {"+OK hi\r\n", "+OK\r\nSTLS\r\n.\r\n", "+OK go\r\n", TLS}, "tls-ok cert-ok", "CAPA\r\nSTLS\r\n"},

    /* response injection: what stands behind the OK would be read as if it came inside TLS */
    {"response injection", "imap", {"* OK [CAPABILITY STARTTLS] hi\r\n", "c1 OK go\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n", TLS}, "starttls-injection",
     "c1 STARTTLS\r\n"},
    {"response injection", "smtp", {"220 hi\r\n", "250 STARTTLS\r\n", "220 go\r\n250-mx\r\n250 AUTH PLAIN\r\n", TLS}, "starttls-injection",
     "EHLO cutover.invalid\r\nSTARTTLS\r\n"},
    {"response injection", "pop3", {"+OK hi\r\n", "+OK\r\nSTLS\r\n.\r\n", "+OK go\r\n+OK 2 320\r\n", TLS}, "starttls-injection", "CAPA\r\nSTLS\r\n"},
    {"injection of the answer to come", "imap", {"* OK [CAPABILITY STARTTLS] hi\r\n", "c1 OK go\r\nc2 OK LOGIN done\r\n", TLS}, "starttls-injection",
     "c1 STARTTLS\r\n"},
    {"injection of half a line", "imap", {"* OK [CAPABILITY STARTTLS] hi\r\n", "c1 OK go\r\n* ", TLS}, "starttls-injection", "c1 STARTTLS\r\n"},
    {"injection in a segment of its own", "imap", {"* OK [CAPABILITY STARTTLS] hi\r\n", "c1 OK go\r\n", "~* 5 EXISTS\r\n", HOLD}, "starttls-injection",
     "c1 STARTTLS\r\n"},
    {"injection in a segment of its own", "smtp", {"220 hi\r\n", "250 STARTTLS\r\n", "220 go\r\n", "~250 mx\r\n", HOLD}, "starttls-injection",
     "EHLO cutover.invalid\r\nSTARTTLS\r\n"},
    {"injection in a segment of its own", "pop3", {"+OK hi\r\n", "+OK\r\nSTLS\r\n.\r\n", "+OK go\r\n", "~+OK\r\n", HOLD}, "starttls-injection",
     "CAPA\r\nSTLS\r\n"},

    /* answers before the question: a client that is not in lock-step takes them for the server's own */
    {"answered before asked", "imap", {"* OK [CAPABILITY STARTTLS] hi\r\nc1 OK go\r\n", HOLD}, "starttls-injection", ""},
    {"answered before asked", "smtp", {"220 hi\r\n250 STARTTLS\r\n220 go\r\n", HOLD}, "starttls-injection", ""},
    {"answered before asked", "pop3", {"+OK hi\r\n+OK\r\nSTLS\r\n.\r\n+OK go\r\n", HOLD}, "starttls-injection", ""},

    /* stripping: the offer is taken out on the way, or the command is */
    {"stripped", "imap", {"* OK hi\r\n", "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nc1 OK\r\n", HOLD}, "starttls-missing", "c1 CAPABILITY\r\n"},
    {"stripped", "smtp", {"220 hi\r\n", "250-mx\r\n250 AUTH PLAIN\r\n", HOLD}, "starttls-missing", "EHLO cutover.invalid\r\n"},
    {"stripped", "pop3", {"+OK hi\r\n", "+OK\r\nUSER\r\n.\r\n", HOLD}, "starttls-missing", "CAPA\r\n"},
    {"overwritten as some firewalls do", "imap", {"* OK hi\r\n", "* CAPABILITY IMAP4rev1 XXXXXXXX\r\nc1 OK\r\n", HOLD}, "starttls-missing", "c1 CAPABILITY\r\n"},
    {"overwritten as some firewalls do", "smtp", {"220 ****\r\n", "250-mx\r\n250 XXXXXXXA\r\n", HOLD}, "starttls-missing", "EHLO cutover.invalid\r\n"},
    {"a longer word", "imap", {"* OK hi\r\n", "* CAPABILITY IMAP4rev1 XSTARTTLS STARTTLSX\r\nc1 OK\r\n", HOLD}, "starttls-missing", "c1 CAPABILITY\r\n"},
    {"EHLO not known", "smtp", {"220 hi\r\n", "502 what\r\n", HOLD}, "starttls-missing", "EHLO cutover.invalid\r\n"},
    {"CAPA not known", "pop3", {"+OK hi\r\n", "-ERR what\r\n", HOLD}, "starttls-missing", "CAPA\r\n"},
    {"the command overwritten", "imap", {"* OK [CAPABILITY STARTTLS] hi\r\n", "c1 BAD unknown\r\n", HOLD}, "starttls-refused", "c1 STARTTLS\r\n"},
    {"the command overwritten", "smtp", {"220 hi\r\n", "250 STARTTLS\r\n", "500 unknown\r\n", HOLD}, "starttls-refused",
     "EHLO cutover.invalid\r\nSTARTTLS\r\n"},
    {"the command overwritten", "pop3", {"+OK hi\r\n", "+OK\r\nSTLS\r\n.\r\n", "-ERR unknown\r\n", HOLD}, "starttls-refused", "CAPA\r\nSTLS\r\n"},
    {"refused", "imap", {"* OK [CAPABILITY STARTTLS] hi\r\n", "c1 NO no certificate\r\n", HOLD}, "starttls-refused", "c1 STARTTLS\r\n"},
    {"refused for now", "smtp", {"220 hi\r\n", "250 STARTTLS\r\n", "454 not now\r\n", HOLD}, "starttls-refused", "EHLO cutover.invalid\r\nSTARTTLS\r\n"},
    {"closed at the command", "imap", {"* OK [CAPABILITY STARTTLS] hi\r\n", CLOSE}, "starttls-refused", "c1 STARTTLS\r\n"},
    {"closed at the command", "smtp", {"220 hi\r\n", "250 STARTTLS\r\n", CLOSE}, "starttls-refused", "EHLO cutover.invalid\r\nSTARTTLS\r\n"},
    {"closed at the command", "pop3", {"+OK hi\r\n", "+OK\r\nSTLS\r\n.\r\n", CLOSE}, "starttls-refused", "CAPA\r\nSTLS\r\n"},

    /* PREAUTH: a signed-in session in clear text, in which TLS cannot begin any more */
    {"PREAUTH", "imap", {"* PREAUTH welcome\r\n", HOLD}, "imap-preauth", ""},
    {"PREAUTH that offers STARTTLS", "imap", {"* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] welcome\r\n", HOLD}, "imap-preauth", ""},

    /* tampered untagged replies: read, shown when asked for, and without effect */
    {"an alert for the user", "imap", {"* OK [ALERT] call 0900\r\n", "* 5 EXISTS\r\n* OK [ALERT] x\r\n* CAPABILITY IMAP4rev1 STARTTLS\r\nc1 OK\r\n", "c2 OK go\r\n", TLS},
     "tls-ok cert-ok", "c1 CAPABILITY\r\nc2 STARTTLS\r\n"},
    {"an offer that is taken back", "imap", {"* OK hi\r\n", "* CAPABILITY IMAP4rev1 STARTTLS\r\n* CAPABILITY IMAP4rev1\r\nc1 OK\r\n", HOLD}, "starttls-missing",
     "c1 CAPABILITY\r\n"},
    {"a referral to another server", "imap", {"* BYE [REFERRAL imap://evil.test/] go there\r\n", CLOSE}, "imap-bye", ""},
    {"an untagged OK to the command", "imap", {"* OK [CAPABILITY STARTTLS] hi\r\n", "* OK go\r\n", HOLD}, "tls-timeout", "c1 STARTTLS\r\n"},
    {"another command's OK", "imap", {"* OK [CAPABILITY STARTTLS] hi\r\n", "x7 OK go\r\n", HOLD}, "starttls-refused", "c1 STARTTLS\r\n"},
    {"a continuation request", "imap", {"* OK [CAPABILITY STARTTLS] hi\r\n", "+ go on\r\n", HOLD}, "tls-timeout", "c1 STARTTLS\r\n"},
    {"messages in the answer to CAPA", "pop3", {"+OK hi\r\n", "+OK 2 320\r\n1 120\r\nSTLS\r\n.\r\n", "+OK go\r\n", TLS}, "tls-ok cert-ok", "CAPA\r\nSTLS\r\n"},
    {"another code for go", "smtp", {"220 hi\r\n", "250 STARTTLS\r\n", "354 go\r\n", HOLD}, "starttls-refused", "EHLO cutover.invalid\r\nSTARTTLS\r\n"},
    {"an answer of several lines", "smtp", {"220 hi\r\n", "250 STARTTLS\r\n", "220-wait\r\n220 go\r\n", TLS}, "tls-ok cert-ok",
     "EHLO cutover.invalid\r\nSTARTTLS\r\n"},

    /* bad greetings */
    {"a greeting that says NO", "imap", {"* NO hi\r\n", HOLD}, "imap-malformed", ""},
    {"a greeting that says BAD", "imap", {"* BAD hi\r\n", HOLD}, "imap-malformed", ""},
    {"a greeting with a tag", "imap", {"c1 OK hi\r\n", HOLD}, "imap-malformed", ""},
    {"a greeting of another protocol", "imap", {"220 mx\r\n", HOLD}, "imap-other-protocol", ""},
    {"an empty greeting", "imap", {"\r\n", HOLD}, "imap-malformed", ""},
    {"a greeting without text", "imap", {"* OK\r\n", "* CAPABILITY STARTTLS\r\nc1 OK\r\n", "c2 OK go\r\n", TLS}, "tls-ok cert-ok", "c1 CAPABILITY\r\nc2 STARTTLS\r\n"},
    {"a greeting that sends away", "smtp", {"554 no\r\n", HOLD}, "tls-handshake-failed", ""},
    {"a greeting that sends away", "pop3", {"-ERR no\r\n", HOLD}, "tls-handshake-failed", ""},
    {"a greeting of another protocol", "smtp", {"* OK IMAP\r\n", HOLD}, "tls-handshake-failed", ""},
    {"a greeting of another protocol", "pop3", {"220 mx\r\n", HOLD}, "tls-handshake-failed", ""},
    {"a greeting that never ends", "smtp", {"220-\r\n220-hi\r\n220-\r\n", HOLD}, "tls-timeout", ""},

    /* literals where text is due (RFC 9051 9, resp-text): braces are text there, and swallow nothing */
    {"a literal in the greeting", "imap", {"* OK [CAPABILITY STARTTLS] hi {50}\r\n", "c1 OK go\r\n", TLS}, "tls-ok cert-ok", "c1 STARTTLS\r\n"},
    {"a line behind the greeting, before asked", "imap", {"* OK {5}\r\nhello\r\n", HOLD}, "starttls-injection", ""},
    {"a literal in the answer", "imap", {"* OK [CAPABILITY STARTTLS] hi\r\n", "c1 OK {4}\r\nc1 NO\r\n", HOLD}, "starttls-injection", "c1 STARTTLS\r\n"},

    /* lower case */
    {"lower case", "imap", {"* ok [capability imap4rev1 starttls] hi\r\n", "c1 ok go\r\n", TLS}, "tls-ok cert-ok", "c1 STARTTLS\r\n"},
    {"lower case", "smtp", {"220 hi\r\n", "250-mx\r\n250 starttls\r\n", "220 go\r\n", TLS}, "tls-ok cert-ok", "EHLO cutover.invalid\r\nSTARTTLS\r\n"},
    {"lower case", "pop3", {"+ok hi\r\n", "+ok\r\nstls\r\n.\r\n", "+ok go\r\n", TLS}, "tls-ok cert-ok", "CAPA\r\nSTLS\r\n"},
    {"a blank behind the word", "smtp", {"220 hi\r\n", "250-mx\r\n250 STARTTLS \r\n", "220 go\r\n", TLS}, "tls-ok cert-ok", "EHLO cutover.invalid\r\nSTARTTLS\r\n"},

    /* downgrade */
    {"TLS 1.0 at best", "imap", {"* OK [CAPABILITY STARTTLS] hi\r\n", "c1 OK go\r\n", OLD}, "tls-too-old cert-ok", "c1 STARTTLS\r\n"},
    {"TLS 1.0 at best", "smtp", {"220 hi\r\n", "250 STARTTLS\r\n", "220 go\r\n", OLD}, "tls-too-old cert-ok", "EHLO cutover.invalid\r\nSTARTTLS\r\n"},
    {"TLS 1.0 at best", "pop3", {"+OK hi\r\n", "+OK\r\nSTLS\r\n.\r\n", "+OK go\r\n", OLD}, "tls-too-old cert-ok", "CAPA\r\nSTLS\r\n"},
    {"closed at the handshake", "imap", {"* OK [CAPABILITY STARTTLS] hi\r\n", "c1 OK go\r\n", CLOSE}, "tls-handshake-failed", "c1 STARTTLS\r\n"},

    /* stalled at each step */
    {"stalled at once", "imap", {HOLD}, "imap-no-greeting", ""},
    {"stalled at once", "smtp", {HOLD}, "tls-timeout", ""},
    {"stalled at once", "pop3", {HOLD}, "tls-timeout", ""},
    {"stalled at the list", "imap", {"* OK hi\r\n", HOLD}, "imap-no-answer", "c1 CAPABILITY\r\n"},
    {"stalled at the list", "smtp", {"220 hi\r\n", HOLD}, "tls-timeout", "EHLO cutover.invalid\r\n"},
    {"stalled at the list", "pop3", {"+OK hi\r\n", "+OK\r\nSTLS\r\n", HOLD}, "tls-timeout", "CAPA\r\n"},
    {"stalled at the command", "imap", {"* OK [CAPABILITY STARTTLS] hi\r\n", HOLD}, "tls-timeout", "c1 STARTTLS\r\n"},
    {"stalled at the command", "smtp", {"220 hi\r\n", "250 STARTTLS\r\n", HOLD}, "tls-timeout", "EHLO cutover.invalid\r\nSTARTTLS\r\n"},
    {"stalled at the command", "pop3", {"+OK hi\r\n", "+OK\r\nSTLS\r\n.\r\n", HOLD}, "tls-timeout", "CAPA\r\nSTLS\r\n"},
    {"stalled at the handshake", "imap", {"* OK [CAPABILITY STARTTLS] hi\r\n", "c1 OK go\r\n", HOLD}, "tls-timeout", "c1 STARTTLS\r\n"},
    {"stalled at the handshake", "smtp", {"220 hi\r\n", "250 STARTTLS\r\n", "220 go\r\n", HOLD}, "tls-timeout", "EHLO cutover.invalid\r\nSTARTTLS\r\n"},
    {"stalled at the handshake", "pop3", {"+OK hi\r\n", "+OK\r\nSTLS\r\n.\r\n", "+OK go\r\n", HOLD}, "tls-timeout", "CAPA\r\nSTLS\r\n"},
};
enum { ATTACKS = sizeof attacks / sizeof attacks[0], PAUSE_MS = 60 };

static bool is_spelt;

static void begin(struct talk *talk, SSL_CTX *context)
{
	if (talk_begin_tls(talk, context))
		talk_hold(talk);
}

static void attack(struct talk *talk, void *argument)
{
	const struct attack *what = argument;
	if (talk_number(talk) > 0) {
		talk_hold(talk); /* the look whether a silent port waits for TLS */
		return;
	}
	for (size_t i = 0; what->steps[i] != NULL; i++) {
		const char *step = what->steps[i];
		if (strcmp(step, TLS) == 0 || strcmp(step, OLD) == 0) {
			begin(talk, step[0] == 'T' ? server : old);
			return;
		}
		if (strcmp(step, HOLD) == 0) {
			talk_hold(talk);
			return;
		}
		if (step[0] == '~')
			talk_pause(talk, PAUSE_MS);
		else if (i > 0 && talk_hear(talk) == NULL)
			return;
		if (strcmp(step, CLOSE) == 0)
			return;
		if (is_spelt)
			talk_spell(talk, step + (step[0] == '~'));
		else
			talk_say(talk, step + (step[0] == '~'));
	}
}

static void run(const struct attack *what, const char *probe)
{
	static struct attack copy; /* the peer's thread outlives this call */
	copy = *what;
	peer = peer_new("127.0.0.1", attack, &copy);
	bench_init(&bench, peer);
	bench.ca_file = pki_lab.ca_file;
	bench.protocol = what->protocol;
	bool is_waited_out = strstr(what->ids, "-timeout") != NULL || strstr(what->ids, "-no-") != NULL;
	bench.timeout_ms = is_waited_out ? silence_ms() : AMPLE_MS;
	bench_run(&bench, probe);
}

/* What was said in clear text, and then nothing but a TLS record (RFC 8446 5.1: 22, handshake) or its end. */
static void check_heard(const struct attack *what)
{
	const char *heard = peer_heard(peer);
	size_t length = strlen(what->heard);
	ck_assert_msg(strncmp(heard, what->heard, length) == 0 && (heard[length] == '\0' || heard[length] == 22 || heard[length] == 21),
	              "%s, %s: heard '%s'", what->protocol, what->name, heard);
}

START_TEST(an_attack_is_named_and_comes_to_nothing)
{
	const struct attack *what = &attacks[_i];
	is_spelt = false;
	run(what, "tls");
	ck_assert_msg(strcmp(verdict_ids(&bench), what->ids) == 0, "%s, %s: '%s', not '%s'", what->protocol, what->name, verdict_ids(&bench), what->ids);
	check_heard(what);
}
END_TEST

/* Byte by byte the same comes of it, but for answers ahead of their questions, which then come late enough. */
START_TEST(single_bytes_make_no_difference)
{
	const struct attack *what = &attacks[_i];
	if (strstr(what->name, "before asked") != NULL)
		return;
	is_spelt = true;
	run(what, "tls");
	ck_assert_msg(strcmp(verdict_ids(&bench), what->ids) == 0, "%s, %s: '%s', not '%s'", what->protocol, what->name, verdict_ids(&bench), what->ids);
	check_heard(what);
}
END_TEST

/* "cert-ok tls-ok" of "cert-ok imap-ok tls-ok". */
static const char *without_imap(const char *ids)
{
	static char kept[1024];
	char copy[1024], *rest = copy;
	snprintf(copy, sizeof copy, "%s", ids);
	kept[0] = '\0';
	for (const char *id; (id = strsep(&rest, " ")) != NULL;)
		if (id[0] != '\0' && strncmp(id, "imap-", 5) != 0)
			snprintf(kept + strlen(kept), sizeof kept - strlen(kept), "%s%s", kept[0] != '\0' ? " " : "", id);
	return kept;
}

/* The endpoint test goes on inside TLS and after a refusal; of STARTTLS and TLS it finds the same. */
START_TEST(the_endpoint_test_finds_the_same)
{
	char wanted[256];
	const struct attack *what = &attacks[_i];
	if (strcmp(what->protocol, "imap") != 0)
		return;
	is_spelt = false;
	run(what, "imap");
	snprintf(wanted, sizeof wanted, "%s", without_imap(what->ids));
	const char *found = without_imap(verdict_ids(&bench));
	ck_assert_msg(strcmp(found, wanted) == 0, "%s: '%s', not '%s' (%s)", what->name, found, wanted, verdict_ids(&bench));
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("starttls");
	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, make_certificates, drop_certificates);
	tcase_add_checked_fixture(tcase, NULL, teardown);
	tcase_add_loop_test(tcase, an_attack_is_named_and_comes_to_nothing, 0, ATTACKS);
	tcase_add_loop_test(tcase, single_bytes_make_no_difference, 0, ATTACKS);
	tcase_add_loop_test(tcase, the_endpoint_test_finds_the_same, 0, ATTACKS);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("peer/starttls", fill)
