#ifndef RULE_NS_SERVER_H
#define RULE_NS_SERVER_H
/* The faults of single authoritative servers: ns-unreachable, ns-lame, ns-tcp-blocked, ns-edns-broken. */
#include "rule/authority.h"

/*
 * One finding a server name and fault, with all its addresses. Returns how many were raised. Without `with_unreachable`
 * silence is not held against the servers.
 */
size_t ns_server_judge(const struct dns_view *view, const struct authority *authority, bool with_unreachable);

#endif
