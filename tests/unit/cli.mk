unit_tests += \
	tests/unit/cli_args \
	tests/unit/cli_demo_date \
	tests/unit/cli_export \
	tests/unit/cli_json \
	tests/unit/cli_report_note \
	tests/unit/cli_subcommands
unit_tests += tests/unit/cli_reading
tests_unit_cli_reading_SOURCES = tests/unit/cli_reading.c \
	tests/unit/store_fixture.h
