/* The SPF tree: limits, syntax, its end, the old server in it. */
#include <check.h>
#include <string.h>

#include "dns_world.h"
#include "replay.h"

#define SPF "v=spf1 mx include:spf.protection.outlook.com -all"

static struct observation *tree(struct world *world, const char *record, int64_t lookups, int64_t voids)
{
	publish_txt(world, "MS=ms12345678", record);
	return observe(world, "spf", "contoso.com", NULL, ENDED(OK), TEXT(SPF_RECORD, record), TEXT(SPF_RESULT, "ok"),
	               INT(SPF_LOOKUPS, lookups), INT(SPF_VOIDS, voids), TEXT(SPF_DEFAULT, "fail"), ROW_TEXT(SPF_SENDER, 0, "microsoft"),
	               ROW_TEXT(SPF_SENDER_ADDRESS, 0, "40.92.0.1"), ROW_TEXT(SPF_SENDER_RESULT, 0, "pass"));
}

static void term(struct observation *o, uint32_t row, int64_t depth, const char *text, int64_t lookups)
{
	give(o, ROW_INT(SPF_ROW_DEPTH, row, depth), ROW_TEXT(SPF_ROW_DOMAIN, row, "contoso.com"), ROW_TEXT(SPF_ROW_TERM, row, text),
	     ROW_INT(SPF_ROW_LOOKUPS, row, lookups));
}

static void good(struct world *world) { tree(world, SPF, 10, 2); }

static void eleven(struct world *world)
{
	struct observation *o = tree(world, SPF, 11, 0);
	term(o, 0, 0, "mx", 1);
	term(o, 1, 0, "include:_spf.example", 2);
	term(o, 2, 1, "a:one.example", 3);
	term(o, 3, 1, "ip4:192.0.2.0/24", 3);
	term(o, 4, 0, "include:spf.protection.outlook.com", 11);
	term(o, 5, 0, "-all", 11);
}

static void three_voids(struct world *world)
{
	struct observation *o = tree(world, SPF, 4, 3);
	term(o, 0, 0, "a:gone.example", 1);
	give(o, ROW_BOOL(SPF_ROW_VOID, 0, true));
}

static void unreadable(struct world *world)
{
	struct observation *o = tree(world, SPF, 1, 0);
	give(o, TEXT(SPF_RESULT, "permerror"), TEXT(SPF_PROBLEM, "ipv4:192.0.2.1"));
}

static void circle(struct world *world)
{
	struct observation *o = tree(world, SPF, 21, 0);
	give(o, TEXT(SPF_RESULT, "permerror"), TEXT(SPF_PROBLEM, "includes nested too deep"));
}

static void everybody(struct world *world) { give(tree(world, SPF, 1, 0), TEXT(SPF_DEFAULT, "pass")); }
static void nobody(struct world *world) { give(tree(world, SPF, 1, 0), TEXT(SPF_DEFAULT, "neutral")); }
static void redirected(struct world *world) { give(tree(world, SPF, 1, 0), TEXT(SPF_DEFAULT, "redirect")); }

static void old_server(struct world *world)
{
	give(tree(world, SPF, 1, 0), ROW_TEXT(SPF_SENDER, 1, "mail.contoso.com"), ROW_TEXT(SPF_SENDER_ADDRESS, 1, "192.0.2.25"),
	     ROW_TEXT(SPF_SENDER_RESULT, 1, "pass"), ROW_TEXT(SPF_SENDER, 2, "mail.contoso.com"),
	     ROW_TEXT(SPF_SENDER_ADDRESS, 2, "192.0.2.26"), ROW_TEXT(SPF_SENDER_RESULT, 2, "fail"));
}

/* A sound record of so many octets. */
static void of_length(struct world *world, size_t length)
{
	char record[500] = SPF;
	const char *tail = strchr(SPF, ' ');
	size_t head = (size_t)(tail - SPF), space = length - strlen(SPF);
	memset(record + head, ' ', space);
	memcpy(record + head + space, tail, strlen(tail) + 1);
	ck_assert_uint_eq(strlen(record), length);
	tree(world, record, 1, 0);
}

static void shorter(struct world *world) { of_length(world, 449); }
static void as_long(struct world *world) { of_length(world, 450); }
static void longer(struct world *world) { of_length(world, 451); }

static void unfinished(struct world *world) { tree(world, SPF, 30, 9)->outcome = OUTCOME_TIMEOUT; }

#define ROWS {"ns-ok", "pass", "contoso.com", NULL}, {"verify-ok", "pass", "contoso.com", NULL}
#define OK {"spf-ok", "pass", "contoso.com", NULL}

static const struct replay_case spf_cases[] = {
    {"inside the limits", good, {ROWS, OK}},
    {"eleven look-ups", eleven,
     {ROWS, {"spf-too-many-lookups", "fail", "contoso.com", "mx 1, include:_spf.example 2, include:spf.protection.outlook.com 8"}}},
    {"includes in a circle are too many look-ups, and can be read", circle, {ROWS, {"spf-too-many-lookups", "fail", "contoso.com", "21 look-ups"}}},
    {"three voids", three_voids, {ROWS, {"spf-void-lookups", "warn", "contoso.com", "a:gone.example"}}},
    {"a permanent error", unreadable, {ROWS, {"spf-syntax", "fail", "contoso.com", "ipv4:192.0.2.1"}}},
    {"everybody passes", everybody, {ROWS, {"spf-permissive", "warn", "contoso.com", "+all"}}},
    {"nothing about others", nobody, {ROWS, {"spf-permissive", "warn", "contoso.com", "?all"}}},
    {"a redirect says it elsewhere", redirected, {ROWS, OK}},
    {"the old server passes", old_server, {ROWS, OK, {"spf-old-sender", "info", "contoso.com", "mail.contoso.com (192.0.2.25)"}}},
    {"449 octets", shorter, {ROWS, OK}},
    {"450 octets", as_long, {ROWS, OK}},
    {"451 octets", longer, {ROWS, {"spf-ok", "pass", "contoso.com", "(451 octets; over 450 an answer needs EDNS or TCP)"}}},
    {"a walk that did not end says nothing", unfinished, {ROWS, OK}},
    {0},
};

/* Only a record that is too long is said to be. */
static void check_length(const struct replay_case *replayed, const struct findings *findings)
{
	bool is_said = false;
	for (size_t i = 0; i < findings->count; i++)
		is_said = is_said || strstr(findings->items[i]->summary, "octets") != NULL;
	ck_assert(is_said == (replayed->build == longer));
}

int main(void)
{
	replay_check = check_length;
	static const struct replay_case *const tables[] = {spf_cases, NULL};
	static const char *const families[] = {"spf-ok", "spf-syntax", "spf-too-many-lookups", "spf-void-lookups", "spf-permissive",
	                                       "spf-old-sender", NULL};
	static const struct replay_suite suite = {"replay/spf", tables, families};
	return replay_main(&suite);
}
