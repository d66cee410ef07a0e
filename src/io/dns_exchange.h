#ifndef IO_DNS_EXCHANGE_H
#define IO_DNS_EXCHANGE_H
/*
 * One question to one server with all its steps, shared by everybody who asks the same (dns_memo.h).
 *
 * The steps: query, retry after silence, then side by side plain-after-silence (some drop EDNS) and tcp-after-silence;
 * plain-after-formerr and tcp-after-truncation as soon as the answer calls for it. Whichever answers first ends it.
 */
#include "io/dns_channel.h"
#include "io/dns_client.h"

struct dns_client;
struct dns_exchange;
struct deadline;
struct pace_ticket;

/* One packet of the exchange, beside its row in reply.steps. */
struct dns_slot {
	struct dns_exchange *exchange;
	struct dns_try *try;  /* NULL: not sent yet, answered or failed */
	int64_t sent_ms;      /* monotonic; 0: not sent yet */
	bool is_waited_for;   /* sent, and within its time */
	bool is_edns;
};

struct dns_exchange {
	struct dns_client *client;
	/* the question */
	char *name; /* lower case */
	ldns_rdf *dname;
	ldns_rr_type type;
	unsigned flags;
	/* the way it went */
	struct dns_slot slots[DNS_STEPS];
	int tries_left;      /* over UDP, in the present mode */
	bool is_edns;        /* of the present mode */
	bool is_last_chance; /* the steps after silence are under way */
	struct pace_ticket *ticket;
	struct deadline *deadline;
	int64_t first_sent_ms; /* monotonic */
	/* the end */
	bool is_done;
	struct dns_reply reply; /* without the packet, which each caller reads for himself */
	uint8_t *bytes;
	size_t length;
	/* the callers */
	struct dns_query *queries;
	/* the memo */
	bool is_kept; /* in the memo */
	struct dns_exchange *bucket_next, *older, *newer;
};

/* NULL for a name that is no DNS name. Nothing is sent before the loop turns. */
struct dns_exchange *dns_exchange_new(struct dns_client *client, const struct dns_question *question);
void dns_exchange_free(struct dns_exchange *exchange); /* stops it */

#endif
