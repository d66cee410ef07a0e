/*
 * How far the change has come: the state of each cache that was asked, and of the zone's own servers, against the expected set.
 * Nothing is said without the probe `cache`.
 */
#include <inttypes.h>

#include "base/clock.h"
#include "base/str.h"
#include "rule/change.h"

/* Findings of one id that name a resolver each; those beyond are counted in one more. */
enum { NAMED = 200, WORDS_BYTES = 2048 };

/* What is said of a cache in that state, behind its name. */
static const struct said {
	enum cache_state state;
	enum finding_id id;
	bool is_of_old; /* says nothing where the zone itself has the old set */
} said[] = {
    {CACHE_OLD_STATE, FINDING_PROPAGATION_PENDING, true},
    {CACHE_MIXED_STATE, FINDING_PROPAGATION_MIXED, true},
    {CACHE_STALE_STATE, FINDING_PROPAGATION_STALE, true},
    {CACHE_NEGATIVE_STATE, FINDING_PROPAGATION_NEGATIVE, false},
    {CACHE_SERVFAIL_STATE, FINDING_PROPAGATION_SERVFAIL, false},
    {CACHE_OTHER_STATE, FINDING_PROPAGATION_OTHER, false},
    {CACHE_UNTESTED_STATE, FINDING_RESOLVER_NOT_TESTED, false},
};

static void say_state(struct buf *words, const struct cache_entry *entry)
{
	char until[CLOCK_TEXT_BYTES];
	const char *set = entry->set != NULL ? entry->set : "no set";
	cache_entry_say(words, entry);
	switch (entry->state) {
	case CACHE_OLD_STATE:
		buf_printf(words, " has the old set %s, %" PRId64 " s left, until %s", set, entry->left_s, clock_format(entry->expires, until));
		break;
	case CACHE_MIXED_STATE:
		buf_printf(words, " gives the old set %s and the new one in turn; the old one has %" PRId64 " s left, until %s", set,
		           entry->left_s, clock_format(entry->expires, until));
		break;
	case CACHE_STALE_STATE:
		buf_printf(words, " gives the old set %s %s; when it ends is not known", set, entry->why);
		break;
	case CACHE_NEGATIVE_STATE:
		buf_printf(words, " says that there is no MX, %" PRId64 " s left, until %s", entry->left_s, clock_format(entry->expires, until));
		break;
	case CACHE_SERVFAIL_STATE:
		buf_puts(words, " answers SERVFAIL for the domain");
		break;
	case CACHE_OTHER_STATE:
		buf_printf(words, " gives %s, %" PRId64 " s left: neither the old nor the new set", set, entry->left_s);
		break;
	case CACHE_NEW_STATE:
	case CACHE_EMPTY_STATE:
	case CACHE_UNTESTED_STATE:
	case CACHE_STATE_COUNT:
		buf_printf(words, ": %s", entry->why != NULL ? entry->why : cache_state_name(entry->state));
		break;
	}
}

static void tell_one(const struct change *j, const struct said *how, const struct cache_entry *entry)
{
	struct buf words;
	buf_init(&words, WORDS_BYTES);
	say_state(&words, entry);
	struct finding *f = dns_view_add(&j->view, how->id, entry->o->address, "%s", words.bytes);
	finding_arg(f, "server", entry->o->address);
	finding_arg(f, "name", observation_text(entry->o, FACT_CACHE_NAME, 0));
	finding_arg(f, "value", entry->set);
	finding_arg(f, "wanted", j->expectation.wanted.bytes);
	if (entry->expires != TIME_UNKNOWN)
		finding_arg_int(f, "ttl", entry->left_s);
	finding_because(f, entry->index);
	buf_clear(&words);
}

static void tell_rest(const struct change *j, const struct said *how, size_t rest)
{
	int64_t last = cache_view_last(&j->caches, how->state);
	char until[CLOCK_TEXT_BYTES];
	bool has_last = last != TIME_UNKNOWN;
	struct finding *f = dns_view_add(&j->view, how->id, NULL, "%zu more resolvers%s%s", rest, has_last ? "; the last one until " : "",
	                                 has_last ? clock_format(last, until) : "");
	for (size_t i = 0, skip = NAMED; i < j->caches.count; i++) {
		if (j->caches.entries[i].state != how->state)
			continue;
		if (skip > 0)
			skip--;
		else if (f->because_count < NAMED)
			finding_because(f, j->caches.entries[i].index);
	}
}

static void tell_caches(const struct change *j, const struct said *how)
{
	size_t count = 0;
	if (how->is_of_old && expectation_age(&j->expectation, &j->expectation.zone) != MX_AGE_NEW)
		return;
	for (size_t i = 0; i < j->caches.count; i++)
		if (j->caches.entries[i].state == how->state && count++ < NAMED)
			tell_one(j, how, &j->caches.entries[i]);
	if (count > NAMED)
		tell_rest(j, how, count - NAMED);
}

