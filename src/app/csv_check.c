#include "app/csv_check.h"

#include "app/facts.h"
#include "base/clock.h"
#include "cutover/limits.h"
#include "proto/csv_scan.h"

static void feed(void *user, const void *bytes, size_t length)
{
	csv_scan_feed(user, bytes, length);
}

int csv_check(struct csv_input *input, const struct names *domains, struct evidence *evidence, struct error *error)
{
	struct csv_scan_options options = {
	    .target = input->label,
	    .domains = domains,
	    .file_bytes = input->is_file ? (int64_t)input->status.st_size : -1,
	    .mode = input->is_file ? (int)(input->status.st_mode & 07777) : -1,
	    .started_ms = clock_now_ms(),
	};
	int64_t started = clock_monotonic_ms();
	if (options.file_bytes > LIMIT_CSV_READ_BYTES) {
		csv_scan_refuse(&options, evidence);
		return 0;
	}
	struct csv_scan *scan = csv_scan_new(&options);
	int result = csv_input_read(input, feed, scan, error);
	if (result == 0)
		csv_scan_finish(scan, evidence, clock_monotonic_ms() - started);
	csv_scan_free(scan);
	return result;
}

int csv_check_given(const struct options *options, const char *domain, struct evidence *evidence, struct error *error)
{
	const char *path = option_text(options, OPTION_CSV);
	struct names domains = {0};
	struct csv_input input;
	if (path == NULL)
		return 0;
	if (csv_input_open(&input, path, error) != 0)
		return -1;
	int result = csv_input_guard(&input, options, error);
	if (result == 0)
		result = facts_domains(options, &domains, error);
	if (domain != NULL)
		names_add(&domains, domain);
	if (result == 0)
		result = csv_check(&input, &domains, evidence, error);
	names_clear(&domains);
	csv_input_close(&input);
	return result;
}
