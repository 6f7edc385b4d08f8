# `make bench`: tercet beside the other mail readers; see README.md there.
EXTRA_PROGRAMS += %D%/imapfloor
tests_bench_imapfloor_SOURCES = %D%/imapfloor.c
tests_bench_imapfloor_LDADD =
CLEANFILES += %D%/imapfloor$(EXEEXT)

# Reading messages, beside the libraries that do the same.
EXTRA_PROGRAMS += %D%/mime_bench
tests_bench_mime_bench_SOURCES = %D%/mime_bench.c
tests_bench_mime_bench_CFLAGS = $(AM_CFLAGS)
tests_bench_mime_bench_LDADD = $(lib_libs)
if HAVE_GMIME
tests_bench_mime_bench_CFLAGS += $(GMIME_CFLAGS) -DWITH_GMIME
tests_bench_mime_bench_LDADD += $(GMIME_LIBS)
endif
CLEANFILES += %D%/mime_bench$(EXEEXT)

# The store by itself; run it by hand.
check_PROGRAMS += %D%/store_bench %D%/journal_bench
tests_bench_journal_bench_SOURCES = %D%/journal_bench.c
tests_bench_store_bench_SOURCES = %D%/store_bench.c

bench: ui/tercet$(EXEEXT) %D%/imapfloor$(EXEEXT) %D%/mime_bench$(EXEEXT)
	TERCET='$(abs_builddir)/ui/tercet$(EXEEXT)' \
	TERCET_BENCH_MIME='$(abs_builddir)/%D%/mime_bench$(EXEEXT)' \
	TERCET_BENCH_FLOOR='$(abs_builddir)/%D%/imapfloor$(EXEEXT)' \
	BENCH_ROWS='$(BENCH_ROWS)' BENCH_SIZES='$(BENCH_SIZES)' \
	BENCH_RUNS='$(BENCH_RUNS)' BENCH_READERS='$(BENCH_READERS)' \
	BENCH_RTT='$(BENCH_RTT)' BENCH_MINUTES='$(BENCH_MINUTES)' \
	BENCH_JSON='$(BENCH_JSON)' BENCH_KEEP='$(BENCH_KEEP)' \
	$(PYTHON3) $(srcdir)/%D%/bench.py $(BENCHFLAGS)
.PHONY: bench

EXTRA_DIST += \
	%D%/README.md \
	%D%/bench.py \
	%D%/benchstore.py \
	%D%/goals.py \
	%D%/measures.py \
	%D%/readers.py \
	%D%/storewatch.py
