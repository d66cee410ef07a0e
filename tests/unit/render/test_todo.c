/* The to-do list of records: what is there, what is to come, what is to go. */
#include "render/todo.h"
#include "render/todo_served.h"

#include <stdlib.h>
#include <string.h>

#include "../../replay/dns_world.h"
#include "../check_main.h"

#define NEW "contoso-com.mail.protection.outlook.com"

static struct world world;
static struct todo_list list;

static void setup(void)
{
	world_init(&world);
	free(world.policy.tenant);
	world.policy.tenant = strdup("contoso");
}

static void teardown(void)
{
	todo_clear(&list);
	world_clear(&world);
}

static void make(void)
{
	const struct run_info run = {.command = "records"};
	const struct report report = {.run = &run, .policy = &world.policy, .evidence = &world.evidence};
	todo_make(&list, &report);
}

/* The only item of that phase, name and type whose data holds `part`. */
static const struct todo *find(enum todo_phase phase, const char *name, const char *type, const char *part)
{
	const struct todo *found = NULL;
	for (size_t i = 0; i < list.count; i++) {
		const struct todo *todo = &list.items[i];
		if (todo->phase != phase || strcmp(todo->name, name) != 0 || strcmp(todo->type, type) != 0 || strstr(todo->data, part) == NULL)
			continue;
		ck_assert_ptr_null(found);
		found = todo;
	}
	ck_assert_msg(found != NULL, "%s %s %s", name, type, part);
	return found;
}

START_TEST(without_evidence_all_is_to_be_published)
{
	make();
	ck_assert_int_eq(find(TODO_CHANGE, "@", "MX", "0 " NEW ".")->state, TODO_UNKNOWN);
	ck_assert_int_eq(find(TODO_BEFORE, "selector1._domainkey", "CNAME", "")->state, TODO_UNKNOWN);
	ck_assert_str_eq(find(TODO_BEFORE, "selector2._domainkey", "CNAME", "")->data,
	                 "selector2-contoso-com._domainkey.contoso.onmicrosoft.com.");
	ck_assert_str_eq(find(TODO_BEFORE, "@", "TXT", "v=spf1")->data, "\"v=spf1 mx include:spf.protection.outlook.com -all\"");
	ck_assert_str_eq(find(TODO_LATER, "@", "TXT", "v=spf1")->data, "\"v=spf1 include:spf.protection.outlook.com -all\"");
	char *line = todo_line(find(TODO_CHANGE, "autodiscover", "CNAME", ""), "contoso.com");
	ck_assert_str_eq(line, "autodiscover.contoso.com. 3600 IN CNAME autodiscover.outlook.com.");
	free(line);
}
END_TEST

START_TEST(the_mx_set_is_exchanged)
{
	serve_mx_everywhere(&world, 86400, "mail.contoso.com", "backup.contoso.com");
	make();
	ck_assert_int_eq(find(TODO_BEFORE, "@", "MX", "10 mail.contoso.com.")->state, TODO_REPLACE);
	ck_assert_str_eq(find(TODO_BEFORE, "@", "MX", "10 mail.contoso.com.")->now, "TTL 86400");
	ck_assert_int_eq(find(TODO_CHANGE, "@", "MX", NEW)->state, TODO_ADD);
	ck_assert_int_eq(find(TODO_CHANGE, "@", "MX", "10 mail.contoso.com.")->state, TODO_REMOVE);
	ck_assert_int_eq(find(TODO_CHANGE, "@", "MX", "20 backup.contoso.com.")->state, TODO_REMOVE);
}
END_TEST

START_TEST(what_is_there_is_present)
{
	names_add(&world.policy.expect_mx, "contoso-com.e-v1.mx.microsoft");
	serve_mx_everywhere(&world, 300, "contoso-com.e-v1.mx.microsoft", NULL);
	publish_alias(&world, "autodiscover.contoso.com", "autodiscover.outlook.com", 3600);
	publish_txt(&world, "MS=ms12345678", "v=spf1 include:spf.protection.outlook.com -all");
	make();
	ck_assert_int_eq(find(TODO_CHANGE, "@", "MX", "e-v1.mx.microsoft.")->state, TODO_PRESENT);
	ck_assert_int_eq(find(TODO_CHANGE, "autodiscover", "CNAME", "")->state, TODO_PRESENT);
	ck_assert_int_eq(find(TODO_BEFORE, "@", "TXT", "MS=ms12345678")->state, TODO_PRESENT);
	ck_assert_int_eq(find(TODO_BEFORE, "@", "TXT", "v=spf1")->state, TODO_PRESENT);
	ck_assert_int_eq(find(TODO_LATER, "@", "TXT", "v=spf1")->state, TODO_PRESENT);
	for (size_t i = 0; i < list.count; i++)
		ck_assert_int_ne(list.items[i].state, TODO_REMOVE);
}
END_TEST

