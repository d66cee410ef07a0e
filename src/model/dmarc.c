#include "model/dmarc.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "model/tag_list.h"

static const char *const policy_names[] = {"none", "quarantine", "reject"};

const char *dmarc_policy_name(enum dmarc_policy policy)
{
	return policy_names[policy];
}

bool dmarc_is_record(const char *text)
{
	text += strspn(text, " \t");
	if (!str_starts_nocase(text, "v"))
		return false;
	text += 1 + strspn(text + 1, " \t");
	if (*text != '=')
		return false;
	text += 1 + strspn(text + 1, " \t");
	if (!str_starts(text, "DMARC1"))
		return false;
	text += 6 + strspn(text + 6, " \t");
	return *text == ';' || *text == '\0';
}

static bool policy_from(const char *value, enum dmarc_policy *policy)
{
	for (int i = 0; value != NULL && i < 3; i++) {
		if (!str_equal_nocase(value, policy_names[i]))
			continue;
		*policy = (enum dmarc_policy)i;
		return true;
	}
	return false;
}

static void fault(struct dmarc_record *record, const char *what, const char *value)
{
	if (record->fault[0] == '\0')
		snprintf(record->fault, sizeof record->fault, "%s%.80s", what, value != NULL ? value : "");
}

void dmarc_parse(const char *text, struct dmarc_record *record)
{
	struct tag_list tags;
	int64_t percent = 100;
	*record = (struct dmarc_record){.percent = 100, .psd = 'u'};
	tag_list_parse(text, &tags);
	const char *rua = tag_list_get(&tags, "rua"), *pct = tag_list_get(&tags, "pct"), *psd = tag_list_get(&tags, "psd");
	const char *sp = tag_list_get(&tags, "sp");
	record->has_reports = rua != NULL && *rua != '\0';
	record->has_policy = policy_from(tag_list_get(&tags, "p"), &record->policy);
	record->subdomain_policy = record->policy;
	record->is_dkim_strict = str_equal_nocase(tag_list_get(&tags, "adkim"), "s");
	record->is_spf_strict = str_equal_nocase(tag_list_get(&tags, "aspf"), "s");
	if (psd != NULL && (*psd == 'y' || *psd == 'n') && psd[1] == '\0')
		record->psd = *psd;
	if (!dmarc_is_record(text))
		fault(record, "does not begin with v=DMARC1", NULL);
	if (tags.fault[0] != '\0')
		fault(record, "no tag=value: ", tags.fault);
	if (!record->has_policy && !record->has_reports)
		fault(record, "no valid policy: p=", tag_list_get(&tags, "p"));
	if (sp != NULL && !policy_from(sp, &record->subdomain_policy))
		fault(record, "no valid subdomain policy: sp=", sp);
	if (pct != NULL && !str_to_int(pct, 0, 100, &percent))
		fault(record, "not a percentage: pct=", pct);
	record->percent = (int)percent;
	tag_list_clear(&tags);
}
