#ifndef CUTOVER_CATALOGUE_H
#define CUTOVER_CATALOGUE_H
/*
 * The catalogue of findings: catalogue.def expanded. Ids are a contract: never renamed, never reused.
 */
#include <stddef.h>

/* One order of severity; the numbers are the order. */
enum severity {
	SEVERITY_PASS,
	SEVERITY_INFO,
	SEVERITY_SKIP,
	SEVERITY_UNKNOWN,
	SEVERITY_WARN,
	SEVERITY_FAIL,
	SEVERITY_COUNT
};

/* Who has to act. */
enum actor {
	ACTOR_NOBODY,
	ACTOR_FIREWALL,
	ACTOR_MAIL_HOST,
	ACTOR_DNS,
	ACTOR_WEB_HOST,
	ACTOR_TENANT,
	ACTOR_YOU,
	ACTOR_WAIT,
	ACTOR_COUNT
};

#define FINDING(symbol, id, before, after, actor, microsoft, title, section, cause, remedy) FINDING_##symbol,
enum finding_id {
#include "cutover/catalogue.def"
	FINDING_COUNT
};
#undef FINDING

/*
 * Texts may hold {name} placeholders, filled from a finding's arguments (finding_fill in finding.h). In a remedy, what can be
 * pasted (a command, a DNS record) stands between backquotes; advice.h of the renderers parts it from the words.
 */
struct catalogue_entry {
	const char *id;             /* "port-timeout" */
	enum severity before, after; /* by phase */
	enum actor actor;
	const char *microsoft_message; /* Microsoft's own words, or NULL */
	const char *title;          /* what it says, one line, no placeholders */
	const char *section;        /* title of the section in Microsoft's IMAP troubleshooter, or NULL */
	const char *cause;          /* why this happens; one or two sentences */
	const char *remedy;         /* steps, one a line ('\n' between); "" when nothing is to be done */
};

const struct catalogue_entry *catalogue_get(enum finding_id id);

/* The id of that text, or FINDING_COUNT for none. */
enum finding_id catalogue_find(const char *id);

const char *severity_name(enum severity severity); /* "pass" ... "fail" */
enum severity severity_from_name(const char *name); /* SEVERITY_COUNT for none */
const char *actor_name(enum actor actor); /* "firewall", "mail-host", ...; "-" for nobody */

#endif
