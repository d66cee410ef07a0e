#include "rule/subject.h"

#include <string.h>

#include "../check_main.h"

static const char *const probes[] = {"port", "tls", NULL};
static struct evidence evidence;
static struct policy policy;
static struct findings findings;
static struct judging judging;
static struct subjects subjects;

static void setup(void)
{
	evidence_init(&evidence);
	policy_init(&policy);
	findings_init(&findings);
	judging = (struct judging){&evidence, &policy, &findings};
	subjects = (struct subjects){0};
}

static void teardown(void)
{
	subjects_clear(&subjects);
	findings_clear(&findings);
	policy_clear(&policy);
	evidence_clear(&evidence);
}

static void see(const char *probe, const char *target, const char *address)
{
	evidence_take(&evidence, observation_new(probe, target, address, 0));
}

START_TEST(observations_are_grouped_by_target_in_order)
{
	see("port", "b.example:993", "192.0.2.1");
	see("dns", "b.example:993", "192.0.2.1");
	see("tls", "a.example:143", "192.0.2.1");
	see("tls", "b.example:993", "192.0.2.2");
	subjects_collect(&subjects, &evidence, probes);
	ck_assert_uint_eq(subjects.count, 2);
	ck_assert_str_eq(subjects.items[0].host, "b.example");
	ck_assert_uint_eq(subjects.items[0].port, 993);
	ck_assert_uint_eq(subjects.items[0].count, 2);
	ck_assert_uint_eq(subjects.items[0].seen[0], 0);
	ck_assert_uint_eq(subjects.items[0].seen[1], 3);
	ck_assert_str_eq(subjects.items[1].target, "a.example:143");
}
END_TEST

static const struct {
	const char *target, *host;
	uint16_t port;
	bool is_address;
} targets[] = {
    {"imap.example:993", "imap.example", 993, false},
    {"[2001:db8::1]:993", "2001:db8::1", 993, true},
    {"192.0.2.1", "192.0.2.1", 0, true},
    /* only a recording that is not ours holds these */
    {"", "", 0, false},
    {"a b:70000", "a b:70000", 0, false},
};

START_TEST(a_target_is_split_or_kept_whole)
{
	see("port", targets[_i].target, NULL);
	subjects_collect(&subjects, &evidence, probes);
	ck_assert_uint_eq(subjects.count, 1);
	ck_assert_str_eq(subjects.items[0].host, targets[_i].host);
	ck_assert_uint_eq(subjects.items[0].port, targets[_i].port);
	ck_assert(subjects.items[0].is_address == targets[_i].is_address);
}
END_TEST

/* Three addresses of one target; remarks on them by number: the text for each, NULL for none. */
static const struct {
	const char *remarks[3];
	enum naming naming;
	const char *tail, *summary, *addresses;
} summaries[] = {
    {{"bad", "bad", "bad"}, NAME_ADDRESSES_WHERE_THEY_DIFFER, NULL, "bad", "192.0.2.1, 192.0.2.2, 2001:db8::3"},
    {{"bad", "bad", "bad"}, NAME_ADDRESSES, NULL, "192.0.2.1, 192.0.2.2, 2001:db8::3: bad", "192.0.2.1, 192.0.2.2, 2001:db8::3"},
    {{"bad", NULL, NULL}, NAME_ADDRESSES_WHERE_THEY_DIFFER, "; rest good", "192.0.2.1: bad; rest good", "192.0.2.1"},
    {{"bad", "worse", "bad"},
     NAME_ADDRESSES_WHERE_THEY_DIFFER,
     NULL,
     "192.0.2.1, 2001:db8::3: bad; 192.0.2.2: worse",
     "192.0.2.1, 192.0.2.2, 2001:db8::3"},
};

