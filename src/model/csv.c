#include "model/csv.h"

#include <string.h>

#include "base/str.h"

enum { CELL_BYTES = 64 };

static const char *const columns[] = {"EmailAddress", "UserName", "Password", "UserRoot", ""};
static const char *const spellings[] = {"exact", "case", "near", "twice", "unknown"};

#define NAME(symbol, name) name,
static const char *const kinds[] = {CSV_KIND_LIST(NAME)};
static const char *const faults[] = {CSV_FAULT_LIST(NAME)};
#undef NAME
#define NAME(symbol, name, about) name,
static const char *const forms[] = {CSV_FORM_LIST(NAME)};
#undef NAME
#define ABOUT(symbol, name, about) about,
static const char *const form_abouts[] = {CSV_FORM_LIST(ABOUT)};
#undef ABOUT

/*
 * Fields of contact files, as plain() leaves them. "emailaddress" and "username" are left out on purpose: a migration
 * file has them too.
 */
static const char *const contact_fields[] = {
    /* Outlook, English */
    "title", "firstname", "middlename", "lastname", "suffix", "company", "department", "jobtitle", "businessstreet",
    "businesscity", "businessphone", "businessfax", "homephone", "homestreet", "homecity", "mobilephone", "otherphone",
    "primaryphone", "emaildisplayname", "emailtype", "email2address", "birthday", "anniversary", "webpage", "nickname",
    "categories", "notes", "spouse", "assistantsname", "managersname",
    /* Google, old and new */
    "givenname", "familyname", "additionalname", "nameprefix", "namesuffix", "email1value", "email1type", "email1label",
    "phone1value", "phone1type", "phone1label", "organization1name", "organizationname", "organizationtitle",
    "groupmembership", "address1formatted", "photo", "labels",
    /* what people write themselves */
    "surname", "displayname", "phone", "phonenumber", "telephone", "mobile", "fax", "address", "street", "city", "zip",
    "postalcode", "country", "companyname",
    /* Outlook, German, French, Spanish, Italian, Dutch */
    "vorname", "nachname", "firma", "position", "telefongeschaftlich", "telefon", "mobiltelefon", "emailadresse",
    "prenom", "nom", "societe", "nombre", "apellidos", "nome", "cognome", "societa", "voornaam", "achternaam", "bedrijf",
};

/* Kerio Connect's user import and export; Password and Description stand in other files too and tell nothing. */
static const char *const kerio_fields[] = {"name", "fullname", "mailaddress", "mailaddresses", "groups"};

const char *csv_column_name(enum csv_column column)
{
	return columns[column];
}

const char *csv_spelling_name(enum csv_spelling spelling)
{
	return spellings[spelling];
}

const char *csv_kind_name(enum csv_kind kind)
{
	return kinds[kind];
}

const char *csv_fault_name(enum csv_fault fault)
{
	return faults[fault];
}

const char *csv_form_name(enum csv_form form)
{
	return forms[form];
}

const char *csv_form_about(enum csv_form form)
{
	return form_abouts[form];
}

static size_t find(const char *const *names, size_t count, const char *name)
{
	size_t i = 0;
	while (i < count && !str_equal(names[i], name))
		i++;
	return i;
}

enum csv_fault csv_fault_from_name(const char *name)
{
	return (enum csv_fault)find(faults, CSV_FAULT_COUNT, name);
}

enum csv_form csv_form_from_name(const char *name)
{
	return (enum csv_form)find(forms, CSV_FORM_COUNT, name);
}

/* The base letter of an accented Latin-1 letter in UTF-8 (the byte after 0xc3), or 0. */
static char base_letter(unsigned char tail)
{
	static const char letters[] = "aaaaaaaceeeeiiiidnooooo/ouuuuyps"
	                              "aaaaaaaceeeeiiiidnooooo/ouuuuypy";
	return tail >= 0x80 && tail <= 0xbf ? letters[tail - 0x80] : '\0';
}

/* Letters and digits alone, lower case, without accents; "" for what is too long to be a name. */
static void plain(const char *cell, size_t length, char out[CELL_BYTES])
{
	size_t n = 0;
	for (size_t i = 0; i < length && n < CELL_BYTES - 1; i++) {
		char c = cell[i];
		if ((unsigned char)c == 0xc3 && i + 1 < length)
			c = base_letter((unsigned char)cell[++i]);
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'))
			out[n++] = c;
	}
	out[length < CELL_BYTES ? n : 0] = '\0';
	str_lower(out);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

enum csv_column csv_column_find(const char *cell, size_t length, enum csv_spelling *spelling)
{
	char letters[CELL_BYTES], wanted[CELL_BYTES], trimmed[CELL_BYTES] = "";
	size_t start = 0, end = length;
	while (start < end && is_blank(cell[start]))
		start++;
	while (end > start && is_blank(cell[end - 1]))
		end--;
	if (end - start < CELL_BYTES)
		memcpy(trimmed, cell + start, end - start);
	plain(cell, length, letters);
	for (int i = 0; i < CSV_COLUMN_COUNT; i++) {
		plain(columns[i], strlen(columns[i]), wanted);
		if (!str_equal(letters, wanted))
			continue;
		if (str_equal(trimmed, columns[i]))
			*spelling = end - start == length ? CSV_SPELT_EXACT : CSV_SPELT_CASE;
		else
			*spelling = str_equal_nocase(trimmed, columns[i]) ? CSV_SPELT_CASE : CSV_SPELT_NEAR;
		return (enum csv_column)i;
	}
	*spelling = CSV_SPELT_UNKNOWN;
	return CSV_COLUMN_COUNT;
}

bool csv_is_contact_field(const char *cell, size_t length)
{
	char letters[CELL_BYTES];
	plain(cell, length, letters);
	const size_t count = sizeof contact_fields / sizeof contact_fields[0];
	return find(contact_fields, count, letters) < count;
}

bool csv_is_kerio_field(const char *cell, size_t length)
{
	char letters[CELL_BYTES];
	plain(cell, length, letters);
	const size_t count = sizeof kerio_fields / sizeof kerio_fields[0];
	return find(kerio_fields, count, letters) < count;
}
