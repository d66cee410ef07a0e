#ifndef IO_RESOLVER_LIST_H
#define IO_RESOLVER_LIST_H
/*
 * The resolvers whose caches are looked at: those of a file, lines of ADDRESS[:PORT] NAME [PLACE], '#' begins a remark; or the
 * public ones of data/resolvers.tsv.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cutover/error.h"
#include "io/endpoint.h"
#include "model/address.h"

struct listed_resolver {
	struct endpoint address;
	char *name;  /* printable; or NULL */
	char *place; /* likewise */
};

/* How caches are asked: the list, and what --samples, --warm and --ecs say. */
struct cache_options {
	struct listed_resolver *resolvers;
	size_t count, room;
	int samples;  /* MX questions to each resolver, >= 1 */
	bool is_warm; /* with recursion, where nothing is cached or a question without it is refused */
	bool has_subnet;
	struct prefix subnet; /* EDNS Client Subnet */
};

/* Adds the file's resolvers, one address and port once. -1 with "FILE:LINE: what is wrong". */
int resolver_list_read(struct cache_options *options, const char *path, struct error *error);
void resolver_list_builtin(struct cache_options *options);
void resolver_list_add(struct cache_options *options, const struct endpoint *address, const char *name, const char *place); /* copies */
void resolver_list_clear(struct cache_options *options);

#endif
