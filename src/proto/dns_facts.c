#include "proto/dns_facts.h"

#include <arpa/inet.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "model/tlsa.h"
#include "proto/dns_message.h"
#include "proto/dns_name.h"

char *dns_type_text(ldns_rr_type type, char text[DNS_TYPE_TEXT])
{
	const ldns_rr_descriptor *descriptor = ldns_rr_descript((uint16_t)type);
	if (descriptor != NULL && descriptor->_name != NULL)
		snprintf(text, DNS_TYPE_TEXT, "%s", descriptor->_name);
	else
		snprintf(text, DNS_TYPE_TEXT, "TYPE%u", (unsigned)type);
	return text;
}

static bool ttl_is_odd(const ldns_rr *record)
{
	return ldns_rr_ttl(record) > INT32_MAX;
}

int64_t dns_record_ttl(const ldns_rr *record)
{
	return ttl_is_odd(record) ? 0 : (int64_t)ldns_rr_ttl(record);
}

char *dns_address_text(const ldns_rr *record, char text[DNS_ADDRESS_TEXT])
{
	ldns_rr_type type = ldns_rr_get_type(record);
	const ldns_rdf *rdf = ldns_rr_rdf(record, 0);
	text[0] = '\0';
	if (type == LDNS_RR_TYPE_A && rdf != NULL && ldns_rdf_size(rdf) == 4)
		inet_ntop(AF_INET, ldns_rdf_data(rdf), text, DNS_ADDRESS_TEXT);
	else if (type == LDNS_RR_TYPE_AAAA && rdf != NULL && ldns_rdf_size(rdf) == 16)
		inet_ntop(AF_INET6, ldns_rdf_data(rdf), text, DNS_ADDRESS_TEXT);
	return text;
}

static void add_name(struct observation *o, enum fact_key key, uint32_t row, const ldns_rdf *name)
{
	char text[DNS_NAME_TEXT];
	observation_add_text(o, key, row, dns_name_text(name, text));
}

static void add_number(struct observation *o, enum fact_key key, uint32_t row, const ldns_rdf *number)
{
	observation_add_int(o, key, row, ldns_rdf2native_int16(number));
}

static void add_address(struct observation *o, const ldns_rr *record, uint32_t row)
{
	char text[DNS_ADDRESS_TEXT];
	observation_add_text(o, FACT_DNS_ADDRESS, row, dns_address_text(record, text));
}

static void add_cname(struct observation *o, const ldns_rr *record, uint32_t row)
{
	add_name(o, FACT_DNS_CNAME, row, ldns_rr_rdf(record, 0));
}

static void add_mx(struct observation *o, const ldns_rr *record, uint32_t row)
{
	add_number(o, FACT_DNS_MX_PREFERENCE, row, ldns_rr_rdf(record, 0));
	add_name(o, FACT_DNS_MX_HOST, row, ldns_rr_rdf(record, 1));
}

static void add_ns(struct observation *o, const ldns_rr *record, uint32_t row)
{
	add_name(o, FACT_DNS_NS_HOST, row, ldns_rr_rdf(record, 0));
}

/* The strings of the record joined, as SPF and its like are read (RFC 7208 3.3). */
static void add_strings(struct observation *o, enum fact_key key, uint32_t row, const ldns_rr *record)
{
	struct buf text;
	buf_init(&text, LIMIT_FACT_BYTES);
	for (size_t i = 0; i < ldns_rr_rd_count(record); i++) {
		const ldns_rdf *string = ldns_rr_rdf(record, i);
		if (ldns_rdf_size(string) > 1)
			buf_add(&text, ldns_rdf_data(string) + 1, ldns_rdf_size(string) - 1);
	}
	observation_add_bytes(o, key, row, text.bytes, text.length);
	buf_clear(&text);
}

static void add_txt(struct observation *o, const ldns_rr *record, uint32_t row)
{
	add_strings(o, FACT_DNS_TXT, row, record);
	observation_add_int(o, FACT_DNS_TXT_STRINGS, row, (int64_t)ldns_rr_rd_count(record));
}

static void add_srv(struct observation *o, const ldns_rr *record, uint32_t row)
{
	add_number(o, FACT_DNS_SRV_PRIORITY, row, ldns_rr_rdf(record, 0));
	add_number(o, FACT_DNS_SRV_WEIGHT, row, ldns_rr_rdf(record, 1));
	add_number(o, FACT_DNS_SRV_PORT, row, ldns_rr_rdf(record, 2));
	add_name(o, FACT_DNS_SRV_TARGET, row, ldns_rr_rdf(record, 3));
}

