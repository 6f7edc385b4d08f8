unit_tests += tests/unit/sync_line tests/unit/sync_plan
unit_tests += tests/unit/sync_positions
unit_tests += tests/unit/sync_pull
tests_unit_sync_pull_SOURCES = tests/unit/sync_pull.c \
	tests/unit/store_fixture.h tests/unit/sync_model.h \
	tests/unit/sync_scene.h
unit_tests += tests/unit/sync_push
tests_unit_sync_push_SOURCES = tests/unit/sync_push.c \
	tests/unit/store_fixture.h tests/unit/sync_model.h \
	tests/unit/sync_scene.h
unit_tests += tests/unit/sync_tree
tests_unit_sync_tree_SOURCES = tests/unit/sync_tree.c \
	tests/unit/store_fixture.h tests/unit/sync_model.h \
	tests/unit/sync_scene.h
unit_tests += tests/unit/sync_engine
tests_unit_sync_engine_SOURCES = tests/unit/sync_engine.c \
	tests/unit/store_fixture.h tests/unit/sync_model.h \
	tests/unit/sync_scene.h
unit_tests += tests/unit/sync_journal
tests_unit_sync_journal_SOURCES = tests/unit/sync_journal.c \
	tests/unit/store_fixture.h
tests_unit_sync_journal_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=transaction_is_due
