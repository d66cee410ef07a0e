#include "proto/csv_field.h"

#include <string.h>

#include "../check_main.h"

#define F(text) {text, sizeof text - 1}
#define LOOP(tcase, test, table) tcase_add_loop_test(tcase, test, 0, sizeof table / sizeof table[0])

static const struct {
	struct csv_field field;
	const char *says; /* a part of the phrase; NULL: nothing is wrong */
} blanks[] = {
    {F(""), NULL},
    {F("secret"), NULL},
    {F("two words"), NULL},
    {F(" secret"), "leading"},
    {F("\tsecret"), "leading"},
    {F("secret "), "trailing"},
    {F("secret\t"), "trailing"},
    {F(" "), "leading"},
    {F("a\tb"), "a tab"},
    {F("a\nb"), "line break"},
    {F("a\rb"), "line break"},
    {F("a\033b"), "control"},
    {F("a\177b"), "control"},
    {F("a\302\205b"), "control"},
    {F("a\302\240b"), "U+00A0"},
    {F("a\302\255b"), "U+00AD"},
    {F("a\342\200\213b"), "zero-width"},
    {F("\357\273\277a"), "zero-width"},
    {F("a\342\200\256b"), "direction"},
    {F("\342\200\234a\342\200\235"), "typographic"},
    {F("a\342\200\231b"), "typographic"},
    {F("\302\253a\302\273"), "typographic"},
    {F("a\357\277\275b"), "U+FFFD"},
    {F("a\343\200\200b"), "ideographic"},
    {F("M\303\274ller"), NULL},
    {F("\360\237\230\200"), NULL},
    {F("\342\202\254uro"), NULL},
    {F("M\374ller"), NULL}, /* no UTF-8: the encoding's matter */
    {F("a\0b"), NULL},
};

START_TEST(blanks_and_hidden_characters_are_named)
{
	const char *phrase = csv_field_blanks(&blanks[_i].field);
	if (blanks[_i].says == NULL)
		ck_assert_ptr_null(phrase);
	else
		ck_assert_msg(phrase != NULL && strstr(phrase, blanks[_i].says) != NULL, "%s", phrase);
}
END_TEST

static const struct {
	struct csv_field field;
	bool is_damaged;
} damages[] = {
    {F("1.09E+06"), true}, {F("1,09E+06"), true}, {F("1E+05"), true},   {F("2.5E-07"), true},  {F(" 1.09E+06 "), true},
    {F("#####"), true},    {F("###"), true},      {F("#NAME?"), true},  {F("#N/A"), true},     {F("#WERT!"), true},
    {F("#REF!"), true},    {F("1091990"), false}, {F("1E5"), false},    {F("12.5E+06"), false}, {F("1.E+06"), false},
    {F("1.09E+"), false},  {F("1.09E+0x"), false}, {F("##"), false},    {F("#1 fan"), false},  {F("#u@c.com#admin#"), false},
    {F(""), false},        {F("E+06"), false},    {F("#name?"), false},
};

START_TEST(what_a_spreadsheet_rewrote_is_seen)
{
	const struct csv_field *field = &damages[_i].field;
	ck_assert_msg((csv_field_damage(field) != NULL) == damages[_i].is_damaged, "%.*s", (int)field->length, field->bytes);
}
END_TEST

#define L10 "abcdefghij"
#define L60 L10 L10 L10 L10 L10 L10

