#include "render/todo_served.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"

enum { STRING_MOST = 255, QUOTED_BYTES = 200000 };

/* How well the answer speaks for the zone; 0: not at all. */
static int weight(const struct observation *o)
{
	const char *role = observation_text(o, FACT_DNS_ROLE, 0), *purpose = observation_text(o, FACT_DNS_PURPOSE, 0);
	bool is_answer = o->outcome == OUTCOME_OK || o->outcome == OUTCOME_NODATA || o->outcome == OUTCOME_NXDOMAIN;
	if (!is_answer || !str_equal(purpose, "records"))
		return 0;
	if (str_equal(role, "authoritative"))
		return observation_flag(o, FACT_DNS_AA, 0) ? 2 : 0;
	return str_equal(role, "resolver") ? 1 : 0;
}

static const struct observation *find(const struct report *report, const char *name, const char *type)
{
	const struct observation *best = NULL;
	for (size_t i = 0; i < report->evidence->count; i++) {
		const struct observation *o = report->evidence->observations[i];
		if (!str_equal_nocase(observation_text(o, FACT_DNS_QUESTION, 0), name) || !str_equal(observation_text(o, FACT_DNS_TYPE, 0), type))
			continue;
		if (weight(o) > (best != NULL ? weight(best) : 0))
			best = o;
	}
	return best;
}

char *served_quote(const char *text)
{
	struct buf out;
	size_t octets = 0;
	buf_init(&out, QUOTED_BYTES);
	buf_putc(&out, '"');
	for (; *text != '\0'; text++) {
		/* Facts hold backslashes as "\\\\" and odd bytes as \DDD: the form of master files, but for the quote. */
		size_t length = *text != '\\' ? 1 : text[1] == '\\' ? 2 : 4;
		if (octets++ == STRING_MOST) {
			buf_puts(&out, "\" \"");
			octets = 1;
		}
		if (*text == '"')
			buf_putc(&out, '\\');
		for (size_t i = 0; i < length && *text != '\0'; i++)
			buf_putc(&out, i + 1 < length ? *text++ : *text);
		if (*text == '\0')
			break;
	}
	buf_putc(&out, '"');
	return buf_steal(&out);
}

static void add(struct served *served, char *data, int64_t ttl_s)
{
	names_add(&served->data, data);
	served->ttl_s = ttl_s > served->ttl_s ? ttl_s : served->ttl_s;
	free(data);
}

static void read_rows(struct served *served, const struct observation *o, const char *type)
{
	for (uint32_t row = 0; str_equal(type, "MX") && row < observation_rows(o, FACT_DNS_MX_HOST); row++) {
		const char *host = observation_text(o, FACT_DNS_MX_HOST, row);
		bool is_null = str_equal(host, ".");
		add(served, xasprintf("%lld %s%s", (long long)observation_int_or(o, FACT_DNS_MX_PREFERENCE, row, 0), is_null ? "" : host, "."),
		    observation_int_or(o, FACT_DNS_MX_TTL, row, -1));
	}
	for (uint32_t row = 0; str_equal(type, "TXT") && row < observation_rows(o, FACT_DNS_TXT); row++) {
		const char *text = observation_text(o, FACT_DNS_TXT, row);
		names_add(&served->texts, text != NULL ? text : "");
		add(served, served_quote(text != NULL ? text : ""), observation_int_or(o, FACT_DNS_TXT_TTL, row, -1));
	}
	for (uint32_t row = 0; str_equal(type, "CNAME") && row < observation_rows(o, FACT_DNS_CNAME) && row < 1; row++)
		add(served, xasprintf("%s.", observation_text(o, FACT_DNS_CNAME, row)), observation_int_or(o, FACT_DNS_CNAME_TTL, row, -1));
	bool is_address = (str_equal(type, "A") || str_equal(type, "AAAA")) && !observation_has(o, FACT_DNS_CNAME, 0);
	for (uint32_t row = 0; is_address && row < observation_rows(o, FACT_DNS_ADDRESS); row++)
		add(served, xstrdup(observation_text(o, FACT_DNS_ADDRESS, row)), observation_int_or(o, FACT_DNS_ADDRESS_TTL, row, -1));
	for (uint32_t row = 0; str_equal(type, "SRV") && row < observation_rows(o, FACT_DNS_SRV_TARGET); row++)
		add(served, xasprintf("%lld %lld %lld %s.", (long long)observation_int_or(o, FACT_DNS_SRV_PRIORITY, row, 0),
		                      (long long)observation_int_or(o, FACT_DNS_SRV_WEIGHT, row, 0),
		                      (long long)observation_int_or(o, FACT_DNS_SRV_PORT, row, 0), observation_text(o, FACT_DNS_SRV_TARGET, row)),
		    observation_int_or(o, FACT_DNS_SRV_TTL, row, -1));
}

void served_find(struct served *served, const struct report *report, const char *name, const char *type)
{
	const struct observation *o = find(report, name, type);
	*served = (struct served){.is_known = o != NULL, .ttl_s = -1};
	if (o != NULL && o->outcome == OUTCOME_OK)
		read_rows(served, o, type);
}

void served_clear(struct served *served)
{
	names_clear(&served->data);
	names_clear(&served->texts);
}
