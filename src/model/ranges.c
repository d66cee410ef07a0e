#include "model/ranges.h"

#include <assert.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "model/embedded.h"
#include "model/table.h"

enum { CLOUD, FILE_NAME, DATE, INSTANCE };

void ranges_init(struct ranges *ranges)
{
	*ranges = (struct ranges){.dated = TIME_UNKNOWN};
}

void ranges_clear(struct ranges *ranges)
{
	free(ranges->source);
	free(ranges->items);
	prefix_set_clear(&ranges->set);
	ranges_init(ranges);
}

static void add(struct ranges *ranges, const struct prefix *prefix)
{
	for (size_t i = 0; i < ranges->count; i++)
		if (prefix_compare(&ranges->items[i], prefix) == 0)
			return;
	ranges->items = xrealloc(ranges->items, ranges->count + 1, sizeof *ranges->items);
	ranges->items[ranges->count++] = *prefix;
	prefix_set_add(&ranges->set, prefix);
}

/* "143,587,993,995", also with "a-b" in it. */
static bool lists_port(const char *ports, long port)
{
	while (ports != NULL && *ports != '\0') {
		char *end = NULL;
		long first = strtol(ports, &end, 10), last = first;
		if (*end == '-')
			last = strtol(end + 1, &end, 10);
		if (first <= port && port <= last)
			return true;
		ports = strchr(end, ',');
		ports = ports != NULL ? ports + 1 : NULL;
	}
	return false;
}

static bool is_wanted(const json_t *record)
{
	const char *area = json_string_value(json_object_get(record, "serviceArea"));
	const char *ports = json_string_value(json_object_get(record, "tcpPorts"));
	if (!str_equal_nocase(area, "Exchange"))
		return false;
	return json_integer_value(json_object_get(record, "id")) == 1 || lists_port(ports, 143) || lists_port(ports, 993);
}

static int take_record(struct ranges *ranges, const json_t *record, struct error *error)
{
	const json_t *ips = json_object_get(record, "ips");
	struct prefix prefix;
	for (size_t i = 0; i < json_array_size(ips); i++) {
		const char *text = json_string_value(json_array_get(ips, i));
		if (text == NULL || !prefix_parse(text, &prefix))
			return error_set(error, "%s: record %lld: '%.60s' is no prefix", ranges->source,
			                 (long long)json_integer_value(json_object_get(record, "id")), text != NULL ? text : "?");
		add(ranges, &prefix);
	}
	return 0;
}

static int take_all(struct ranges *ranges, const json_t *root, struct error *error)
{
	if (!json_is_array(root))
		return error_set(error, "%s: no array of endpoint records, as the web service gives", ranges->source);
	for (size_t i = 0; i < json_array_size(root); i++) {
		const json_t *record = json_array_get(root, i);
		if (is_wanted(record) && take_record(ranges, record, error) != 0)
			return -1;
	}
	prefix_set_settle(&ranges->set);
	return ranges->count > 0 ? 0 : error_set(error, "%s: no range of Exchange Online in it", ranges->source);
}

int ranges_parse(struct ranges *ranges, const char *source, const char *json, size_t length, struct error *error)
{
	json_error_t fault;
	ranges->source = xstrdup(source);
	json_t *root = json_loadb(json, length, JSON_REJECT_DUPLICATES, &fault);
	int result = root == NULL ? error_set(error, "%s:%d: no JSON: %s", source, fault.line, fault.text) : take_all(ranges, root, error);
	json_decref(root);
	if (result != 0)
		ranges_clear(ranges);
	return result;
}

char *ranges_instance(enum cloud cloud, char name[32])
{
	struct table_row row;
	name[0] = '\0';
	table_begin(&row, embedded_text("data/ranges.tsv"));
	while (table_next(&row))
		if (str_equal(row.fields[CLOUD], cloud_name(cloud)))
			snprintf(name, 32, "%.31s", row.fields[INSTANCE]);
	return name;
}

void ranges_builtin(struct ranges *ranges, enum cloud cloud)
{
	struct table_row row;
	table_begin(&row, embedded_text("data/ranges.tsv"));
	while (table_next(&row)) {
		if (!str_equal(row.fields[CLOUD], cloud_name(cloud)))
			continue;
		const char *json = embedded_text(row.fields[FILE_NAME]);
		char *source = xasprintf("the built-in list of %s", row.fields[CLOUD]);
		int result = ranges_parse(ranges, source, json, strlen(json), NULL);
		assert(result == 0);
		(void)result;
		clock_parse(row.fields[DATE], &ranges->dated);
		free(source);
	}
}

struct prefix_set ranges_former(void)
{
	struct prefix_set set;
	struct prefix prefix;
	struct table_row row;
	prefix_set_init(&set);
	table_begin(&row, embedded_text("data/ranges-former.tsv"));
	while (table_next(&row))
		if (prefix_parse(row.fields[0], &prefix))
			prefix_set_add(&set, &prefix);
	prefix_set_settle(&set);
	return set;
}

void ranges_keep_family(struct ranges *ranges, int family)
{
	size_t kept = 0;
	for (size_t i = 0; i < ranges->count; i++)
		if (ranges->items[i].address.family == family)
			ranges->items[kept++] = ranges->items[i];
	ranges->count = kept;
	prefix_set_clear(&ranges->set);
	for (size_t i = 0; i < kept; i++)
		prefix_set_add(&ranges->set, &ranges->items[i]);
	prefix_set_settle(&ranges->set);
}
