#ifndef APP_PROBING_H
#define APP_PROBING_H
/* The commands that probe: targets to migrations, the engine over them, each judged and rendered when it is done. */
#include "app/options.h"

/* A command's `run`: the exit status, or -1 with the error. */
int probing_run(const struct options *options, struct error *error);

#endif
