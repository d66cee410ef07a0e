#ifndef APP_CSV_TELL_H
#define APP_CSV_TELL_H
/* What was written and changed, as an observation and as lines for the user. */
#include "app/csv_files.h"
#include "proto/csv_repair.h"

/* `path`: the file or folder written. Says the refusal instead when there is one. Returns the observation, borrowed. */
struct observation *csv_tell_repair(const struct csv_writing *writing, const struct csv_repair *repair, const char *path);

/* One batch more: `number` from 0. */
void csv_tell_batch(const struct csv_writing *writing, struct observation *o, uint32_t number, const char *path, uint64_t rows);

#endif
