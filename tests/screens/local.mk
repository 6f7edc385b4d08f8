unit_tests += tests/screens/screens
tests_screens_screens_SOURCES = \
	%D%/fixture.c \
	%D%/fixture.h \
	%D%/screens.c
tests_screens_screens_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/ui \
	-I$(srcdir)/%D%
tests_screens_screens_LDADD = $(ui_libs)
tests_screens_screens_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=transaction_is_due
EXTRA_DIST += %D%/scripts
unit_tests += tests/screens/bulk
tests_screens_bulk_SOURCES = \
	%D%/bulk.c \
	%D%/fixture.c \
	%D%/fixture.h
tests_screens_bulk_CPPFLAGS = $(tests_screens_screens_CPPFLAGS)
tests_screens_bulk_LDADD = $(ui_libs)
unit_tests += tests/screens/html
tests_screens_html_SOURCES = %D%/html.c
tests_screens_html_CPPFLAGS = $(tests_screens_screens_CPPFLAGS)
tests_screens_html_LDADD = $(ui_libs)
EXTRA_DIST += tests/samples/html
unit_tests += tests/screens/wide
tests_screens_wide_SOURCES = \
	%D%/fixture.c \
	%D%/fixture.h \
	%D%/wide.c
tests_screens_wide_CPPFLAGS = $(tests_screens_screens_CPPFLAGS)
tests_screens_wide_LDADD = $(ui_libs)

# All of it, where `make check` tries a part.
check-corpus-wide: %D%/wide$(EXEEXT)
	TERCET_CORPUS_SAMPLE=1 LC_ALL=C.UTF-8 '$(abs_builddir)/%D%/wide$(EXEEXT)'
.PHONY: check-corpus-wide
