#ifndef CUTOVER_POLICY_H
#define CUTOVER_POLICY_H
/*
 * What is known and wanted of one migration, and the clock: all that rules may know besides the evidence.
 * It is saved with the evidence, so that `judge` finds what the run found.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cutover/catalogue.h"

/* "No time is known." Seconds since 1970 UTC otherwise. */
#define TIME_UNKNOWN INT64_MIN

enum phase { PHASE_BEFORE, PHASE_AFTER };
enum cloud { CLOUD_WORLDWIDE, CLOUD_GCC_HIGH, CLOUD_DOD, CLOUD_CHINA, CLOUD_COUNT };

/* A growing list of names, owned. */
struct names {
	char **items;
	size_t count;
};

/* --severity ID=LEVEL, --ignore, --only. */
struct severity_override {
	enum finding_id id;
	enum severity severity;
};

struct policy {
	enum phase phase;
	enum cloud cloud;
	int64_t now;     /* judged as of: --at or the start of the run; seconds since 1970 UTC */
	int64_t cutover; /* planned change, or TIME_UNKNOWN */
	char *domain;    /* A-labels, or NULL when only hosts were named */
	char *imap_host; /* or NULL */
	uint16_t imap_port; /* 0: 993 and 143 */
	char *tenant;    /* or NULL */
	char *verify;    /* "MS=ms########", or NULL */
	struct names expect_mx; /* wanted MX hosts, lower case; may be empty */
	struct names old_mx;    /* MX hosts before the change; may be empty */
	struct names assume_public; /* prefixes "192.0.2.0/24" */
	int64_t ttl_limit_s;  /* 3600: Microsoft's advice for every MX before an IMAP migration */
	int64_t cert_days;    /* 21: --cert-days */
	int64_t timeout_ms;   /* one connection's limit: LIMIT_CONNECT_MS */
	int64_t old_ttl_s;    /* --old-ttl, or -1 */
	/* What earlier recordings knew (--since, rule/history.h); TIME_UNKNOWN and -1 where they did not. */
	int64_t since_ttl_s;   /* longest TTL of the zone's MX set that they saw */
	int64_t last_ttl_s;    /* the one that the old set had last */
	int64_t short_since;   /* when every server was first seen with a TTL within the limit, as it has stayed */
	int64_t changed_by;    /* when the set that followed old_mx was first seen */
	int64_t since_gone_by; /* by when they expected the last old answer to be gone */
	struct names ignore, only; /* finding ids */
	struct severity_override *overrides;
	size_t override_count;
};

void policy_init(struct policy *policy);  /* defaults; now = TIME_UNKNOWN */
void policy_copy(struct policy *to, const struct policy *from); /* deep; `to` is overwritten, not cleared */
void policy_clear(struct policy *policy);

void names_add(struct names *names, const char *name); /* copies */
bool names_has(const struct names *names, const char *name); /* ASCII case folded */
void names_clear(struct names *names);

const char *phase_name(enum phase phase); /* "before", "after" */
const char *cloud_name(enum cloud cloud); /* as in --cloud */
enum cloud cloud_from_name(const char *name); /* CLOUD_COUNT for none */

#endif
