# SPDX-License-Identifier: GPL-3.0-or-later
# What all runs of a ledger come to, a line a target.
#
#	awk -f ledger.awk LEDGER
/^#/ { next }
{
	if (!($2 in runs))
		names[++n] = $2
	sessions[$2]++
	cpu[$2] += $4
	runs[$2] += $5
	if ($6 + 0 > edges[$2] + 0)
		edges[$2] = $6
	if ($8 + 0 > inputs[$2] + 0)
		inputs[$2] = $8
	found[$2] += $9
	all_cpu += $4
	all_runs += $5
	all_found += $9
}
END {
	line = "%-16s %8s %9s %12s %7s %7s %6s\n"
	printf line, "target", "times", "cpu_s", "runs", "edges", "inputs",
		"found"
	for (i = 1; i <= n; i++) {
		t = names[i]
		printf line, t, sessions[t], cpu[t], runs[t], edges[t],
			inputs[t], found[t]
	}
	printf line, "all", "", all_cpu, all_runs, "", "", all_found
}
