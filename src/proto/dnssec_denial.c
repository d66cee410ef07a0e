#include "proto/dnssec_denial.h"

#include <stdio.h>

/* RFC 9276 3.2: a zone with more counts as unsigned. */
enum { ITERATIONS_MOST = 150, NSEC_FIELDS = 2, NSEC3_FIELDS = 5, PROOFS = 16 };

/* The records whose signatures hold. */
struct proofs {
	const ldns_rr *records[PROOFS];
	size_t count;
	const ldns_rdf *zone;
	bool is_hashed;  /* NSEC3 */
	bool is_costly;  /* one has too many iterations */
};

static bool is_well_formed(const ldns_rr *record)
{
	ldns_rr_type type = ldns_rr_get_type(record);
	/* The last field of NSEC3, the bitmap, is not there when a name has no records, only names below it. */
	return (type == LDNS_RR_TYPE_NSEC && ldns_rr_rd_count(record) == NSEC_FIELDS) ||
	       (type == LDNS_RR_TYPE_NSEC3 && ldns_rr_rd_count(record) >= NSEC3_FIELDS);
}

static void take(struct proofs *proofs, const ldns_rr *record, const struct dnssec_link *one, struct dnssec_link *link)
{
	bool is_hashed = ldns_rr_get_type(record) == LDNS_RR_TYPE_NSEC3;
	/* Two ways of denial in one answer do not add up: the first counts. */
	if (proofs->count == PROOFS || (proofs->count > 0 && is_hashed != proofs->is_hashed))
		return;
	proofs->is_hashed = is_hashed;
	proofs->is_costly = proofs->is_costly || (is_hashed && ldns_nsec3_iterations(record) > ITERATIONS_MOST);
	proofs->records[proofs->count++] = record;
	if (link->expires == 0 || one->expires < link->expires) {
		link->expires = one->expires;
		link->begins = one->begins;
	}
}

static void collect(struct proofs *proofs, const ldns_pkt *packet, const struct dnssec_signer *signer, struct dnssec_link *link)
{
	const ldns_rr_list *authority = ldns_pkt_authority(packet);
	*proofs = (struct proofs){.zone = signer->zone};
	link->status = DNSSEC_BOGUS;
	snprintf(link->reason, sizeof link->reason, "nothing there, and no signed proof of that");
	for (size_t i = 0; i < ldns_rr_list_rr_count(authority); i++) {
		const ldns_rr *record = ldns_rr_list_rr(authority, i);
		struct dnssec_link one = {.type = ldns_rr_get_type(record)};
		struct dnssec_set set;
		if (!is_well_formed(record))
			continue;
		dnssec_set_read(&set, authority, ldns_rr_owner(record), one.type);
		dnssec_set_verify(&set, signer, &one);
		dnssec_set_clear(&set);
		if (one.status == DNSSEC_SECURE)
			take(proofs, record, &one, link);
		else
			snprintf(link->reason, sizeof link->reason, "nothing there, and the proof of that is bad: %.140s", one.reason);
	}
}

/* The owner that a record about `name` has: the name, or its hash below the zone. To be freed; NULL: the hash cannot be made. */
static ldns_rdf *owner_of(const struct proofs *proofs, const ldns_rr *record, const ldns_rdf *name)
{
	if (!proofs->is_hashed)
		return ldns_rdf_clone(name);
	ldns_rdf *hash = ldns_nsec3_hash_name_frm_nsec3(record, name);
	if (hash != NULL && ldns_dname_cat(hash, proofs->zone) != LDNS_STATUS_OK) {
		ldns_rdf_deep_free(hash);
		return NULL;
	}
	return hash;
}

enum relation { BESIDE, IS, COVERS };

static enum relation relate(const struct proofs *proofs, const ldns_rr *record, const ldns_rdf *name)
{
	ldns_rdf *owner = owner_of(proofs, record, name);
	enum relation relation = BESIDE;
	if (owner != NULL && ldns_dname_compare(ldns_rr_owner(record), owner) == 0)
		relation = IS;
	else if (owner != NULL && ldns_nsec_covers_name(record, owner))
		relation = COVERS;
	ldns_rdf_deep_free(owner);
	return relation;
}

static const ldns_rr *find(const struct proofs *proofs, const ldns_rdf *name, enum relation relation)
{
	for (size_t i = 0; i < proofs->count; i++)
		if (relate(proofs, proofs->records[i], name) == relation)
			return proofs->records[i];
	return NULL;
}

static bool has_type(const ldns_rr *record, ldns_rr_type type)
{
	const ldns_rdf *bitmap = ldns_nsec_get_bitmap(record);
	return bitmap != NULL && ldns_nsec_bitmap_covers_type(bitmap, type);
}

/* What the record at the name itself says of the type. */
static enum denial by_bitmap(const ldns_rr *record, ldns_rr_type type)
{
	bool is_delegation = has_type(record, LDNS_RR_TYPE_NS) && !has_type(record, LDNS_RR_TYPE_SOA);
	if (has_type(record, type) || has_type(record, LDNS_RR_TYPE_CNAME))
		return DENIAL_NONE;
	if (type == LDNS_RR_TYPE_DS)
		return is_delegation ? DENIAL_OPEN : DENIAL_PROVEN;
	/* The parent's word on a child's types means nothing (RFC 6840 4.1). */
	return is_delegation ? DENIAL_NONE : DENIAL_PROVEN;
}

/* A name that is there only since something is below it (RFC 4035 3.1.3.2): the next name is. */
static bool is_between(const struct proofs *proofs, const ldns_rdf *name)
{
	const ldns_rr *record = proofs->is_hashed ? NULL : find(proofs, name, COVERS);
	return record != NULL && ldns_dname_is_subdomain(ldns_rr_rdf(record, 0), name);
}

