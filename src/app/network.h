#ifndef APP_NETWORK_H
#define APP_NETWORK_H
/* Options to what io/net.h wants: resolvers, --connect, time limits, pace. */
#include "app/options.h"
#include "io/net.h"

/* Fills the config; -1 with one line. Resolvers: those named, else those of the system. */
int network_config(const struct options *options, struct net_config *config, struct error *error);
void network_config_clear(struct net_config *config);

#endif
