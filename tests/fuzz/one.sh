#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# one.sh TARGET: fuzzes it for FUZZ_SECONDS, stretches some of its inputs, and
# adds a line to FUZZ_LEDGER.  Fails when something was found.
here=$(dirname "$0")
target=$1
corpus=$FUZZ_CORPUS/$target
log=faults/$target.log

LSAN_OPTIONS="suppressions=$here/../lsan.txt:print_suppressions=0"
TERCET_FUZZ_TARGET=$target
export LSAN_OPTIONS TERCET_FUZZ_TARGET
if [ ! -d "$corpus" ]; then
	mkdir -p "$corpus"
	[ ! -d "$FUZZ_CORPUS/.drawn/$target" ] ||
		cp "$FUZZ_CORPUS/.drawn/$target"/* "$corpus"/
fi

# What of a log people need; fails, as what was found does.
tell() {
	grep -aE '^(SLOW|==|SUMMARY|Test unit)|ERROR|BUG|ASSERT|kept as' "$1" |
		head -n 20
	return 1
}
fuzz() {
	words=$here/words/$target
	if [ -f "$words" ]; then
		set -- "-dict=$words"
	else
		set --
	fi
	./tests/fuzz/fuzzer "$@" -max_total_time="$FUZZ_SECONDS" \
		-max_len=20000 -timeout=100 -rss_limit_mb=2048 \
		-print_final_stats=1 -artifact_prefix="faults/$target-" \
		"$corpus" "$here/seeds/$target" >"$log" 2>&1 || tell "$log"
}
# Whether time grows with length alone.
stretch() {
	find "$corpus" "$here/seeds/$target" -type f | sort -R | head -n 40 |
		TERCET_FUZZ_STRETCH=1 xargs ./tests/fuzz/fuzzer -timeout=300 \
		-artifact_prefix="faults/$target-" >"$log.stretch" 2>&1 ||
		tell "$log.stretch"
}

: >"$log.start"
fuzz && stretch
status=$?
found=$(find faults -name "$target-*" -newer "$log.start" | wc -l)
rm -f "$log.start"
# Of this shell's children, in seconds.
times >"$log.times"
cpu=$(awk 'NR == 2 {
	for (i = 1; i <= 2; i++) {
		split($i, part, /[ms]/)
		sum += part[1] * 60 + part[2]
	}
	printf "%.1f", sum
}' "$log.times")
# "#12 DONE cov: 34 ft: 56 corp: 7/8b"
runs=$(sed -n 's/^#\([0-9][0-9]*\).*cov: .*/\1/p' "$log" | tail -n 1)
set -- $(grep -aoE 'cov: [0-9]+ ft: [0-9]+ corp: [0-9]+' "$log" | tail -n 1)
[ -s "$FUZZ_LEDGER" ] || printf '# %s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' date \
	target seconds cpu_s runs edges features inputs found >"$FUZZ_LEDGER"
printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$(date +%Y-%m-%dT%H:%M:%S)" \
	"$target" "$FUZZ_SECONDS" "$cpu" "${runs:-0}" "${2:-0}" "${4:-0}" \
	"${6:-0}" "$found" >>"$FUZZ_LEDGER"
echo "$target: ${runs:-0} runs in $cpu s, ${2:-0} edges, $found found"
exit $status
