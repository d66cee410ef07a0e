#include "model/recording.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../check_main.h"
#include "base/buf.h"
#include "base/xalloc.h"
#include "cutover/limits.h"
#include "cutover/sink.h"
#include "model/json_value.h"

static struct evidence evidence;
static struct policy policy;
static struct recording recording;
static struct error error;

static void setup(void)
{
	evidence_init(&evidence);
	policy_init(&policy);
	recording_init(&recording);
	error.text[0] = '\0';
}

static void teardown(void)
{
	evidence_clear(&evidence);
	policy_clear(&policy);
	recording_clear(&recording);
}

static const struct run_info run = {
    .command = "before", .vantage = "site-a", .started_ms = 1795300019123, .finished_ms = 1795300034999};

/* What recording_write makes of the evidence and policy of the fixture; owned by the caller. */
static char *written(void)
{
	struct sink *sink = sink_new_memory();
	recording_write(sink, &run, &policy, &evidence);
	char *text = xstrdup(sink_memory(sink, NULL));
	sink_abandon(sink);
	return text;
}

static struct observation *observe(const char *probe, const char *address, enum outcome outcome)
{
	struct observation *o = observation_new(probe, "contoso.com", address, 1795300019123);
	o->outcome = outcome;
	o->elapsed_ms = 15000;
	evidence_take(&evidence, o);
	return o;
}

START_TEST(evidence_comes_back_as_it_was_written)
{
	struct observation *o = observe("dns", "192.0.2.53", OUTCOME_OK);
	observation_add_text(o, FACT_DNS_QUESTION, 0, "contoso.com");
	observation_add_bool(o, FACT_DNS_AA, 0, true);
	for (uint32_t row = 0; row < 3; row++) {
		observation_add_int(o, FACT_DNS_MX_PREFERENCE, row, 10 * row);
		if (row != 1)
			observation_add_text(o, FACT_DNS_MX_HOST, row, "mx.contoso.com");
	}
	observation_add_time(o, FACT_CERT_NOT_AFTER, 0, 1795300019);
	observation_add_bytes(o, FACT_DETAIL, 0, "a\x1b[31m\\b\xffz", 10);
	observation_say(o, 12, '<', "* OK \x07 ready \\o/", 16);
	observation_say(o, 15, '>', "a1 CAPABILITY", 13);
	observe("port", NULL, OUTCOME_TIMEOUT)->vantage = xstrdup("site-b");
	char *first = written();
	ck_assert_ptr_nonnull(strstr(first, "\"started\":\"2026-11-21T22:26:59.123Z\""));
	ck_assert_ptr_nonnull(strstr(first, "\"dns.mx\":[{\"preference\":0,\"host\":\"mx.contoso.com\"},{\"preference\":10},"));
	ck_assert_ptr_nonnull(strstr(first, "\"cert.chain\":[{\"not_after\":\"2026-11-21T22:26:59Z\"}]"));
	ck_assert_int_eq(recording_parse(first, strlen(first), &recording, &error), 0);
	ck_assert_uint_eq(recording.skipped, 0);
	ck_assert_uint_eq(recording.evidence.count, 2);
	ck_assert_str_eq(recording.evidence.observations[0]->vantage, "site-a");
	ck_assert_str_eq(recording.evidence.observations[1]->vantage, "site-b");
	ck_assert_ptr_null(recording.evidence.observations[1]->address);
	ck_assert_str_eq(observation_text(recording.evidence.observations[0], FACT_DETAIL, 0), "a\\027[31m\\\\b\\255z");
	ck_assert_int_eq(recording.evidence.observations[0]->started_ms, 1795300019123);
	ck_assert_int_eq(recording.evidence.observations[0]->lines[1].at_ms, 15);
	/* Only the vantage that was the run's is now spelt out. */
	evidence.observations[0]->vantage = xstrdup("site-a");
	char *second = written();
	struct sink *again = sink_new_memory();
	recording_write(again, &recording.run, &recording.policy, &recording.evidence);
	policy.now = recording.policy.now;
	free(second);
	second = written();
	ck_assert_str_eq(sink_memory(again, NULL), second);
	sink_abandon(again);
	free(first);
	free(second);
}
END_TEST

