unit_tests += \
	tests/unit/mime_address \
	tests/unit/mime_auth_results \
	tests/unit/mime_bombs \
	tests/unit/mime_calendar \
	tests/unit/mime_charset \
	tests/unit/mime_corpus \
	tests/unit/mime_envelope \
	tests/unit/mime_header \
	tests/unit/mime_html \
	tests/unit/mime_inline \
	tests/unit/mime_list \
	tests/unit/mime_mbox \
	tests/unit/mime_param \
	tests/unit/mime_report \
	tests/unit/mime_structure \
	tests/unit/mime_text \
	tests/unit/mime_transfer \
	tests/unit/mime_walk
EXTRA_DIST += tests/unit/mime_document.h tests/unit/mime_gmime.txt \
	tests/unit/mime_reading.h

# A second opinion, where there is one.
if HAVE_GMIME
unit_tests += tests/unit/mime_gmime
tests_unit_mime_gmime_CFLAGS = $(AM_CFLAGS) $(GMIME_CFLAGS)
tests_unit_mime_gmime_LDADD = $(lib_libs) $(GMIME_LIBS)
else
EXTRA_DIST += tests/unit/mime_gmime.c
endif

# What the samples' own projects expect, and Python's reader.
check_PROGRAMS += tests/unit/cli_outline
tests_unit_cli_outline_SOURCES = tests/unit/cli_outline.c
TESTS += tests/unit/mime_samples.py
EXTRA_DIST += tests/unit/mime_samples.py tests/unit/mime_samples.txt
