#ifndef TESTS_CHECK_MAIN_H
#define TESTS_CHECK_MAIN_H
/*
 * The main of every Check program: one suite, TAP on standard output.
 *   static void fill(Suite *suite) { tcase_add_test(...); }
 *   CHECK_MAIN("model/finding", fill)
 */
#include <check.h>
#include <stdlib.h>

#define CHECK_MAIN(name, fill)                            \
	int main(void)                                        \
	{                                                     \
		Suite *suite = suite_create(name);                \
		fill(suite);                                      \
		SRunner *runner = srunner_create(suite);          \
		srunner_run_all(runner, CK_ENV);                  \
		int failed = srunner_ntests_failed(runner);       \
		srunner_free(runner);                             \
		return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE; \
	}

#endif
