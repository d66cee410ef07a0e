#include "app/caches.h"

#include "app/command.h"
#include "cutover/limits.h"

enum { SAMPLES_DEFAULT = 3 };

int caches_apply(const struct options *options, struct cache_options *caches, struct error *error)
{
	const char *path = option_text(options, OPTION_RESOLVERS), *subnet = option_text(options, OPTION_ECS);
	int64_t samples = option_number(options, OPTION_SAMPLES, SAMPLES_DEFAULT);
	*caches = (struct cache_options){.is_warm = option_is_set(options, OPTION_WARM)};
	if (samples < 1 || samples > LIMIT_CACHE_SAMPLES)
		return error_set(error, "--samples: not from 1 to %d", LIMIT_CACHE_SAMPLES);
	caches->samples = (int)samples;
	caches->has_subnet = subnet != NULL;
	if (subnet != NULL && !prefix_parse(subnet, &caches->subnet))
		return error_set(error, "--ecs: '%.80s' is not a prefix as 192.0.2.0/24", subnet);
	if (path != NULL)
		return resolver_list_read(caches, path, error);
	if (options->command != NULL && options->command->asks_public)
		resolver_list_builtin(caches);
	return 0;
}

const struct cache_options *caches_or_null(const struct cache_options *caches)
{
	return caches->count > 0 ? caches : NULL;
}
