#include "rule/ns_server.h"

#include "base/str.h"
#include "rule/dns_rows.h"

enum { WORDS_BYTES = 512 };

/* Says of one address what is wrong there, behind what `words` holds; false when nothing is. */
typedef bool address_fault(const struct dns_view *view, const struct authority_server *server, struct buf *words);

static void say(struct buf *words, const char *text)
{
	buf_printf(words, "%s%s", words->length > 0 ? ", " : "", text);
}

static bool is_of(const struct dns_entry *entry, const struct dns_entry *server)
{
	return entry->role == DNS_ROLE_AUTHORITATIVE && dns_entry_compare_servers(entry, server) == 0;
}

static bool has_spoken(const struct dns_entry *entry)
{
	return entry->state == DNS_ANSWERED || entry->state == DNS_ERROR;
}

static bool is_unreachable(const struct dns_view *view, const struct authority_server *server, struct buf *words)
{
	(void)view;
	if (server->first->address == NULL || !server->is_tried || server->has_spoken)
		return false;
	say(words, server->first->address);
	return true;
}

static bool has_address(const struct dns_view *view, const char *server)
{
	for (size_t i = 0; i < view->count; i++)
		if (view->entries[i].role == DNS_ROLE_AUTHORITATIVE && view->entries[i].address != NULL &&
		    str_equal(view->entries[i].server, server))
			return true;
	return false;
}

static bool is_lame(const struct dns_view *view, const struct authority_server *server, struct buf *words)
{
	const struct dns_entry *fault = server->fault;
	if (server->first->address == NULL) {
		/* When it could not be looked up, nothing is known. */
		if (server->first->state != DNS_ANSWERED || has_address(view, server->first->server))
			return false;
		say(words, "the name has no address");
		return true;
	}
	if (server->is_authoritative || fault == NULL)
		return false;
	const char *rcode = observation_text(fault->o, FACT_DNS_RCODE, 0);
	bool is_error = rcode != NULL && !str_equal(rcode, "NOERROR") && !str_equal(rcode, "NXDOMAIN");
	say(words, server->first->address);
	buf_printf(words, " answers %s", is_error ? rcode : rcode == NULL ? "no DNS" : "without authority");
	return true;
}

/* What made a query without EDNS necessary: "FORMERR", "silence", or NULL. */
static const char *plain_after(const struct observation *o)
{
	static const enum fact_key keys[] = {FACT_DNS_STEP};
	struct dns_rows rows;
	const char *why = NULL;
	dns_rows_read(&rows, o, keys, 1);
	for (size_t i = 0; i < rows.count; i++) {
		if (str_equal(dns_rows_text(&rows, i, 0), "plain-after-formerr"))
			why = "FORMERR";
		else if (str_equal(dns_rows_text(&rows, i, 0), "plain-after-silence"))
			why = "silence";
	}
	dns_rows_clear(&rows);
	return why;
}

/*
 * What EDNS meets there: "FORMERR", "silence", or NULL. Silence may be a lost packet: only a server that never answers
 * with EDNS over UDP is broken for it. What drops such packets leaves TCP alone.
 */
static const char *edns_fault(const struct dns_view *view, const struct authority_server *server)
{
	const char *why = NULL;
	bool with_edns = false;
	for (size_t i = 0; i < view->count; i++) {
		const struct dns_entry *entry = &view->entries[i];
		if (!is_of(entry, server->first) || !has_spoken(entry))
			continue;
		bool is_edns = observation_flag(entry->o, FACT_DNS_EDNS, 0);
		const char *found = is_edns ? NULL : plain_after(entry->o);
		with_edns = with_edns || (is_edns && str_equal(observation_text(entry->o, FACT_DNS_TRANSPORT, 0), "udp"));
		why = found != NULL && !str_equal(why, "FORMERR") ? found : why;
	}
	return with_edns && str_equal(why, "silence") ? NULL : why;
}

static bool is_tcp_blocked(const struct dns_view *view, const struct authority_server *server, struct buf *words)
{
	bool is_blocked = false, over_tcp = false, over_udp = false;
	for (size_t i = 0; i < view->count; i++) {
		const struct dns_entry *entry = &view->entries[i];
		if (!is_of(entry, server->first))
			continue;
		bool is_tcp = str_equal(observation_text(entry->o, FACT_DNS_TRANSPORT, 0), "tcp");
		is_blocked = is_blocked || (entry->state == DNS_SILENT && str_equal(entry->purpose, "tcp-check"));
		over_tcp = over_tcp || (has_spoken(entry) && is_tcp);
		over_udp = over_udp || (has_spoken(entry) && !is_tcp);
	}
	/* The check goes out with EDNS: where that is broken it says nothing of TCP. */
	if (!is_blocked || over_tcp || !over_udp || edns_fault(view, server) != NULL)
		return false;
	say(words, server->first->address);
	return true;
}

static bool is_edns_broken(const struct dns_view *view, const struct authority_server *server, struct buf *words)
{
	const char *why = edns_fault(view, server);
	if (why == NULL)
		return false;
	say(words, server->first->address);
	buf_printf(words, " (%s with EDNS)", why);
	return true;
}

static const struct {
	enum finding_id id;
	address_fault *find;
	const char *says;
} faults[] = {
    {FINDING_NS_UNREACHABLE, is_unreachable, "no answer over UDP nor TCP"},
    {FINDING_NS_LAME, is_lame, "not authoritative for the zone"},
    {FINDING_NS_TCP_BLOCKED, is_tcp_blocked, "answers over UDP but not over TCP"},
    {FINDING_NS_EDNS_BROKEN, is_edns_broken, "answers only without EDNS"},
};

static void because_server(struct finding *f, const struct dns_view *view, const struct dns_entry *server)
{
	for (size_t i = 0; i < view->count; i++)
		if (is_of(&view->entries[i], server))
			finding_because(f, view->entries[i].index);
}

static void add_reasons(struct finding *f, const struct dns_view *view, const struct authority_server *server,
                        size_t kind)
{
	struct buf words;
	buf_init(&words, WORDS_BYTES);
	if (faults[kind].find(view, server, &words))
		because_server(f, view, server->first);
	buf_clear(&words);
}

/* The fault at all addresses of the server name that begins at `start`. */
static bool judge_name(const struct dns_view *view, const struct authority *authority, size_t start, size_t kind)
{
	const struct dns_entry *first = authority->items[start].first;
	const char *name = first->server[0] != '\0' ? first->server : first->address;
	struct buf words;
	buf_init(&words, WORDS_BYTES);
	for (size_t i = start; i < authority->count; i = authority_next(authority, i))
		faults[kind].find(view, &authority->items[i], &words);
	bool is_at_fault = words.length > 0;
	if (is_at_fault) {
		struct finding *f = dns_view_add(view, faults[kind].id, name, "%s: %s", faults[kind].says, words.bytes);
		finding_arg(f, "server", name);
		finding_arg(f, "value", words.bytes);
		for (size_t i = start; i < authority->count; i = authority_next(authority, i))
			add_reasons(f, view, &authority->items[i], kind);
	}
	buf_clear(&words);
	return is_at_fault;
}

size_t ns_server_judge(const struct dns_view *view, const struct authority *authority, bool with_unreachable)
{
	size_t raised = 0;
	for (size_t kind = with_unreachable ? 0 : 1; kind < sizeof faults / sizeof *faults; kind++)
		for (size_t i = 0; i < authority->count; i++)
			if (!authority_is_repeated(authority, i))
				raised += judge_name(view, authority, i, kind);
	return raised;
}
