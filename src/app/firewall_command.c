/* `firewall RULES...`: do these rules let every range of Exchange Online in on 993 and 143? */
#include <stdlib.h>
#include <unistd.h>

#include "app/command.h"
#include "app/facts.h"
#include "app/firewall_files.h"
#include "app/firewall_paste.h"
#include "app/options.h"
#include "app/output.h"
#include "app/ranges_fetch.h"
#include "app/vantage.h"
#include "base/clock.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/rule.h"
#include "model/firewall.h"
#include "proto/firewall_scan.h"

enum { PORT_IMAPS = 993, PORT_IMAP = 143 };

struct firewall_run {
	const struct options *options;
	struct policy policy;
	struct ranges ranges;
	enum paste_form form; /* PASTE_COUNT: a report */
};

static int take_options(struct firewall_run *run, struct error *error)
{
	const char *hook = option_text(run->options, OPTION_HOOK), *form = option_text(run->options, OPTION_PASTE);
	if (hook != NULL && !str_equal(hook, "input") && !str_equal(hook, "forward"))
		return error_set(error, "--hook: '%.40s' is neither input nor forward", hook);
	run->form = form != NULL ? paste_form_from_name(form) : PASTE_COUNT;
	if (form != NULL && run->form == PASTE_COUNT)
		return error_set(error, "--paste: '%.40s' is not plain, csv, nft or ipset", form);
	return facts_apply(run->options, &run->policy, error);
}

static int take_ranges(struct firewall_run *run, struct error *error)
{
	const char *path = option_text(run->options, OPTION_RANGES);
	bool is_fetched = option_is_set(run->options, OPTION_FETCH_RANGES);
	if (is_fetched && path != NULL)
		return error_set(error, "--ranges and --fetch-ranges: one list, please");
	if (is_fetched && ranges_fetch(&run->ranges, run->options, run->policy.cloud, error) != 0)
		return -1;
	if (path == NULL && !is_fetched)
		ranges_builtin(&run->ranges, run->policy.cloud);
	else if (path != NULL && firewall_ranges_read(&run->ranges, path, error) != 0)
		return -1;
	if (option_is_set(run->options, OPTION_IPV4))
		ranges_keep_family(&run->ranges, 4);
	if (option_is_set(run->options, OPTION_IPV6))
		ranges_keep_family(&run->ranges, 6);
	return 0;
}

static int print(const struct firewall_run *run, const struct prefix *prefixes, size_t count, struct error *error)
{
	struct sink *sink = sink_new_fd(STDOUT_FILENO);
	paste(sink, run->form == PASTE_COUNT ? PASTE_PLAIN : run->form, prefixes, count);
	return sink_commit(sink, error);
}

static struct observation *scan_port(const struct firewall_run *run, const struct firewall_files *files, uint16_t port)
{
	struct firewall_scan scan = {
	    .target = files->label,
	    .ruleset = &files->ruleset,
	    .ranges = &run->ranges,
	    .port = port,
	    .hook = str_equal(option_text(run->options, OPTION_HOOK), "forward") ? HOOK_FORWARD : HOOK_INPUT,
	    .interface = option_text(run->options, OPTION_INTERFACE),
	    .started_ms = clock_now_ms(),
	};
	scan.has_destination = run->policy.imap_host != NULL && address_parse(run->policy.imap_host, &scan.destination);
	int64_t started = clock_monotonic_ms();
	struct observation *o = firewall_scan_run(&scan);
	o->elapsed_ms = clock_monotonic_ms() - started;
	return o;
}

static void scan_ports(const struct firewall_run *run, const struct firewall_files *files, struct evidence *evidence)
{
	static const uint16_t both[] = {PORT_IMAPS, PORT_IMAP};
	if (run->policy.imap_port != 0) {
		evidence_take(evidence, scan_port(run, files, run->policy.imap_port));
		return;
	}
	for (size_t i = 0; i < sizeof both / sizeof both[0]; i++)
		evidence_take(evidence, scan_port(run, files, both[i]));
}

/* What the ports that count lack. */
static struct prefix_set missing_of(const struct evidence *evidence)
{
	struct prefix_set missing;
	struct prefix prefix;
	prefix_set_init(&missing);
	for (size_t i = 0; i < evidence->count; i++) {
		const struct observation *o = evidence->observations[i];
		for (uint32_t row = 0; row < observation_rows(o, FACT_FIREWALL_MISSING); row++) {
			const char *text = observation_text(o, FACT_FIREWALL_MISSING, row);
			if (firewall_is_of(text, firewall_families(evidence, i)) && prefix_parse(text, &prefix))
				prefix_set_add(&missing, &prefix);
		}
	}
	prefix_set_settle(&missing);
	return missing;
}

