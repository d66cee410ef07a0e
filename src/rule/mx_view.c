#include "rule/mx_view.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

enum { SAID = 5, HOSTS_BYTES = 2048 };

bool mx_view_init(struct mx_view *mx, const struct dns_view *dns)
{
	const struct dns_entry *entry = dns_view_best(dns, dns->domain, "MX");
	if (entry == NULL)
		return false;
	*mx = (struct mx_view){.dns = dns, .entry = entry, .source = dns_entry_source(entry)};
	mx_set_read(&mx->set, entry->o);
	mx->kinds = xcalloc(mx->set.count + 1, sizeof *mx->kinds);
	mx->names = xcalloc(mx->set.count + 1, sizeof *mx->names);
	for (size_t i = 0; i < mx->set.count; i++)
		mx->kinds[i] = mx_host_kind(dns, mx->set.items[i].host, &mx->names[i]);
	return true;
}

void mx_view_clear(struct mx_view *mx)
{
	mx_set_clear(&mx->set);
	free(mx->kinds);
	free(mx->names);
	free(mx->source);
	*mx = (struct mx_view){0};
}

bool mx_view_has(const struct mx_view *mx, size_t index, unsigned kinds)
{
	return (MX_KIND_BIT(mx->kinds[index]) & kinds) != 0;
}

size_t mx_view_count(const struct mx_view *mx, unsigned kinds)
{
	size_t count = 0;
	for (size_t i = 0; i < mx->set.count; i++)
		count += mx_view_has(mx, i, kinds);
	return count;
}

char *mx_view_hosts(const struct mx_view *mx, unsigned kinds)
{
	struct buf out;
	size_t said = 0;
	buf_init(&out, HOSTS_BYTES);
	for (size_t i = 0; i < mx->set.count; i++)
		if (mx_view_has(mx, i, kinds) && said++ < SAID)
			buf_printf(&out, "%s%s", out.length > 0 ? ", " : "", mx->set.items[i].host);
	if (said > SAID)
		buf_printf(&out, " and %zu more", said - SAID);
	return buf_steal(&out);
}

struct finding *mx_view_add(const struct mx_view *mx, enum finding_id id, const char *hosts, const char *says)
{
	struct finding *f = dns_view_add(mx->dns, id, NULL, "%s: %s%s", hosts, says, mx->source);
	char *first = xstrndup(hosts, strcspn(hosts, ", "));
	finding_arg(f, "name", first);
	finding_arg(f, "value", hosts);
	finding_because(f, mx->entry->index);
	free(first);
	return f;
}
