/* The SPF record by itself: there, one, and with Microsoft's include. What it includes: spf_tree.c. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "model/microsoft.h"
#include "model/spf_record.h"
#include "rule/rules.h"
#include "rule/spf.h"
#include "rule/spf_tree.h"

/* The domain that a term sends the reader to: of include: with any qualifier, or of redirect=; or NULL. */
static const char *term_target(const char *term)
{
	const char *bare = term[0] != '\0' && strchr("+-~?", term[0]) != NULL ? term + 1 : term;
	if (str_starts_nocase(bare, "include:"))
		return bare + strlen("include:");
	return str_starts_nocase(term, "redirect=") ? term + strlen("redirect=") : NULL;
}

/* The clouds whose senders the record names. */
static unsigned record_clouds(const char *record)
{
	unsigned clouds = 0;
	for (const char *at = record; *at != '\0';) {
		size_t length = strcspn(at, " ");
		char *term = xstrndup(at, length);
		const char *target = term_target(term);
		struct microsoft_name found;
		if (target != NULL && microsoft_is(MICROSOFT_SPF, target, &found))
			clouds |= found.clouds;
		free(term);
		at += length;
		at += strspn(at, " ");
	}
	return clouds;
}

static struct finding *add(const struct dns_view *view, const struct dns_entry *entry, enum finding_id id,
                           const char *says)
{
	char *source = dns_entry_source(entry);
	char *wanted = microsoft_wanted(MICROSOFT_SPF, view->policy->cloud, NULL);
	struct finding *f = dns_view_add(view, id, NULL, "%s%s", says, source);
	finding_arg(f, "wanted", wanted);
	finding_because(f, entry->index);
	free(wanted);
	free(source);
	return f;
}

/* RFC 7208 3.4: with more, the whole TXT set of a domain hardly fits in an answer of 512 octets. */
static void say_length(const char *record, char **says)
{
	enum { OCTETS_MOST = 450 };
	size_t length = strlen(record);
	if (length <= OCTETS_MOST)
		return;
	char *longer = xasprintf("%s (%zu octets; over %d an answer needs EDNS or TCP)", *says, length, OCTETS_MOST);
	free(*says);
	*says = longer;
}

static void judge_record(const struct dns_view *view, const struct dns_entry *entry, const char *record)
{
	unsigned clouds = record_clouds(record);
	char *says = NULL, *named = microsoft_clouds(clouds);
	char *wanted = microsoft_wanted(MICROSOFT_SPF, view->policy->cloud, NULL);
	bool is_there = (clouds & 1U << view->policy->cloud) != 0;
	if (is_there)
		says = xstrdup(record);
	else if (clouds != 0)
		says = xasprintf("%s: names the senders of the cloud %s, not include:%s", record, named, wanted);
	else
		says = xasprintf("%s: without include:%s", record, wanted);
	say_length(record, &says);
	bool is_good = spf_tree_judge(view);
	if (!is_there || is_good) {
		struct finding *f = add(view, entry, is_there ? FINDING_SPF_OK : FINDING_SPF_NO_MICROSOFT, says);
		finding_arg(f, "value", record);
		spf_tree_show(view, f);
	}
	free(wanted);
	free(named);
	free(says);
}

enum standing spf_standing(const struct dns_view *view)
{
	struct published spf;
	if (!published_find(view, view->domain, spf_is_record, &spf))
		return STANDING_UNKNOWN;
	bool is_there = spf.count == 1 && (record_clouds(spf.first) & 1U << view->policy->cloud) != 0;
	return is_there ? STANDING_IN_PLACE : STANDING_ABSENT;
}

void rule_spf(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	struct dns_view view;
	struct published spf;
	if (!dns_view_init(&view, evidence, policy, findings))
		return;
	if (published_find(&view, view.domain, spf_is_record, &spf)) {
		char *says = xasprintf("%zu records begin with v=spf1", spf.count);
		if (spf.count == 0)
			add(&view, spf.entry, FINDING_SPF_MISSING, "no TXT record begins with v=spf1");
		else if (spf.count > 1)
			add(&view, spf.entry, FINDING_SPF_MULTIPLE, says);
		else
			judge_record(&view, spf.entry, spf.first);
		free(says);
	}
	dns_view_clear(&view);
}
