#include "model/dmarc_tree.h"

#include <libpsl.h>
#include <string.h>

#include "model/dmarc.h"

static size_t count_labels(const char *name)
{
	size_t labels = 1;
	for (; *name != '\0'; name++)
		labels += *name == '.';
	return labels;
}

/* The last labels of the name; all when it has no more. */
static const char *last_labels(const char *name, size_t labels)
{
	for (size_t left = count_labels(name); left > labels; left--)
		name = strchr(name, '.') + 1;
	return name;
}

size_t dmarc_walk(const char *domain, const char *names[DMARC_WALK])
{
	size_t labels = count_labels(domain), count = 0;
	names[count++] = domain;
	for (size_t left = labels < DMARC_WALK ? labels - 1 : DMARC_WALK - 1; left > 0; left--)
		names[count++] = last_labels(domain, left);
	return count;
}

bool dmarc_ends_walk(const char *record)
{
	struct dmarc_record parsed;
	if (record == NULL)
		return false;
	dmarc_parse(record, &parsed);
	return parsed.psd == 'y' || parsed.psd == 'n';
}

const char *dmarc_organization(const char *const *names, const char *const *records, size_t count, size_t *source)
{
	const char *organization = names[0];
	size_t found = count;
	for (size_t i = 0; i < count; i++) {
		struct dmarc_record record;
		if (records[i] == NULL)
			continue;
		dmarc_parse(records[i], &record);
		/* The record of a public suffix speaks for names below it that have none, and does not make them one organization. */
		bool is_suffix = record.psd == 'y' && i > 0;
		organization = is_suffix ? last_labels(names[0], count_labels(names[i]) + 1) : names[i];
		found = is_suffix && found < count && strcmp(names[found], organization) == 0 ? found : i;
		if (dmarc_ends_walk(records[i]))
			break;
	}
	if (source != NULL)
		*source = found;
	return organization;
}

const char *dmarc_organization_by_suffix(const char *domain)
{
	const psl_ctx_t *list = psl_builtin();
	const char *organization = list != NULL ? psl_registrable_domain(list, domain) : NULL;
	return organization != NULL ? organization : domain;
}
