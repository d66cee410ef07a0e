#include "render/seen.h"

#include "base/buf.h"
#include "base/str.h"
#include "render/seen_cache.h"
#include "render/seen_csv.h"
#include "render/seen_dns.h"
#include "render/seen_firewall.h"
#include "render/seen_host.h"
#include "render/seen_login.h"
#include "render/seen_mail.h"
#include "render/seen_parts.h"
#include "render/seen_tls.h"
#include "render/words.h"

enum { OTHER_FACTS = 6 };

void seen_label(struct buf *out, const struct observation *o, const struct run_info *run)
{
	const char *server = observation_text(o, FACT_DNS_SERVER, 0);
	if (o->vantage != NULL && !str_equal(o->vantage, run->vantage))
		buf_printf(out, "[%s] ", o->vantage);
	if (server != NULL)
		buf_printf(out, "%s ", server);
	if (o->address != NULL)
		buf_puts(out, o->address);
	else
		buf_puts(out, server != NULL ? "(no address)" : o->target);
}

static void put_port(struct buf *out, const struct observation *o)
{
	int64_t number = 0;
	if (o->outcome == OUTCOME_OK) {
		buf_puts(out, "open, connected in ");
		words_duration(out, observation_int_or(o, FACT_PORT_CONNECT_MS, 0, o->elapsed_ms));
	} else {
		seen_outcome(out, o);
	}
	if (observation_int(o, FACT_PORT_SYN_RETRANSMITS, 0, &number) && number > 0)
		buf_printf(out, ", %lld SYN sent again", (long long)number);
	seen_also(out, o, FACT_PORT_ICMP_NAME, ", ICMP ");
	seen_also(out, o, FACT_PORT_ICMP_FROM, " from ");
	seen_also(out, o, FACT_ERRNO, ", ");
	if (o->outcome != OUTCOME_OK && observation_int(o, FACT_PORT_BYTES_RECEIVED, 0, &number))
		buf_printf(out, ", %lld bytes received", (long long)number);
	seen_also(out, o, FACT_PORT_GREETING, "\ngreets: ");
	if (o->outcome != OUTCOME_OK)
		seen_also(out, o, FACT_PORT_TELNET, "\ntelnet would say: ");
}

static void put_imap(struct buf *out, const struct observation *o)
{
	int64_t greeting_ms = 0;
	if (observation_int(o, FACT_IMAP_GREETING_MS, 0, &greeting_ms)) {
		buf_puts(out, "greeting after ");
		words_duration(out, greeting_ms);
	} else {
		seen_outcome(out, o);
	}
	if (o->outcome != OUTCOME_OK)
		seen_also(out, o, FACT_IMAP_STAGE, ", ended at ");
	seen_also(out, o, FACT_IMAP_PRODUCT, ", ");
	seen_also(out, o, FACT_IMAP_FAULT, ", ");
	seen_also(out, o, FACT_IMAP_GREETING, "\nsays: ");
	uint32_t rows = observation_rows(o, FACT_IMAP_CAPABILITY);
	for (uint32_t row = 0; row < rows; row++) {
		buf_puts(out, row == 0 ? "\ncapabilities: " : " ");
		seen_put_text(out, observation_text(o, FACT_IMAP_CAPABILITY, row));
	}
}

static void put_message(struct buf *out, const struct observation *o)
{
	seen_also(out, o, o->outcome == OUTCOME_OK ? FACT_MESSAGE_SENTENCE : FACT_MESSAGE_TEXT, o->outcome == OUTCOME_OK ? "" : "not known: ");
	seen_also(out, o, FACT_MESSAGE_SURENESS, ", recognised as ");
}

static void put_value(struct buf *out, const struct fact *fact)
{
	switch (fact_info(fact->key)->type) {
	case FACT_TYPE_TEXT:
		seen_put_text(out, fact->value.text);
		break;
	case FACT_TYPE_INT:
		buf_printf(out, "%lld", (long long)fact->value.number);
		break;
	case FACT_TYPE_BOOL:
		buf_puts(out, fact->value.flag ? "yes" : "no");
		break;
	case FACT_TYPE_TIME:
		words_time(out, fact->value.number);
		break;
	}
}

/* Any other probe: how it ended, and its first facts by name. */
static void put_other(struct buf *out, const struct observation *o)
{
	seen_outcome(out, o);
	for (size_t i = 0, shown = 0; i < o->fact_count && shown < OTHER_FACTS; i++) {
		const struct fact *fact = &o->facts[i];
		if (fact->key == FACT_DETAIL || fact->key == FACT_SKIP_REASON)
			continue;
		buf_printf(out, "%s%s ", shown == 0 ? "; " : ", ", fact_info(fact->key)->name);
		put_value(out, fact);
		shown++;
	}
}

void seen_words(struct buf *out, const struct observation *o)
{
	static const struct {
		const char *probe;
		void (*put)(struct buf *out, const struct observation *o);
	} kinds[] = {{"port", put_port}, {"tls", seen_tls}, {"starttls", seen_tls}, {"issuer", seen_issuer},
	             {"imap", put_imap}, {"dns", seen_dns}, {"ttl", seen_dns}, {"cache", seen_cache}, {"csv", seen_csv},
	             {"firewall", seen_firewall}, {"message", put_message}, {"spf", seen_spf}, {"dnssec", seen_dnssec},
	             {"mtasts", seen_mtasts}, {"autodiscover", seen_autodiscover}, {"dane", seen_tls}, {"host", seen_host},
	             {"login", seen_login}, {"logins", seen_logins}, {"mailbox", seen_mailbox}, {"limit", seen_limit}};
	void (*put)(struct buf *out, const struct observation *o) = put_other;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (str_equal(kinds[i].probe, o->probe))
			put = kinds[i].put;
	put(out, o);
	seen_also(out, o, FACT_DNS_NSID, "; NSID ");
	seen_also(out, o, FACT_DNS_ID_SERVER, "; id.server ");
	seen_also(out, o, FACT_DETAIL, "\n");
}