/* The name with "*" in front. To be freed. */
static ldns_rdf *wildcard_at(const ldns_rdf *name)
{
	ldns_rdf *star = ldns_dname_new_frm_str("*");
	if (star != NULL && ldns_dname_cat(star, name) != LDNS_STATUS_OK) {
		ldns_rdf_deep_free(star);
		return NULL;
	}
	return star;
}

/* The closest name above that exists (NSEC3: by its own record; NSEC: by an end of the gap), and the next closer one below it. */
struct encloser {
	ldns_rdf *name, *next; /* NULL: not proven */
	const ldns_rr *gap;    /* covers `next` */
};

static void encloser_clear(struct encloser *encloser)
{
	ldns_rdf_deep_free(encloser->name);
	ldns_rdf_deep_free(encloser->next);
	*encloser = (struct encloser){0};
}

static bool exists(const struct proofs *proofs, const ldns_rr *gap, const ldns_rdf *name)
{
	if (proofs->is_hashed)
		return find(proofs, name, IS) != NULL;
	return ldns_dname_is_subdomain(ldns_rr_owner(gap), name) || ldns_dname_compare(ldns_rr_owner(gap), name) == 0 ||
	       ldns_dname_is_subdomain(ldns_rr_rdf(gap, 0), name) || ldns_dname_compare(ldns_rr_rdf(gap, 0), name) == 0;
}

static struct encloser find_encloser(const struct proofs *proofs, const ldns_rdf *owner)
{
	struct encloser encloser = {.next = ldns_rdf_clone(owner)};
	const ldns_rr *gap = proofs->is_hashed ? NULL : find(proofs, owner, COVERS);
	while (encloser.next != NULL && ldns_dname_is_subdomain(encloser.next, proofs->zone) && (proofs->is_hashed || gap != NULL)) {
		encloser.name = ldns_dname_left_chop(encloser.next);
		if (encloser.name != NULL && exists(proofs, gap, encloser.name)) {
			encloser.gap = proofs->is_hashed ? find(proofs, encloser.next, COVERS) : gap;
			if (encloser.gap != NULL)
				return encloser;
			break;
		}
		ldns_rdf_deep_free(encloser.next);
		encloser.next = encloser.name;
		encloser.name = NULL;
	}
	encloser_clear(&encloser);
	return encloser;
}

/* The name is not there, and what stands for it (a wildcard) is not there either, or has no such type. */
static enum denial by_encloser(const struct proofs *proofs, const ldns_rdf *owner, ldns_rr_type type)
{
	struct encloser encloser = find_encloser(proofs, owner);
	enum denial denial = DENIAL_NONE;
	if (encloser.name == NULL)
		return DENIAL_NONE;
	ldns_rdf *wildcard = wildcard_at(encloser.name);
	const ldns_rr *at = wildcard != NULL ? find(proofs, wildcard, IS) : NULL;
	bool is_optout = proofs->is_hashed && ldns_nsec3_optout(encloser.gap);
	if (at != NULL)
		denial = type != 0 ? by_bitmap(at, type) : DENIAL_NONE;
	else if (is_optout && (type == 0 || type == LDNS_RR_TYPE_DS))
		denial = DENIAL_OPEN;
	else if (wildcard != NULL && find(proofs, wildcard, COVERS) != NULL)
		denial = DENIAL_PROVEN;
	ldns_rdf_deep_free(wildcard);
	encloser_clear(&encloser);
	return denial;
}

static enum denial conclude(const struct proofs *proofs, enum denial denial, struct dnssec_link *link)
{
	if (denial == DENIAL_NONE && proofs->is_costly)
		denial = DENIAL_OPEN;
	if (denial == DENIAL_NONE)
		return denial;
	link->status = DNSSEC_SECURE;
	snprintf(link->reason, sizeof link->reason, "there is none, which is proven");
	return denial;
}

enum denial dnssec_denial(const ldns_pkt *packet, const ldns_rdf *owner, ldns_rr_type type, const struct dnssec_signer *signer,
                          struct dnssec_link *link)
{
	struct proofs proofs;
	collect(&proofs, packet, signer, link);
	if (proofs.is_costly)
		return conclude(&proofs, DENIAL_OPEN, link);
	const ldns_rr *record = find(&proofs, owner, IS);
	enum denial denial = DENIAL_NONE;
	if (record != NULL)
		denial = type != 0 ? by_bitmap(record, type) : DENIAL_NONE;
	else if (type != 0 && is_between(&proofs, owner))
		denial = DENIAL_PROVEN;
	else
		denial = by_encloser(&proofs, owner, type);
	return conclude(&proofs, denial, link);
}

enum denial dnssec_denial_of_closer(const ldns_pkt *packet, const ldns_rdf *owner, unsigned labels, const struct dnssec_signer *signer,
                                    struct dnssec_link *link)
{
	struct proofs proofs;
	ldns_rdf *closer = ldns_rdf_clone(owner);
	collect(&proofs, packet, signer, link);
	while (closer != NULL && ldns_dname_label_count(closer) > labels + 1) {
		ldns_rdf *above = ldns_dname_left_chop(closer);
		ldns_rdf_deep_free(closer);
		closer = above;
	}
	const ldns_rr *gap = closer != NULL ? find(&proofs, proofs.is_hashed ? closer : owner, COVERS) : NULL;
	ldns_rdf_deep_free(closer);
	if (gap == NULL)
		return conclude(&proofs, DENIAL_NONE, link);
	return conclude(&proofs, proofs.is_hashed && ldns_nsec3_optout(gap) ? DENIAL_OPEN : DENIAL_PROVEN, link);
}
