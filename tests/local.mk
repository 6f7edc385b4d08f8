# Unit tests speak TAP; `make check-unit` runs them alone.
unit_tests =
TEST_EXTENSIONS = .py .sh
TESTS = $(unit_tests) $(lint_tests) $(live_tests)
check_PROGRAMS = $(unit_tests)
lint_tests =
live_tests =

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

LDADD = $(lib_libs)
EXTRA_DIST += %D%/unit/tap.h
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
PY_LOG_DRIVER = $(LOG_DRIVER)
SH_LOG_DRIVER = $(LOG_DRIVER)
PY_LOG_COMPILER = $(PYTHON3)
SH_LOG_COMPILER = $(SHELL)
AM_TESTS_ENVIRONMENT = TOP_SRCDIR='$(abs_top_srcdir)'; export TOP_SRCDIR; \
	TERCET='$(abs_top_builddir)/ui/tercet'; export TERCET; \
	LC_ALL=C.UTF-8; export LC_ALL;

check-unit: $(check_PROGRAMS)
	$(MAKE) check TESTS='$(unit_tests)'
.PHONY: check-unit
