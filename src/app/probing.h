#ifndef APP_PROBING_H
#define APP_PROBING_H
/* The commands that probe: targets to migrations, the engine over them, each judged and rendered when it is done. */
#include <stdint.h>

#include "app/options.h"
#include "engine/migration.h"

struct journal;
struct probing;

/* A command's `run` for those that take targets as arguments: the exit status, or -1 with the error. */
int probing_run(const struct options *options, struct error *error);

/* The same with another way to find what is to be probed: `fill` takes migrations in before anything is sent. */
typedef int probing_fill(struct probing *probing, void *user, struct error *error);
int probing_execute(const struct options *options, probing_fill *fill, void *user, struct error *error);

const struct options *probing_options(const struct probing *probing);
int64_t probing_started(const struct probing *probing); /* seconds since 1970 UTC */
/* With the caches that the options name. */
void probing_take(struct probing *probing, struct migration *migration);

/*
 * From now on what is observed goes into the journal as well, at once; taken. So does what the migration holds already, from the
 * observation `first` on.
 */
void probing_keep_journal(struct probing *probing, struct journal *journal, const struct migration *migration, size_t first);
/* Into the journal only. False when something could not be written there. */
bool probing_note(struct probing *probing, const struct migration *migration, struct observation *observation);

/* Plans the probe on the host's port, or on both of IMAP's when none is named. */
void probing_plan_ports(struct migration *migration, const struct probe *probe, const struct target *host);

#endif
