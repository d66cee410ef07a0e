/* How long the MX set of a domain is kept, at every address of every authoritative server and in the caches asked. */
#include "cutover/probe.h"
#include "probe/zone.h"

static void start(struct job *job)
{
	zone_start(job, false);
}

const struct probe ttl_probe = {
    .name = "ttl",
    .about = "TTL of the MX set at every authoritative server",
    .start = start,
    .stop = zone_stop,
};
