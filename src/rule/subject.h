#ifndef RULE_SUBJECT_H
#define RULE_SUBJECT_H
/*
 * What rules about hosts and ports share: observations grouped by target, and remarks on single observations that
 * become one finding an id, with the addresses named where they differ.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cutover/evidence.h"
#include "cutover/finding.h"
#include "cutover/policy.h"

/* What a rule was given. */
struct judging {
	const struct evidence *evidence;
	const struct policy *policy;
	struct findings *findings;
};

/* All observations of one target by the probes asked for, from one place: what is open here may be closed there. */
struct subject {
	const char *target;  /* "imap.contoso.com:993", borrowed from the evidence */
	const char *vantage; /* NULL: the run's own place; borrowed */
	char *host;         /* its host; the target itself when it is none */
	uint16_t port;      /* 0: none */
	bool is_address;    /* the host is an address literal */
	size_t *seen;       /* indices into the evidence, ascending */
	size_t count, room;
};

struct subjects {
	struct subject *items; /* in the order of the evidence */
	size_t count, room;
};

/* `probes` ends with NULL. */
void subjects_collect(struct subjects *subjects, const struct evidence *evidence, const char *const *probes);
void subjects_clear(struct subjects *subjects);

/* A remark on one observation, not yet a finding. */
struct note {
	enum finding_id id;
	size_t observation; /* index into the evidence */
	char *text;         /* a short fact */
};

struct notes {
	const struct judging *judging;
	const struct subject *subject;
	struct note *items;
	size_t count, room;
};

void notes_init(struct notes *notes, const struct judging *judging, const struct subject *subject);
void notes_clear(struct notes *notes);

/* One observation gets at most one remark of an id: later ones are dropped. */
void notes_add(struct notes *notes, enum finding_id id, size_t observation, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
bool notes_has(const struct notes *notes, enum finding_id id);

/* Takes back every remark of that id. */
void notes_drop(struct notes *notes, enum finding_id id);

/* Whether some remark is worse than info in the catalogue. */
bool notes_are_bad(const struct notes *notes);

enum naming { NAME_ADDRESSES, NAME_ADDRESSES_WHERE_THEY_DIFFER };

/*
 * Adds the finding of all remarks of that id, NULL when there is none. The summary is their texts, the same ones
 * joined, with the addresses in front, then `tail` (may be NULL), then the place if there are several. Arguments: host, port,
 * address (all addresses).
 */
struct finding *notes_raise(const struct notes *notes, enum finding_id id, enum naming naming, const char *tail);

/* Raises every id that was remarked, in order of first mention, naming addresses where they differ. */
void notes_raise_all(const struct notes *notes);

/* Calls `judge` for each target that one of the probes observed, a place each, with empty notes, which it may raise. */
void subjects_each(const struct judging *judging, const char *const *probes, void (*judge)(struct notes *notes));

/* The finding of that id about that subject, or NULL. */
struct finding *finding_about(const struct findings *findings, enum finding_id id, const char *subject);

/*
 * For a dead port 993 or 143: what is known of the other one of the same host, "; port 143 with STARTTLS works, ...".
 * Allocated, owned by the caller; NULL when nothing good is known.
 */
char *port_sibling_hint(const struct notes *notes);

/* Whether the connect behind that observation was seen to fail: then what was tried over it says nothing of its own. */
bool port_is_dead(const struct evidence *evidence, const struct observation *o);

/* Whether a connection to the observation's address stood and was reset in clear text, before a byte came. */
bool port_is_reset(const struct evidence *evidence, const struct observation *o);

/* cert_differs.c: remarks on the addresses whose certificate is not the usual one; on all when none is. */
void note_different_certificates(struct notes *notes);

/* The observation's address, or "" when it had none. */
const char *observation_address(const struct observation *o);

/* A stranger's text as a summary shows it, for "%.*s": at most 120 bytes, never cut within a character. NULL is "". */
#define SHORT(text) short_length(text), (text) != NULL ? (text) : ""
int short_length(const char *text);

/* "SMTP" for "smtp", cut to fit. Returns `text`. */
enum { PROTOCOL_TEXT_BYTES = 16 };
char *protocol_title(const char *protocol, char text[PROTOCOL_TEXT_BYTES]);

/* "15 s", "400 ms": a wait in words. Returns `text`. */
enum { WAIT_TEXT_BYTES = 32 };
char *wait_format(int64_t milliseconds, char text[WAIT_TEXT_BYTES]);

#endif
