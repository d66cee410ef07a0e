#include "cutover/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "cutover/limits.h"

void findings_init(struct findings *findings)
{
	*findings = (struct findings){.earliest_cutover = TIME_UNKNOWN, .old_gone_by = TIME_UNKNOWN, .sync_until = TIME_UNKNOWN};
}

static void finding_free(struct finding *finding)
{
	for (size_t i = 0; i < finding->argument_count; i++) {
		free(finding->arguments[i].name);
		free(finding->arguments[i].text);
	}
	free(finding->arguments);
	free(finding->because);
	free(finding->subject);
	free(finding->summary);
	free(finding);
}

void findings_clear(struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		finding_free(findings->items[i]);
	free(findings->items);
	findings_init(findings);
}

static enum severity severity_for(const struct policy *policy, enum finding_id id)
{
	const struct catalogue_entry *entry = catalogue_get(id);
	enum severity severity = policy->phase == PHASE_BEFORE ? entry->before : entry->after;
	for (size_t i = 0; i < policy->override_count; i++)
		if (policy->overrides[i].id == id)
			severity = policy->overrides[i].severity;
	return severity;
}

struct finding *findings_add(struct findings *findings, const struct policy *policy, enum finding_id id, const char *subject,
                             const char *summary_format, ...)
{
	struct finding *finding = xcalloc(1, sizeof *finding);
	struct buf summary;
	va_list arguments;
	buf_init(&summary, LIMIT_FACT_BYTES);
	va_start(arguments, summary_format);
	buf_vprintf(&summary, summary_format, arguments);
	va_end(arguments);
	finding->id = id;
	finding->severity = severity_for(policy, id);
	finding->subject = xstrdup(subject);
	finding->summary = buf_steal(&summary);
	findings->items = xrealloc(findings->items, findings->count + 1, sizeof *findings->items);
	findings->items[findings->count++] = finding;
	return finding;
}

void finding_because(struct finding *finding, size_t index)
{
	size_t at = finding->because_count;
	while (at > 0 && finding->because[at - 1] >= index) {
		if (finding->because[at - 1] == index)
			return;
		at--;
	}
	finding->because = xrealloc(finding->because, finding->because_count + 1, sizeof *finding->because);
	memmove(&finding->because[at + 1], &finding->because[at], (finding->because_count - at) * sizeof *finding->because);
	finding->because[at] = index;
	finding->because_count++;
}

static struct finding_argument *argument(struct finding *finding, const char *name)
{
	for (size_t i = 0; i < finding->argument_count; i++)
		if (strcmp(finding->arguments[i].name, name) == 0)
			return &finding->arguments[i];
	finding->arguments = xrealloc(finding->arguments, finding->argument_count + 1, sizeof *finding->arguments);
	struct finding_argument *made = &finding->arguments[finding->argument_count++];
	*made = (struct finding_argument){.name = xstrdup(name)};
	return made;
}

void finding_arg(struct finding *finding, const char *name, const char *text)
{
	struct finding_argument *made = argument(finding, name);
	free(made->text);
	made->text = xstrdup(text != NULL ? text : "");
}

void finding_arg_int(struct finding *finding, const char *name, int64_t number)
{
	struct finding_argument *made = argument(finding, name);
	free(made->text);
	made->text = NULL;
	made->number = number;
}

const char *finding_get(const struct finding *finding, const char *name)
{
	for (size_t i = 0; i < finding->argument_count; i++)
		if (strcmp(finding->arguments[i].name, name) == 0)
			return finding->arguments[i].text;
	return NULL;
}

bool findings_has(const struct findings *findings, enum finding_id id)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i]->id == id)
			return true;
	return false;
}

static bool is_wanted(const struct finding *finding, const struct policy *policy)
{
	const char *id = catalogue_get(finding->id)->id;
	if (policy->only.count > 0 && !names_has(&policy->only, id))
		return false;
	return !names_has(&policy->ignore, id);
}

void findings_settle(struct findings *findings, const struct policy *policy)
{
	size_t kept = 0;
	for (size_t i = 0; i < findings->count; i++) {
		if (is_wanted(findings->items[i], policy)) {
			findings->items[kept++] = findings->items[i];
		} else {
			finding_free(findings->items[i]);
			findings->ignored++;
		}
	}
	findings->count = kept;
	/* A stable sort by severity: one pass a level, as there are six. */
	struct finding **sorted = xcalloc(kept, sizeof *sorted);
	size_t at = 0;
	for (int severity = SEVERITY_COUNT - 1; severity >= 0; severity--)
		for (size_t i = 0; i < kept; i++)
			if (findings->items[i]->severity == (enum severity)severity)
				sorted[at++] = findings->items[i];
	free(findings->items);
	findings->items = sorted;
}

/* What a stranger named must not become a second command, a redirection or an option of the shell that it is pasted into. */
static void put_inert(struct buf *out, const char *text)
{
	static const char inert[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:@+=,%/-";
	for (const char *at = text; *at != '\0'; at++)
		buf_putc(out, strchr(inert, *at) == NULL || (at == text && *at == '-') ? '?' : *at);
}

static void fill_one(struct buf *out, const struct finding *finding, const char *name, bool is_pasted)
{
	void (*put)(struct buf *, const char *) = is_pasted ? put_inert : buf_puts;
	if (strcmp(name, "subject") == 0) {
		put(out, finding->subject);
		return;
	}
	for (size_t i = 0; i < finding->argument_count; i++) {
		const struct finding_argument *arg = &finding->arguments[i];
		if (strcmp(arg->name, name) != 0)
			continue;
		if (arg->text != NULL)
			put(out, arg->text);
		else
			buf_printf(out, "%lld", (long long)arg->number);
		return;
	}
	buf_puts(out, "...");
}

static char *fill(const struct finding *finding, const char *text, bool is_pasted)
{
	if (text == NULL)
		return NULL;
	struct buf out;
	buf_init(&out, LIMIT_FACT_BYTES);
	while (*text != '\0') {
		/* {name}: lower-case letters and '_' only; any other brace is a brace, as in nft and PowerShell examples. */
		size_t length = *text == '{' ? strspn(text + 1, "abcdefghijklmnopqrstuvwxyz_") : 0;
		if (length > 0 && text[length + 1] == '}') {
			char name[64];
			snprintf(name, sizeof name, "%.*s", (int)length, text + 1);
			fill_one(&out, finding, name, is_pasted);
			text += length + 2;
		} else {
			buf_putc(&out, *text++);
		}
	}
	return buf_steal(&out);
}

char *finding_fill(const struct finding *finding, const char *text)
{
	return fill(finding, text, false);
}

char *finding_fill_pasted(const struct finding *finding, const char *text)
{
	return fill(finding, text, true);
}
