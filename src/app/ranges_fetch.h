#ifndef APP_RANGES_FETCH_H
#define APP_RANGES_FETCH_H
/*
 * --fetch-ranges: the list of Microsoft's IP Address and URL web service, by its conventions: one request id a machine, the version
 * asked first and at most once an hour, the list only when the version is a new one, a refusal (429) obeyed until its time is over.
 */
#include "app/options.h"
#include "model/ranges.h"

/* Fills `ranges`, dated by when the version was asked for. -1 with one line, which names the copy that is kept when there is one. */
int ranges_fetch(struct ranges *ranges, const struct options *options, enum cloud cloud, struct error *error);

#endif
