#ifndef PROTO_STARTTLS_H
#define PROTO_STARTTLS_H
/*
 * From the greeting to the point where TLS begins: RFC 9051 6.2.1 (IMAP), RFC 3207 (SMTP), RFC 2595 4 (POP3).
 *
 * STARTTLS is sent only when it is offered. Clear text behind the OK is kept and ends it: whoever sent that wants it
 * taken for something said inside TLS (CVE-2011-0411 and the like).
 */
#include "cutover/observation.h"
#include "proto/dialogue.h"

enum starttls_protocol { STARTTLS_IMAP, STARTTLS_SMTP, STARTTLS_POP3, STARTTLS_NONE };

/* What was seen of it, whoever held the conversation. */
struct starttls_facts {
	enum starttls_protocol protocol;
	const char *stage; /* greeting, capability, starttls; tls once it was accepted */
	bool is_asked;     /* the list of capabilities was complete: `is_offered` means something */
	bool is_offered;
	char *reply;       /* to STARTTLS, NULL before it; escaped when it becomes a fact */
	bool is_accepted;
	bool is_early;     /* in clear text an answer came before its question */
	const struct buf *extra; /* borrowed, or NULL */
};

struct starttls {
	struct dialogue dialogue;
	struct starttls_facts facts;
	enum outcome outcome;  /* when it stopped: DENIED, LIMITED (the peer said no), PROTOCOL (a fault) */
	const char *detail;    /* a sentence, static, or NULL */
	char *greeting;        /* its last line; NULL before it */
	const char *other_protocol; /* what greeted instead, or NULL */
	void (*heard)(void *user, const char *line, size_t length); /* each line, for the transcript */
	void *user;
};

/* "imap", "smtp", "pop3". STARTTLS_NONE for another name or NULL. */
enum starttls_protocol starttls_protocol_find(const char *name);

/* The protocol that a port greets with in clear text: 143, 25, 587, 110; STARTTLS_NONE for others. */
enum starttls_protocol starttls_protocol_of_port(uint16_t port);

enum dialogue_want starttls_begin(struct starttls *starttls, enum starttls_protocol protocol,
                                  void (*heard)(void *user, const char *line, size_t length), void *user);
void starttls_clear(struct starttls *starttls);

/* As dialogue_feed; `outcome` says how it ended at STOPPED and FAULT. TLS with bytes behind it becomes STOPPED. */
enum dialogue_want starttls_feed(struct starttls *starttls, const char *bytes, size_t length);

/* starttls.* of facts.def. */
void starttls_observe(struct observation *observation, const struct starttls_facts *facts);

/* All of it: starttls.*, and of IMAP also imap.greeting, imap.greeting_kind, imap.fault. */
void starttls_observe_dialogue(struct observation *observation, const struct starttls *starttls);

/* DENIED; LIMITED when a refusal speaks of "too many" or "try again later" (RFC 5530: UNAVAILABLE, LIMIT, INUSE). */
enum outcome starttls_outcome_of_refusal(const char *line);

#endif
