#include "proto/dnssec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "proto/dns_name.h"
#include "proto/dnssec_denial.h"
#include "proto/dnssec_set.h"

/* Where the walk stands. */
struct walk {
	const struct dnssec_question *question;
	struct dnssec_chain *chain;
	ldns_rdf *zone;     /* the zone whose keys are trusted */
	ldns_rr_list *keys; /* its trusted keys; the list is ours, the records are the packets' or the anchors' */
};

static const char *const status_names[] = {"secure", "insecure", "bogus", "unknown"};

const char *dnssec_status_name(enum dnssec_status status)
{
	return status_names[status];
}

size_t dnssec_names(const char *domain, const char *names[DNSSEC_DEPTH])
{
	size_t labels = 1, count = 0;
	for (const char *at = domain; *at != '\0'; at++)
		labels += *at == '.';
	if (labels + 1 > DNSSEC_DEPTH)
		return 0;
	names[count++] = "";
	for (size_t skip = labels; skip > 0; skip--) {
		const char *name = domain;
		for (size_t i = 1; i < skip; i++)
			name = strchr(name, '.') + 1;
		names[count++] = name;
	}
	return count;
}

ldns_rr_list *dnssec_anchors_read(const char *text, struct error *error)
{
	ldns_rr_list *anchors = ldns_rr_list_new();
	int number = 0;
	for (const char *at = text; *at != '\0';) {
		size_t length = strcspn(at, "\n");
		char *line = xstrndup(at, length);
		size_t end = strcspn(line, "#");
		line[end] = '\0';
		number++;
		const char *first = line + strspn(line, " \t\r");
		ldns_rr *record = NULL;
		bool is_blank = *first == '\0' || *first == ';';
		bool is_good = is_blank || ldns_rr_new_frm_str(&record, first, 3600, NULL, NULL) == LDNS_STATUS_OK;
		if (is_good && record != NULL && ldns_rr_get_type(record) != LDNS_RR_TYPE_DS && ldns_rr_get_type(record) != LDNS_RR_TYPE_DNSKEY)
			is_good = false;
		if (is_good && record != NULL)
			ldns_rr_list_push_rr(anchors, record);
		free(line);
		if (!is_good) {
			ldns_rr_free(record);
			ldns_rr_list_deep_free(anchors);
			error_set(error, "line %d is neither a DS nor a DNSKEY record", number);
			return NULL;
		}
		at += length + (at[length] == '\n');
	}
	return anchors;
}

static struct dnssec_link *add_link(struct walk *walk, const char *name, ldns_rr_type type)
{
	struct dnssec_chain *chain = walk->chain;
	struct dnssec_link *link = &chain->links[chain->count < DNSSEC_LINKS ? chain->count++ : DNSSEC_LINKS - 1];
	*link = (struct dnssec_link){.type = type, .status = DNSSEC_UNKNOWN};
	snprintf(link->name, sizeof link->name, "%s", *name != '\0' ? name : ".");
	return link;
}

/* The link's word ends the walk, or not. */
static bool finish(struct walk *walk, const struct dnssec_link *link)
{
	walk->chain->status = link->status;
	return link->status == DNSSEC_SECURE;
}

static const ldns_pkt *ask(const struct walk *walk, const char *name, ldns_rr_type type)
{
	return walk->question->answer(walk->question->user, *name != '\0' ? name : ".", type);
}

