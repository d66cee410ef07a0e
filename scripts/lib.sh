# Shared by scripts/test and scripts/demo, which source it from the top of the tree.
# shellcheck shell=sh

say() { printf '%s\n' "$*"; }

# need_packages SECTION...: installs what scripts/packages.txt lists there and the machine lacks. Quiet when nothing is missing.
need_packages() {
	command -v dpkg-query >/dev/null || { say "not a Debian system: trusting that the packages of scripts/packages.txt are there"; return 0; }
	missing=
	for section; do
		for package in $(awk -v section="$section" '$1 == section { print $2 }' scripts/packages.txt); do
			case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) in
			installed) ;;
			*) missing="$missing $package" ;;
			esac
		done
	done
	[ -n "$missing" ] || return 0
	if [ "$(id -u)" != 0 ]; then
		say "These Debian packages are missing; install them as root, then run this again:"
		say "  apt-get install --no-install-recommends$missing"
		return 1
	fi
	say "installing Debian packages:$missing"
	install_quietly "$missing"
}

# The servers are for the lab's private namespace: they must not start on the machine itself.
install_quietly() {
	policy=/usr/sbin/policy-rc.d
	made_policy=
	if [ ! -e "$policy" ]; then
		printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" && made_policy=yes
	fi
	export DEBIAN_FRONTEND=noninteractive
	status=0
	# shellcheck disable=SC2086 # a list of names
	{ apt-get -qq update && apt-get -qq install -y --no-install-recommends $1; } >build/packages.log 2>&1 || status=$?
	[ -z "$made_policy" ] || rm -f "$policy"
	[ "$status" = 0 ] || { say "apt-get failed; the end of build/packages.log:"; tail -n 15 build/packages.log; }
	return "$status"
}

# unpack_packages: puts what scripts/packages.txt lists under "unpack" into build/unpacked, once. It needs no root, only apt's lists.
unpack_packages() {
	command -v dpkg-deb >/dev/null || return 0
	wanted=$(awk '$1 == "unpack" { print $2 }' scripts/packages.txt)
	[ "$(cat build/unpacked/packages 2>/dev/null)" != "$wanted" ] || return 0
	say "unpacking Debian packages into build/unpacked:" $wanted
	rm -rf build/unpacked build/archives
	mkdir -p build/unpacked build/archives
	download_archives >build/unpack.log 2>&1 || { [ "$(id -u)" = 0 ] && apt-get -qq update >>build/unpack.log 2>&1 && download_archives >>build/unpack.log 2>&1; } ||
		{ say "apt-get download failed; the end of build/unpack.log:"; tail -n 15 build/unpack.log; return 1; }
	for archive in build/archives/*.deb; do
		dpkg-deb -x "$archive" build/unpacked || return 1
	done
	rm -rf build/archives
	printf '%s\n' "$wanted" >build/unpacked/packages
}

# shellcheck disable=SC2086 # a list of names
download_archives() { (cd build/archives && apt-get download $wanted); }

# prepare_source: makes configure where it is missing; refuses a tree that is configured in place, which no other build can share.
prepare_source() {
	if [ -f config.status ]; then
		say "This source folder is configured in place; run 'make distclean' in it first (these builds go to build/)."
		return 1
	fi
	[ -f configure ] || autoreconf -fi
}

# configure_in FOLDER ARGUMENT...: configures a build folder once, out of the tree.
configure_in() {
	folder=$1
	shift
	mkdir -p "$folder"
	[ -f "$folder/Makefile" ] || (cd "$folder" && ../../configure -q "$@")
}
