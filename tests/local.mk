# The tests; all of them speak TAP.
#
#	make check         all of them, in the build as it is
#	make check-unit    one program a source file
#	make check-live    the program against private servers, in a terminal
#	make check-corpus-wide  every message of TERCET_CORPUS, drawn at three
#			   widths in one process
#	make check-asan    all, with address, undefined and leak sanitizers
#	make check-tsan    those with threads, with the thread sanitizer
#	make coverage      lines of the parsers that unit tests run
#	make fuzz          clang's fuzzer over all that reads bytes from outside
#	make bench         tercet beside the other readers (see bench/README.md)
unit_tests =
lint_tests =
live_tests =
live_support =
TEST_EXTENSIONS = .py .sh
TESTS = $(unit_tests) $(lint_tests)
check_PROGRAMS = $(unit_tests)

include %D%/unit/base.mk
include %D%/unit/i18n.mk
include %D%/unit/mail.mk
include %D%/unit/mime.mk
include %D%/unit/search.mk
include %D%/unit/config.mk
include %D%/unit/store.mk
include %D%/unit/net.mk
include %D%/unit/compose.mk
include %D%/unit/sync.mk
include %D%/unit/cli.mk
include %D%/unit/ui.mk
include %D%/fuzz/local.mk
include %D%/screens/local.mk
include %D%/lint/local.mk
include %D%/live/local.mk
include %D%/bench/local.mk

if LIVE_TESTS
TESTS += $(live_tests)
endif

LDADD = $(lib_libs)
EXTRA_DIST += %D%/unit/tap.h %D%/lsan.txt %D%/variant.sh %D%/coverage.sh $(live_tests) $(live_support)
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
PY_LOG_DRIVER = $(LOG_DRIVER)
SH_LOG_DRIVER = $(LOG_DRIVER)
# No test runs for ever.
LOG_COMPILER = timeout $(TEST_SECONDS)
PY_LOG_COMPILER = timeout $(TEST_SECONDS) $(PYTHON3)
SH_LOG_COMPILER = timeout $(TEST_SECONDS) $(SHELL)
TEST_SECONDS = 1800
AM_TESTS_ENVIRONMENT = \
	TOP_SRCDIR='$(abs_top_srcdir)'; export TOP_SRCDIR; \
	TERCET='$(abs_top_builddir)/ui/tercet'; export TERCET; \
	AWK='$(AWK)'; export AWK; \
	HARDENED='$(HARDENED)'; export HARDENED; \
	COMPILE='$(CC) $(HARDEN_CPPFLAGS) $(CPPFLAGS) $(HARDEN_CFLAGS) $(CFLAGS)'; \
	export COMPILE; \
	LC_ALL=C.UTF-8; export LC_ALL;

check-unit: $(check_PROGRAMS)
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(unit_tests)'
check-live: all
	$(MAKE) $(AM_MAKEFLAGS) check check_PROGRAMS= TESTS='$(live_tests)'

# Reads every message under TERCET_CORPUS, a folder of real mail.
corpus_tests = tests/live/corpus.py tests/live/hostile_mail.py
check-corpus: all
	$(MAKE) $(AM_MAKEFLAGS) check check_PROGRAMS= TESTS='$(corpus_tests)'

# The sanitizers build the same tree in a directory beside this one, so they
# never disturb it.  CHECK_TARGET narrows what runs there.
variant = $(SHELL) $(abs_top_srcdir)/tests/variant.sh '$(abs_top_srcdir)'
CHECK_TARGET = check

asan_dir = $(abs_top_builddir)-asan
asan_flags = -g -O1 -fno-omit-frame-pointer \
	-fsanitize=address,undefined -fno-sanitize-recover=undefined
asan_environment = \
	ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1 \
	LSAN_OPTIONS=suppressions=$(abs_top_srcdir)/tests/lsan.txt:print_suppressions=0 \
	UBSAN_OPTIONS=print_stacktrace=1 \
	TERCET_TEST_PATIENCE=$${TERCET_TEST_PATIENCE-5}
build-asan:
	$(variant) '$(asan_dir)' CC='$(CC)' CFLAGS='$(asan_flags)'
	$(MAKE) -C '$(asan_dir)' all
check-asan: build-asan
	$(asan_environment) $(MAKE) -C '$(asan_dir)' $(CHECK_TARGET)

# Threads are started by these.
tsan_live_tests = \
	tests/live/first_sight.py \
	tests/live/read_offline.py \
	tests/live/read_online.py \
	tests/live/resync.py \
	tests/live/restart.py \
	tests/live/second_client.py
tsan_dir = $(abs_top_builddir)-tsan
tsan_flags = -g -O1 -fno-omit-frame-pointer -fsanitize=thread
build-tsan:
	$(variant) '$(tsan_dir)' CC='$(CC)' CFLAGS='$(tsan_flags)'
	$(MAKE) -C '$(tsan_dir)' all
check-tsan: build-tsan
	tests=; for test in $(unit_tests); do \
		case $$test in */base_* | */sync_* | */store_* | */net_wire*) \
			tests="$$tests $$test" ;; \
		esac; \
	done; \
	TSAN_OPTIONS=second_deadlock_stack=1 \
	TERCET_TEST_PATIENCE=$${TERCET_TEST_PATIENCE-10} \
	$(MAKE) -C '$(tsan_dir)' check TESTS="$$tests $(tsan_live_tests)"

# What reads bytes from outside is run by tests, nine lines of ten.
unit_coverage_dir = $(abs_top_builddir)-unit-coverage
coverage:
	$(variant) '$(unit_coverage_dir)' CC='$(CC)' CFLAGS='-g -O1 --coverage'
	find '$(unit_coverage_dir)' -name '*.gcda' -exec rm -f {} +
	$(MAKE) -C '$(unit_coverage_dir)' check-unit
	$(SHELL) $(srcdir)/tests/coverage.sh '$(unit_coverage_dir)'

# Everything a change has to pass.
ci: lint format-check analyze check
	$(MAKE) $(AM_MAKEFLAGS) check-asan
	$(MAKE) $(AM_MAKEFLAGS) check-tsan
	$(MAKE) $(AM_MAKEFLAGS) distcheck
.PHONY: coverage check-unit check-live check-corpus build-asan check-asan build-tsan check-tsan ci
