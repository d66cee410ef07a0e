#include "../check_main.h"
#include "../../replay/dns_world.h"

#include "rule/mx_host.h"
#include "model/public_address.h"

static const struct {
	const char *host;
	enum mx_kind kind;
} hosts[] = {
    {"mail.contoso.com", MX_KIND_OTHER},
    {"contoso.com", MX_KIND_OTHER},
    {"1.contoso.com", MX_KIND_OTHER},
    {"contoso-com.mail.protection.outlook.com", MX_KIND_MICROSOFT},
    {"contoso-com.a-v1.mx.microsoft", MX_KIND_MICROSOFT},
    {"contoso.mail.protection.office365.us", MX_KIND_OTHER_CLOUD},
    {"contoso-com.mail.protection.partner.outlook.cn", MX_KIND_OTHER_CLOUD},
    {"ms12345678.msv1.invalid", MX_KIND_VERIFICATION},
    {"MS12345678.msv1.invalid.outlook.com", MX_KIND_VERIFICATION},
    {"ms.msv1.invalid", MX_KIND_OTHER},
    {"ms12345678.msv1.invalid.contoso.com", MX_KIND_OTHER},
    {".", MX_KIND_NULL},
    {"", MX_KIND_NULL},
    {"192.0.2.1", MX_KIND_ADDRESS},
    {"2001:db8::1", MX_KIND_ADDRESS},
    {"[192.0.2.1]", MX_KIND_ADDRESS},
    {"192.0.2.1.contoso.com", MX_KIND_ADDRESS},
    {"192.0.2.1.fabrikam.com", MX_KIND_OTHER},
    {"[", MX_KIND_OTHER},
    {"contoso-com.mail.protection.outlook.com.contoso.com", MX_KIND_ZONE_APPENDED},
    {"contoso-com.a-v1.mx.microsoft.contoso.com", MX_KIND_ZONE_APPENDED},
    {"smtp.office365.com.contoso.com", MX_KIND_ZONE_APPENDED},
    {"contoso-com.mail.protection.outlook.com.fabrikam.com", MX_KIND_OTHER},
    {"smtp.office365.com", MX_KIND_SUBMISSION},
    {"smtp-mail.outlook.com", MX_KIND_SUBMISSION},
    {"contoso-com.mail.protection.outlook.de", MX_KIND_RETIRED},
};

START_TEST(hosts_are_told_apart)
{
	struct world world;
	struct microsoft_name found;
	world_init(&world);
	struct dns_view view = {.policy = &world.policy, .domain = world.policy.domain};
	enum mx_kind kind = mx_host_kind(&view, hosts[_i].host, &found);
	ck_assert_msg(kind == hosts[_i].kind, "'%s' is %d", hosts[_i].host, kind);
	world_clear(&world);
}
END_TEST

static const struct {
	const char *address, *assumed;
	bool is_public;
} addresses[] = {
    {"93.184.216.34", NULL, true},   {"10.1.2.3", NULL, false},        {"10.1.2.3", "10.0.0.0/8", true},
    {"10.1.2.3", "10.2.0.0/16", false}, {"10.1.2.3", "rubbish", false}, {"fd00::1", NULL, false},
    {"fd00::1", "fd00::/8", true},   {"2606:2800:220:1::1", NULL, true}, {"no address", NULL, true},
};

START_TEST(special_purpose_addresses_are_not_public_unless_assumed)
{
	struct policy policy;
	struct special_range range = {.name = ""};
	policy_init(&policy);
	if (addresses[_i].assumed != NULL)
		names_add(&policy.assume_public, addresses[_i].assumed);
	ck_assert_msg(address_is_public(&policy, addresses[_i].address, &range) == addresses[_i].is_public, "%s", addresses[_i].address);
	ck_assert_int_eq(range.name[0] != '\0', !addresses[_i].is_public);
	ck_assert(address_is_public(&policy, addresses[_i].address, NULL) == addresses[_i].is_public);
	policy_clear(&policy);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("mx_host");
	tcase_add_loop_test(tcase, hosts_are_told_apart, 0, sizeof hosts / sizeof *hosts);
	tcase_add_loop_test(tcase, special_purpose_addresses_are_not_public_unless_assumed, 0, sizeof addresses / sizeof *addresses);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("rule/mx_host", fill)
