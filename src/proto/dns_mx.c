#include "proto/dns_mx.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "proto/dns_facts.h"
#include "proto/dns_message.h"
#include "proto/dns_name.h"

enum { TEXT_BYTES = DNS_MX_RECORDS * (DNS_NAME_TEXT + 8) };

struct record {
	unsigned preference;
	char *host;
};

static int compare(const void *left, const void *right)
{
	const struct record *a = left, *b = right;
	if (a->preference != b->preference)
		return a->preference < b->preference ? -1 : 1;
	return strcmp(a->host, b->host);
}

static char *say(const struct record *records, size_t count)
{
	struct buf out;
	buf_init(&out, TEXT_BYTES);
	for (size_t i = 0; i < count && i < DNS_MX_RECORDS; i++)
		buf_printf(&out, "%s%u %s", i > 0 ? ", " : "", records[i].preference, records[i].host);
	if (count > DNS_MX_RECORDS)
		buf_printf(&out, " and %zu more", count - DNS_MX_RECORDS);
	return buf_steal(&out);
}

char *dns_mx_text(const ldns_pkt *packet, const ldns_rdf *name, int64_t *ttl_s)
{
	const ldns_rr_list *answer = ldns_pkt_answer(packet);
	struct record *records = xcalloc(ldns_rr_list_rr_count(answer) + 1, sizeof *records);
	size_t count = 0;
	struct dns_chain chain;
	*ttl_s = 0;
	dns_chain_follow(&chain, packet, name);
	for (size_t i = 0; i < ldns_rr_list_rr_count(answer); i++) {
		const ldns_rr *record = ldns_rr_list_rr(answer, i);
		char host[DNS_NAME_TEXT];
		if (ldns_rr_get_type(record) != LDNS_RR_TYPE_MX || ldns_rr_rd_count(record) != 2 || !dns_chain_has(&chain, record))
			continue;
		records[count++] = (struct record){.preference = ldns_rdf2native_int16(ldns_rr_rdf(record, 0)),
		                                   .host = xstrdup(dns_name_text(ldns_rr_rdf(record, 1), host))};
		if (dns_record_ttl(record) > *ttl_s)
			*ttl_s = dns_record_ttl(record);
	}
	if (count > 1)
		qsort(records, count, sizeof *records, compare);
	char *text = count > 0 ? say(records, count) : NULL;
	while (count > 0)
		free(records[--count].host);
	free(records);
	return text;
}