/* The DNSKEY set of a zone, vouched for by DS records or anchors; its keys are the trusted ones from here on. */
static bool take_keys(struct walk *walk, const char *name, const ldns_rr_list *vouchers)
{
	bool is_anchor = walk->zone == NULL;
	struct dnssec_link *link = add_link(walk, name, LDNS_RR_TYPE_DNSKEY);
	const ldns_pkt *packet = ask(walk, name, LDNS_RR_TYPE_DNSKEY);
	ldns_rdf *zone = dns_name_parse(*name != '\0' ? name : ".");
	struct dnssec_set set;
	ldns_rr_list_free(walk->keys);
	walk->keys = ldns_rr_list_new();
	ldns_rdf_deep_free(walk->zone);
	walk->zone = zone;
	if (packet == NULL) {
		snprintf(link->reason, sizeof link->reason, "nobody answered");
		return finish(walk, link);
	}
	dnssec_set_read(&set, ldns_pkt_answer(packet), zone, LDNS_RR_TYPE_DNSKEY);
	ldns_rr_list *vouched = ldns_rr_list_new();
	dnssec_vouched_keys(&set, vouchers, vouched);
	if (!dnssec_is_supported(vouchers)) {
		link->status = DNSSEC_INSECURE;
		snprintf(link->reason, sizeof link->reason, "no algorithm or digest of its DS records is known");
	} else if (ldns_rr_list_rr_count(set.records) == 0) {
		link->status = DNSSEC_BOGUS;
		snprintf(link->reason, sizeof link->reason, "there is a DS record above, but no DNSKEY");
	} else if (ldns_rr_list_rr_count(vouched) == 0) {
		link->status = DNSSEC_BOGUS;
		dnssec_say_mismatch(&set, vouchers, link->reason, sizeof link->reason);
	} else {
		dnssec_set_verify(&set, &(struct dnssec_signer){vouched, zone, walk->question->now}, link);
	}
	/* A world with a root of its own, or a resolver that strips signatures: nothing can be said. */
	bool is_stripped = ldns_rr_list_rr_count(set.records) > 0 && ldns_rr_list_rr_count(set.signatures) == 0;
	if (is_anchor && link->status == DNSSEC_BOGUS && (!walk->question->is_told || is_stripped))
		link->status = DNSSEC_UNKNOWN;
	if (link->status == DNSSEC_SECURE)
		for (size_t i = 0; i < ldns_rr_list_rr_count(set.records); i++)
			ldns_rr_list_push_rr(walk->keys, ldns_rr_list_rr(set.records, i));
	ldns_rr_list_free(vouched);
	dnssec_set_clear(&set);
	return finish(walk, link);
}

static struct dnssec_signer signer_of(const struct walk *walk)
{
	return (struct dnssec_signer){walk->keys, walk->zone, walk->question->now};
}

/* A wildcard stands for the set: that nothing closer exists must be proven (RFC 4035 5.3.4), and by no gap where unsigned names may be. */
static void verify_wildcard(const struct walk *walk, const ldns_pkt *packet, const ldns_rdf *owner, unsigned labels,
                            struct dnssec_link *link)
{
	const struct dnssec_signer signer = signer_of(walk);
	struct dnssec_link proof = *link;
	switch (dnssec_denial_of_closer(packet, owner, labels, &signer, &proof)) {
	case DENIAL_PROVEN:
		link->begins = proof.begins;
		link->expires = proof.expires;
		return;
	case DENIAL_OPEN:
		link->status = DNSSEC_INSECURE;
		snprintf(link->reason, sizeof link->reason, "of a wildcard, and unsigned names may be closer (opt-out)");
		return;
	case DENIAL_NONE: break;
	}
	link->status = DNSSEC_BOGUS;
	snprintf(link->reason, sizeof link->reason, "of a wildcard, and that nothing is closer is not proven");
}

/* The set of that owner and type in the answer, verified. False: it is not there. */
static bool verify_there(const struct walk *walk, const ldns_pkt *packet, const ldns_rdf *owner, struct dnssec_link *link)
{
	const struct dnssec_signer signer = signer_of(walk);
	struct dnssec_set set;
	dnssec_set_read(&set, ldns_pkt_answer(packet), owner, link->type);
	bool is_there = ldns_rr_list_rr_count(set.records) > 0;
	if (is_there)
		dnssec_set_verify(&set, &signer, link);
	if (is_there && link->status == DNSSEC_SECURE && !ldns_dname_is_wildcard(owner)) {
		unsigned labels = ldns_rdf2native_int8(ldns_rr_rrsig_labels(ldns_rr_list_rr(set.signatures, 0)));
		if (labels < ldns_dname_label_count(owner))
			verify_wildcard(walk, packet, owner, labels, link);
	}
	dnssec_set_clear(&set);
	return is_there;
}

