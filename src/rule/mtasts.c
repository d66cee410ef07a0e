/* MTA-STS (RFC 8461): the record here; and whether anybody is told of TLS that fails (RFC 8460). */
#include "model/mtasts.h"

#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "rule/published.h"
#include "rule/rules.h"

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
