/* A DNS answer: two bytes of type, then the message, as the answer to a question for contoso.com. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/str.h"
#include "proto/dns_facts.h"
#include "proto/dns_message.h"
#include "proto/dns_name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever came, the facts are printable. */
static void check(const struct observation *o)
{
	for (size_t i = 0; i < o->fact_count; i++) {
		const struct fact *fact = &o->facts[i];
		if (fact_info(fact->key)->type != FACT_TYPE_TEXT)
			continue;
		const char *text = fact->value.text;
		size_t length = 0;
		for (; text[length] != '\0'; length++)
			if ((unsigned char)text[length] < ' ' || text[length] == 0x7f)
				abort();
		if (!str_is_utf8(text, length))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	unsigned flags = data[0] & 0x80 ? DNS_CHAOS : 0;
	ldns_rr_type type = (ldns_rr_type)((data[0] & 0x7f) << 8 | data[1]);
	ldns_rdf *name = dns_name_parse("contoso.com");
	struct dns_reading reading = dns_message_read(data + 2, size - 2, name, type, flags);
	if (reading.packet != NULL) {
		struct buf detail;
		struct observation *o = observation_new("dns", "contoso.com", NULL, 0);
		buf_init(&detail, 1024);
		o->outcome = dns_message_outcome(reading.packet, name, type);
		dns_facts_add(o, reading.packet, name, &detail);
		dns_facts_add_id_server(o, reading.packet);
		check(o);
		buf_clear(&detail);
		observation_free(o);
	}
	ldns_pkt_free(reading.packet);
	ldns_rdf_deep_free(name);
	return 0;
}
