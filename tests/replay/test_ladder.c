/* The rungs of a mail client's ladder, by HTTP. */
#include "dns_world.h"
#include "replay.h"

#define SAYS(id, severity, says) {id, severity, "contoso.com", says}
#define ROOT "https://contoso.com/autodiscover/autodiscover.xml"
#define HOST "https://autodiscover.contoso.com/autodiscover/autodiscover.xml"
#define CLEAR "http://autodiscover.contoso.com/autodiscover/autodiscover.xml"
#define MICROSOFT "https://autodiscover-s.outlook.com/autodiscover/autodiscover.xml"

static void after(struct world *world) { world->policy.phase = PHASE_AFTER; }

static struct observation *hop(struct world *world, const char *step, int64_t number, const char *url, enum outcome outcome)
{
	struct observation *o = observe(world, "autodiscover", "contoso.com", "192.0.2.80", TEXT(AUTODISCOVER_STEP, step),
	                                INT(AUTODISCOVER_HOP, number), TEXT(HTTP_URL, url));
	o->outcome = outcome;
	return o;
}

static struct observation *answer(struct world *world, const char *step, const char *url, int64_t status, const char *word)
{
	struct observation *o = hop(world, step, 0, url, OUTCOME_OK);
	give(o, INT(HTTP_STATUS, status), TEXT(AUTODISCOVER_ANSWER, word));
	return o;
}

/* Microsoft's certificate under the customer's alias, the redirect, the service. */
static void microsoft(struct world *world)
{
	struct observation *o = hop(world, "host", 0, HOST, OUTCOME_OK);
	give(o, INT(HTTP_STATUS, 404), TEXT(AUTODISCOVER_ANSWER, "other"), TEXT(TLS_NAME, "autodiscover.contoso.com"),
	     ROW_TEXT(CERT_SUBJECT, 0, "CN=outlook.com"), ROW_TEXT(CERT_NAME, 0, "*.outlook.com"), BOOL(CERT_NAME_OK, false));
	give(answer(world, "redirect", CLEAR, 302, "redirect"), TEXT(HTTP_LOCATION, MICROSOFT));
	give(hop(world, "redirect", 1, MICROSOFT, OUTCOME_OK), INT(HTTP_STATUS, 401), TEXT(AUTODISCOVER_ANSWER, "alive"));
	answer(world, "microsoft", MICROSOFT, 401, "alive");
}

static void good(struct world *world)
{
	hop(world, "root", 0, ROOT, OUTCOME_REFUSED);
	microsoft(world);
}

static void page(struct world *world) { microsoft(world); answer(world, "root", ROOT, 200, "page"); }
static void not_found(struct world *world) { microsoft(world); answer(world, "root", ROOT, 404, "other"); }
static void own_exchange(struct world *world) { microsoft(world); answer(world, "root", ROOT, 401, "alive"); }

static void redirected_page(struct world *world)
{
	microsoft(world);
	give(answer(world, "root", ROOT, 301, "redirect"), TEXT(HTTP_LOCATION, "https://www.contoso.com/"));
	give(hop(world, "root", 1, "https://www.contoso.com/", OUTCOME_OK), INT(HTTP_STATUS, 200), TEXT(AUTODISCOVER_ANSWER, "page"));
}

static void clear_text(struct world *world)
{
	microsoft(world);
	give(answer(world, "root", ROOT, 301, "downgrade"), TEXT(HTTP_LOCATION, "http://www.contoso.com/"));
}

static void imap_profile(struct world *world)
{
	microsoft(world);
	give(answer(world, "root", ROOT, 200, "settings"), ROW_TEXT(AUTODISCOVER_TYPE, 0, "IMAP"), ROW_TEXT(AUTODISCOVER_TYPE, 1, "SMTP"));
}

static void loop(struct world *world)
{
	give(answer(world, "host", HOST, 302, "loop"), TEXT(HTTP_LOCATION, HOST));
}

