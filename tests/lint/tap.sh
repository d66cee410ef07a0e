# shellcheck shell=sh
# Sourced by the shell tests: TAP lines. `say NAME FINDINGS`: ok when FINDINGS is empty, else they are shown.
count=0
say() {
	count=$((count + 1))
	if [ -z "$2" ]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		printf '%s\n' "$2" | sed 's/^/# /'
	fi
}
finish() { echo "1..$count"; }
