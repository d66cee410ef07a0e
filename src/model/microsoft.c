#include "model/microsoft.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "model/embedded.h"
#include "model/label.h"
#include "model/table.h"

enum { KIND, CLOUD, FORM, NAME, WANTED };

static const char *const kind_names[] = {"mx", "mx-retired", "mx-submission", "spf", "autodiscover", "msoid", "dkim",
                                         "autodiscover-direct", "autodiscover-json"};

/* One label of a name, or the end. */
static size_t label_length(const char *at)
{
	return strcspn(at, ".");
}

/* "k-v1": a letter, which Microsoft assigns, and a version. */
static bool is_part(const char *label, size_t length)
{
	return length >= 4 && label[0] >= 'a' && label[0] <= 'z' && label[1] == '-' && label[2] == 'v' &&
	       strspn(label + 3, "0123456789") == length - 3;
}

static bool is_label_match(const char *pattern, const char *name, size_t length, char label[MICROSOFT_LABEL_BYTES])
{
	size_t width = label_length(pattern);
	if (width == 5 && strncmp(pattern, "LABEL", 5) == 0) {
		if (length == 0 || length >= MICROSOFT_LABEL_BYTES)
			return false;
		memcpy(label, name, length);
		label[length] = '\0';
		return true;
	}
	if (width == 4 && strncmp(pattern, "PART", 4) == 0)
		return is_part(name, length);
	return width == length && memcmp(pattern, name, length) == 0;
}

/* Label by label from the left. A leading "*" is one label or more, so it is matched from the right. */
static bool is_match(const char *pattern, const char *name, char label[MICROSOFT_LABEL_BYTES])
{
	label[0] = '\0';
	if (str_starts(pattern, "*."))
		return strlen(name) > strlen(pattern + 1) && str_ends_nocase(name, pattern + 1) && name[0] != '.';
	for (;;) {
		size_t width = label_length(pattern), length = label_length(name);
		if (!is_label_match(pattern, name, length, label))
			return false;
		if (pattern[width] == '\0' || name[length] == '\0')
			return pattern[width] == name[length];
		pattern += width + 1;
		name += length + 1;
	}
}

/* The name in lower case without its last dot; false for one that is longer than a DNS name can be. */
static bool trim(const char *name, char text[MICROSOFT_NAME_BYTES])
{
	size_t length = strlen(name);
	if (length > 1 && name[length - 1] == '.')
		length--;
	if (length == 0 || length >= MICROSOFT_NAME_BYTES)
		return false;
	memcpy(text, name, length);
	text[length] = '\0';
	str_lower(text);
	return true;
}

bool microsoft_is(enum microsoft_kind kind, const char *name, struct microsoft_name *found)
{
	struct table_row row;
	struct microsoft_name made = {.kind = kind};
	char text[MICROSOFT_NAME_BYTES], label[MICROSOFT_LABEL_BYTES];
	bool is_found = false;
	if (!trim(name, text))
		return false;
	for (table_begin(&row, embedded_text("data/clouds.tsv")); table_next(&row);) {
		if (!str_equal(row.fields[KIND], kind_names[kind]) || !is_match(row.fields[NAME], text, label))
			continue;
		enum cloud cloud = cloud_from_name(row.fields[CLOUD]);
		if (cloud != CLOUD_COUNT)
			made.clouds |= 1U << cloud;
		made.is_dnssec_form = str_equal(row.fields[FORM], "dnssec");
		memcpy(made.label, label, sizeof made.label);
		is_found = true;
	}
	if (is_found && found != NULL)
		*found = made;
	return is_found;
}

enum microsoft_kind microsoft_mx(const char *host, struct microsoft_name *found)
{
	static const enum microsoft_kind kinds[] = {MICROSOFT_MX, MICROSOFT_MX_RETIRED, MICROSOFT_SUBMISSION};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (microsoft_is(kinds[i], host, found))
			return kinds[i];
	return MICROSOFT_NONE;
}

char *microsoft_wanted(enum microsoft_kind kind, enum cloud cloud, const char *label)
{
	struct table_row row;
	for (table_begin(&row, embedded_text("data/clouds.tsv")); table_next(&row);) {
		if (!str_equal(row.fields[KIND], kind_names[kind]) || !str_equal(row.fields[CLOUD], cloud_name(cloud)) ||
		    !str_equal(row.fields[WANTED], "yes"))
			continue;
		if (label != NULL && str_starts(row.fields[NAME], "LABEL."))
			return xasprintf("%s%s", label, row.fields[NAME] + strlen("LABEL"));
		return xstrdup(row.fields[NAME]);
	}
	return NULL;
}

char *microsoft_label(enum cloud cloud, const char *domain, const char *tenant)
{
	if (cloud != CLOUD_GCC_HIGH && cloud != CLOUD_DOD)
		return domain_label(domain);
	if (tenant == NULL)
		return NULL;
	char *label = xstrndup(tenant, label_length(tenant)); /* "contoso" of "contoso.onmicrosoft.us" */
	str_lower(label);
	return label;
}

char *microsoft_clouds(unsigned clouds)
{
	struct buf out;
	buf_init(&out, 256);
	for (int cloud = 0; cloud < CLOUD_COUNT; cloud++)
		if ((clouds & 1U << cloud) != 0)
			buf_printf(&out, "%s%s", out.length > 0 ? ", " : "", cloud_name((enum cloud)cloud));
	return buf_steal(&out);
}

char *provider_of(const char *name)
{
	struct table_row row;
	char text[MICROSOFT_NAME_BYTES], label[MICROSOFT_LABEL_BYTES];
	if (!trim(name, text))
		return NULL;
	for (table_begin(&row, embedded_text("data/providers.tsv")); table_next(&row);)
		if (is_match(row.fields[0], text, label))
			return xstrdup(row.fields[1]);
	return NULL;
}
