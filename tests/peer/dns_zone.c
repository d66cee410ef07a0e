#include "dns_zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct dns_zone {
	ldns_rr_list *records;
};

struct dns_zone *dns_zone_new(const char *text)
{
	struct dns_zone *zone = calloc(1, sizeof *zone);
	zone->records = ldns_rr_list_new();
	char *copy = strdup(text), *save = NULL;
	for (char *line = strtok_r(copy, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save)) {
		ldns_rr *record = NULL;
		if (ldns_rr_new_frm_str(&record, line, 300, NULL, NULL) != LDNS_STATUS_OK) {
			fprintf(stderr, "dns_zone: %s\n", line);
			abort();
		}
		ldns_rr_list_push_rr(zone->records, record);
	}
	free(copy);
	return zone;
}

void dns_zone_free(struct dns_zone *zone)
{
	if (zone == NULL)
		return;
	ldns_rr_list_deep_free(zone->records);
	free(zone);
}

static const ldns_rr *record_at(const struct dns_zone *zone, size_t i)
{
	return i < ldns_rr_list_rr_count(zone->records) ? ldns_rr_list_rr(zone->records, i) : NULL;
}

static bool is_within(const ldns_rdf *name, const ldns_rdf *ancestor)
{
	return ldns_dname_compare(name, ancestor) == 0 || ldns_dname_is_subdomain(name, ancestor);
}

/* Adds the records of that owner and type, renamed to `name` (a wildcard's). How many. */
static size_t add(const struct dns_zone *zone, ldns_rr_list *list, const ldns_rdf *owner, ldns_rr_type type, const ldns_rdf *name)
{
	size_t count = 0;
	const ldns_rr *record = NULL;
	for (size_t i = 0; (record = record_at(zone, i)) != NULL; i++) {
		if (ldns_rr_get_type(record) != type || ldns_dname_compare(ldns_rr_owner(record), owner) != 0)
			continue;
		ldns_rr *copy = ldns_rr_clone(record);
		ldns_rdf_deep_free(ldns_rr_owner(copy));
		ldns_rr_set_owner(copy, ldns_rdf_clone(name));
		ldns_rr_list_push_rr(list, copy);
		count++;
	}
	return count;
}

static bool name_exists(const struct dns_zone *zone, const ldns_rdf *name)
{
	const ldns_rr *record = NULL;
	for (size_t i = 0; (record = record_at(zone, i)) != NULL; i++)
		if (is_within(ldns_rr_owner(record), name))
			return true;
	return false;
}

/* The nearest owner of that type at or above the name, or NULL. */
static const ldns_rdf *nearest(const struct dns_zone *zone, const ldns_rdf *name, ldns_rr_type type)
{
	const ldns_rdf *best = NULL;
	const ldns_rr *record = NULL;
	for (size_t i = 0; (record = record_at(zone, i)) != NULL; i++) {
		const ldns_rdf *owner = ldns_rr_owner(record);
		if (ldns_rr_get_type(record) == type && is_within(name, owner) &&
		    (best == NULL || ldns_dname_label_count(owner) > ldns_dname_label_count(best)))
			best = owner;
	}
	return best;
}

/* The owner whose records answer for the name: itself, or the wildcard beside it. NULL: the name does not exist. */
static ldns_rdf *source_of(const struct dns_zone *zone, const ldns_rdf *name)
{
	if (name_exists(zone, name))
		return ldns_rdf_clone(name);
	ldns_rdf *parent = ldns_dname_left_chop(name);
	ldns_rdf *wildcard = ldns_dname_new_frm_str("*");
	ldns_dname_cat(wildcard, parent);
	ldns_rdf_deep_free(parent);
	if (name_exists(zone, wildcard))
		return wildcard;
	ldns_rdf_deep_free(wildcard);
	return NULL;
}

