#include "model/label.h"

#include <string.h>

#include "../check_main.h"

static const struct {
	const char *name, *domain, *label;
} cases[] = {
    {"dots become dashes", "contoso.com", "contoso-com"},
    {"every dot", "mail.contoso.co.uk", "mail-contoso-co-uk"},
    {"upper case", "CONTOSO.Com", "contoso-com"},
    {"a dash in the first block", "ba-phalaborwa.gov.za", "baphalaborwa-gov-za0e"},
    {"at the block's end", "bad-gastein.at", "badgastein-at0i"},
    {"behind an empty block", "ayto-navia.es", "aytonavia-es01b"},
    {"behind two", "allendorf-lda.de", "allendorflda-de02c"},
    {"bit two behind an empty block", "alfeld-mfr.de", "alfeldmfr-de01e"},
    {"two blocks side by side", "aschau-a-inn.de", "aschauainn-de01eb"},
    {"empty blocks between", "seegebiet-mansfelder-land.de", "seegebietmansfelderland-de02c2b"},
    {"many dashes", "saint-aime-du-lac-des-iles.ca", "saintaimedulacdesiles-ca01ceccc"},
    {"an A-label", "xn--gllesheim-q9a.de", "xngllesheimq9a-de0m2c"},
    {"dots count as places", "a.b-c.de", "a-bc-de0i"},
    {"two dashes in a block", "a--b.de", "ab-de0g"},
    {"exactly 63 octets", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.de",
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-de"},
    {"64 octets", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.de", NULL},
    {"nothing", "", NULL},
};

START_TEST(label_is_microsofts)
{
	char *label = domain_label(cases[_i].domain);
	if (cases[_i].label == NULL)
		ck_assert_msg(label == NULL, "%s: '%s' for '%s'", cases[_i].name, label, cases[_i].domain);
	else
		ck_assert_msg(label != NULL && strcmp(label, cases[_i].label) == 0, "%s: '%s' for '%s', not '%s'", cases[_i].name,
		              label != NULL ? label : "(none)", cases[_i].domain, cases[_i].label);
	free(label);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("label");
	tcase_add_loop_test(tcase, label_is_microsofts, 0, sizeof cases / sizeof *cases);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("model/label", fill)
