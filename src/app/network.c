#include "app/network.h"

#include <ares.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "cutover/target.h"
#include "proto/dnssec.h"

enum { DNS_PORT = 53 };

static int add_resolver(struct net_config *config, const struct endpoint *endpoint, struct error *error)
{
	if (config->resolver_count >= LIMIT_RESOLVERS)
		return error_set(error, "--resolver: more than %d", LIMIT_RESOLVERS);
	config->resolvers = xrealloc(config->resolvers, config->resolver_count + 1, sizeof *config->resolvers);
	config->resolvers[config->resolver_count++] = *endpoint;
	return 0;
}

static int take_resolver(struct net_config *config, const char *text, struct error *error)
{
	struct target target = {0};
	struct endpoint endpoint;
	struct error why = {{0}};
	if (target_parse(text, &target, &why) != 0)
		return error_set(error, "--resolver: %s", why.text);
	bool is_address = endpoint_from_text(&endpoint, target.host, target.port != 0 ? target.port : DNS_PORT);
	target_clear(&target);
	return is_address ? add_resolver(config, &endpoint, error) : error_set(error, "--resolver: '%.80s' is not an address", text);
}

/* The system's resolvers as c-ares reads them: /etc/resolv.conf, with 127.0.0.1 as its fallback. */
static int take_system_resolvers(struct net_config *config, struct error *error)
{
	ares_channel channel = NULL;
	struct ares_addr_port_node *servers = NULL;
	if (ares_init(&channel) != ARES_SUCCESS || ares_get_servers_ports(channel, &servers) != ARES_SUCCESS || servers == NULL) {
		ares_destroy(channel);
		return error_set(error, "the system names no resolver; name one with --resolver");
	}
	int result = 0;
	for (struct ares_addr_port_node *at = servers; at != NULL && result == 0; at = at->next) {
		char text[ENDPOINT_TEXT_BYTES];
		struct endpoint endpoint;
		uint16_t port = (uint16_t)(at->udp_port != 0 ? at->udp_port : DNS_PORT);
		if (ares_inet_ntop(at->family, &at->addr, text, sizeof text) != NULL && endpoint_from_text(&endpoint, text, port))
			result = add_resolver(config, &endpoint, error);
	}
	ares_free_data(servers);
	ares_destroy(channel);
	return result;
}

/* HOST:ADDRESS; the address may be IPv6, with or without brackets. */
static int take_override(struct net_config *config, const char *text, struct error *error)
{
	const char *colon = strchr(text, ':');
	struct target host = {0};
	struct connect_override override = {0};
	if (colon == NULL)
		return error_set(error, "--connect: '%.80s' is not HOST:ADDRESS", text);
	char *name = xstrndup(text, (size_t)(colon - text)), *address = xstrdup(colon + 1);
	size_t length = strlen(address);
	bool is_bracketed = length > 2 && address[0] == '[' && address[length - 1] == ']';
	if (is_bracketed)
		address[length - 1] = '\0';
	struct error why = {{0}};
	int result = -1;
	if (target_parse(name, &host, &why) != 0)
		error_set(error, "--connect: %s", why.text);
	else if (!endpoint_from_text(&override.address, address + is_bracketed, 0))
		error_set(error, "--connect: '%.80s' is not HOST:ADDRESS", text);
	else
		result = 0;
	if (result == 0) {
		override.host = xstrdup(host.host);
		config->overrides = xrealloc(config->overrides, config->override_count + 1, sizeof override);
		config->overrides[config->override_count++] = override;
	}
	target_clear(&host);
	free(name);
	free(address);
	return result;
}

/* The file's lines, once they were found to be anchors. */
static int take_anchors(struct net_config *config, const char *path, struct error *error)
{
	struct error why = {{0}};
	struct buf text;
	char block[4096];
	if (path == NULL)
		return 0;
	FILE *file = fopen(path, "re");
	if (file == NULL)
		return error_set(error, "--trust-anchor: %s: %s", path, strerror(errno));
	buf_init(&text, LIMIT_FACT_BYTES);
	for (size_t length; (length = fread(block, 1, sizeof block, file)) > 0;)
		buf_add(&text, block, length);
	fclose(file);
	ldns_rr_list *anchors = dnssec_anchors_read(text.bytes, &why);
	if (anchors != NULL && ldns_rr_list_rr_count(anchors) == 0)
		error_set(&why, "there is no DS or DNSKEY record in it");
	config->trust_anchors = buf_steal(&text);
	ldns_rr_list_deep_free(anchors);
	return why.text[0] == '\0' ? 0 : error_set(error, "--trust-anchor: %s: %s", path, why.text);
}

int network_config(const struct options *options, struct net_config *config, struct error *error)
{
	const struct names *resolvers = option_list(options, OPTION_RESOLVER), *connects = option_list(options, OPTION_CONNECT);
	bool signs_in = options->command->signs_in;
	int64_t timeout = option_number(options, OPTION_TIMEOUT, 0);
	int64_t sign_ins = signs_in ? option_number(options, OPTION_JOBS, LIMIT_LOGIN_AT_ONCE) : 0;
	if (option_number(options, OPTION_CONNECTIONS, 1) > LIMIT_CONNECTIONS)
		return error_set(error, "--connections: more than %d", LIMIT_CONNECTIONS);
	*config = (struct net_config){
	    .family = option_is_set(options, OPTION_IPV4) ? 4 : option_is_set(options, OPTION_IPV6) ? 6 : 0,
	    .ca_file = option_text(options, OPTION_CA_FILE),
	    .connect_timeout_ms = timeout > 0 ? timeout : LIMIT_CONNECT_MS,
	    .dns_timeout_ms = timeout > 0 && timeout < LIMIT_DNS_TRY_MS ? timeout : LIMIT_DNS_TRY_MS,
	    .dns_tries = LIMIT_DNS_TRIES,
	    .dns_patience_ms = LIMIT_DNS_PATIENCE_MS,
	    .dns_port = DNS_PORT,
	    .rate = signs_in ? LIMIT_LOGIN_RATE : (int)option_number(options, OPTION_RATE, LIMIT_RATE),
	    .per_host = LIMIT_PER_HOST + (int)(option_number(options, OPTION_CONNECTIONS, 0) + sign_ins),
	};
	if (take_anchors(config, option_text(options, OPTION_TRUST_ANCHOR), error) != 0)
		return -1;
	for (size_t i = 0; i < resolvers->count; i++)
		if (take_resolver(config, resolvers->items[i], error) != 0)
			return -1;
	for (size_t i = 0; i < connects->count; i++)
		if (take_override(config, connects->items[i], error) != 0)
			return -1;
	return config->resolver_count > 0 ? 0 : take_system_resolvers(config, error);
}

void network_config_clear(struct net_config *config)
{
	for (size_t i = 0; i < config->override_count; i++)
		free(config->overrides[i].host);
	free(config->overrides);
	free(config->trust_anchors);
	free(config->resolvers);
	*config = (struct net_config){0};
}
