# main, options, commands.
noinst_LIBRARIES += libapp.a
libapp_a_SOURCES = \
  src/app/caches.c \
  src/app/caches.h \
  src/app/command.c \
  src/app/command.h \
  src/app/commands.def \
  src/app/csv_check.c \
  src/app/csv_check.h \
  src/app/csv_command.c \
  src/app/csv_files.h \
  src/app/csv_input.c \
  src/app/csv_input.h \
  src/app/csv_rewrite.c \
  src/app/csv_split.c \
  src/app/csv_tell.c \
  src/app/csv_tell.h \
  src/app/demo.c \
  src/app/diagnose.c \
  src/app/message.c \
  src/app/message.h \
  src/app/explain.c \
  src/app/explain_page.c \
  src/app/explain_page.h \
  src/app/facts.c \
  src/app/facts.h \
  src/app/firewall_command.c \
  src/app/firewall_files.c \
  src/app/firewall_files.h \
  src/app/firewall_paste.c \
  src/app/firewall_paste.h \
  src/app/help.c \
  src/app/help.h \
  src/app/journal.c src/app/journal.h \
  src/app/judge.c \
  src/app/judge.h \
  src/app/login.c \
  src/app/network.c \
  src/app/network.h \
  src/app/options.c \
  src/app/options.def \
  src/app/options.h \
  src/app/output.c \
  src/app/output.h \
  src/app/password.c src/app/password.h \
  src/app/plan_file.c \
  src/app/plan_file.h \
  src/app/ranges_fetch.c src/app/ranges_fetch.h \
  src/app/ranges_state.c src/app/ranges_state.h \
  src/app/probing.c \
  src/app/probing.h \
  src/app/probing_commands.c \
  src/app/progress.c \
  src/app/progress.h \
  src/app/resume.c src/app/resume.h \
  src/app/records.c \
  src/app/since.c \
  src/app/since.h \
  src/app/targets.c \
  src/app/targets.h \
  src/app/vantage.c \
  src/app/vantage.h \
  src/app/watch.c \
  src/app/watch_round.c \
  src/app/watch_round.h \
  src/app/watch_show.c \
  src/app/watch_show.h \
  $(END)
bin_PROGRAMS = cutover
cutover_SOURCES = src/app/main.c
cutover_LDADD = $(APP_LIBS)
