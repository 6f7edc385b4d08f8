unit_tests += tests/unit/store_store
tests_unit_store_store_SOURCES = tests/unit/store_store.c \
	tests/unit/store_fixture.h