START_TEST(policy_comes_back_as_it_was_written)
{
	policy.phase = PHASE_AFTER;
	policy.cloud = CLOUD_CHINA;
	policy.now = 1795300019;
	policy.cutover = 1795300020;
	policy.domain = xstrdup("contoso.com");
	policy.imap_host = xstrdup("imap.contoso.com");
	policy.imap_port = 143;
	policy.verify = xstrdup("MS=ms12345678");
	names_add(&policy.expect_mx, "contoso-com.mail.protection.outlook.com");
	names_add(&policy.old_mx, "mail.contoso.com");
	names_add(&policy.assume_public, "192.0.2.0/24");
	names_add(&policy.ignore, "ttl-ok");
	policy.ttl_limit_s = 600;
	policy.old_ttl_s = 86400;
	policy.overrides = xcalloc(1, sizeof *policy.overrides);
	policy.overrides[0] = (struct severity_override){.id = FINDING_TTL_TOO_LONG, .severity = SEVERITY_FAIL};
	policy.override_count = 1;
	char *first = written();
	ck_assert_int_eq(recording_parse(first, strlen(first), &recording, &error), 0);
	ck_assert_int_eq(recording.policy.phase, PHASE_AFTER);
	ck_assert_int_eq(recording.policy.cloud, CLOUD_CHINA);
	ck_assert_int_eq(recording.policy.now, 1795300019);
	ck_assert_ptr_null(recording.policy.tenant);
	ck_assert_int_eq(recording.policy.overrides[0].severity, SEVERITY_FAIL);
	struct sink *again = sink_new_memory();
	recording_write(again, &recording.run, &recording.policy, &recording.evidence);
	ck_assert_str_eq(sink_memory(again, NULL), first);
	sink_abandon(again);
	free(first);
}
END_TEST

#define HEAD "{\"schema\":\"cutover.evidence/1\",\"run\":{\"command\":\"before\",\"started\":\"2026-11-21T22:26:59Z\"},"
#define OBSERVED(rest) \
	HEAD "\"policy\":{},\"observations\":[{\"probe\":\"dns\",\"target\":\"a\",\"outcome\":\"ok\",\"started\":\"2026-11-21T22:26:59Z\"," rest "}]}"

static const struct {
	const char *line;
	size_t observations, facts, skipped;
} tolerated[] = {
    {HEAD "\"policy\":{},\"observations\":[],\"new\":1}", 0, 0, 0},
    {OBSERVED("\"facts\":{\"dns.aa\":true}"), 1, 1, 0},
    {OBSERVED("\"facts\":{\"dns.aa\":1}"), 1, 0, 1},
    {OBSERVED("\"facts\":{\"dns.future\":true,\"dns.aa\":true}"), 1, 1, 1},
    {OBSERVED("\"facts\":{\"dns.mx.host\":\"a\"}"), 1, 0, 1},
    {OBSERVED("\"facts\":{\"dns.mx\":[{\"host\":\"a\",\"future\":1}]}"), 1, 1, 1},
    {OBSERVED("\"facts\":{\"dns.mx\":[7,null,{\"preference\":10}]}"), 1, 1, 0},
    {OBSERVED("\"facts\":{\"dns.soa.serial\":9223372036854775807}"), 1, 0, 1},
    {OBSERVED("\"facts\":{\"cert.chain\":[{\"not_after\":\"soon\"}]}"), 1, 0, 1},
    {OBSERVED("\"outcome2\":\"ok\",\"facts\":[]"), 1, 0, 0},
    {OBSERVED("\"transcript\":[{\"at_ms\":1,\"dir\":\"!\",\"text\":\"x\"},7]"), 1, 0, 0},
    {HEAD "\"policy\":{},\"observations\":[7,{},{\"probe\":\"p\",\"target\":\"t\",\"outcome\":\"melted\",\"started\":\"2026-11-21\"}]}", 0, 0, 3},
};

