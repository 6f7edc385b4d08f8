#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# fuzz.sh FUZZ_DIR SECONDS [TARGET...]: runs the fuzzer built in this directory
# over each target.  New inputs gather in found/TARGET, faults in faults/.
here=$1
seconds=$2
shift 2
[ $# -gt 0 ] || set -- $(ls "$here/seeds")
mkdir -p faults
status=0
for target in "$@"; do
	mkdir -p "found/$target"
	more=
	case $target in
	message | header) more=${TERCET_CORPUS:-} ;;
	esac
	words=
	[ ! -f "$here/words/$target" ] || words=-dict=$here/words/$target
	echo "== $target, $seconds s"
	LSAN_OPTIONS="suppressions=$here/../lsan.txt:print_suppressions=0" \
	TERCET_FUZZ_TARGET=$target ./tests/fuzz/fuzzer \
		-max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
		-print_final_stats=1 -artifact_prefix="faults/$target-" $words \
		"found/$target" "$here/seeds/$target" $more \
		>"faults/$target.log" 2>&1 || {
		status=1
		grep -E '^(==|SUMMARY|Test unit)|ERROR|BUG|ASSERT' \
			"faults/$target.log" | head -n 20
	}
	grep -E 'stat::(number_of_executed_units|peak_rss_mb)' \
		"faults/$target.log"
done
exit $status
