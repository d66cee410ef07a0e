#ifndef MODEL_SPF_RECORD_H
#define MODEL_SPF_RECORD_H
/*
 * One SPF record as a list of terms (RFC 7208 sections 4.5, 4.6.1, 5, 6 and 12). Syntax only; nothing is looked up.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cutover/error.h"

enum spf_mechanism { SPF_ALL, SPF_INCLUDE, SPF_A, SPF_MX, SPF_PTR, SPF_IP4, SPF_IP6, SPF_EXISTS };

struct spf_term {
	enum spf_mechanism mechanism;
	char qualifier;           /* '+', '-', '~' or '?' */
	char *domain;             /* domain-spec, a macro string; NULL: the current domain */
	unsigned char address[16]; /* ip4 (4 octets) and ip6 */
	int cidr4, cidr6;         /* prefix lengths; 32 and 128 when not given */
	char *text;               /* as published */
};

struct spf_record {
	struct spf_term *terms;
	size_t count;
	char *redirect; /* domain-spec, or NULL */
	char *exp;
};

enum { SPF_TERMS = 512 }; /* terms of one record that are read; more is a permerror of ours */

/* "v=spf1" followed by a blank or the end (4.5); case folded. */
bool spf_is_record(const char *text);

/* -1 with the term at fault in a sentence: a permerror (4.6). The record is empty then. */
int spf_record_parse(const char *text, struct spf_record *record, struct error *error);
/* What an address that matches nothing else gets: "fail", "softfail", "neutral" or "pass"; "redirect" when another record says. */
const char *spf_record_default(const struct spf_record *record);
void spf_record_clear(struct spf_record *record);

#endif
