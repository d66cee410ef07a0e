#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <stddef.h>
#include <string.h>

#include "io/dial.h"

enum { ANY_CODE = -1 };

static const struct {
	int family, type, code;
	const char *name;
} names[] = {
    /* RFC 792, RFC 1812 5.2.7.1 */
    {4, ICMP_DEST_UNREACH, ICMP_NET_UNREACH, "net-unreachable"},
    {4, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, "host-unreachable"},
    {4, ICMP_DEST_UNREACH, ICMP_PROT_UNREACH, "protocol-unreachable"},
    {4, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, "port-unreachable"},
    {4, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, "fragmentation-needed"},
    {4, ICMP_DEST_UNREACH, ICMP_SR_FAILED, "source-route-failed"},
    {4, ICMP_DEST_UNREACH, ICMP_NET_UNKNOWN, "net-unreachable"},
    {4, ICMP_DEST_UNREACH, ICMP_HOST_UNKNOWN, "host-unreachable"},
    {4, ICMP_DEST_UNREACH, ICMP_NET_ANO, "net-prohibited"},
    {4, ICMP_DEST_UNREACH, ICMP_HOST_ANO, "host-prohibited"},
    {4, ICMP_DEST_UNREACH, ICMP_PKT_FILTERED, "admin-prohibited"},
    {4, ICMP_DEST_UNREACH, ANY_CODE, "destination-unreachable"},
    {4, ICMP_TIME_EXCEEDED, ANY_CODE, "time-exceeded"},
    {4, ICMP_PARAMETERPROB, ANY_CODE, "parameter-problem"},
    /* RFC 4443 */
    {6, ICMP6_DST_UNREACH, ICMP6_DST_UNREACH_NOROUTE, "net-unreachable"},
    {6, ICMP6_DST_UNREACH, ICMP6_DST_UNREACH_ADMIN, "admin-prohibited"},
    {6, ICMP6_DST_UNREACH, ICMP6_DST_UNREACH_BEYONDSCOPE, "beyond-scope"},
    {6, ICMP6_DST_UNREACH, ICMP6_DST_UNREACH_ADDR, "host-unreachable"},
    {6, ICMP6_DST_UNREACH, ICMP6_DST_UNREACH_NOPORT, "port-unreachable"},
    {6, ICMP6_DST_UNREACH, 5, "policy-failed"},
    {6, ICMP6_DST_UNREACH, 6, "route-rejected"},
    {6, ICMP6_DST_UNREACH, ANY_CODE, "destination-unreachable"},
    {6, ICMP6_PACKET_TOO_BIG, ANY_CODE, "packet-too-big"},
    {6, ICMP6_TIME_EXCEEDED, ANY_CODE, "time-exceeded"},
    {6, ICMP6_PARAM_PROB, ANY_CODE, "parameter-problem"},
};

const char *icmp_name(int family, int type, int code)
{
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].family == family && names[i].type == type && (names[i].code == code || names[i].code == ANY_CODE))
			return names[i].name;
	return "other";
}

const char *errno_name(int error)
{
	const char *name = strerrorname_np(error);
	return name != NULL ? name : "unknown";
}
