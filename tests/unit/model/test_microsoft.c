#include "model/microsoft.h"

#include <string.h>

#include "../check_main.h"
#include "model/embedded.h"
#include "model/table.h"

#define WORLD (1U << CLOUD_WORLDWIDE)
#define GOV (1U << CLOUD_GCC_HIGH | 1U << CLOUD_DOD)
#define CHINA (1U << CLOUD_CHINA)

static const struct {
	const char *host;
	enum microsoft_kind kind;
	unsigned clouds;
	bool is_dnssec_form;
	const char *label;
} hosts[] = {
    {"contoso-com.mail.protection.outlook.com", MICROSOFT_MX, WORLD, false, "contoso-com"},
    {"CONTOSO-com.Mail.Protection.Outlook.COM.", MICROSOFT_MX, WORLD, false, "contoso-com"},
    {"contoso-com.e-v1.mx.microsoft", MICROSOFT_MX, WORLD, true, "contoso-com"},
    {"contoso-com.z-v12.mx.microsoft", MICROSOFT_MX, WORLD, true, "contoso-com"},
    {"contoso.mail.protection.office365.us", MICROSOFT_MX, GOV, false, "contoso"},
    {"contoso.a-v1.usgovcloud-mx.microsoft", MICROSOFT_MX, GOV, true, ""},
    {"contoso-com.mail.protection.partner.outlook.cn", MICROSOFT_MX, CHINA, false, "contoso-com"},
    {"contoso-com.mail.protection.outlook.de", MICROSOFT_MX_RETIRED, 0, false, ""},
    {"smtp.office365.com", MICROSOFT_SUBMISSION, WORLD, false, ""},
    {"outlook.office365.us", MICROSOFT_SUBMISSION, 1U << CLOUD_GCC_HIGH, false, ""},
    {"contoso-com.mx.microsoft", MICROSOFT_NONE, 0, false, ""},
    {"contoso-com.ee-v1.mx.microsoft", MICROSOFT_NONE, 0, false, ""},
    {"contoso-com.e-v.mx.microsoft", MICROSOFT_NONE, 0, false, ""},
    {"contoso-com.e-v1x.mx.microsoft", MICROSOFT_NONE, 0, false, ""},
    {"contoso-com.e-v1.mx.microsoft.com", MICROSOFT_NONE, 0, false, ""},
    {"mail.protection.outlook.com", MICROSOFT_NONE, 0, false, ""},
    {".mail.protection.outlook.com", MICROSOFT_NONE, 0, false, ""},
    {"a.b.mail.protection.outlook.com", MICROSOFT_NONE, 0, false, ""},
    {"contoso-com.mail.protection.outlook.com.contoso.com", MICROSOFT_NONE, 0, false, ""},
    {"contoso-com.mail.protection.outlook.com.evil.example", MICROSOFT_NONE, 0, false, ""},
    {"evilmail.protection.outlook.de", MICROSOFT_NONE, 0, false, ""},
    {"mail.contoso.com", MICROSOFT_NONE, 0, false, ""},
    {".", MICROSOFT_NONE, 0, false, ""},
    {"", MICROSOFT_NONE, 0, false, ""},
};

START_TEST(mx_hosts_are_told_apart)
{
	struct microsoft_name found = {0};
	ck_assert_msg(microsoft_mx(hosts[_i].host, &found) == hosts[_i].kind, "%s", hosts[_i].host);
	if (hosts[_i].kind == MICROSOFT_NONE)
		return;
	ck_assert_msg(found.kind == hosts[_i].kind && found.clouds == hosts[_i].clouds, "%s: %x", hosts[_i].host, found.clouds);
	ck_assert_msg(found.is_dnssec_form == hosts[_i].is_dnssec_form, "%s", hosts[_i].host);
	ck_assert_str_eq(found.label, hosts[_i].label);
}
END_TEST

START_TEST(names_of_other_kinds_are_told_apart)
{
	struct microsoft_name found;
	ck_assert(microsoft_is(MICROSOFT_SPF, "SPF.protection.outlook.com", &found));
	ck_assert_uint_eq(found.clouds, WORLD);
	ck_assert(microsoft_is(MICROSOFT_SPF, "spf.protection.office365.us", &found));
	ck_assert_uint_eq(found.clouds, GOV);
	ck_assert(!microsoft_is(MICROSOFT_SPF, "spf.protection.outlook.com.evil.example", NULL));
	ck_assert(!microsoft_is(MICROSOFT_SPF, "autodiscover.outlook.com", NULL));
	ck_assert(microsoft_is(MICROSOFT_AUTODISCOVER, "autodiscover.outlook.com.", &found));
	ck_assert_uint_eq(found.clouds, WORLD);
	ck_assert(microsoft_is(MICROSOFT_AUTODISCOVER, "autodiscover-dod.office365.us", &found));
	ck_assert_uint_eq(found.clouds, 1U << CLOUD_DOD);
	ck_assert(microsoft_is(MICROSOFT_MSOID, "clientconfig.partner.microsoftonline-p.net.cn", &found));
	ck_assert_uint_eq(found.clouds, CHINA);
}
END_TEST

