# Unit tests of src/render: may link $(RENDER_LIBS) only.
render_tests = \
  tests/unit/render/test_advice \
  tests/unit/render/test_page \
  tests/unit/render/test_seen \
  tests/unit/render/test_seen_login \
  tests/unit/render/test_seen_mail \
  tests/unit/render/test_todo \
  tests/unit/render/test_words \
  $(END)
check_PROGRAMS += $(render_tests)
TESTS += $(render_tests)
tests_unit_render_test_advice_SOURCES = tests/unit/render/test_advice.c tests/unit/check_main.h
tests_unit_render_test_advice_LDADD = $(RENDER_LIBS) $(CHECK_LIBS)
tests_unit_render_test_page_SOURCES = tests/unit/render/test_page.c tests/unit/check_main.h
tests_unit_render_test_page_LDADD = $(RENDER_LIBS) $(CHECK_LIBS)
tests_unit_render_test_seen_SOURCES = tests/unit/render/test_seen.c tests/unit/check_main.h
tests_unit_render_test_seen_LDADD = $(RENDER_LIBS) $(CHECK_LIBS)
tests_unit_render_test_seen_login_SOURCES = tests/unit/render/test_seen_login.c tests/unit/check_main.h
tests_unit_render_test_seen_login_LDADD = $(RENDER_LIBS) $(CHECK_LIBS)
tests_unit_render_test_seen_mail_SOURCES = tests/unit/render/test_seen_mail.c tests/unit/check_main.h
tests_unit_render_test_seen_mail_LDADD = $(RENDER_LIBS) $(CHECK_LIBS)
tests_unit_render_test_todo_SOURCES = tests/unit/render/test_todo.c tests/unit/check_main.h \
  tests/replay/builder.c tests/replay/builder.h tests/replay/dns_world.c tests/replay/dns_world.h
tests_unit_render_test_todo_LDADD = $(RENDER_LIBS) $(CHECK_LIBS)
tests_unit_render_test_words_SOURCES = tests/unit/render/test_words.c tests/unit/check_main.h
tests_unit_render_test_words_LDADD = $(RENDER_LIBS) $(CHECK_LIBS)
