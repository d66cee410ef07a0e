/*
 * SPF evaluations by the evaluator of the program, as many at once as fit: for bench/spf.py.
 *
 *     spf_rate RESOLVER FILE
 *
 * Lines of FILE are "ADDRESS SENDER", as libspf2's spfquery reads them; printed is "ADDRESS SENDER RESULT" in the same order.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "cutover/limits.h"
#include "io/loop.h"
#include "io/net.h"
#include "probe/spf_answers.h"

enum { LINE_BYTES = 512, QUERIES = 100000, AT_ONCE = 100, RATE = 1000000 };

struct evaluation {
	char address[64], sender[LINE_BYTES];
	struct spf_query query;
	struct spf_answers *answers;
	enum spf_result result;
};

static struct evaluation *evaluations;
static size_t count, begun, ended;
static struct net *net;

static void begin_next(void);

static void evaluate(void *user)
{
	static struct spf_report report;
	struct evaluation *evaluation = user;
	evaluation->result = spf_evaluate(&evaluation->query, &report);
	if (evaluation->result == SPF_WAIT)
		return;
	spf_answers_free(evaluation->answers);
	evaluation->answers = NULL;
	if (++ended == count)
		net_close(net);
	else if (begun < count)
		begin_next();
}

static void begin_next(void)
{
	struct evaluation *evaluation = &evaluations[begun++];
	evaluation->answers = spf_answers_new(net, evaluate, evaluation);
	evaluation->query.user = evaluation->answers;
	evaluate(evaluation);
}

static void read_queries(FILE *file)
{
	char line[LINE_BYTES];
	while (count < QUERIES && fgets(line, sizeof line, file) != NULL) {
		struct evaluation *evaluation = &evaluations[count];
		struct spf_query *query = &evaluation->query;
		if (sscanf(line, "%63s %511s", evaluation->address, evaluation->sender) != 2)
			continue;
		const char *at = strchr(evaluation->sender, '@');
		*query = (struct spf_query){.domain = at != NULL ? at + 1 : evaluation->sender, .sender = evaluation->sender, .lookup = spf_answers_lookup};
		query->family = strchr(evaluation->address, ':') != NULL ? 6 : 4;
		count += inet_pton(query->family == 6 ? AF_INET6 : AF_INET, evaluation->address, query->address) == 1;
	}
}

int main(int argc, char **argv)
{
	struct endpoint resolver;
	FILE *file = argc == 3 ? fopen(argv[2], "r") : NULL;
	if (file == NULL || !endpoint_from_text(&resolver, argv[1], 53)) {
		fprintf(stderr, "spf_rate RESOLVER FILE\n");
		return EXIT_FAILURE;
	}
	evaluations = xcalloc(QUERIES, sizeof *evaluations);
	read_queries(file);
	fclose(file);
	const struct net_config config = {.resolvers = &resolver, .resolver_count = 1, .dns_timeout_ms = LIMIT_DNS_TRY_MS, .dns_tries = LIMIT_DNS_TRIES,
	                                  .connect_timeout_ms = LIMIT_CONNECT_MS, .dns_port = 53, .rate = RATE, .per_host = AT_ONCE};
	net = net_new(&config, NULL);
	for (size_t i = 0; i < AT_ONCE && i < count; i++)
		begin_next();
	loop_run(net->loop);
	for (size_t i = 0; i < count; i++)
		printf("%s %s %s\n", evaluations[i].address, evaluations[i].sender, spf_result_name(evaluations[i].result));
	net_free(net);
	free(evaluations);
	return EXIT_SUCCESS;
}
