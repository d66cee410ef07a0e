/*
 * How long answers may be kept: the TTLs that the zone's own servers give out. What a cache has left of them is another
 * number and never taken for one.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "rule/authority.h"
#include "rule/drain.h"
#include "rule/rules.h"
#include "rule/ttl_names.h"

enum { WORDS_BYTES = 2048 };

static bool is_ttl_said(const struct authority *authority, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (authority_server_ttl(&authority->items[i]) == authority_server_ttl(&authority->items[index]))
			return true;
	return false;
}

/* "300 s at ns1.contoso.com (192.0.2.53), ns3; 86400 s at ns2" of the TTLs over `above`; how many different ones. */
static size_t say_ttls(struct buf *words, const struct authority *authority, int64_t above)
{
	size_t different = 0;
	for (size_t i = 0; i < authority->count; i++) {
		int64_t ttl_s = authority_server_ttl(&authority->items[i]);
		size_t said = 0;
		if (ttl_s <= above || is_ttl_said(authority, i))
			continue;
		buf_printf(words, "%s%" PRId64 " s at ", different++ > 0 ? "; " : "", ttl_s);
		for (size_t j = i; j < authority->count; j++)
			if (authority_server_ttl(&authority->items[j]) == ttl_s) {
				buf_puts(words, said++ > 0 ? ", " : "");
				dns_entry_say(words, authority->items[j].mx);
			}
	}
	return different;
}

static void because_ttls(struct finding *f, const struct authority *authority, int64_t above)
{
	for (size_t i = 0; i < authority->count; i++)
		if (authority_server_ttl(&authority->items[i]) > above)
			finding_because(f, authority->items[i].mx->index);
}

/* Where no earliest cutover is known: why, behind the summary. */
static void say_unknown(struct buf *words, const struct dns_view *view, const struct authority *authority)
{
	struct expectation expectation;
	struct cache_view caches;
	struct drain drain;
	if (view->policy->phase != PHASE_BEFORE || view->policy->now == TIME_UNKNOWN)
		return;
	expectation_init(&expectation, view);
	cache_view_init(&caches, view, &expectation);
	drain_find(&drain, authority, &caches);
	if (drain.earliest == TIME_UNKNOWN)
		buf_printf(words, "; earliest safe cutover unknown: %s", drain.why);
	cache_view_clear(&caches);
	expectation_clear(&expectation);
}

static void judge_long(const struct dns_view *view, const struct authority *authority)
{
	int64_t limit_s = view->policy->ttl_limit_s, ttl_s = authority_ttl(authority);
	char span[CLOCK_TEXT_BYTES];
	struct buf words;
	buf_init(&words, WORDS_BYTES);
	say_ttls(&words, authority, limit_s);
	bool is_before = view->policy->phase == PHASE_BEFORE;
	struct buf why;
	buf_init(&why, WORDS_BYTES);
	say_unknown(&why, view, authority);
	struct finding *f =
	    dns_view_add(view, FINDING_TTL_TOO_LONG, NULL, "the zone's MX TTL is %s, limit %" PRId64 " s; %s up to %s%s%s",
	                 words.bytes, limit_s, is_before ? "mail may go to the old place" : "caches keep the present set",
	                 clock_format_span(ttl_s, span), is_before ? " after the change" : "", why.bytes);
	buf_clear(&why);
	finding_arg(f, "server", words.bytes);
	finding_arg_int(f, "ttl", ttl_s);
	finding_arg_int(f, "limit", limit_s);
	because_ttls(f, authority, limit_s);
	buf_clear(&words);
}

static void judge_differing(const struct dns_view *view, const struct authority *authority)
{
	struct buf words;
	buf_init(&words, WORDS_BYTES);
	if (say_ttls(&words, authority, -1) > 1) {
		struct finding *f =
		    dns_view_add(view, FINDING_TTL_DIFFERS_BETWEEN_SERVERS, NULL, "the zone's MX TTL is %s", words.bytes);
		finding_arg(f, "value", words.bytes);
		finding_arg_int(f, "ttl", authority_ttl(authority));
		because_ttls(f, authority, -1);
	}
	buf_clear(&words);
}

static void judge_ok(const struct dns_view *view, const struct authority *authority)
{
	size_t servers = 0;
	struct buf why;
	buf_init(&why, WORDS_BYTES);
	say_unknown(&why, view, authority);
	for (size_t i = 0; i < authority->count; i++)
		servers += authority_server_ttl(&authority->items[i]) >= 0;
	struct finding *f =
	    dns_view_add(view, FINDING_TTL_OK, NULL,
	                 "the zone's MX TTL is %" PRId64 " s at %zu authoritative address%s, limit %" PRId64 " s%s",
	                 authority_ttl(authority), servers, servers > 1 ? "es" : "", view->policy->ttl_limit_s, why.bytes);
	buf_clear(&why);
	finding_arg_int(f, "ttl", authority_ttl(authority));
	finding_arg_int(f, "limit", view->policy->ttl_limit_s);
	because_ttls(f, authority, -1);
}

static void judge_mx(const struct dns_view *view)
{
	struct authority authority;
	authority_init(&authority, view);
	int64_t ttl_s = authority_ttl(&authority);
	if (ttl_s > view->policy->ttl_limit_s)
		judge_long(view, &authority);
	else if (ttl_s >= 0 && authority_is_heard(&authority))
		judge_ok(view, &authority);
	judge_differing(view, &authority);
	authority_clear(&authority);
}

void rule_ttl(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	struct dns_view view;
	if (!dns_view_init(&view, evidence, policy, findings))
		return;
	judge_mx(&view);
	ttl_names_judge(&view);
	dns_view_clear(&view);
}