START_TEST(the_spf_record_is_composed_from_the_present_one)
{
	names_add(&world.policy.old_mx, "mail.contoso.com");
	publish_txt(&world, "MS=ms12345678", "v=spf1 mx a:mail.contoso.com ip4:192.0.2.7 include:news.example ~all");
	make();
	const struct todo *before = find(TODO_BEFORE, "@", "TXT", "v=spf1"), *later = find(TODO_LATER, "@", "TXT", "v=spf1");
	ck_assert_int_eq(before->state, TODO_REPLACE);
	ck_assert_str_eq(before->data, "\"v=spf1 mx a:mail.contoso.com ip4:192.0.2.7 include:news.example include:spf.protection.outlook.com ~all\"");
	ck_assert_str_eq(later->data, "\"v=spf1 ip4:192.0.2.7 include:news.example include:spf.protection.outlook.com ~all\"");
	ck_assert_str_eq(before->now, "\"v=spf1 mx a:mail.contoso.com ip4:192.0.2.7 include:news.example ~all\"");
}
END_TEST

/* The walk of a record of eleven look-ups, two of them void, seven of the include. */
static void walk(const char *record)
{
	static const struct {
		const char *term;
		int64_t depth, lookups;
		bool is_void;
	} rows[] = {{"mx", 0, 1, false}, {"a:gone.example", 0, 2, true}, {"include:news.example", 0, 3, false}, {"include:more.example", 1, 9, false},
	            {"exists:gone.example", 0, 10, true}, {"~all", 0, 10, false}};
	struct observation *o = observe(&world, "spf", "contoso.com", NULL, ENDED(OK), TEXT(SPF_RECORD, record));
	for (uint32_t row = 0; row < sizeof rows / sizeof rows[0]; row++)
		give(o, ROW_TEXT(SPF_ROW_TERM, row, rows[row].term), ROW_INT(SPF_ROW_DEPTH, row, rows[row].depth),
		     ROW_INT(SPF_ROW_LOOKUPS, row, rows[row].lookups), ROW_BOOL(SPF_ROW_VOID, row, rows[row].is_void));
}

START_TEST(the_spf_record_is_kept_within_ten_lookups)
{
	const char *record = "v=spf1 mx a:gone.example include:news.example exists:gone.example ~all";
	publish_txt(&world, "MS=ms12345678", record);
	walk(record);
	make();
	/* Eleven with Microsoft's: what nothing answers goes. Without mx it is ten. */
	const struct todo *before = find(TODO_BEFORE, "@", "TXT", "v=spf1"), *later = find(TODO_LATER, "@", "TXT", "v=spf1");
	ck_assert_str_eq(before->data, "\"v=spf1 mx include:news.example include:spf.protection.outlook.com ~all\"");
	ck_assert_str_eq(before->note, "one record only; the old senders stay until the end");
	ck_assert_str_eq(later->data, "\"v=spf1 a:gone.example include:news.example exists:gone.example include:spf.protection.outlook.com ~all\"");
}
END_TEST

START_TEST(a_record_that_cannot_be_kept_within_them_says_so)
{
	const char *record = "v=spf1 mx include:news.example include:other.example ~all";
	publish_txt(&world, "MS=ms12345678", record);
	struct observation *o = observe(&world, "spf", "contoso.com", NULL, ENDED(OK), TEXT(SPF_RECORD, record));
	give(o, ROW_TEXT(SPF_ROW_TERM, 0, "mx"), ROW_INT(SPF_ROW_LOOKUPS, 0, 1), ROW_TEXT(SPF_ROW_TERM, 1, "include:news.example"),
	     ROW_INT(SPF_ROW_LOOKUPS, 1, 6), ROW_TEXT(SPF_ROW_TERM, 2, "include:other.example"), ROW_INT(SPF_ROW_LOOKUPS, 2, 10));
	make();
	ck_assert(strstr(find(TODO_BEFORE, "@", "TXT", "v=spf1")->note, "still more than 10 look-ups") != NULL);
	ck_assert_str_eq(find(TODO_LATER, "@", "TXT", "v=spf1")->note, "once nothing is sent by the old server any more");
}
END_TEST

