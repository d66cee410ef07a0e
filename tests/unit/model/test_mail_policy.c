/* DMARC, MTA-STS, the tag lists that they are written in, and TLSA. */
#include <string.h>

#include "../check_main.h"
#include "base/str.h"
#include "model/dmarc.h"
#include "model/mtasts.h"
#include "model/tag_list.h"
#include "model/tlsa.h"

static const struct {
	const char *text;
	bool is_record;
	enum dmarc_policy policy;
	const char *fault;
} dmarcs[] = {
    {"v=DMARC1; p=none", true, DMARC_NONE, ""},
    {"v=DMARC1;p=reject;", true, DMARC_REJECT, ""},
    {" v = DMARC1 ; p = Quarantine ; pct=50", true, DMARC_QUARANTINE, ""},
    {"v=DMARC1; rua=mailto:a@b.test", true, DMARC_NONE, ""},
    {"v=DMARC1", true, DMARC_NONE, "no valid policy: p="},
    {"v=DMARC1; p=rejected", true, DMARC_NONE, "no valid policy: p=rejected"},
    {"v=DMARC1; p=none; sp=maybe", true, DMARC_NONE, "no valid subdomain policy: sp=maybe"},
    {"v=DMARC1; p=none; pct=101", true, DMARC_NONE, "not a percentage: pct=101"},
    {"v=DMARC1; p=none; oops", true, DMARC_NONE, "no tag=value: oops"},
    {"v=dmarc1; p=none", false, DMARC_NONE, "does not begin with v=DMARC1"},
    {"v=DMARC12; p=none", false, DMARC_NONE, "does not begin with v=DMARC1"},
    {"p=none; v=DMARC1", false, DMARC_NONE, "does not begin with v=DMARC1"},
};

START_TEST(dmarc_records_are_read)
{
	struct dmarc_record record;
	ck_assert_msg(dmarc_is_record(dmarcs[_i].text) == dmarcs[_i].is_record, "%s", dmarcs[_i].text);
	dmarc_parse(dmarcs[_i].text, &record);
	ck_assert_msg(record.policy == dmarcs[_i].policy, "%s", dmarcs[_i].text);
	ck_assert_str_eq(record.fault, dmarcs[_i].fault);
}
END_TEST

START_TEST(dmarc_alignment_and_psd_are_kept)
{
	struct dmarc_record record;
	dmarc_parse("v=DMARC1; p=reject; sp=none; adkim=s; aspf=r; psd=y; pct=20; rua=mailto:x@y.test", &record);
	ck_assert(record.is_dkim_strict && !record.is_spf_strict && record.has_reports);
	ck_assert_int_eq(record.subdomain_policy, DMARC_NONE);
	ck_assert_int_eq(record.psd, 'y');
	ck_assert_int_eq(record.percent, 20);
}
END_TEST

static const struct {
	const char *pattern, *host;
	bool matches;
} matches[] = {
    {"mail.contoso.com", "mail.contoso.com", true},
    {"mail.contoso.com", "MAIL.contoso.COM", true},
    {"*.mail.protection.outlook.com", "contoso-com.mail.protection.outlook.com", true},
    {"*.mx.microsoft", "contoso-com.o-v1.mx.microsoft", false},
    {"*.o-v1.mx.microsoft", "contoso-com.o-v1.mx.microsoft", true},
    {"*.contoso.com", "contoso.com", false},
    {"*.contoso.com", ".contoso.com", false},
    {"*", "mail", false},
};

START_TEST(a_wildcard_covers_one_label)
{
	ck_assert_msg(mtasts_pattern_matches(matches[_i].pattern, matches[_i].host) == matches[_i].matches, "%s %s",
	              matches[_i].pattern, matches[_i].host);
}
END_TEST