/* Fills the answer section, following aliases; the rcode. *last gets the name that had nothing (for the SOA). */
static ldns_pkt_rcode resolve(const struct dns_zone *zone, ldns_rr_list *answer, const ldns_rr *question, ldns_rdf **last)
{
	ldns_rr_type type = ldns_rr_get_type(question);
	ldns_rdf *name = ldns_rdf_clone(ldns_rr_owner(question));
	ldns_pkt_rcode rcode = LDNS_RCODE_NOERROR;
	for (int bound = 12; bound > 0; bound--) {
		ldns_rdf *source = source_of(zone, name);
		if (source == NULL) {
			rcode = LDNS_RCODE_NXDOMAIN;
			break;
		}
		bool is_found = add(zone, answer, source, type, name) > 0;
		bool is_alias = !is_found && type != LDNS_RR_TYPE_CNAME && add(zone, answer, source, LDNS_RR_TYPE_CNAME, name) > 0;
		ldns_rdf_deep_free(source);
		if (!is_alias)
			break;
		const ldns_rr *alias = ldns_rr_list_rr(answer, ldns_rr_list_rr_count(answer) - 1);
		ldns_rdf_deep_free(name);
		name = ldns_rdf_clone(ldns_rr_rdf(alias, 0));
		if (nearest(zone, name, LDNS_RR_TYPE_SOA) == NULL && !name_exists(zone, name))
			break; /* out of this server's zones */
	}
	*last = name;
	return rcode;
}

ldns_pkt *dns_zone_answer(const struct dns_zone *zone, const ldns_pkt *query, bool is_recursive)
{
	const ldns_rr *question = ldns_rr_list_rr(ldns_pkt_question(query), 0);
	const ldns_rdf *name = ldns_rr_owner(question);
	ldns_pkt *packet = ldns_pkt_new();
	ldns_pkt_set_id(packet, ldns_pkt_id(query));
	ldns_pkt_set_qr(packet, true);
	ldns_pkt_set_rd(packet, ldns_pkt_rd(query));
	ldns_pkt_set_ra(packet, is_recursive);
	ldns_pkt_push_rr(packet, LDNS_SECTION_QUESTION, ldns_rr_clone(question));
	const ldns_rdf *cut = nearest(zone, name, LDNS_RR_TYPE_NS), *apex = nearest(zone, name, LDNS_RR_TYPE_SOA);
	ldns_rr_list *answer = ldns_rr_list_new(), *authority = ldns_rr_list_new();
	ldns_rdf *last = NULL;
	bool is_own = ldns_rr_get_class(question) == LDNS_RR_CLASS_CH && name_exists(zone, name); /* what it says of itself */
	if (!is_recursive && apex == NULL && cut == NULL && !is_own) {
		ldns_pkt_set_rcode(packet, LDNS_RCODE_REFUSED);
	} else if (!is_recursive && cut != NULL && (apex == NULL || ldns_dname_label_count(cut) > ldns_dname_label_count(apex))) {
		add(zone, authority, cut, LDNS_RR_TYPE_NS, cut);
	} else {
		ldns_pkt_set_aa(packet, !is_recursive);
		ldns_pkt_set_rcode(packet, (uint8_t)resolve(zone, answer, question, &last));
		const ldns_rdf *soa = nearest(zone, last, LDNS_RR_TYPE_SOA);
		bool has_answer = ldns_rr_list_rr_count(answer) > 0 && ldns_pkt_get_rcode(packet) == LDNS_RCODE_NOERROR;
		if (!has_answer && soa != NULL)
			add(zone, authority, soa, LDNS_RR_TYPE_SOA, soa);
	}
	ldns_pkt_push_rr_list(packet, LDNS_SECTION_ANSWER, answer);
	ldns_pkt_push_rr_list(packet, LDNS_SECTION_AUTHORITY, authority);
	ldns_rr_list_free(answer);
	ldns_rr_list_free(authority);
	ldns_rdf_deep_free(last);
	return packet;
}