/* What a TLSA record holds whole may be as long as an answer: its digest is what is compared (RFC 6698 2.1.3, matching type 0). */
static void add_digest(struct observation *o, const ldns_rr *record, uint32_t row)
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	char text[2 * sizeof digest + 1];
	if (ldns_rr_get_type(record) != LDNS_RR_TYPE_TLSA || ldns_rr_rd_count(record) != 4 ||
	    ldns_rdf2native_int8(ldns_rr_rdf(record, 2)) != TLSA_FULL)
		return;
	const ldns_rdf *data = ldns_rr_rdf(record, 3);
	SHA256(ldns_rdf_data(data), ldns_rdf_size(data), digest);
	observation_add_text(o, FACT_DNS_OTHER_SHA256, row, str_hex(digest, sizeof digest, text));
}

static void add_other(struct observation *o, const ldns_rr *record, uint32_t row)
{
	char type[DNS_TYPE_TEXT];
	ldns_buffer *text = ldns_buffer_new(LDNS_MIN_BUFLEN);
	for (size_t i = 0; i < ldns_rr_rd_count(record); i++) {
		if (i > 0)
			ldns_buffer_printf(text, " ");
		if (ldns_rdf2buffer_str(text, ldns_rr_rdf(record, i)) != LDNS_STATUS_OK)
			break;
	}
	observation_add_text(o, FACT_DNS_OTHER_TYPE, row, dns_type_text(ldns_rr_get_type(record), type));
	observation_add_bytes(o, FACT_DNS_OTHER_DATA, row, ldns_buffer_begin(text), ldns_buffer_position(text));
	add_digest(o, record, row);
	ldns_buffer_free(text);
}

static const struct kind {
	ldns_rr_type type;
	size_t fields; /* rdata fields that `add` reads: a record with fewer is left out */
	enum fact_key owner, ttl;
	void (*add)(struct observation *o, const ldns_rr *record, uint32_t row);
} kinds[] = {
    {LDNS_RR_TYPE_A, 1, FACT_DNS_ADDRESS_OWNER, FACT_DNS_ADDRESS_TTL, add_address},
    {LDNS_RR_TYPE_AAAA, 1, FACT_DNS_ADDRESS_OWNER, FACT_DNS_ADDRESS_TTL, add_address},
    {LDNS_RR_TYPE_CNAME, 1, FACT_DNS_CNAME_OWNER, FACT_DNS_CNAME_TTL, add_cname},
    {LDNS_RR_TYPE_MX, 2, FACT_DNS_MX_OWNER, FACT_DNS_MX_TTL, add_mx},
    {LDNS_RR_TYPE_NS, 1, FACT_DNS_NS_OWNER, FACT_DNS_NS_TTL, add_ns},
    {LDNS_RR_TYPE_TXT, 0, FACT_DNS_TXT_OWNER, FACT_DNS_TXT_TTL, add_txt},
    {LDNS_RR_TYPE_SRV, 4, FACT_DNS_SRV_OWNER, FACT_DNS_SRV_TTL, add_srv},
};
static const struct kind any_other = {0, 0, FACT_DNS_OTHER_OWNER, FACT_DNS_OTHER_TTL, add_other};

/* One record as a row of its table; false when its data is not what its type has. */
static bool add_record(struct observation *o, const ldns_rr *record, const char *ns_section)
{
	const struct kind *kind = &any_other;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (kinds[i].type == ldns_rr_get_type(record))
			kind = &kinds[i];
	if (ldns_rr_rd_count(record) < kind->fields)
		return false;
	uint32_t row = observation_rows(o, kind->owner);
	add_name(o, kind->owner, row, ldns_rr_owner(record));
	observation_add_int(o, kind->ttl, row, dns_record_ttl(record));
	kind->add(o, record, row);
	if (kind->type == LDNS_RR_TYPE_NS)
		observation_add_text(o, FACT_DNS_NS_SECTION, row, ns_section);
	return true;
}

static void add_soa(struct observation *o, const ldns_rr *record)
{
	if (ldns_rr_rd_count(record) < 7)
		return;
	int64_t ttl = dns_record_ttl(record), minimum = ldns_rdf2native_int32(ldns_rr_rdf(record, 6));
	add_name(o, FACT_DNS_SOA_OWNER, 0, ldns_rr_owner(record));
	observation_add_int(o, FACT_DNS_SOA_TTL, 0, ttl);
	add_name(o, FACT_DNS_SOA_PRIMARY, 0, ldns_rr_rdf(record, 0));
	observation_add_int(o, FACT_DNS_SOA_SERIAL, 0, ldns_rdf2native_int32(ldns_rr_rdf(record, 2)));
	observation_add_int(o, FACT_DNS_SOA_REFRESH, 0, ldns_rdf2native_int32(ldns_rr_rdf(record, 3)));
	observation_add_int(o, FACT_DNS_SOA_MINIMUM, 0, minimum);
	/* RFC 2308 5: an absence is kept for the smaller of the two. */
	observation_add_int(o, FACT_DNS_NEGATIVE_TTL_S, 0, ttl < minimum ? ttl : minimum);
}