/* The name is an alias: it has no other records. The link is its CNAME's; false: it is none. */
static bool verify_alias(const struct walk *walk, const ldns_pkt *packet, const ldns_rdf *owner, struct dnssec_link *link)
{
	struct dnssec_link alias = *link;
	alias.type = LDNS_RR_TYPE_CNAME;
	if (!verify_there(walk, packet, owner, &alias))
		return false;
	*link = alias;
	return true;
}

static void note_alias(struct walk *walk, const ldns_pkt *packet, const ldns_rdf *owner)
{
	struct dnssec_set set;
	dnssec_set_read(&set, ldns_pkt_answer(packet), owner, LDNS_RR_TYPE_CNAME);
	dns_name_text(ldns_rr_rdf(ldns_rr_list_rr(set.records, 0), 0), walk->chain->alias);
	dnssec_set_clear(&set);
}

/* No DS record: no zone of its own (the walk goes on), an unsigned delegation, or not proven. */
static bool step_past(struct walk *walk, const char *name, const ldns_pkt *packet, const ldns_rdf *owner)
{
	const struct dnssec_signer signer = signer_of(walk);
	struct dnssec_link step = {.type = LDNS_RR_TYPE_DS};
	bool is_absent = ldns_pkt_get_rcode(packet) == LDNS_RCODE_NXDOMAIN;
	enum denial denial = DENIAL_PROVEN;
	if (is_absent || !verify_alias(walk, packet, owner, &step))
		denial = dnssec_denial(packet, owner, is_absent ? 0 : LDNS_RR_TYPE_DS, &signer, &step);
	if (step.status == DNSSEC_SECURE && denial == DENIAL_PROVEN && !is_absent)
		return true;
	struct dnssec_link *link = add_link(walk, name, LDNS_RR_TYPE_DS);
	link->status = step.status == DNSSEC_SECURE && denial == DENIAL_OPEN ? DNSSEC_INSECURE : step.status;
	if (step.status != DNSSEC_SECURE)
		snprintf(link->reason, sizeof link->reason, "%s", step.reason);
	else
		snprintf(link->reason, sizeof link->reason, is_absent ? "the name does not exist" : "there is no DS record");
	finish(walk, link);
	return false; /* below a name that does not exist there is nothing */
}

/* One name further down: a signed delegation, none, or an unsigned one. False when the walk is over. */
static bool step_down(struct walk *walk, const char *name)
{
	const ldns_pkt *packet = ask(walk, name, LDNS_RR_TYPE_DS);
	const struct dnssec_signer signer = signer_of(walk);
	ldns_rdf *owner = dns_name_parse(name);
	struct dnssec_set set;
	bool goes_on = false;
	if (packet == NULL) {
		struct dnssec_link *link = add_link(walk, name, LDNS_RR_TYPE_DS);
		snprintf(link->reason, sizeof link->reason, "nobody answered");
		ldns_rdf_deep_free(owner);
		return finish(walk, link);
	}
	dnssec_set_read(&set, ldns_pkt_answer(packet), owner, LDNS_RR_TYPE_DS);
	if (ldns_rr_list_rr_count(set.records) > 0) {
		struct dnssec_link *link = add_link(walk, name, LDNS_RR_TYPE_DS);
		dnssec_set_verify(&set, &signer, link);
		goes_on = finish(walk, link) && take_keys(walk, name, set.records);
	} else {
		goes_on = step_past(walk, name, packet, owner);
	}
	dnssec_set_clear(&set);
	ldns_rdf_deep_free(owner);
	return goes_on;
}

static bool has_dname(const ldns_pkt *packet)
{
	const ldns_rr_list *answer = ldns_pkt_answer(packet);
	for (size_t i = 0; i < ldns_rr_list_rr_count(answer); i++)
		if (ldns_rr_get_type(ldns_rr_list_rr(answer, i)) == LDNS_RR_TYPE_DNAME)
			return true;
	return false;
}

