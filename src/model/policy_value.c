#include "model/policy_value.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "model/json_value.h"

enum kind { KIND_TEXT, KIND_NAMES, KIND_TIME, KIND_NUMBER };

/* The plain members, in the order in which they are written. A number below 0 is unknown: null. */
struct member {
	const char *name;
	enum kind kind;
	size_t offset;
	int64_t low, high;
};

enum { YEAR_S = 366 * 86400, NAMES_CEILING = 100000 };

#define AT(member) offsetof(struct policy, member)
static const struct member members[] = {
    {"now", KIND_TIME, AT(now), 0, 0},
    {"cutover", KIND_TIME, AT(cutover), 0, 0},
    {"domain", KIND_TEXT, AT(domain), 0, 0},
    {"imap_host", KIND_TEXT, AT(imap_host), 0, 0},
    {"tenant", KIND_TEXT, AT(tenant), 0, 0},
    {"verify", KIND_TEXT, AT(verify), 0, 0},
    {"expect_mx", KIND_NAMES, AT(expect_mx), 0, 0},
    {"old_mx", KIND_NAMES, AT(old_mx), 0, 0},
    {"assume_public", KIND_NAMES, AT(assume_public), 0, 0},
    {"ttl_limit_s", KIND_NUMBER, AT(ttl_limit_s), 0, YEAR_S},
    {"cert_days", KIND_NUMBER, AT(cert_days), 0, 36600},
    {"timeout_ms", KIND_NUMBER, AT(timeout_ms), 1, YEAR_S},
    {"old_ttl_s", KIND_NUMBER, AT(old_ttl_s), -1, INT32_MAX},
    {"since_ttl_s", KIND_NUMBER, AT(since_ttl_s), -1, INT32_MAX},
    {"last_ttl_s", KIND_NUMBER, AT(last_ttl_s), -1, INT32_MAX},
    {"short_since", KIND_TIME, AT(short_since), 0, 0},
    {"changed_by", KIND_TIME, AT(changed_by), 0, 0},
    {"since_gone_by", KIND_TIME, AT(since_gone_by), 0, 0},
    {"ignore", KIND_NAMES, AT(ignore), 0, 0},
    {"only", KIND_NAMES, AT(only), 0, 0},
};
#undef AT

enum { MEMBER_COUNT = sizeof members / sizeof members[0] };

static json_t *names_value(const struct names *names)
{
	json_t *array = json_array();
	for (size_t i = 0; i < names->count; i++)
		json_array_append_new(array, json_value_text(names->items[i]));
	return array;
}

static json_t *member_value(const struct member *member, const struct policy *policy)
{
	const void *at = (const char *)policy + member->offset;
	switch (member->kind) {
	case KIND_TEXT:
		return json_value_text(*(char *const *)at);
	case KIND_NAMES:
		return names_value(at);
	case KIND_TIME:
		return json_value_time(*(const int64_t *)at);
	case KIND_NUMBER:
		return *(const int64_t *)at < 0 ? json_null() : json_integer(*(const int64_t *)at);
	}
	return json_null();
}

json_t *policy_value(const struct policy *policy)
{
	json_t *value = json_object();
	json_object_set_new(value, "phase", json_string(phase_name(policy->phase)));
	json_object_set_new(value, "cloud", json_string(cloud_name(policy->cloud)));
	for (size_t i = 0; i < MEMBER_COUNT; i++)
		json_object_set_new(value, members[i].name, member_value(&members[i], policy));
	json_object_set_new(value, "imap_port", policy->imap_port != 0 ? json_integer(policy->imap_port) : json_null());
	json_t *severity = json_object();
	for (size_t i = 0; i < policy->override_count; i++)
		json_object_set_new(severity, catalogue_get(policy->overrides[i].id)->id,
		                    json_string(severity_name(policy->overrides[i].severity)));
	json_object_set_new(value, "severity", severity);
	return value;
}

static bool read_names(const json_t *value, struct names *names)
{
	if (!json_is_array(value) || json_array_size(value) > NAMES_CEILING)
		return false;
	names_clear(names);
	for (size_t i = 0; i < json_array_size(value); i++) {
		json_t *one = json_array_get(value, i);
		if (!json_is_string(one))
			return false;
		char *name = json_value_clean(one);
		names_add(names, name);
		free(name);
	}
	return true;
}

static bool read_member(const struct member *member, const json_t *value, struct policy *policy)
{
	void *at = (char *)policy + member->offset;
	int64_t number = 0;
	switch (member->kind) {
	case KIND_TEXT:
		if (!json_is_string(value))
			return false;
		free(*(char **)at);
		*(char **)at = json_value_clean(value);
		return true;
	case KIND_NAMES:
		return read_names(value, at);
	case KIND_TIME:
		return json_is_string(value) && clock_parse(json_string_value(value), at);
	case KIND_NUMBER:
		number = json_integer_value(value);
		if (!json_is_integer(value) || number < member->low || number > member->high)
			return false;
		*(int64_t *)at = number;
		return true;
	}
	return false;
}

static bool read_phase_and_cloud(const json_t *value, struct policy *policy)
{
	const char *phase = json_string_value(json_object_get(value, "phase"));
	const char *cloud = json_string_value(json_object_get(value, "cloud"));
	if (phase != NULL && !str_equal(phase, phase_name(PHASE_BEFORE)) && !str_equal(phase, phase_name(PHASE_AFTER)))
		return false;
	policy->phase = str_equal(phase, phase_name(PHASE_AFTER)) ? PHASE_AFTER : PHASE_BEFORE;
	policy->cloud = cloud != NULL ? cloud_from_name(cloud) : CLOUD_WORLDWIDE;
	if (policy->cloud != CLOUD_COUNT)
		return true;
	policy->cloud = CLOUD_WORLDWIDE;
	return false;
}

/* Ids and levels of another version are left out: they name nothing here. */
static void read_overrides(json_t *value, struct policy *policy)
{
	const char *id;
	json_t *level;
	json_object_foreach(value, id, level) {
		enum finding_id finding = catalogue_find(id);
		enum severity severity = json_is_string(level) ? severity_from_name(json_string_value(level)) : SEVERITY_COUNT;
		if (finding == FINDING_COUNT || severity == SEVERITY_COUNT)
			continue;
		policy->overrides = xrealloc(policy->overrides, policy->override_count + 1, sizeof *policy->overrides);
		policy->overrides[policy->override_count++] = (struct severity_override){.id = finding, .severity = severity};
	}
}

int policy_from_value(const json_t *value, struct policy *policy, struct error *error)
{
	if (!json_is_object(value))
		return error_set(error, "\"policy\" is missing");
	if (!read_phase_and_cloud(value, policy))
		return error_set(error, "\"policy\": unknown phase or cloud");
	for (size_t i = 0; i < MEMBER_COUNT; i++) {
		json_t *one = json_object_get(value, members[i].name);
		if (one != NULL && !json_is_null(one) && !read_member(&members[i], one, policy))
			return error_set(error, "\"policy\": \"%s\" has a wrong value", members[i].name);
	}
	json_int_t port = json_integer_value(json_object_get(value, "imap_port"));
	if (port < 0 || port > UINT16_MAX)
		return error_set(error, "\"policy\": \"imap_port\" has a wrong value");
	policy->imap_port = (uint16_t)port;
	read_overrides(json_object_get(value, "severity"), policy);
	return 0;
}
