#include "cutover/catalogue.h"

#include <string.h>

#define FINDING(symbol, id, before, after, actor, microsoft, title, section, cause, remedy) \
	{id, SEVERITY_##before, SEVERITY_##after, ACTOR_##actor, microsoft, title, section, cause, remedy},
static const struct catalogue_entry entries[] = {
#include "cutover/catalogue.def"
};
#undef FINDING

static const char *const severity_names[] = {"pass", "info", "skip", "unknown", "warn", "fail"};
static const char *const actor_names[] = {"-", "firewall", "mail-host", "dns", "web-host", "tenant", "you", "wait"};

const struct catalogue_entry *catalogue_get(enum finding_id id)
{
	return &entries[id];
}

enum finding_id catalogue_find(const char *id)
{
	for (int i = 0; i < FINDING_COUNT; i++)
		if (strcmp(entries[i].id, id) == 0)
			return (enum finding_id)i;
	return FINDING_COUNT;
}

const char *severity_name(enum severity severity)
{
	return severity_names[severity];
}

enum severity severity_from_name(const char *name)
{
	for (int i = 0; i < SEVERITY_COUNT; i++)
		if (strcmp(severity_names[i], name) == 0)
			return (enum severity)i;
	return SEVERITY_COUNT;
}

const char *actor_name(enum actor actor)
{
	return actor_names[actor];
}
