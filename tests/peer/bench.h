#ifndef TESTS_BENCH_H
#define TESTS_BENCH_H
/*
 * One probe on one scripted peer: what the engine would do, without the engine. Host imap.lab.test is at the peer's address, and
 * so are pki.lab.test and the policy host; nothing is ever looked up. Leads are noted, not followed.
 */
#include "cutover/evidence.h"
#include "cutover/probe.h"
#include "peer.h"
#include "pki.h"

struct bench {
	struct peer *peer; /* borrowed */
	const char *address; /* of the host: "127.0.0.1" unless set */
	uint16_t port;       /* the peer's unless set */
	const char *protocol; /* job_options.protocol */
	bool is_deep;        /* job_options.is_deep */
	bool fetches;        /* job_options.fetches */
	char lead[128];      /* "PROBE TARGET": the last lead */
	int connections;     /* job_options.connections, .keeps_going */
	bool keeps_going;
	struct login_plan *login; /* job_options.login */
	const char *ca_file;
	int64_t timeout_ms;  /* AMPLE_MS unless set: silence_ms() where the peer is silent */
	int64_t judge_at, cutover; /* PKI_NOW and TIME_UNKNOWN unless set */
	int stop_after_ms;   /* > 0: the user interrupts then */
	int lag_ms;          /* a busy machine: it takes that long before each look at the sockets */
	struct evidence evidence; /* what was seen */
	bool has_ended;
	int64_t elapsed_ms;  /* of the whole run */
};

void bench_init(struct bench *bench, struct peer *peer);
void bench_run(struct bench *bench, const char *probe); /* again for another probe: evidence adds up */
void bench_clear(struct bench *bench);

/* The nth observation of that probe, or NULL. */
const struct observation *bench_seen(const struct bench *bench, const char *probe, int nth);

/* The dialogue as "> text\n< text\n". Allocated. */
char *bench_transcript(const struct observation *observation);

/* Its outcome's name; "(none)" for NULL. */
const char *bench_outcome(const struct observation *observation);

#define ck_outcome(observation, wanted) ck_assert_str_eq(bench_outcome(observation), outcome_name(OUTCOME_##wanted))
#define ck_text(observation, key, wanted) ck_assert_pstr_eq(observation_text(observation, FACT_##key, 0), wanted)
#define ck_flag(observation, key, wanted) \
	ck_assert_int_eq(observation_has(observation, FACT_##key, 0) ? observation_flag(observation, FACT_##key, 0) : -1, wanted)

#endif
