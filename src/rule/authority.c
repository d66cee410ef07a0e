#include "rule/authority.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"

static struct authority_server *server_of(struct authority *authority, const struct dns_entry *entry)
{
	for (size_t i = 0; i < authority->count; i++)
		if (dns_entry_compare_servers(authority->items[i].first, entry) == 0)
			return &authority->items[i];
	authority->items = xgrow(authority->items, authority->count, &authority->room, sizeof *authority->items);
	struct authority_server *made = &authority->items[authority->count++];
	*made = (struct authority_server){.first = entry};
	return made;
}

/* Names below may be delegated away or not exist: only for these must the server have authority. */
static bool is_apex(const struct dns_view *view, const struct dns_entry *entry)
{
	return str_equal_nocase(entry->question, entry->zone) || str_equal_nocase(entry->question, view->domain);
}

static void add(struct authority_server *server, const struct dns_view *view, const struct dns_entry *entry)
{
	server->is_tried = server->is_tried || entry->state != DNS_UNTRIED;
	server->has_spoken = server->has_spoken || entry->state == DNS_ERROR || entry->state == DNS_ANSWERED;
	if (!is_apex(view, entry))
		return;
	if (!entry->is_trusted) {
		if (server->fault == NULL && (entry->state == DNS_ERROR || entry->state == DNS_ANSWERED))
			server->fault = entry;
		return;
	}
	server->is_authoritative = true;
	if (str_equal(entry->type, "SOA") && observation_has(entry->o, FACT_DNS_SOA_SERIAL, 0))
		server->soa = entry;
	if (server->mx == NULL && str_equal(entry->type, "MX") && str_equal_nocase(entry->question, view->domain)) {
		server->mx = entry;
		mx_set_read(&server->mx_set, entry->o);
	}
}

static int compare(const void *left, const void *right)
{
	const struct authority_server *a = left, *b = right;
	return dns_entry_compare_servers(a->first, b->first);
}

void authority_init(struct authority *authority, const struct dns_view *view)
{
	*authority = (struct authority){0};
	for (size_t i = 0; i < view->count; i++) {
		const struct dns_entry *entry = &view->entries[i];
		if (entry->role != DNS_ROLE_AUTHORITATIVE || (entry->address == NULL && entry->server[0] == '\0'))
			continue;
		struct authority_server *server = server_of(authority, entry);
		if (entry->address != NULL)
			add(server, view, entry);
	}
	/* Answers come in any order; what is said of the servers must not. */
	if (authority->count > 1)
		qsort(authority->items, authority->count, sizeof *authority->items, compare);
}

void authority_clear(struct authority *authority)
{
	for (size_t i = 0; i < authority->count; i++)
		mx_set_clear(&authority->items[i].mx_set);
	free(authority->items);
	*authority = (struct authority){0};
}

bool authority_is_repeated(const struct authority *authority, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (str_equal(authority->items[i].first->server, authority->items[index].first->server))
			return true;
	return false;
}

size_t authority_next(const struct authority *authority, size_t index)
{
	const char *name = authority->items[index].first->server;
	for (index++; index < authority->count && !str_equal(authority->items[index].first->server, name); index++)
		;
	return index;
}

int64_t authority_server_ttl(const struct authority_server *server)
{
	return server->mx != NULL ? mx_set_ttl(&server->mx_set) : -1;
}

int64_t authority_ttl(const struct authority *authority)
{
	int64_t longest_s = -1;
	for (size_t i = 0; i < authority->count; i++)
		if (authority_server_ttl(&authority->items[i]) > longest_s)
			longest_s = authority_server_ttl(&authority->items[i]);
	return longest_s;
}

bool authority_is_heard(const struct authority *authority)
{
	for (size_t i = 0; i < authority->count; i++) {
		bool is_heard = false;
		if (authority_is_repeated(authority, i))
			continue;
		for (size_t j = i; j < authority->count; j = authority_next(authority, j))
			is_heard = is_heard || authority_server_ttl(&authority->items[j]) >= 0;
		if (!is_heard)
			return false;
	}
	return authority->count > 0;
}
