#include "probe/knock.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "cutover/limits.h"
#include "io/deadline.h"
#include "io/net.h"
#include "io/stream.h"

struct knock {
	struct net *net;
	struct endpoint peer;
	char *name;
	struct deadline *patience;
	struct stream *stream;
	void (*opened)(void *user);
	void *user;
};

static void on_connected(void *user)
{
	struct knock *knock = user;
	stream_start_tls(knock->stream, knock->name);
}

static void on_secured(void *user)
{
	struct knock *knock = user;
	knock->opened(knock->user);
}

static void on_received(void *user, const char *bytes, size_t length)
{
	(void)user;
	(void)bytes;
	(void)length;
}

static void on_ended(void *user, enum outcome outcome)
{
	struct knock *knock = user;
	if (outcome == OUTCOME_TLS && stream_tls(knock->stream)->alert >= 0)
		knock->opened(knock->user);
}

static const struct stream_listener listener = {on_connected, on_secured, on_received, on_ended};

static void on_patience_over(void *user)
{
	struct knock *knock = user;
	knock->stream = stream_open(knock->net, &knock->peer, &listener, knock);
}

struct knock *knock_new(struct net *net, const struct endpoint *peer, const char *name, void (*opened)(void *user),
                        void *user)
{
	struct knock *knock = xcalloc(1, sizeof *knock);
	int64_t third_ms = net->config->connect_timeout_ms / 3;
	int64_t patience_ms = third_ms < LIMIT_SILENCE_MS ? third_ms : LIMIT_SILENCE_MS;
	*knock = (struct knock){.net = net, .peer = *peer, .name = xstrdup(name), .opened = opened, .user = user};
	knock->patience = deadline_new(net->loop, patience_ms, on_patience_over, knock);
	return knock;
}

void knock_free(struct knock *knock)
{
	if (knock == NULL)
		return;
	deadline_free(knock->patience);
	stream_close(knock->stream);
	free(knock->name);
	free(knock);
}
