# CUTOVER_WARNINGS: the long list, each flag only where the compiler knows it.
AC_DEFUN([CUTOVER_WARNINGS], [
  AX_APPEND_COMPILE_FLAGS([-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wstrict-prototypes \
    -Wmissing-prototypes -Wold-style-definition -Wmissing-declarations -Wcast-qual -Wwrite-strings \
    -Wpointer-arith -Wformat=2 -Wundef -Wvla -Wimplicit-fallthrough -Wswitch-enum \
    -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wrestrict -fno-common \
    -fstack-protector-strong], [WARN_CFLAGS], [-Werror])
  AS_IF([test "x$enable_werror" = xyes], [WARN_CFLAGS="$WARN_CFLAGS -Werror"])
  AC_SUBST([WARN_CFLAGS])
])

# CUTOVER_INSTRUMENTATION: sanitizers, libFuzzer, gcov: compile and link flags in one variable.
AC_DEFUN([CUTOVER_INSTRUMENTATION], [
  INSTR_FLAGS=
  AS_IF([test "x$enable_sanitizers" = xyes],
    [INSTR_FLAGS="-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"])
  AS_IF([test "x$enable_fuzzing" = xyes],
    [AX_CHECK_COMPILE_FLAG([-fsanitize=fuzzer-no-link], [],
       [AC_MSG_ERROR([--enable-fuzzing needs clang with libFuzzer])])
     INSTR_FLAGS="-fsanitize=fuzzer-no-link,address,undefined -fno-omit-frame-pointer"])
  AS_IF([test "x$enable_coverage" = xyes], [INSTR_FLAGS="$INSTR_FLAGS --coverage -O0"])
  AC_SUBST([INSTR_FLAGS])
  AM_CONDITIONAL([FUZZING], [test "x$enable_fuzzing" = xyes])
  AM_CONDITIONAL([SANITIZERS], [test "x$enable_sanitizers" = xyes])
])
