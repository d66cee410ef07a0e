#include "render/advice.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/escape.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"

static char *fill(const struct finding *finding, const char *text)
{
	char *filled = finding_fill(finding, text);
	if (filled == NULL)
		return NULL;
	struct buf out;
	buf_init(&out, LIMIT_FACT_BYTES * 4);
	escape_terminal(&out, filled);
	free(filled);
	return buf_steal(&out);
}

void advice_init(struct advice *advice, const struct finding *finding)
{
	const struct catalogue_entry *entry = catalogue_get(finding->id);
	*advice = (struct advice){.message = fill(finding, entry->microsoft_message), .cause = fill(finding, entry->cause)};
	for (const char *at = entry->remedy; *at != '\0';) {
		size_t length = strcspn(at, "\n");
		char *step = xstrndup(at, length);
		advice->steps = xrealloc(advice->steps, advice->step_count + 1, sizeof *advice->steps);
		advice->steps[advice->step_count++] = fill(finding, step);
		free(step);
		at += length + (at[length] == '\n');
	}
}

void advice_clear(struct advice *advice)
{
	for (size_t i = 0; i < advice->step_count; i++)
		free(advice->steps[i]);
	free(advice->steps);
	free(advice->message);
	free(advice->cause);
	*advice = (struct advice){0};
}

/* "dig ", "New-MigrationBatch ", "mail.contoso.com. 300 IN A ..." */
static bool is_pasted(const char *text)
{
	static const char *const programs[] = {"cutover ", "dig ",  "openssl ", "nft ",   "curl ",
	                                       "rndc ",    "ss ",   "certbot ", "cat ",   "nsd-control ",
	                                       "doveadm ", "ping ", "iconv ",   "ipset ", "systemctl "};
	static const char *const verbs[] = {"New-", "Get-",   "Set-",    "Test-",  "Add-",
	                                    "Start-", "Stop-", "Remove-", "Enable-"};
	for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++)
		if (str_starts(text, programs[i]))
			return true;
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (str_starts(text, verbs[i]))
			return true;
	size_t name = strcspn(text, " ");
	const char *class = strstr(text, " IN ");
	return name > 1 && text[name - 1] == '.' && class != NULL && (size_t)(class - text) <= name + 8;
}

/* A command ends with the step, with a sentence that follows it, or with what is to be done after it. */
static size_t pasted_length(const char *text)
{
	static const char *const ends[] = {", then ", ", and ", " and a ", " (", "; if ", "; the ", " gives the "};
	size_t length = strlen(text);
	for (const char *dot = strstr(text, ". "); dot != NULL; dot = strstr(dot + 1, ". "))
		if (dot[2] >= 'A' && dot[2] <= 'Z' && !str_starts(dot + 2, "IN ") && (size_t)(dot - text) < length)
			length = (size_t)(dot - text);
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		const char *end = strstr(text, ends[i]);
		if (end != NULL && (size_t)(end - text) < length)
			length = (size_t)(end - text);
	}
	return length;
}

bool advice_paste(const char *step, size_t *start, size_t *length)
{
	for (const char *colon = strstr(step, ": "); colon != NULL; colon = strstr(colon + 1, ": ")) {
		if (!is_pasted(colon + 2))
			continue;
		*start = (size_t)(colon + 2 - step);
		*length = pasted_length(colon + 2);
		return true;
	}
	return false;
}