static void endless(struct world *world)
{
	give(hop(world, "redirect", 10, "https://a.example/10", OUTCOME_OK), INT(HTTP_STATUS, 302), TEXT(HTTP_LOCATION, "https://a.example/11"),
	     TEXT(AUTODISCOVER_ANSWER, "too-many"));
}

static void certificate(struct world *world, const char *name)
{
	give(answer(world, "host", HOST, 401, "alive"), TEXT(TLS_NAME, "autodiscover.contoso.com"), ROW_TEXT(CERT_SUBJECT, 0, "CN=web"),
	     ROW_TEXT(CERT_NAME, 0, name), BOOL(CERT_NAME_OK, false));
}

static void wrong_certificate(struct world *world) { certificate(world, "www.hoster.example"); }
static void wrong_certificate_after(struct world *world) { after(world); wrong_certificate(world); }

static void untrusted(struct world *world)
{
	certificate(world, "*.outlook.com");
	give(world->evidence.observations[0], ROW_TEXT(VERIFY_WHEN, 0, "at"), ROW_TEXT(VERIFY_NAME, 0, "self-signed-leaf"),
	     ROW_TEXT(VERIFY_TEXT, 0, "self-signed certificate"));
}

static void silence(struct world *world)
{
	hop(world, "root", 0, ROOT, OUTCOME_TIMEOUT);
	hop(world, "host", 0, HOST, OUTCOME_REFUSED);
	hop(world, "redirect", 0, CLEAR, OUTCOME_REFUSED);
	hop(world, "srv", 0, "srv", OUTCOME_SKIPPED);
	answer(world, "microsoft", MICROSOFT, 401, "alive");
}

static void silence_after(struct world *world) { after(world); silence(world); }
static void not_tried(struct world *world) { hop(world, "host", 0, HOST, OUTCOME_SKIPPED); }

#define ROOT_ANSWERS(says) SAYS("autodiscover-root-answers", "warn", says)

static const struct replay_case ladder_cases[] = {
    {"Microsoft's redirect, nothing at the root", good, {{0}}},
    {"a page at the root", page, {ROOT_ANSWERS("answers 200 with a page")}},
    {"nothing found at the root", not_found, {{0}}},
    {"an Exchange server at the root", own_exchange, {{0}}},
    {"a redirect to a page", redirected_page, {ROOT_ANSWERS("https://www.contoso.com/ answers 200")}},
    {"a redirect to clear text", clear_text, {ROOT_ANSWERS("redirects to http://www.contoso.com/")}},
    {"an IMAP profile", imap_profile, {ROOT_ANSWERS("settings for IMAP")}},
    {"a loop", loop, {SAYS("autodiscover-loop", "fail", "asked before")}},
    {"eleven redirects", endless, {SAYS("autodiscover-loop", "fail", "after ten redirects")}},
    {"another name's certificate", wrong_certificate, {SAYS("autodiscover-certificate", "warn", "is for www.hoster.example")}},
    {"another name's certificate after", wrong_certificate_after, {SAYS("autodiscover-certificate", "fail", NULL)}},
    {"Microsoft's name, and not trusted", untrusted, {SAYS("autodiscover-certificate", "warn", "self-signed certificate")}},
    {"silence", silence, {SAYS("autodiscover-unreachable", "info", "root: timeout, host: refused, redirect: refused")}},
    {"silence after", silence_after, {SAYS("autodiscover-unreachable", "warn", NULL)}},
    {"nothing was tried", not_tried, {{0}}},
    {0},
};

int main(void)
{
	static const struct replay_case *const tables[] = {ladder_cases, NULL};
	static const char *const families[] = {"autodiscover-root-answers", "autodiscover-loop", "autodiscover-certificate",
	                                       "autodiscover-unreachable", NULL};
	static const struct replay_suite suite = {"replay/ladder", tables, families};
	return replay_main(&suite);
}
