#ifndef CUTOVER_FINDING_H
#define CUTOVER_FINDING_H
/*
 * What a rule concluded: a catalogue id, a subject, one short fact, the observations that are its reason, and
 * arguments for the catalogue's texts.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cutover/catalogue.h"
#include "cutover/policy.h"

struct finding_argument {
	char *name;   /* "host" */
	char *text;   /* printable; NULL when it is a number */
	int64_t number;
};

struct finding {
	enum finding_id id;
	enum severity severity; /* the catalogue's for the phase, or overridden */
	char *subject;          /* "imap.contoso.com:993", "contoso.com", "ns1.contoso.com" */
	char *summary;          /* one short fact */
	size_t *because;        /* indices into the evidence, ascending, no duplicates */
	size_t because_count;
	struct finding_argument *arguments;
	size_t argument_count;
};

struct findings {
	struct finding **items;
	size_t count;
	size_t ignored;           /* dropped by --ignore or --only */
	int64_t earliest_cutover; /* seconds since 1970 UTC, or TIME_UNKNOWN */
	int64_t old_gone_by;
	int64_t sync_until;
};

void findings_init(struct findings *findings);
void findings_clear(struct findings *findings);

/*
 * Adds a finding and returns it, borrowed until the list is cleared. The severity is the catalogue's for
 * policy->phase, then --severity. Ignored ids are taken out by findings_settle, so that rules need not care.
 * `summary_format` is the short fact, printf form, without trailing dot.
 */
struct finding *findings_add(struct findings *findings, const struct policy *policy, enum finding_id id, const char *subject,
                             const char *summary_format, ...) __attribute__((format(printf, 5, 6)));

void finding_because(struct finding *finding, size_t observation_index);
void finding_arg(struct finding *finding, const char *name, const char *text); /* replaces one of that name */
void finding_arg_int(struct finding *finding, const char *name, int64_t number);

/* The argument's text, or NULL. Numbers are not found here. */
const char *finding_get(const struct finding *finding, const char *name);

bool findings_has(const struct findings *findings, enum finding_id id);

/* Applies --ignore and --only, counts what went, sorts worst first (stable). */
void findings_settle(struct findings *findings, const struct policy *policy);

/*
 * A catalogue text with {name} replaced by the finding's arguments; {subject} is always known. A placeholder without
 * an argument becomes "...". Allocated, owned by the caller; NULL for a NULL text.
 */
char *finding_fill(const struct finding *finding, const char *text);

/* The same for what will be pasted: a byte of an argument that a shell, PowerShell or zone file could act on becomes '?'. */
char *finding_fill_pasted(const struct finding *finding, const char *text);

#endif
