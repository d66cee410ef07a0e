/*
 * check_host() on a zone from standard input, for spf_published.py.
 *
 * A line is a JSON object: {"domain", "sender", "helo", "address", "zone": {"name type": [item, ...] or an outcome's name}}, all in
 * lower case; an answer that is not in the zone is NXDOMAIN. Printed is the result, a line each.
 */
#include <arpa/inet.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/escape.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "proto/spf.h"

enum { ITEMS = 64 };

static bool look_up(void *user, const char *name, enum spf_type type, struct spf_answer *answer)
{
	static const char *const types[] = {"txt", "a", "aaaa", "mx", "ptr"};
	static const char *items[SPF_TYPE_PTR + 1][ITEMS]; /* of each type's last answer: no two are looked at together */
	char *key = xasprintf("%s %s", name, types[type]);
	str_lower(key);
	const json_t *found = json_object_get(user, key);
	free(key);
	*answer = (struct spf_answer){.outcome = found == NULL ? OUTCOME_NXDOMAIN : OUTCOME_OK, .items = items[type]};
	if (json_is_string(found))
		answer->outcome = str_equal(json_string_value(found), "nodata") ? OUTCOME_NODATA : OUTCOME_TIMEOUT;
	for (; answer->count < json_array_size(found) && answer->count < ITEMS; answer->count++)
		items[type][answer->count] = json_string_value(json_array_get(found, answer->count));
	return true;
}

/* Texts reach the evaluator as observations hold them. */
static void escape_zone(json_t *zone)
{
	const char *key;
	json_t *items, *item;
	size_t i;
	json_object_foreach(zone, key, items)
		json_array_foreach(items, i, item) {
			struct buf text;
			buf_init(&text, LIMIT_FACT_BYTES);
			escape_bytes(&text, json_string_value(item), json_string_length(item));
			json_string_set(item, text.bytes);
			buf_clear(&text);
		}
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static bool check(const json_t *object)
{
	static struct spf_report report;
	struct spf_query query = {.domain = text_of(object, "domain"), .sender = text_of(object, "sender"), .helo = text_of(object, "helo"),
	                          .lookup = look_up, .user = json_object_get(object, "zone")};
	const char *address = text_of(object, "address");
	if (query.domain == NULL || address == NULL)
		return false;
	escape_zone(query.user);
	query.family = strchr(address, ':') != NULL ? 6 : 4;
	if (inet_pton(query.family == 6 ? AF_INET6 : AF_INET, address, query.address) != 1)
		return false;
	return puts(spf_result_name(spf_evaluate(&query, &report))) >= 0;
}

int main(void)
{
	bool is_good = true;
	for (json_t *object; is_good && (object = json_loadf(stdin, JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL, NULL)) != NULL; json_decref(object))
		is_good = check(object);
	return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
