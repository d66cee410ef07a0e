#include "io/net.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/xalloc.h"
#include "io/dns_client.h"
#include "io/http.h"
#include "io/loop.h"
#include "io/pacer.h"
#include "io/tls_context.h"

/* Each connection and DNS channel is a descriptor: use what the administrator allows. */
static void raise_descriptor_limit(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

struct net *net_new(const struct net_config *config, struct error *error)
{
	struct tls_context *tls = tls_context_new(config->ca_file, error);
	if (tls == NULL)
		return NULL;
	raise_descriptor_limit();
	signal(SIGPIPE, SIG_IGN);
	struct net *net = xcalloc(1, sizeof *net);
	net->config = config;
	net->tls = tls;
	net->loop = loop_new();
	net->pacer = pacer_new(net->loop, config->rate, config->per_host);
	net->dns = dns_client_new(net);
	return net;
}

void net_close(struct net *net)
{
	if (net->is_closed)
		return;
	net->is_closed = true;
	dns_client_close(net->dns);
	http_client_close(net->http);
}

void net_free(struct net *net)
{
	if (net == NULL)
		return;
	net_close(net);
	loop_run(net->loop);
	dns_client_free(net->dns);
	http_client_free(net->http);
	pacer_free(net->pacer);
	tls_context_free(net->tls);
	loop_free(net->loop);
	free(net);
}
