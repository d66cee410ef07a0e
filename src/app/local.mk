# main, options, commands.
noinst_LIBRARIES += libapp.a
libapp_a_SOURCES =
bin_PROGRAMS = cutover
cutover_SOURCES = src/app/main.c
cutover_LDADD = $(APP_LIBS)
