#ifndef PROTO_DIALOGUE_H
#define PROTO_DIALOGUE_H
/*
 * A conversation as rows of expect, send, upgrade, and the one interpreter of such rows for IMAP, SMTP and POP3.
 *
 * Strictly in turn: a command leaves only when the answer to the one before it is complete, and what a peer says before
 * it was asked is a fault (IMAP's untagged replies aside). No sockets: bytes in through dialogue_feed, out in `out`.
 */
#include <stdbool.h>
#include <stddef.h>

#include "proto/line_reader.h"

enum dialogue_grammar { DIALOGUE_IMAP, DIALOGUE_SMTP, DIALOGUE_POP3 };

enum dialogue_flags {
	DIALOGUE_UPGRADE = 1,  /* a good answer hands the channel to TLS */
	DIALOGUE_MULTILINE = 2, /* POP3: a good answer ends with a line "." */
	DIALOGUE_FAREWELL = 4, /* the answer is not waited for */
};

struct dialogue_step {
	const char *stage;              /* its name; NULL ends the rows */
	const char *send;               /* command without tag and line end; NULL: the peer speaks first */
	unsigned flags;
	bool (*is_wanted)(void *user);  /* asked when its turn comes; NULL: yes */
};

enum dialogue_answer {
	DIALOGUE_PART,    /* belongs to an answer that is not complete */
	DIALOGUE_OK,      /* IMAP: OK or PREAUTH; SMTP 2xx; POP3 +OK */
	DIALOGUE_NO,      /* understood, and no: NO; 4xx, 5xx; -ERR */
	DIALOGUE_BAD,     /* IMAP's BAD */
	DIALOGUE_BYE,     /* IMAP's BYE, at any time */
	DIALOGUE_STRANGE, /* not of this grammar */
};

struct dialogue_script {
	enum dialogue_grammar grammar;
	const struct dialogue_step *steps;
	/* Each line heard, before it is answered for. */
	void (*heard)(void *user, const char *stage, const char *line, size_t length);
	/* A step has its answer; `line` is its last line. False stops the dialogue there. */
	bool (*answered)(void *user, const char *stage, enum dialogue_answer answer, const char *line);
};

enum dialogue_want {
	DIALOGUE_MORE,    /* bytes from the peer */
	DIALOGUE_TLS,     /* the channel is to be upgraded, then dialogue_secured; `extra` must be empty for that */
	DIALOGUE_DONE,    /* all rows are through; `out` may hold the farewell */
	DIALOGUE_STOPPED, /* `answered` said so */
	DIALOGUE_FAULT,   /* see `fault` */
};

struct dialogue {
	const struct dialogue_script *script;
	void *user;
	const struct dialogue_step *step; /* the present one, or the last when it is over */
	enum dialogue_want want;
	struct line_reader reader;
	struct buf out;      /* to be sent and reset by the caller after each call */
	struct buf extra;    /* clear text behind a good answer to an upgrade */
	size_t reply_bytes;  /* of the present answer */
	int commands;        /* sent; the IMAP tag is made of it */
	bool is_waiting;     /* for the answer to `step` */
	bool is_in_multiline;
	const char *fault;   /* in words, static */
	bool is_early;       /* that fault is an answer before its question: somebody speaks ahead of the server */
};

/* The script is borrowed. The first row's command may stand in `out` at once. */
enum dialogue_want dialogue_begin(struct dialogue *dialogue, const struct dialogue_script *script, void *user);
void dialogue_clear(struct dialogue *dialogue);

enum dialogue_want dialogue_feed(struct dialogue *dialogue, const char *bytes, size_t length);

/* TLS stands: goes on with the row behind the upgrade, with nothing kept of what was read in clear text. */
enum dialogue_want dialogue_secured(struct dialogue *dialogue);

/* Name of the present or last row. */
const char *dialogue_stage(const struct dialogue *dialogue);

#endif
