unit_tests += tests/unit/store_store
tests_unit_store_store_SOURCES = tests/unit/store_store.c \
	tests/unit/store_fixture.h
unit_tests += tests/unit/store_link
tests_unit_store_link_SOURCES = tests/unit/store_link.c \
	tests/unit/store_fixture.h
unit_tests += tests/unit/store_sql
tests_unit_store_sql_SOURCES = tests/unit/store_sql.c \
	tests/unit/store_fixture.h
unit_tests += tests/unit/store_model
tests_unit_store_model_SOURCES = tests/unit/store_model.c \
	tests/unit/store_fixture.h
unit_tests += tests/unit/store_index
tests_unit_store_index_SOURCES = tests/unit/store_index.c \
	tests/unit/store_fixture.h
unit_tests += tests/unit/store_crash
tests_unit_store_crash_SOURCES = tests/unit/store_crash.c \
	tests/unit/store_fixture.h
unit_tests += tests/unit/store_turn
tests_unit_store_turn_SOURCES = tests/unit/store_turn.c \
	tests/unit/store_fixture.h
unit_tests += tests/unit/store_files
tests_unit_store_files_SOURCES = tests/unit/store_files.c \
	tests/unit/store_fixture.h
unit_tests += tests/unit/store_unified
tests_unit_store_unified_SOURCES = tests/unit/store_unified.c \
	tests/unit/store_fixture.h
unit_tests += tests/unit/store_open
tests_unit_store_open_SOURCES = tests/unit/store_open.c \
	tests/unit/store_fixture.h
unit_tests += tests/unit/store_operation
tests_unit_store_operation_SOURCES = tests/unit/store_operation.c \
	tests/unit/store_fixture.h
unit_tests += tests/unit/store_pick
tests_unit_store_pick_SOURCES = tests/unit/store_pick.c \
	tests/unit/store_fixture.h
unit_tests += tests/unit/store_damage
tests_unit_store_damage_SOURCES = tests/unit/store_damage.c \
	tests/unit/store_fixture.h
unit_tests += tests/unit/store_migrate
tests_unit_store_migrate_SOURCES = tests/unit/store_migrate.c \
	tests/unit/store_fixture.h
unit_tests += tests/unit/store_journal
tests_unit_store_journal_SOURCES = tests/unit/store_journal.c \
	tests/unit/store_fixture.h
unit_tests += tests/unit/store_report
tests_unit_store_report_SOURCES = tests/unit/store_report.c \
	tests/unit/store_fixture.h
unit_tests += tests/unit/store_outbox
tests_unit_store_outbox_SOURCES = tests/unit/store_outbox.c \
	tests/unit/store_fixture.h
