# Plan, leads, run.
noinst_LIBRARIES += libengine.a
libengine_a_SOURCES =