bool dns_facts_add_nsid(struct observation *o, const ldns_pkt *packet)
{
	size_t length = 0;
	const uint8_t *bytes = dns_message_option(packet, DNS_OPTION_NSID, &length);
	if (bytes == NULL || length == 0)
		return false;
	if (!observation_has(o, FACT_DNS_NSID, 0))
		observation_add_bytes(o, FACT_DNS_NSID, 0, bytes, length);
	return true;
}

bool dns_facts_add_id_server(struct observation *o, const ldns_pkt *packet)
{
	const ldns_rr_list *answer = ldns_pkt_answer(packet);
	const ldns_rr *record = ldns_rr_list_rr_count(answer) > 0 ? ldns_rr_list_rr(answer, 0) : NULL;
	if (record == NULL || ldns_rr_get_type(record) != LDNS_RR_TYPE_TXT || ldns_rr_get_class(record) != LDNS_RR_CLASS_CH)
		return false;
	add_strings(o, FACT_DNS_ID_SERVER, 0, record);
	return true;
}

static void add_header(struct observation *o, const ldns_pkt *packet)
{
	unsigned rcode = dns_message_rcode(packet);
	const ldns_lookup_table *known = ldns_lookup_by_id(ldns_rcodes, (int)rcode);
	char text[16];
	snprintf(text, sizeof text, "RCODE%u", rcode);
	observation_add_text(o, FACT_DNS_RCODE, 0, rcode == 16 ? "BADVERS" : known != NULL ? known->name : text);
	observation_add_bool(o, FACT_DNS_AA, 0, ldns_pkt_aa(packet));
	observation_add_bool(o, FACT_DNS_AD, 0, ldns_pkt_ad(packet));
	observation_add_bool(o, FACT_DNS_RA, 0, ldns_pkt_ra(packet));
	dns_facts_add_nsid(o, packet);
}

/* What was odd about the records, counted. */
struct oddities {
	unsigned others, ttls, broken, surplus;
};

static void add_answer(struct observation *o, const ldns_pkt *packet, const struct dns_chain *chain, struct oddities *odd)
{
	const ldns_rr_list *answer = ldns_pkt_answer(packet);
	unsigned added = 0;
	for (size_t i = 0; i < ldns_rr_list_rr_count(answer); i++) {
		const ldns_rr *record = ldns_rr_list_rr(answer, i);
		if (!dns_chain_has(chain, record)) {
			odd->others++;
			continue;
		}
		if (added >= DNS_RECORDS) {
			odd->surplus++;
			continue;
		}
		odd->ttls += ttl_is_odd(record);
		added++;
		if (ldns_rr_get_type(record) == LDNS_RR_TYPE_SOA)
			add_soa(o, record);
		else if (!add_record(o, record, "answer"))
			odd->broken++;
	}
}

static void add_authority(struct observation *o, const ldns_pkt *packet, const struct dns_chain *chain, struct oddities *odd)
{
	const ldns_rr_list *authority = ldns_pkt_authority(packet);
	const ldns_rdf *last = chain->names[chain->count - 1];
	unsigned added = 0;
	for (size_t i = 0; i < ldns_rr_list_rr_count(authority) && added < DNS_RECORDS; i++) {
		const ldns_rr *record = ldns_rr_list_rr(authority, i);
		ldns_rr_type type = ldns_rr_get_type(record);
		if ((type != LDNS_RR_TYPE_SOA && type != LDNS_RR_TYPE_NS) || !dns_name_within(last, ldns_rr_owner(record)))
			continue;
		odd->ttls += ttl_is_odd(record);
		added++;
		if (type == LDNS_RR_TYPE_NS)
			add_record(o, record, "authority");
		else if (!observation_has(o, FACT_DNS_SOA_OWNER, 0))
			add_soa(o, record);
	}
}

static void say(struct buf *detail, unsigned count, const char *what)
{
	if (count > 0)
		buf_printf(detail, "%s%s: %u", detail->length > 0 ? "; " : "", what, count);
}

void dns_facts_add(struct observation *o, const ldns_pkt *packet, const ldns_rdf *name, struct buf *detail)
{
	struct oddities odd = {0};
	struct dns_chain chain;
	dns_chain_follow(&chain, packet, name);
	add_header(o, packet);
	if (chain.count > 1)
		add_name(o, FACT_DNS_CNAME_TARGET, 0, chain.names[chain.count - 1]);
	add_answer(o, packet, &chain, &odd);
	add_authority(o, packet, &chain, &odd);
	say(detail, odd.others, "records of other names left out");
	say(detail, odd.surplus, "records above the limit left out");
	say(detail, odd.broken, "malformed records left out");
	say(detail, odd.ttls, "TTLs above 2147483647 taken as 0 (RFC 2181 8)");
	if (chain.is_loop)
		buf_printf(detail, "%sthe aliases never end", detail->length > 0 ? "; " : "");
}