START_TEST(addresses_of_the_old_server_go_at_the_end)
{
	serve_mx_everywhere(&world, 300, "mail.contoso.com", NULL);
	struct observation *o = ask_resolver(&world, "mail.contoso.com", "A", OUTCOME_OK);
	add_address(o, "192.0.2.25", 60);
	for (size_t i = 0; i < o->fact_count; i++)
		if (o->facts[i].key == FACT_DNS_PURPOSE) {
			free(o->facts[i].value.text);
			o->facts[i].value.text = strdup("addresses");
		}
	publish_txt(&world, "MS=ms12345678", "v=spf1 ip4:192.0.2.25 ip4:192.0.2.7 -all");
	make();
	ck_assert_str_eq(find(TODO_BEFORE, "@", "TXT", "v=spf1")->data, "\"v=spf1 ip4:192.0.2.25 ip4:192.0.2.7 include:spf.protection.outlook.com -all\"");
	ck_assert_str_eq(find(TODO_LATER, "@", "TXT", "v=spf1")->data, "\"v=spf1 ip4:192.0.2.7 include:spf.protection.outlook.com -all\"");
}
END_TEST

/* RFC 1035 3.3: a string holds 255 octets; an escape is one of them. */
START_TEST(long_texts_are_parted_into_strings)
{
	static const struct {
		size_t octets, strings;
	} rows[] = {{0, 1}, {254, 1}, {255, 1}, {256, 2}, {510, 2}, {511, 3}};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (int is_escaped = 0; is_escaped < 2; is_escaped++) {
			char text[4 * 511 + 1] = "";
			size_t seams = 0;
			for (size_t octet = 0; octet < rows[i].octets; octet++)
				strcat(text, is_escaped ? "\\195" : "x");
			char *quoted = served_quote(text);
			for (const char *at = quoted; (at = strstr(at, "\" \"")) != NULL; at++)
				seams++;
			ck_assert_uint_eq(seams + 1, rows[i].strings);
			ck_assert_uint_eq(strlen(quoted), strlen(text) + 2 + 3 * seams);
			free(quoted);
		}
}
END_TEST

START_TEST(another_proof_is_to_change)
{
	free(world.policy.verify);
	world.policy.verify = strdup("MS=ms12345678");
	publish_txt(&world, "MS=ms99999999", "v=spf1 -all");
	make();
	const struct todo *proof = find(TODO_BEFORE, "@", "TXT", "MS=ms12345678");
	ck_assert_int_eq(proof->state, TODO_REPLACE);
	ck_assert_str_eq(proof->now, "\"MS=ms99999999\"");
}
END_TEST

START_TEST(a_key_in_the_way_of_an_alias_goes)
{
	for (int server = NS1; server <= NS2; server++) {
		ask_zone(&world, server, "selector1._domainkey.contoso.com", "CNAME", OUTCOME_NODATA);
		struct observation *o = ask_zone(&world, server, "selector1._domainkey.contoso.com", "TXT", OUTCOME_OK);
		give(o, ROW_TEXT(DNS_TXT_OWNER, 0, "selector1._domainkey.contoso.com"), ROW_TEXT(DNS_TXT, 0, "v=DKIM1; p=MIIB"));
	}
	make();
	ck_assert_int_eq(find(TODO_BEFORE, "selector1._domainkey", "TXT", "v=DKIM1")->state, TODO_REMOVE);
	ck_assert_int_eq(find(TODO_BEFORE, "selector1._domainkey", "CNAME", "")->state, TODO_ADD);
}
END_TEST

START_TEST(what_leads_elsewhere_goes)
{
	publish_address(&world, "autodiscover.contoso.com", "192.0.2.80", 3600);
	publish_alias(&world, "msoid.contoso.com", "clientconfig.microsoftonline-p.net", 3600);
	for (int server = NS1; server <= NS2; server++)
		add_srv(ask_zone(&world, server, "_autodiscover._tcp.contoso.com", "SRV", OUTCOME_OK), "cpanel.example");
	make();
	ck_assert_int_eq(find(TODO_CHANGE, "autodiscover", "A", "192.0.2.80")->state, TODO_REMOVE);
	ck_assert_int_eq(find(TODO_CHANGE, "_autodiscover._tcp", "SRV", "443 cpanel.example.")->state, TODO_REMOVE);
	ck_assert_int_eq(find(TODO_CHANGE, "msoid", "CNAME", "")->state, TODO_REMOVE);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("todo");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, without_evidence_all_is_to_be_published);
	tcase_add_test(tcase, the_mx_set_is_exchanged);
	tcase_add_test(tcase, what_is_there_is_present);
	tcase_add_test(tcase, the_spf_record_is_composed_from_the_present_one);
	tcase_add_test(tcase, the_spf_record_is_kept_within_ten_lookups);
	tcase_add_test(tcase, a_record_that_cannot_be_kept_within_them_says_so);
	tcase_add_test(tcase, addresses_of_the_old_server_go_at_the_end);
	tcase_add_test(tcase, long_texts_are_parted_into_strings);
	tcase_add_test(tcase, another_proof_is_to_change);
	tcase_add_test(tcase, a_key_in_the_way_of_an_alias_goes);
	tcase_add_test(tcase, what_leads_elsewhere_goes);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("render/todo", fill)
