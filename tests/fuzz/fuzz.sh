#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# fuzz.sh [TARGET...]: runs the fuzzer built in this directory over each target,
# FUZZ_JOBS at a time, and tells what all runs of the ledger come to.
here=$(dirname "$0")
[ $# -gt 0 ] || set -- $(./tests/fuzz/fuzzer)
[ $# -gt 0 ] || exit 1
mkdir -p faults "$FUZZ_CORPUS"
# Messages and what is in them, once.
if [ -n "$TERCET_CORPUS" ] && [ ! -d "$FUZZ_CORPUS/.drawn" ]; then
	mkdir "$FUZZ_CORPUS/.drawn"
	./tests/fuzz/draw "$TERCET_CORPUS" "$FUZZ_CORPUS/.drawn"
fi
export FUZZ_SECONDS FUZZ_CORPUS FUZZ_LEDGER
printf '%s\n' "$@" |
	xargs -n 1 -P "${FUZZ_JOBS:-1}" "${SHELL:-/bin/sh}" "$here/one.sh"
status=$?
awk -f "$here/ledger.awk" "$FUZZ_LEDGER"
exit $status