struct prefixes {
	struct prefix *items;
	size_t count, room;
};

static void add_prefix(const struct prefix *prefix, void *user)
{
	struct prefixes *prefixes = user;
	prefixes->items = xgrow(prefixes->items, prefixes->count, &prefixes->room, sizeof *prefixes->items);
	prefixes->items[prefixes->count++] = *prefix;
}

/* Whole ranges as they are published, so that they can be compared with the list; then parts of others. */
static int paste_missing(const struct firewall_run *run, const struct evidence *evidence, struct error *error)
{
	struct prefixes prefixes = {.items = NULL};
	struct prefix_set missing = missing_of(evidence), rest = prefix_set_copy(&missing);
	for (size_t i = 0; i < run->ranges.count; i++) {
		struct prefix_set range;
		prefix_set_init(&range);
		prefix_set_add(&range, &run->ranges.items[i]);
		if (prefix_set_is_within(&range, &missing)) {
			add_prefix(&run->ranges.items[i], &prefixes);
			prefix_set_drop(&rest, &range);
		}
		prefix_set_clear(&range);
	}
	prefix_set_each(&rest, add_prefix, &prefixes);
	int result = print(run, prefixes.items, prefixes.count, error);
	prefix_set_clear(&missing);
	prefix_set_clear(&rest);
	free(prefixes.items);
	return result;
}

/* --paste: the missing ranges and nothing else; the exit status is the one that a report would have. */
static int paste_and_judge(struct firewall_run *run, const struct firewall_files *files, struct error *error)
{
	struct run_info info = {.command = "firewall"};
	struct evidence evidence;
	struct findings findings;
	evidence_init(&evidence);
	findings_init(&findings);
	scan_ports(run, files, &evidence);
	rules_judge(&evidence, &run->policy, &findings);
	struct report report = {.run = &info, .policy = &run->policy, .evidence = &evidence, .findings = &findings};
	int result = paste_missing(run, &evidence, error) != 0 ? -1 : report_verdict(&report, 1).exit_code;
	findings_clear(&findings);
	evidence_clear(&evidence);
	return result;
}

static int judge(struct firewall_run *run, const struct firewall_files *files, struct error *error)
{
	struct run_info info = {.command = "firewall", .vantage = vantage_name(run->options), .started_ms = clock_now_ms()};
	struct evidence evidence;
	struct output *output = output_open(run->options, error);
	if (output == NULL)
		return -1;
	evidence_init(&evidence);
	scan_ports(run, files, &evidence);
	info.finished_ms = clock_now_ms();
	output_judge(output, &info, &run->policy, &evidence);
	int result = output_close(output, error);
	evidence_clear(&evidence);
	return result;
}

static int run_on_files(struct firewall_run *run, struct error *error)
{
	struct firewall_files files;
	bool is_v4 = option_is_set(run->options, OPTION_IPV4), is_v6 = option_is_set(run->options, OPTION_IPV6);
	unsigned hint = is_v4 == is_v6 ? 0 : is_v4 ? FAMILY_V4 : FAMILY_V6;
	if (firewall_files_read(&files, &run->options->arguments, hint, error) != 0)
		return -1;
	if (run->policy.now == TIME_UNKNOWN)
		run->policy.now = clock_now_ms() / 1000;
	int result = run->form == PASTE_COUNT ? judge(run, &files, error) : paste_and_judge(run, &files, error);
	firewall_files_clear(&files);
	return result;
}

static int firewall_run(const struct options *options, struct error *error)
{
	struct firewall_run run = {.options = options};
	policy_init(&run.policy);
	ranges_init(&run.ranges);
	int result = take_options(&run, error);
	if (result == 0)
		result = take_ranges(&run, error);
	if (result == 0 && option_is_set(options, OPTION_LIST))
		result = print(&run, run.ranges.items, run.ranges.count, error);
	else if (result == 0)
		result = run_on_files(&run, error);
	ranges_clear(&run.ranges);
	policy_clear(&run.policy);
	return result;
}

const struct command firewall_command = {
    .name = "firewall",
    .arguments = "RULES...",
    .about = "Do these firewall rules let every range of Exchange Online in on 993 and 143?",
    .examples = "nft list ruleset | cutover firewall -\n"
                "cutover firewall rules.v4 rules.v6 sets --imap imap.contoso.com:993\n"
                "cutover firewall allowed.txt --ranges ranges.json --paste nft\n"
                "cutover firewall rules.v4 rules.v6 --fetch-ranges\n"
                "cutover firewall --list",
    .least_arguments = 1,
    .most_arguments = -1,
    .run = firewall_run,
};
