/* The tree walk of RFC 9989 4.10, its limits, and the organizational domain by either rule. */
#include "model/dmarc_tree.h"

#include <string.h>

#include "../check_main.h"
#include "base/buf.h"
#include "base/str.h"

static const struct {
	const char *domain, *names; /* those asked, in order */
} walks[] = {
    {"com", "com"},
    {"contoso.com", "contoso.com com"},
    {"a.mail.contoso.com", "a.mail.contoso.com mail.contoso.com contoso.com com"},
    {"a.b.c.d.e.f.g", "a.b.c.d.e.f.g b.c.d.e.f.g c.d.e.f.g d.e.f.g e.f.g f.g g"},
    {"a.b.c.d.e.f.g.h", "a.b.c.d.e.f.g.h b.c.d.e.f.g.h c.d.e.f.g.h d.e.f.g.h e.f.g.h f.g.h g.h h"},
    {"a.b.c.d.e.f.g.h.i", "a.b.c.d.e.f.g.h.i c.d.e.f.g.h.i d.e.f.g.h.i e.f.g.h.i f.g.h.i g.h.i h.i i"},
    {"a.b.c.d.e.f.g.h.i.j.mail.example.com", "a.b.c.d.e.f.g.h.i.j.mail.example.com g.h.i.j.mail.example.com h.i.j.mail.example.com "
     "i.j.mail.example.com j.mail.example.com mail.example.com example.com com"},
};

START_TEST(eight_names_are_asked_at_most)
{
	const char *names[DMARC_WALK];
	struct buf text;
	buf_init(&text, 4096);
	size_t count = dmarc_walk(walks[_i].domain, names);
	ck_assert_uint_le(count, DMARC_WALK);
	for (size_t i = 0; i < count; i++)
		buf_printf(&text, "%s%s", i > 0 ? " " : "", names[i]);
	ck_assert_str_eq(text.bytes, walks[_i].names);
	buf_clear(&text);
}
END_TEST

#define PLAIN "v=DMARC1; p=reject"
#define IS_SUFFIX "v=DMARC1; p=reject; psd=y"
#define IS_NONE "v=DMARC1; p=reject; psd=n"

static const struct {
	const char *about, *domain, *organization, *source;
	struct {
		const char *name, *record;
	} zone[4];
} cases[] = {
    {"nothing anywhere", "a.contoso.com", "a.contoso.com", NULL, {{0}}},
    {"its own record", "contoso.com", "contoso.com", "contoso.com", {{"contoso.com", PLAIN}}},
    {"a record above", "a.contoso.com", "contoso.com", "contoso.com", {{"contoso.com", PLAIN}}},
    {"the highest of several", "a.b.contoso.com", "contoso.com", "contoso.com", {{"contoso.com", PLAIN}, {"b.contoso.com", PLAIN}}},
    {"psd=n ends the way", "a.b.contoso.com", "b.contoso.com", "b.contoso.com", {{"contoso.com", PLAIN}, {"b.contoso.com", IS_NONE}}},
    {"psd=n of its own", "b.contoso.com", "b.contoso.com", "b.contoso.com", {{"contoso.com", PLAIN}, {"b.contoso.com", IS_NONE}}},
    {"psd=y above", "a.contoso.bank", "contoso.bank", "bank", {{"bank", IS_SUFFIX}}},
    {"psd=y above a record", "a.contoso.bank", "contoso.bank", "contoso.bank", {{"bank", IS_SUFFIX}, {"contoso.bank", PLAIN}}},
    {"psd=y above a record that is not the organization's", "a.b.contoso.bank", "contoso.bank", "bank", {{"bank", IS_SUFFIX}, {"b.contoso.bank", PLAIN}}},
    {"psd=y of its own", "bank", "bank", "bank", {{"bank", IS_SUFFIX}}},
    {"psd=y of its own, below another record", "giant.bank.example", "giant.bank.example", "giant.bank.example",
     {{"giant.bank.example", IS_SUFFIX}, {"example", PLAIN}}},
    {"psd=y far above a long name", "a.b.c.d.e.f.g.h.i", "h.i", "i", {{"i", IS_SUFFIX}}},
    {"psd=y at the name that the long one jumps to", "a.b.c.d.e.f.g.h.i", "b.c.d.e.f.g.h.i", "c.d.e.f.g.h.i", {{"c.d.e.f.g.h.i", IS_SUFFIX}}},
    {"a record that the walk jumps over", "a.b.c.d.e.f.g.h.i", "a.b.c.d.e.f.g.h.i", NULL, {{"b.c.d.e.f.g.h.i", PLAIN}}},
    {"psd=u is as none", "a.contoso.com", "contoso.com", "contoso.com", {{"a.contoso.com", "v=DMARC1; p=none; psd=u"}, {"contoso.com", PLAIN}}},
};

START_TEST(the_organization_is_found)
{
	const char *names[DMARC_WALK], *records[DMARC_WALK] = {0};
	size_t count = dmarc_walk(cases[_i].domain, names), source;
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < 4 && cases[_i].zone[k].name != NULL; k++)
			if (str_equal(names[i], cases[_i].zone[k].name))
				records[i] = cases[_i].zone[k].record;
	ck_assert_msg(str_equal(dmarc_organization(names, records, count, &source), cases[_i].organization), "%s", cases[_i].about);
	ck_assert_msg(str_equal(source < count ? names[source] : NULL, cases[_i].source), "%s", cases[_i].about);
}
END_TEST

static const struct {
	const char *domain, *organization;
} suffixes[] = {
    {"contoso.com", "contoso.com"},
    {"a.b.contoso.com", "contoso.com"},
    {"mail.contoso.co.uk", "contoso.co.uk"},
    {"co.uk", "co.uk"},
    {"com", "com"},
    {"a.contoso.test", "contoso.test"}, /* not listed: the last label is the suffix */
};

START_TEST(public_suffixes_give_the_older_rule)
{
	ck_assert_str_eq(dmarc_organization_by_suffix(suffixes[_i].domain), suffixes[_i].organization);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("dmarc_tree");
	tcase_add_loop_test(tcase, eight_names_are_asked_at_most, 0, sizeof walks / sizeof walks[0]);
	tcase_add_loop_test(tcase, the_organization_is_found, 0, sizeof cases / sizeof cases[0]);
	tcase_add_loop_test(tcase, public_suffixes_give_the_older_rule, 0, sizeof suffixes / sizeof suffixes[0]);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("model/dmarc_tree", fill)
