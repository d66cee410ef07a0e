#include "rule/mx_target.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"

enum { WORDS_BYTES = 2048, SAID = 5 };

/* Hosts with one fault, gathered into one finding. */
struct gathered {
	struct buf words; /* "mx1.contoso.com, mx2.contoso.com (10.0.0.5, private use)" */
	struct dns_entry const *reasons[LIMIT_MX_HOSTS * 2];
	size_t reason_count, hosts;
	char *first; /* first host */
};

enum { NOT_FOUND, ALIAS, PRIVATE, FAULTS };

static void gather(struct gathered *gathered, const char *host, const char *detail,
                   const struct mx_addresses *addresses)
{
	const struct dns_entry *entries[] = {addresses->v4, addresses->v6};
	if (gathered->hosts++ < SAID)
		buf_printf(&gathered->words, "%s%s%s", gathered->words.length > 0 ? ", " : "", host, detail);
	if (gathered->first == NULL)
		gathered->first = xstrdup(host);
	for (size_t i = 0; i < 2; i++)
		if (entries[i] != NULL && gathered->reason_count < LIMIT_MX_HOSTS * 2)
			gathered->reasons[gathered->reason_count++] = entries[i];
}

/* An alias that leads nowhere is an alias: one fault, one finding. */
static void look_at(struct gathered gathered[FAULTS], const struct dns_view *view, const char *host)
{
	struct mx_addresses addresses;
	char *detail = NULL;
	mx_addresses_find(&addresses, view, host);
	if (addresses.alias != NULL) {
		detail = xasprintf(" (to %s)", addresses.alias);
		gather(&gathered[ALIAS], host, detail, &addresses);
	} else if (addresses.is_absent) {
		bool is_microsoft = microsoft_mx(host, NULL) == MICROSOFT_MX;
		const char *why =
		    is_microsoft ? " (the domain is not accepted there yet, or another form of the name is meant)" : "";
		gather(&gathered[NOT_FOUND], host, why, &addresses);
	} else if (addresses.is_private) {
		detail = xasprintf(" (%s)", addresses.why);
		gather(&gathered[PRIVATE], host, detail, &addresses);
	}
	free(detail);
}

static bool is_in_set(const struct mx_view *mx, const char *host)
{
	for (size_t i = 0; i < mx->set.count; i++)
		if (str_equal_nocase(mx->set.items[i].host, host))
			return true;
	return false;
}

static void judge_addresses(const struct mx_view *mx)
{
	static const struct {
		enum finding_id id;
		const char *says;
	} faults[FAULTS] = {{FINDING_MX_TARGET_NOT_FOUND, "no address"},
	                    {FINDING_MX_IS_ALIAS, "an alias (CNAME)"},
	                    {FINDING_MX_PRIVATE_ADDRESS, "only addresses that nobody outside can reach"}};
	const struct names *coming = &mx->dns->policy->expect_mx;
	struct gathered gathered[FAULTS] = {0};
	for (size_t i = 0; i < FAULTS; i++)
		buf_init(&gathered[i].words, WORDS_BYTES);
	for (size_t i = 0; i < mx->set.count; i++)
		if (mx_view_has(mx, i, MX_KINDS_USABLE))
			look_at(gathered, mx->dns, mx->set.items[i].host);
	/* The set that is to come has to lead somewhere on the day. */
	for (size_t i = 0; i < coming->count && mx->dns->policy->phase == PHASE_BEFORE; i++)
		if (!is_in_set(mx, coming->items[i]))
			look_at(gathered, mx->dns, coming->items[i]);
	for (size_t i = 0; i < FAULTS; i++) {
		if (gathered[i].first != NULL) {
			struct finding *f =
			    dns_view_add(mx->dns, faults[i].id, NULL, "%s: %s", faults[i].says, gathered[i].words.bytes);
			finding_arg(f, "name", gathered[i].first);
			finding_arg(f, "value", gathered[i].words.bytes);
			finding_because(f, mx->entry->index);
			for (size_t r = 0; r < gathered[i].reason_count; r++)
				finding_because(f, gathered[i].reasons[r]->index);
		}
		buf_clear(&gathered[i].words);
		free(gathered[i].first);
	}
}

/* The label is worked out, not promised: a warning, and none for a host that the user names. */
static void judge_labels(const struct mx_view *mx)
{
	const struct policy *policy = mx->dns->policy;
	char *wanted = microsoft_label(policy->cloud, policy->domain, policy->tenant);
	for (size_t i = 0; wanted != NULL && i < mx->set.count; i++) {
		const char *host = mx->set.items[i].host, *label = mx->names[i].label;
		if (mx->kinds[i] != MX_KIND_MICROSOFT || label[0] == '\0' || str_equal(label, wanted) ||
		    names_has(&policy->expect_mx, host))
			continue;
		char *says =
		    xasprintf("label %s where %s is formed from %s", label, wanted,
		              policy->cloud == CLOUD_GCC_HIGH || policy->cloud == CLOUD_DOD ? "the tenant" : "the domain");
		struct finding *f = mx_view_add(mx, FINDING_MX_LABEL_DIFFERS, host, says);
		finding_arg(f, "label", label);
		finding_arg(f, "wanted", wanted);
		free(says);
		break;
	}
	free(wanted);
}

void mx_target_judge(const struct mx_view *mx)
{
	judge_addresses(mx);
	judge_labels(mx);
}