START_TEST(what_is_unknown_is_left_out_and_counted)
{
	ck_assert_msg(recording_parse(tolerated[_i].line, strlen(tolerated[_i].line), &recording, &error) == 0, "%s: %s",
	              tolerated[_i].line, error.text);
	ck_assert_uint_eq(recording.evidence.count, tolerated[_i].observations);
	ck_assert_uint_eq(recording.skipped, tolerated[_i].skipped);
	if (recording.evidence.count > 0)
		ck_assert_uint_eq(recording.evidence.observations[0]->fact_count, tolerated[_i].facts);
}
END_TEST

static const struct {
	const char *line, *reason;
} refused[] = {
    {"", "cut short: JSON ends at column 0"},
    {"{\"schema\":", "cut short: JSON ends at column 10"},
    {"hello", "not JSON at column 5"},
    {"{\"a\":1,\"a\":2}", "not JSON at column 10"},
    {"[]", "not a recording of cutover (\"schema\" is not cutover.evidence/1)"},
    {"{\"schema\":\"cutover.report/1\"}", "this is a report; a recording is made with --record"},
    {"{\"schema\":\"cutover.evidence/2\"}", "recorded in another version of the form; this program reads cutover.evidence/1"},
    {"{\"schema\":\"cutover.evidence/1\"}", "\"run\": \"command\" is missing"},
    {"{\"schema\":\"cutover.evidence/1\",\"run\":{\"command\":\"x\",\"started\":7}}", "\"run\": \"started\" is no RFC 3339 time"},
    {HEAD "\"observations\":[]}", "\"policy\" is missing"},
    {HEAD "\"policy\":{}}", "\"observations\" is missing"},
    {HEAD "\"policy\":{\"phase\":\"during\"},\"observations\":[]}", "\"policy\": unknown phase or cloud"},
    {HEAD "\"policy\":{\"cloud\":\"mars\"},\"observations\":[]}", "\"policy\": unknown phase or cloud"},
    {HEAD "\"policy\":{\"ttl_limit_s\":-1},\"observations\":[]}", "\"policy\": \"ttl_limit_s\" has a wrong value"},
    {HEAD "\"policy\":{\"old_mx\":[1]},\"observations\":[]}", "\"policy\": \"old_mx\" has a wrong value"},
    {HEAD "\"policy\":{\"imap_port\":70000},\"observations\":[]}", "\"policy\": \"imap_port\" has a wrong value"},
};

START_TEST(a_bad_line_is_refused_with_its_reason)
{
	ck_assert_int_eq(recording_parse(refused[_i].line, strlen(refused[_i].line), &recording, &error), -1);
	ck_assert_str_eq(error.text, refused[_i].reason);
	ck_assert_uint_eq(recording.evidence.count, 0);
	ck_assert_ptr_null(recording.command);
}
END_TEST

START_TEST(a_crafted_recording_cannot_reach_the_terminal)
{
	static const char line[] = "{\"schema\":\"cutover.evidence/1\",\"run\":{\"command\":\"be\\u001bfore\",\"vantage\":\"\\u202esite\","
	                           "\"started\":\"2026-11-21T22:26:59Z\"},\"policy\":{\"domain\":\"a\\nb\"},\"observations\":[{\"probe\":\"p\\u0007\","
	                           "\"target\":\"t\\u009b\",\"address\":\"1\\r\",\"outcome\":\"ok\",\"started\":\"2026-11-21T22:26:59Z\",\"facts\":"
	                           "{\"detail\":\"\\u001b]0;x\\u0007\"},\"transcript\":[{\"at_ms\":0,\"dir\":\"<\",\"text\":\"\\u001b[2J\"}]}]}";
	ck_assert_msg(recording_parse(line, strlen(line), &recording, &error) == 0, "%s", error.text);
	const struct observation *o = recording.evidence.observations[0];
	ck_assert_str_eq(recording.run.command, "be\\027fore");
	ck_assert_str_eq(recording.run.vantage, "\\226\\128\\174site");
	ck_assert_str_eq(recording.policy.domain, "a\\010b");
	ck_assert_str_eq(o->probe, "p\\007");
	ck_assert_str_eq(o->target, "t\\194\\155");
	ck_assert_str_eq(o->address, "1\\013");
	ck_assert_str_eq(observation_text(o, FACT_DETAIL, 0), "\\027]0;x\\007");
	ck_assert_str_eq(o->lines[0].text, "\\027[2J");
}
END_TEST

