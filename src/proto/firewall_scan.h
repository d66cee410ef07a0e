#ifndef PROTO_FIREWALL_SCAN_H
#define PROTO_FIREWALL_SCAN_H
/* Rules and Microsoft's ranges as an observation: what each range meets on its way to one port. */
#include "cutover/observation.h"
#include "model/ranges.h"
#include "proto/ruleset_judge.h"

struct firewall_scan {
	const char *target;           /* the files' names, printable */
	const struct ruleset *ruleset;
	const struct ranges *ranges;  /* the list */
	uint16_t port;
	enum rule_hook hook;
	bool has_destination;
	struct address destination;
	const char *interface;        /* or NULL */
	int64_t started_ms;
};

/* A new observation of the name "firewall", owned by the caller. */
struct observation *firewall_scan_run(const struct firewall_scan *scan);

#endif
