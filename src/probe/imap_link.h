#ifndef PROBE_IMAP_LINK_H
#define PROBE_IMAP_LINK_H
/*
 * One IMAP connection that goes on behind the endpoint test: connect, TLS, what imap_dialogue.h asks, and then commands, one at a
 * time, until it is closed. What limit, login and mailbox are made of.
 *
 * The owner keeps the struct until a turn after imap_link_close: callbacks may close the link, not clear it.
 */
#include <stdbool.h>
#include <stdint.h>

#include "cutover/probe.h"
#include "io/endpoint.h"
#include "proto/imap_command.h"
#include "proto/imap_dialogue.h"
#include "proto/imap_reply.h"
#include "proto/line_reader.h"

struct stream;

struct imap_link_listener {
	void (*ready)(void *user); /* greeted, in TLS if that is wanted: commands may be sent */
	/* An untagged reply to the present command; may be NULL. */
	void (*heard)(void *user, const struct imap_reply *reply);
	/* The end of the present command; `line` is its tagged reply. */
	void (*answered)(void *user, enum imap_status status, const char *line, size_t length);
	/*
	 * Once, and nothing after it; not after imap_link_close. TLS also when the certificate is not good and `needs_trust` is set:
	 * then, and when a server breaks the grammar, `fault` says it.
	 */
	void (*ended)(void *user, enum outcome outcome);
	/* Each line of the dialogue, as it may be shown; may be NULL. */
	void (*said)(void *user, char direction, const char *line, size_t length);
};

struct imap_link_setup {
	struct net *net;
	struct endpoint peer;    /* with the port */
	const char *host;        /* TLS name; borrowed */
	enum security security;
	bool needs_trust;        /* certificates must be good */
	int64_t judge_at;        /* as of then, seconds since 1970 */
	const struct imap_link_listener *listener;
	void *user;
};

struct imap_link {
	struct imap_link_setup setup;
	struct stream *stream;   /* NULL once it is closed */
	struct imap_dialogue dialogue;
	struct line_reader reader;
	struct imap_command command;
	char tag[16];            /* of the present command; "" for none */
	int commands;
	bool is_connected, is_ready, was_refused_tls;
	int64_t literal_bytes;   /* received in literals that were not kept */
	char *bye;               /* the last BYE, or NULL */
	char fault[160];         /* "" for none */
};

void imap_link_open(struct imap_link *link, const struct imap_link_setup *setup);
/* Says LOGOUT when it may, and closes in order in the background. */
void imap_link_close(struct imap_link *link);
void imap_link_clear(struct imap_link *link);

/* A command begins with its tag; `bytes` as in imap_command_begin. */
void imap_link_begin(struct imap_link *link, struct imap_command *command, size_t bytes);
/* Takes the command (moved). `shown` is what the transcript gets, without the tag. The answer is awaited for `wait_ms`. */
void imap_link_send(struct imap_link *link, struct imap_command *command, const char *shown, int64_t wait_ms);
/* A command without strings. */
void imap_link_ask(struct imap_link *link, const char *words, int64_t wait_ms);
/* The present wait, anew. */
void imap_link_wait(struct imap_link *link, int64_t wait_ms);

#endif
