#ifndef APP_VANTAGE_H
#define APP_VANTAGE_H
/* The name of this place: --vantage, else the host's name. */
struct options;

const char *vantage_name(const struct options *options); /* borrowed from the options or static */

#endif
