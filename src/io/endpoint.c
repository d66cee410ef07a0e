#include "io/endpoint.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

static const struct sockaddr_in *as_v4(const struct endpoint *endpoint)
{
	return (const struct sockaddr_in *)&endpoint->storage;
}

static const struct sockaddr_in6 *as_v6(const struct endpoint *endpoint)
{
	return (const struct sockaddr_in6 *)&endpoint->storage;
}

static bool parse_zone(const char *text, uint32_t *scope)
{
	int64_t number;
	if (str_to_int(text, 1, UINT32_MAX, &number)) {
		*scope = (uint32_t)number;
		return true;
	}
	*scope = if_nametoindex(text);
	return *scope != 0;
}

bool endpoint_from_text(struct endpoint *endpoint, const char *address, uint16_t port)
{
	char text[ENDPOINT_TEXT_BYTES];
	memset(endpoint, 0, sizeof *endpoint);
	if (strlen(address) >= sizeof text)
		return false;
	memcpy(text, address, strlen(address) + 1);
	if (inet_pton(AF_INET, text, &((struct sockaddr_in *)&endpoint->storage)->sin_addr) == 1) {
		endpoint->storage.ss_family = AF_INET;
		endpoint->length = sizeof(struct sockaddr_in);
	} else {
		struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&endpoint->storage;
		char *zone = strchr(text, '%');
		if (zone != NULL)
			*zone++ = '\0';
		if (inet_pton(AF_INET6, text, &v6->sin6_addr) != 1 || (zone != NULL && !parse_zone(zone, &v6->sin6_scope_id))) {
			memset(endpoint, 0, sizeof *endpoint);
			return false;
		}
		v6->sin6_family = AF_INET6;
		endpoint->length = sizeof *v6;
	}
	endpoint_set_port(endpoint, port);
	return true;
}

char *endpoint_address(const struct endpoint *endpoint, char text[ENDPOINT_TEXT_BYTES])
{
	text[0] = '\0';
	if (endpoint_family(endpoint) == 4) {
		inet_ntop(AF_INET, &as_v4(endpoint)->sin_addr, text, ENDPOINT_TEXT_BYTES);
	} else if (endpoint_family(endpoint) == 6) {
		const struct sockaddr_in6 *v6 = as_v6(endpoint);
		inet_ntop(AF_INET6, &v6->sin6_addr, text, ENDPOINT_TEXT_BYTES);
		size_t length = strlen(text);
		char name[IF_NAMESIZE];
		if (v6->sin6_scope_id != 0 && if_indextoname(v6->sin6_scope_id, name) != NULL)
			snprintf(text + length, ENDPOINT_TEXT_BYTES - length, "%%%s", name);
		else if (v6->sin6_scope_id != 0)
			snprintf(text + length, ENDPOINT_TEXT_BYTES - length, "%%%u", v6->sin6_scope_id);
	}
	return text;
}

uint16_t endpoint_port(const struct endpoint *endpoint)
{
	switch (endpoint_family(endpoint)) {
	case 4:
		return ntohs(as_v4(endpoint)->sin_port);
	case 6:
		return ntohs(as_v6(endpoint)->sin6_port);
	default:
		return 0;
	}
}

void endpoint_set_port(struct endpoint *endpoint, uint16_t port)
{
	if (endpoint_family(endpoint) == 4)
		((struct sockaddr_in *)&endpoint->storage)->sin_port = htons(port);
	else if (endpoint_family(endpoint) == 6)
		((struct sockaddr_in6 *)&endpoint->storage)->sin6_port = htons(port);
}

int endpoint_family(const struct endpoint *endpoint)
{
	if (endpoint->length == 0)
		return 0;
	return endpoint->storage.ss_family == AF_INET ? 4 : endpoint->storage.ss_family == AF_INET6 ? 6 : 0;
}

bool endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
	if (endpoint_family(a) != endpoint_family(b) || endpoint_port(a) != endpoint_port(b))
		return false;
	switch (endpoint_family(a)) {
	case 4:
		return as_v4(a)->sin_addr.s_addr == as_v4(b)->sin_addr.s_addr;
	case 6:
		return memcmp(&as_v6(a)->sin6_addr, &as_v6(b)->sin6_addr, sizeof(struct in6_addr)) == 0 &&
		       as_v6(a)->sin6_scope_id == as_v6(b)->sin6_scope_id;
	default:
		return true;
	}
}
