#include "rule/expectation.h"

#include "base/str.h"

enum { WORDS_BYTES = 2048 };

/* Microsoft's verification record may stand beside any set. */
static bool is_verification(const char *host)
{
	return str_ends_nocase(host, ".msv1.invalid");
}

static bool is_listed(const struct mx_set *set, const struct names *hosts)
{
	size_t listed = 0;
	for (size_t i = 0; i < set->count; i++) {
		if (is_verification(set->items[i].host))
			continue;
		if (!names_has(hosts, set->items[i].host))
			return false;
		listed++;
	}
	return listed > 0;
}

enum mx_age expectation_age(const struct expectation *expectation, const struct mx_set *set)
{
	const struct policy *policy = expectation->policy;
	bool is_expected = policy->expect_mx.count > 0 ? is_listed(set, &policy->expect_mx)
	                                               : !expectation->zone_is_old && mx_set_equal(set, &expectation->zone);
	if (is_expected)
		return MX_AGE_NEW;
	return policy->old_mx.count == 0 || is_listed(set, &policy->old_mx) ? MX_AGE_OLD : MX_AGE_OTHER;
}

void expectation_init(struct expectation *expectation, const struct dns_view *view)
{
	const struct policy *policy = view->policy;
	const struct dns_entry *entry = dns_view_best(view, view->domain, "MX");
	*expectation = (struct expectation){.policy = policy};
	if (entry != NULL)
		mx_set_read(&expectation->zone, entry->o);
	expectation->zone_is_old = policy->old_mx.count > 0 && is_listed(&expectation->zone, &policy->old_mx) &&
	                           !(policy->expect_mx.count > 0 && is_listed(&expectation->zone, &policy->expect_mx));
	buf_init(&expectation->wanted, WORDS_BYTES);
	for (size_t i = 0; i < policy->expect_mx.count; i++)
		buf_printf(&expectation->wanted, "%s%s", i > 0 ? ", " : "", policy->expect_mx.items[i]);
	if (policy->expect_mx.count == 0)
		mx_set_say(&expectation->wanted, &expectation->zone);
}

void expectation_clear(struct expectation *expectation)
{
	mx_set_clear(&expectation->zone);
	buf_clear(&expectation->wanted);
}
