/* What the zone of a domain publishes for a migration, at every address of every authoritative server. */
#include "cutover/probe.h"
#include "probe/zone.h"

static void start(struct job *job)
{
	zone_start(job, true);
}

const struct probe dns_probe = {
    .name = "dns",
    .about = "MX, TXT and Autodiscover records at every authoritative server",
    .start = start,
    .stop = zone_stop,
};