/* The zone's servers that serve the set, and how many of them not the new one. */
static size_t count_servers(const struct change *j, size_t *behind)
{
	size_t served = 0;
	*behind = 0;
	for (size_t i = 0; i < j->authority.count; i++) {
		const struct authority_server *server = &j->authority.items[i];
		if (server->mx == NULL)
			continue;
		served++;
		*behind += expectation_age(&j->expectation, &server->mx_set) != MX_AGE_NEW;
	}
	return served;
}

static void tell_zone(const struct change *j)
{
	struct buf words;
	size_t behind, served = count_servers(j, &behind);
	if (behind == 0)
		return;
	buf_init(&words, WORDS_BYTES);
	if (behind == served)
		mx_set_say(&words, &j->expectation.zone);
	for (size_t i = 0; i < j->authority.count && behind < served; i++) {
		const struct authority_server *server = &j->authority.items[i];
		if (server->mx == NULL || expectation_age(&j->expectation, &server->mx_set) == MX_AGE_NEW)
			continue;
		buf_puts(&words, words.length > 0 ? "; " : "");
		dns_entry_say(&words, server->mx);
		buf_puts(&words, ": ");
		mx_set_say(&words, &server->mx_set);
	}
	struct finding *f = behind == served
	    ? dns_view_add(&j->view, FINDING_PROPAGATION_NOT_STARTED, NULL, "all %zu addresses of the name servers serve %s", served,
	                   words.bytes)
	    : dns_view_add(&j->view, FINDING_PROPAGATION_NOT_STARTED, NULL,
	                   "%zu of %zu addresses of the name servers do not serve the new set: %s", behind, served, words.bytes);
	finding_arg(f, "value", words.bytes);
	finding_arg(f, "wanted", j->expectation.wanted.bytes);
	for (size_t i = 0; i < j->authority.count; i++)
		if (j->authority.items[i].mx != NULL && expectation_age(&j->expectation, &j->authority.items[i].mx_set) != MX_AGE_NEW)
			finding_because(f, j->authority.items[i].mx->index);
	buf_clear(&words);
}

static void tell_ok(const struct change *j)
{
	const struct cache_view *caches = &j->caches;
	size_t behind, served = count_servers(j, &behind), fresh = cache_view_count(caches, CACHE_NEW_STATE);
	size_t empty = cache_view_count(caches, CACHE_EMPTY_STATE), untested = cache_view_count(caches, CACHE_UNTESTED_STATE);
	if (served == 0 || behind > 0 || fresh + empty == 0 || fresh + empty + untested < caches->count)
		return;
	struct finding *f = dns_view_add(&j->view, FINDING_PROPAGATION_OK, NULL,
	                                 "%s at %zu authoritative address%s; of %zu resolver%s %zu have it, %zu hold nothing, "
	                                 "%zu were not tested",
	                                 j->expectation.wanted.bytes, served, served > 1 ? "es" : "", caches->count,
	                                 caches->count > 1 ? "s" : "", fresh, empty, untested);
	finding_arg(f, "wanted", j->expectation.wanted.bytes);
	for (size_t i = 0; i < caches->count && f->because_count < NAMED; i++)
		if (caches->entries[i].state != CACHE_UNTESTED_STATE)
			finding_because(f, caches->entries[i].index);
}

/* After the change, a new set that is kept longer than the zone allows. */
static void tell_clamped(const struct change *j)
{
	const struct policy *policy = j->view.policy;
	int64_t ttl_s = authority_ttl(&j->authority);
	bool is_drained = policy->short_since != TIME_UNKNOWN && policy->since_ttl_s >= 0 &&
	                  policy->short_since + policy->since_ttl_s < policy->now;
	size_t told = 0;
	if (ttl_s < 0 || (policy->phase == PHASE_BEFORE && !is_drained))
		return;
	for (size_t i = 0; i < j->caches.count && told < NAMED; i++) {
		const struct cache_entry *entry = &j->caches.entries[i];
		int64_t left_s = entry->new_left_s >= 0 ? entry->new_left_s : -1;
		if (policy->phase == PHASE_BEFORE && entry->state == CACHE_OLD_STATE && j->expectation.zone_is_old)
			left_s = entry->left_s;
		int64_t asked_after_s = entry->o->started_ms / 1000 - policy->now;
		if (entry->state == CACHE_UNTESTED_STATE || left_s - (asked_after_s > 0 ? asked_after_s : 0) <= ttl_s)
			continue;
		struct buf words;
		buf_init(&words, WORDS_BYTES);
		cache_entry_say(&words, entry);
		struct finding *f = dns_view_add(&j->view, FINDING_TTL_CLAMPED, entry->o->address,
		                                 "%s keeps the set for another %" PRId64 " s; the zone's TTL is %" PRId64 " s", words.bytes, left_s,
		                                 ttl_s);
		finding_arg(f, "server", entry->o->address);
		finding_arg_int(f, "ttl", left_s);
		finding_arg_int(f, "limit", ttl_s);
		finding_because(f, entry->index);
		buf_clear(&words);
		told++;
	}
}

void propagation_tell(const struct change *j)
{
	if (j->caches.count == 0)
		return;
	if (j->view.policy->phase == PHASE_AFTER) {
		tell_zone(j);
		tell_ok(j);
	}
	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		tell_caches(j, &said[i]);
	tell_clamped(j);
}
