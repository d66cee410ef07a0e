#ifndef APP_RESUME_H
#define APP_RESUME_H
/* A recording of an earlier login run: what was seen is taken over, and rows that were tried are not tried again. */
#include "cutover/error.h"
#include "cutover/evidence.h"
#include "cutover/policy.h"
#include "proto/login_file.h"

/*
 * Marks the rows, and gives their observations to the evidence. -1 with one line when the recording cannot be read, is of another
 * server, or a row has another EmailAddress now.
 */
int resume_read(const char *path, const struct policy *policy, struct login_file *file, struct evidence *evidence, struct error *error);

#endif
