#!/bin/sh
# embed.sh SRCDIR FILE...: C source on standard output that holds the files' bytes, for src/model/embedded.h.
# A build step: needs only od and sed. Names are relative to SRCDIR; the order is that of the arguments.
set -eu
top=$1
shift
echo '/* Made by scripts/embed.sh; do not edit. */'
echo '#include "model/embedded.h"'
n=0
for name in "$@"; do
	n=$((n + 1))
	echo "static const char bytes_${n}[] = {"
	od -An -v -td1 "$top/$name" | sed 's/^ *//; s/  */,/g; s/$/,/'
	echo '0};'
done
echo 'const struct embedded_file embedded_files[] = {'
n=0
for name in "$@"; do
	n=$((n + 1))
	echo "{\"$name\", bytes_$n, sizeof bytes_$n - 1},"
done
echo '{0, 0, 0}};'