START_TEST(remarks_of_one_id_become_one_finding)
{
	see("tls", "a.example:993", "192.0.2.1");
	see("tls", "a.example:993", "192.0.2.2");
	see("tls", "a.example:993", "2001:db8::3");
	subjects_collect(&subjects, &evidence, probes);
	struct notes notes;
	notes_init(&notes, &judging, &subjects.items[0]);
	size_t reasons = 0;
	for (size_t i = 0; i < 3; i++) {
		const char *remark = summaries[_i].remarks[i];
		if (remark == NULL)
			continue;
		notes_add(&notes, FINDING_TLS_TIMEOUT, i, "%s", remark);
		notes_add(&notes, FINDING_TLS_TIMEOUT, i, "a second remark of that id");
		reasons++;
	}
	const struct finding *f = notes_raise(&notes, FINDING_TLS_TIMEOUT, summaries[_i].naming, summaries[_i].tail);
	ck_assert_str_eq(f->summary, summaries[_i].summary);
	ck_assert_str_eq(f->subject, "a.example:993");
	ck_assert_str_eq(finding_get(f, "host"), "a.example");
	ck_assert_str_eq(finding_get(f, "address"), summaries[_i].addresses);
	ck_assert_uint_eq(f->because_count, reasons);
	ck_assert_ptr_null(notes_raise(&notes, FINDING_TLS_OK, NAME_ADDRESSES, NULL));
	ck_assert_ptr_eq(finding_about(&findings, FINDING_TLS_TIMEOUT, "a.example:993"), f);
	ck_assert_ptr_null(finding_about(&findings, FINDING_TLS_TIMEOUT, "b.example:993"));
	notes_clear(&notes);
}
END_TEST

START_TEST(remarks_are_dropped_by_id)
{
	see("tls", "a.example:993", "192.0.2.1");
	subjects_collect(&subjects, &evidence, probes);
	struct notes notes;
	notes_init(&notes, &judging, &subjects.items[0]);
	notes_add(&notes, FINDING_TLS_OK, 0, "good");
	notes_add(&notes, FINDING_TLS_LEGACY_OFFERED, 0, "old");
	ck_assert(!notes_are_bad(&notes));
	notes_add(&notes, FINDING_TLS_SUITE_NOT_LISTED, 0, "odd");
	ck_assert(notes_are_bad(&notes));
	notes_drop(&notes, FINDING_TLS_OK);
	ck_assert(!notes_has(&notes, FINDING_TLS_OK));
	notes_raise_all(&notes);
	ck_assert_uint_eq(findings.count, 2);
	notes_clear(&notes);
}
END_TEST

static const struct {
	int64_t milliseconds;
	const char *text;
} waits[] = {{15000, "15 s"}, {400, "400 ms"}, {1500, "1500 ms"}, {120000, "2 min"}};

START_TEST(a_wait_is_said_in_words)
{
	char text[WAIT_TEXT_BYTES];
	ck_assert_str_eq(wait_format(waits[_i].milliseconds, text), waits[_i].text);
}
END_TEST

START_TEST(a_long_text_is_cut_between_characters)
{
	char text[200] = "";
	ck_assert_int_eq(short_length("short"), 5);
	ck_assert_int_eq(short_length(NULL), 0);
	memset(text, 'a', 119);
	strncat(text, "\xc3\xa9 and more", 20);
	ck_assert_int_eq(short_length(text), 119);
	text[118] = '\0';
	ck_assert_int_eq(short_length(text), 118);
}
END_TEST

START_TEST(a_protocol_is_written_in_capitals_and_cut)
{
	char text[PROTOCOL_TEXT_BYTES];
	ck_assert_str_eq(protocol_title("pop3", text), "POP3");
	ck_assert_str_eq(protocol_title("a-very-long-protocol-name", text), "A-VERY-LONG-PRO");
}
END_TEST

#define ROWS(table) (int)(sizeof(table) / sizeof(table)[0])

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("subject");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, observations_are_grouped_by_target_in_order);
	tcase_add_loop_test(tcase, a_target_is_split_or_kept_whole, 0, ROWS(targets));
	tcase_add_loop_test(tcase, remarks_of_one_id_become_one_finding, 0, ROWS(summaries));
	tcase_add_test(tcase, remarks_are_dropped_by_id);
	tcase_add_loop_test(tcase, a_wait_is_said_in_words, 0, ROWS(waits));
	tcase_add_test(tcase, a_long_text_is_cut_between_characters);
	tcase_add_test(tcase, a_protocol_is_written_in_capitals_and_cut);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("rule/subject", fill)