static const struct {
	const char *text;
	const char *fault;
	enum mtasts_mode mode;
	size_t patterns;
} policies[] = {
    {"version: STSv1\nmode: enforce\nmx: mail.contoso.com\nmx: *.Contoso.com\nmax_age: 604800\n", "", MTASTS_ENFORCE, 2},
    {"version: STSv1\r\nmode: testing\r\nmx: a.test\r\nmax_age: 0\r\n", "", MTASTS_TESTING, 1},
    {"version: STSv1\nmode: none\nmax_age: 86400", "", MTASTS_NONE, 0},
    {"version: STSv1\nmode: enforce\nmode: none\nfuture: key\nmx: a.test\nmax_age: 1\n", "", MTASTS_ENFORCE, 1},
    {"mode: enforce\nmx: a.test\nmax_age: 1\n", "no version line", MTASTS_ENFORCE, 1},
    {"version: STSv1\nmode: enforce\nmax_age: 1\n", "no mx line", MTASTS_ENFORCE, 0},
    {"version: STSv1\nmode: enforced\nmx: a.test\nmax_age: 1\n", "unknown mode: enforced", MTASTS_NONE, 1},
    {"version: STSv1\nmode: enforce\nmx: a.test\nmax_age: 31557601\n", "max_age is not a number from 0 to 31557600: 31557601",
     MTASTS_ENFORCE, 1},
    {"<!DOCTYPE html>\n<p>not found</p>", "no key: value line: <!DOCTYPE html>", MTASTS_NONE, 0},
    {"", "no version line", MTASTS_NONE, 0},
};

START_TEST(policies_are_read)
{
	struct mtasts_policy policy;
	mtasts_policy_parse(policies[_i].text, strlen(policies[_i].text), &policy);
	ck_assert_str_eq(policy.fault, policies[_i].fault);
	ck_assert_int_eq(policy.mode, policies[_i].mode);
	ck_assert_uint_eq(policy.pattern_count, policies[_i].patterns);
	mtasts_policy_clear(&policy);
}
END_TEST

START_TEST(the_id_is_letters_and_digits)
{
	char id[MTASTS_ID_BYTES];
	ck_assert(mtasts_is_record("v=STSv1; id=20220101000000Z;"));
	ck_assert(mtasts_record_id("v=STSv1; id=20220101000000Z;", id));
	ck_assert_str_eq(id, "20220101000000Z");
	ck_assert(!mtasts_record_id("v=STSv1;", id));
	ck_assert(!mtasts_record_id("v=STSv1; id=2022-01-01;", id));
	ck_assert(!mtasts_record_id("v=STSv1; id=123456789012345678901234567890123;", id));
	ck_assert(!mtasts_is_record("v=STSv10; id=1"));
	ck_assert(!mtasts_is_record("v=spf1 -all"));
}
END_TEST

#define DIGEST "00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff"

static const struct {
	const char *text;
	bool is_record, is_usable;
} tlsas[] = {
    {"3 1 1 " DIGEST, true, true},
    {"2 0 1 " DIGEST, true, true},
    {"3 1 2 " DIGEST " " DIGEST, true, true},
    {"3 0 0 308203", true, true},
    {"0 1 1 " DIGEST, true, false},
    {"1 1 1 " DIGEST, true, false},
    {"255 1 1 " DIGEST, true, false},
    {"3 2 1 " DIGEST, true, false},
    {"3 1 3 " DIGEST, true, false},
    {"3 1 1 " DIGEST "00", true, false},
    {"3 1 2 " DIGEST, true, false},
    {"3 1 1 abc", false, false},
    {"3 1 1 ", false, false},
    {"3 1 1", false, false},
    {"256 1 1 " DIGEST, false, false},
    {"-3 1 1 " DIGEST, false, false},
    {"3 1 1 xyz", false, false},
    {"", false, false},
};

START_TEST(tlsa_records_are_read)
{
	struct tlsa tlsa;
	ck_assert_msg(tlsa_parse(tlsas[_i].text, &tlsa) == tlsas[_i].is_record, "%s", tlsas[_i].text);
	if (tlsas[_i].is_record)
		ck_assert_msg(tlsa.is_usable == tlsas[_i].is_usable, "%s", tlsas[_i].text);
	ck_assert_ptr_null(strpbrk(tlsa.data, "ABCDEF "));
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("mail_policy");
	tcase_add_loop_test(tcase, dmarc_records_are_read, 0, sizeof dmarcs / sizeof dmarcs[0]);
	tcase_add_test(tcase, dmarc_alignment_and_psd_are_kept);
	tcase_add_loop_test(tcase, a_wildcard_covers_one_label, 0, sizeof matches / sizeof matches[0]);
	tcase_add_loop_test(tcase, policies_are_read, 0, sizeof policies / sizeof policies[0]);
	tcase_add_loop_test(tcase, tlsa_records_are_read, 0, sizeof tlsas / sizeof tlsas[0]);
	tcase_add_test(tcase, the_id_is_letters_and_digits);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("proto/mail_policy", fill)