static const struct {
	struct csv_field field;
	const char *says;
} addresses[] = {
    {F("anna@contoso.com"), NULL},
    {F(" anna@contoso.com "), NULL},
    {F("anna.o'neil+x=y@mail.contoso.com"), NULL},
    {F("Anna@CONTOSO.COM"), NULL},
    {F("a@xn--mnchen-3ya.de"), NULL},
    {F("a@m\303\274nchen.de"), NULL},
    {F("a@1.de"), NULL},
    {F(L60 "abcd@contoso.com"), NULL},
    {F(""), "no @"},
    {F("anna"), "no @"},
    {F("@contoso.com"), "before"},
    {F("anna@"), "behind"},
    {F("anna@contoso"), "no dot"},
    {F("anna@@contoso.com"), "more than one"},
    {F("anna@contoso.com,bob@contoso.com"), "more than one"},
    {F("anna smith@contoso.com"), "blank"},
    {F("anna@contoso .com"), "blank"},
    {F("<anna@contoso.com>"), "character"},
    {F("anna@contoso.com>"), "character"},
    {F("mailto:anna@contoso.com"), "character"},
    {F("\"anna\"@contoso.com"), "character"},
    {F("j\303\266rg@contoso.com"), "ASCII"},
    {F(".anna@contoso.com"), "dot"},
    {F("anna.@contoso.com"), "dot"},
    {F("an..na@contoso.com"), "dot"},
    {F("anna@contoso..com"), "dot"},
    {F("anna@.contoso.com"), "dot"},
    {F("anna@contoso.com."), "dot"},
    {F("anna@192.0.2.1"), "number"},
    {F("anna@con_toso.com"), "character"},
    {F("anna@[192.0.2.1]"), "character"},
    {F(L60 "abcde@contoso.com"), "64"},
    {F("a@" L60 "abcd.com"), "63"},
    {F("an\0na@contoso.com"), "character"},
};

START_TEST(what_is_wrong_with_an_address_is_said)
{
	const char *fault = csv_address_fault(&addresses[_i].field);
	if (addresses[_i].says == NULL)
		ck_assert_msg(fault == NULL, "%.*s: %s", (int)addresses[_i].field.length, addresses[_i].field.bytes, fault);
	else
		ck_assert_msg(fault != NULL && strstr(fault, addresses[_i].says) != NULL, "%.*s: %s", (int)addresses[_i].field.length,
		              addresses[_i].field.bytes, fault);
}
END_TEST

static const struct {
	struct csv_field field;
	bool has_root;
	enum csv_form form;
} users[] = {
    {F("anna"), false, CSV_FORM_PLAIN},
    {F("anna.smith"), false, CSV_FORM_PLAIN},
    {F("anna@contoso.com"), false, CSV_FORM_ADDRESS},
    {F("contoso/usera"), false, CSV_FORM_EXCHANGE_USER},
    {F("contoso\\usera"), false, CSV_FORM_EXCHANGE_USER},
    {F("contoso/mailadmin/usera"), false, CSV_FORM_EXCHANGE_ADMIN},
    {F("contoso\\mailadmin\\usera"), false, CSV_FORM_EXCHANGE_ADMIN},
    {F("contoso//usera"), false, CSV_FORM_BROKEN},
    {F("/usera"), false, CSV_FORM_BROKEN},
    {F("contoso/mailadmin/"), false, CSV_FORM_BROKEN},
    {F("a/b/c/d"), false, CSV_FORM_BROKEN},
    {F("anna*mailadmin"), false, CSV_FORM_DOVECOT_ADMIN},
    {F("anna@contoso.com*mailadmin"), false, CSV_FORM_DOVECOT_ADMIN},
    {F("*mailadmin"), false, CSV_FORM_BROKEN},
    {F("anna*"), false, CSV_FORM_BROKEN},
    {F("anna*b*c"), false, CSV_FORM_BROKEN},
    {F("#anna@contoso.com#mailadmin#"), false, CSV_FORM_MIRAPOINT_ADMIN},
    {F("#anna@contoso.com#mailadmin"), false, CSV_FORM_BROKEN},
    {F("#anna#mailadmin#"), false, CSV_FORM_BROKEN},
    {F("#anna@contoso.com##"), false, CSV_FORM_BROKEN},
    {F("#"), false, CSV_FORM_BROKEN},
    {F("mailadmin"), true, CSV_FORM_USER_ROOT},
};

START_TEST(forms_of_user_names_are_told_apart)
{
	enum csv_form form = csv_user_form(&users[_i].field, users[_i].has_root);
	ck_assert_msg(form == users[_i].form, "%.*s: %s", (int)users[_i].field.length, users[_i].field.bytes, csv_form_name(form));
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("csv_field");
	LOOP(tcase, blanks_and_hidden_characters_are_named, blanks);
	LOOP(tcase, what_a_spreadsheet_rewrote_is_seen, damages);
	LOOP(tcase, what_is_wrong_with_an_address_is_said, addresses);
	LOOP(tcase, forms_of_user_names_are_told_apart, users);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("proto/csv_field", fill)
