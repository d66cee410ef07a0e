/* Secrets: whole, in order, gone when freed. */
#include "base/secret.h"

#include <stdio.h>
#include <string.h>

#include "../check_main.h"

START_TEST(a_store_keeps_what_was_added)
{
	struct secret_store store = {0};
	size_t offsets[5000];
	char text[32];
	ck_assert_uint_eq(secret_store_add(&store, "", 0), 0);
	for (int i = 0; i < 5000; i++)
		offsets[i] = secret_store_add(&store, text, (size_t)snprintf(text, sizeof text, "secret %d", i));
	for (int i = 0; i < 5000; i++) {
		int length = snprintf(text, sizeof text, "secret %d", i);
		ck_assert_mem_eq(secret_store_at(&store, offsets[i]), text, (size_t)length);
	}
	secret_store_clear(&store);
	ck_assert_ptr_null(store.memory);
}
END_TEST

START_TEST(room_is_zeroed_and_terminated)
{
	size_t length;
	struct secret *secret = secret_new_room(10000);
	char *room = secret_room(secret, &length);
	ck_assert_uint_eq(length, 10000);
	for (size_t i = 0; i <= length; i++)
		ck_assert_int_eq(room[i], 0);
	secret_free(secret);
	secret = secret_new("abc", 3);
	ck_assert_str_eq(secret_bytes(secret, &length), "abc");
	ck_assert_uint_eq(length, 3);
	secret_free(secret);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tests = tcase_create("secret");
	tcase_add_test(tests, a_store_keeps_what_was_added);
	tcase_add_test(tests, room_is_zeroed_and_terminated);
	suite_add_tcase(suite, tests);
}

CHECK_MAIN("base/secret", fill)
