/* MTA-STS (RFC 8461): the record, and whom its policy lets in; and whether anybody is told of TLS that fails (RFC 8460). */
#include "model/mtasts.h"

#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "rule/mtasts_policy.h"
#include "rule/published.h"
#include "rule/rules.h"

enum { DAY_S = 86400 };

static bool is_tlsrpt(const char *text)
{
	return str_starts(text, "v=TLSRPTv1") && (text[10] == ';' || text[10] == ' ' || text[10] == '\0');
}

static void judge_tlsrpt(const struct dns_view *view)
{
	struct published tlsrpt;
	char *name = xasprintf("_smtp._tls.%s", view->domain);
	/* Several records count as none (RFC 8460 3). */
	if (published_find(view, name, is_tlsrpt, &tlsrpt) && tlsrpt.count != 1)
		published_add(view, tlsrpt.entry, FINDING_TLSRPT_ABSENT,
		              tlsrpt.count == 0 ? "no TXT record begins with v=TLSRPTv1" : "several records begin with v=TLSRPTv1, so none counts");
	free(name);
}

/* "7 d": how long senders may hold a policy, in words; allocated. */
static char *say_age(int64_t seconds)
{
	return seconds % DAY_S == 0 && seconds > 0 ? xasprintf("%lld d", (long long)(seconds / DAY_S))
	                                           : xasprintf("%lld s", (long long)seconds);
}

static void judge_policy(const struct dns_view *view, const struct dns_entry *entry)
{
	struct mtasts_policy_view policy;
	if (!mtasts_policy_find(&policy, view))
		return;
	const char *mode = observation_text(policy.o, FACT_MTASTS_MODE, 0);
	char *age = say_age(policy.max_age_s), *says = NULL;
	enum finding_id id = FINDING_MTASTS_OK;
	if (policy.fault != NULL) {
		id = FINDING_MTASTS_INVALID;
		says = xasprintf("https://mta-sts.%s/.well-known/mta-sts.txt: %s", view->domain, policy.fault);
	} else if (policy.excluded != NULL && policy.is_enforced) {
		id = FINDING_MTASTS_EXCLUDES_MX;
		says = xasprintf("mode enforce, and no mx line covers %s; senders may hold that for %s (max_age)", policy.excluded, age);
	} else if (policy.excluded != NULL) {
		says = xasprintf("mode %s, so nothing is refused; in enforce %s would be", mode, policy.excluded);
	} else {
		says = xasprintf("mode %s, every MX host is covered, max_age %s", mode, age);
	}
	struct finding *f = published_add(view, entry, id, says);
	if (policy.excluded != NULL)
		finding_arg(f, "value", policy.excluded);
	if (policy.fault == NULL)
		finding_arg_int(f, "ttl", policy.max_age_s);
	finding_because(f, policy.index);
	free(age);
	free(says);
	mtasts_policy_clear_view(&policy);
}

static void judge_record(const struct dns_view *view, const struct published *mtasts)
{
	char id[MTASTS_ID_BYTES];
	char *says = NULL;
	if (mtasts->count == 0) {
		published_add(view, mtasts->entry, FINDING_MTASTS_ABSENT, "no TXT record begins with v=STSv1");
		return;
	}
	if (mtasts->count > 1)
		says = xasprintf("%zu records begin with v=STSv1, so none counts", mtasts->count);
	else if (!mtasts_record_id(mtasts->first, id))
		says = xasprintf("%s: no id of letters and digits", mtasts->first);
	if (says != NULL)
		finding_arg(published_add(view, mtasts->entry, FINDING_MTASTS_INVALID, says), "value", mtasts->first);
	else
		judge_policy(view, mtasts->entry);
	free(says);
}

void rule_mtasts(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	struct dns_view view;
	struct published mtasts;
	if (!dns_view_init(&view, evidence, policy, findings))
		return;
	char *name = xasprintf("_mta-sts.%s", view.domain);
	if (published_find(&view, name, mtasts_is_record, &mtasts))
		judge_record(&view, &mtasts);
	judge_tlsrpt(&view);
	free(name);
	dns_view_clear(&view);
}