static void assert_wanted(enum microsoft_kind kind, enum cloud cloud, const char *label, const char *wanted)
{
	char *name = microsoft_wanted(kind, cloud, label);
	ck_assert_pstr_eq(name, wanted);
	free(name);
}

START_TEST(each_cloud_wants_its_own_records)
{
	assert_wanted(MICROSOFT_MX, CLOUD_WORLDWIDE, "contoso-com", "contoso-com.mail.protection.outlook.com");
	assert_wanted(MICROSOFT_MX, CLOUD_DOD, "contoso", "contoso.mail.protection.office365.us");
	assert_wanted(MICROSOFT_SPF, CLOUD_WORLDWIDE, NULL, "spf.protection.outlook.com");
	assert_wanted(MICROSOFT_SPF, CLOUD_GCC_HIGH, NULL, "spf.protection.office365.us");
	assert_wanted(MICROSOFT_SPF, CLOUD_CHINA, NULL, "spf.protection.partner.outlook.cn");
	assert_wanted(MICROSOFT_AUTODISCOVER, CLOUD_WORLDWIDE, NULL, "autodiscover.outlook.com");
	assert_wanted(MICROSOFT_AUTODISCOVER, CLOUD_GCC_HIGH, NULL, "autodiscover.office365.us");
	assert_wanted(MICROSOFT_AUTODISCOVER, CLOUD_DOD, NULL, "autodiscover-dod.office365.us");
	assert_wanted(MICROSOFT_AUTODISCOVER, CLOUD_CHINA, NULL, "autodiscover.partner.outlook.cn");
	assert_wanted(MICROSOFT_MSOID, CLOUD_WORLDWIDE, NULL, NULL);
}
END_TEST

static void assert_label(enum cloud cloud, const char *tenant, const char *wanted)
{
	char *label = microsoft_label(cloud, "north-wind.com", tenant);
	ck_assert_pstr_eq(label, wanted);
	free(label);
}

START_TEST(government_clouds_take_the_tenant_as_label)
{
	assert_label(CLOUD_WORLDWIDE, "northwind", "northwind-com01c");
	assert_label(CLOUD_CHINA, NULL, "northwind-com01c");
	assert_label(CLOUD_GCC_HIGH, NULL, NULL);
	assert_label(CLOUD_GCC_HIGH, "NorthWind", "northwind");
	assert_label(CLOUD_DOD, "northwind.onmicrosoft.us", "northwind");
}
END_TEST

START_TEST(clouds_are_named)
{
	char *gov = microsoft_clouds(GOV), *none = microsoft_clouds(0);
	ck_assert_str_eq(gov, "gcc-high, dod");
	ck_assert_str_eq(none, "");
	free(gov);
	free(none);
}
END_TEST

START_TEST(providers_are_named)
{
	char *cpanel = provider_of("CPanelEmailDiscovery.cpanel.net.");
	ck_assert_pstr_eq(cpanel, "cPanel");
	free(cpanel);
	ck_assert_ptr_null(provider_of("cpanel.net"));
	ck_assert_ptr_null(provider_of("mail.contoso.com"));
}
END_TEST

/* The tables are ours: a row that no question can reach is a defect. */
START_TEST(every_row_of_the_tables_is_whole)
{
	static const char *const kinds[] = {"mx", "mx-retired", "mx-submission", "spf", "autodiscover", "msoid", "dkim",
	                                     "autodiscover-direct", "autodiscover-json"};
	struct table_row row;
	size_t rows = 0;
	for (table_begin(&row, embedded_text("data/clouds.tsv")); table_next(&row); rows++) {
		bool is_kind = false;
		for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
			is_kind = is_kind || strcmp(kinds[i], row.fields[0]) == 0;
		ck_assert_msg(row.count == 5 && is_kind, "%s", row.fields[3]);
		ck_assert_msg(cloud_from_name(row.fields[1]) != CLOUD_COUNT || strcmp(row.fields[1], "-") == 0, "%s", row.fields[3]);
		ck_assert_msg(strcmp(row.fields[4], "yes") == 0 || strcmp(row.fields[4], "-") == 0, "%s", row.fields[3]);
	}
	ck_assert_uint_gt(rows, 20);
	for (table_begin(&row, embedded_text("data/providers.tsv")); table_next(&row);)
		ck_assert_msg(row.count == 2, "%s", row.fields[0]);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("microsoft");
	tcase_add_loop_test(tcase, mx_hosts_are_told_apart, 0, sizeof hosts / sizeof *hosts);
	tcase_add_test(tcase, names_of_other_kinds_are_told_apart);
	tcase_add_test(tcase, each_cloud_wants_its_own_records);
	tcase_add_test(tcase, government_clouds_take_the_tenant_as_label);
	tcase_add_test(tcase, clouds_are_named);
	tcase_add_test(tcase, providers_are_named);
	tcase_add_test(tcase, every_row_of_the_tables_is_whole);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("model/microsoft", fill)