static void judge_end(struct walk *walk)
{
	const struct dnssec_question *question = walk->question;
	struct dnssec_link *link = add_link(walk, question->domain, question->type);
	const ldns_pkt *packet = ask(walk, question->domain, question->type);
	ldns_rdf *owner = dns_name_parse(question->domain);
	const struct dnssec_signer signer = signer_of(walk);
	if (packet == NULL) {
		snprintf(link->reason, sizeof link->reason, "nobody answered");
	} else if (has_dname(packet)) {
		snprintf(link->reason, sizeof link->reason, "the name is below an alias of a whole tree (DNAME)");
	} else if (!verify_there(walk, packet, owner, link) && verify_alias(walk, packet, owner, link)) {
		if (link->status == DNSSEC_SECURE)
			note_alias(walk, packet, owner);
	} else if (link->status == DNSSEC_UNKNOWN) {
		bool is_absent = ldns_pkt_get_rcode(packet) == LDNS_RCODE_NXDOMAIN;
		if (dnssec_denial(packet, owner, is_absent ? 0 : question->type, &signer, link) == DENIAL_OPEN)
			link->status = DNSSEC_INSECURE;
	}
	ldns_rdf_deep_free(owner);
	finish(walk, link);
	if (walk->chain->alias[0] != '\0')
		walk->chain->status = DNSSEC_UNKNOWN;
}

/* Where the anchors stand among the names; their own records go into `found`. False: they are for other domains. */
static bool find_anchor(const struct dnssec_question *question, const char *const *names, size_t count, size_t *start, ldns_rr_list *found)
{
	for (size_t n = count; n > 0; n--) {
		ldns_rdf *name = dns_name_parse(*names[n - 1] != '\0' ? names[n - 1] : ".");
		for (size_t i = 0; i < ldns_rr_list_rr_count(question->anchors); i++) {
			ldns_rr *anchor = ldns_rr_list_rr(question->anchors, i);
			if (name != NULL && ldns_dname_compare(ldns_rr_owner(anchor), name) == 0)
				ldns_rr_list_push_rr(found, anchor);
		}
		ldns_rdf_deep_free(name);
		*start = n - 1;
		if (ldns_rr_list_rr_count(found) > 0)
			return true;
	}
	return false;
}

/* Keys below an unsigned delegation: signed, but nobody above says so. */
static bool has_keys(const struct walk *walk)
{
	const ldns_pkt *packet = ask(walk, walk->question->domain, LDNS_RR_TYPE_DNSKEY);
	ldns_rdf *owner = dns_name_parse(walk->question->domain);
	struct dnssec_set set;
	if (packet == NULL || owner == NULL) {
		ldns_rdf_deep_free(owner);
		return false;
	}
	dnssec_set_read(&set, ldns_pkt_answer(packet), owner, LDNS_RR_TYPE_DNSKEY);
	bool has = ldns_rr_list_rr_count(set.records) > 0;
	dnssec_set_clear(&set);
	ldns_rdf_deep_free(owner);
	return has;
}

/* What belongs to the domain's own zone: all behind the last DNSKEY set that was taken, itself included. */
static void mark_own(struct dnssec_chain *chain)
{
	size_t first = chain->count;
	for (size_t i = 0; i < chain->count; i++)
		if (chain->links[i].type == LDNS_RR_TYPE_DNSKEY)
			first = i;
	for (size_t i = first; i < chain->count; i++)
		chain->links[i].is_own = true;
}

void dnssec_judge(const struct dnssec_question *question, struct dnssec_chain *chain)
{
	struct walk walk = {.question = question, .chain = chain};
	const char *names[DNSSEC_DEPTH];
	size_t count = dnssec_names(question->domain, names), at = 0;
	ldns_rr_list *anchors = ldns_rr_list_new();
	*chain = (struct dnssec_chain){.status = DNSSEC_UNKNOWN};
	if (find_anchor(question, names, count, &at, anchors) && take_keys(&walk, names[at], anchors)) {
		bool goes_on = true;
		while (goes_on && ++at < count)
			goes_on = step_down(&walk, names[at]);
		if (goes_on)
			judge_end(&walk);
	}
	if (chain->status == DNSSEC_INSECURE)
		chain->is_signed_below = has_keys(&walk);
	mark_own(chain);
	ldns_rr_list_free(anchors);
	ldns_rr_list_free(walk.keys);
	ldns_rdf_deep_free(walk.zone);
}
