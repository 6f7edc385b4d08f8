unit_tests += \
	tests/unit/cli_args \
	tests/unit/cli_demo_date \
	tests/unit/cli_export \
	tests/unit/cli_json \
	tests/unit/cli_report_note \
	tests/unit/cli_subcommands
