#ifndef APP_FIREWALL_PASTE_H
#define APP_FIREWALL_PASTE_H
/*
 * Prefixes in forms to paste: plain (one a line), csv, nft (for nft -f) and ipset (for ipset restore). The sets are
 * called exchange_online and exchange_online6, as in the pages of the findings.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cutover/error.h"
#include "cutover/sink.h"
#include "model/address.h"

enum paste_form { PASTE_PLAIN, PASTE_CSV, PASTE_NFT, PASTE_IPSET, PASTE_COUNT };

enum paste_form paste_form_from_name(const char *name); /* PASTE_COUNT for none */
void paste(struct sink *sink, enum paste_form form, const struct prefix *prefixes, size_t count);

#endif