START_TEST(long_texts_are_cut_between_characters)
{
	char *text = xcalloc(LIMIT_TRANSCRIPT_BYTES + 9, 1);
	text[0] = 'x';
	for (size_t i = 1; i < LIMIT_TRANSCRIPT_BYTES + 7; i += 2)
		memcpy(text + i, "\xc3\xa9", 2);
	char *line = xasprintf(OBSERVED("\"transcript\":[{\"at_ms\":0,\"dir\":\"<\",\"text\":\"%s\"}]"), text);
	ck_assert_msg(recording_parse(line, strlen(line), &recording, &error) == 0, "%s", error.text);
	ck_assert_uint_eq(strlen(recording.evidence.observations[0]->lines[0].text), LIMIT_TRANSCRIPT_BYTES - 1);
	free(line);
	free(text);
}
END_TEST

static int keep(struct recording *one, void *user)
{
	size_t *count = user;
	if (++*count == 1) {
		recording = *one;
		recording_init(one);
	}
	return 0;
}

/* Reads a file of those bytes with `keep`; the path stands in *path. */
static int read_bytes(const char *bytes, size_t *count, char path[64])
{
	snprintf(path, 64, "/tmp/test_recording.XXXXXX");
	int fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
	close(fd);
	*count = 0;
	int result = recording_read(path, keep, count, &error);
	unlink(path);
	return result;
}

START_TEST(a_file_is_read_line_by_line_and_a_fault_names_its_line)
{
	size_t count;
	char path[64], wanted[160];
	static const char good[] = HEAD "\"policy\":{},\"observations\":[]}\n";
	char *two = xasprintf("%s\n%s", good, good);
	ck_assert_msg(read_bytes(two, &count, path) == 0, "%s", error.text);
	ck_assert_uint_eq(count, 2);
	ck_assert_str_eq(recording.run.command, "before");
	recording_clear(&recording);
	char *killed = xasprintf("%s%.40s", good, good);
	ck_assert_int_eq(read_bytes(killed, &count, path), 0); /* in the middle of its last line */
	ck_assert_uint_eq(count, 1);
	recording_clear(&recording);
	char *cut = xasprintf("%s%.40s\n", good, good);
	ck_assert_int_eq(read_bytes(cut, &count, path), -1);
	snprintf(wanted, sizeof wanted, "%s:2: cut short: JSON ends at column 40", path);
	ck_assert_str_eq(error.text, wanted);
	ck_assert_uint_eq(count, 1);
	ck_assert_int_eq(read_bytes(" \n\r\n", &count, path), -1);
	snprintf(wanted, sizeof wanted, "%s: holds no recording", path);
	ck_assert_str_eq(error.text, wanted);
	ck_assert_int_eq(recording_read("/nonexistent/file", keep, &count, &error), -1);
	ck_assert_str_eq(error.text, "/nonexistent/file: cannot be read: No such file or directory");
	free(two);
	free(cut);
	free(killed);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("recording");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, evidence_comes_back_as_it_was_written);
	tcase_add_test(tcase, policy_comes_back_as_it_was_written);
	tcase_add_loop_test(tcase, what_is_unknown_is_left_out_and_counted, 0, sizeof tolerated / sizeof tolerated[0]);
	tcase_add_loop_test(tcase, a_bad_line_is_refused_with_its_reason, 0, sizeof refused / sizeof refused[0]);
	tcase_add_test(tcase, a_crafted_recording_cannot_reach_the_terminal);
	tcase_add_test(tcase, long_texts_are_cut_between_characters);
	tcase_add_test(tcase, a_file_is_read_line_by_line_and_a_fault_names_its_line);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("model/recording", fill)
