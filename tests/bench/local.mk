# `make bench BENCHFLAGS=--million`: tercet beside the other mail readers.
EXTRA_PROGRAMS += %D%/imapfloor
tests_bench_imapfloor_SOURCES = %D%/imapfloor.c
tests_bench_imapfloor_LDADD =
CLEANFILES += %D%/imapfloor$(EXEEXT)

# The store by itself; run it by hand.
check_PROGRAMS += %D%/store_bench
tests_bench_store_bench_SOURCES = %D%/store_bench.c

bench: ui/tercet$(EXEEXT) %D%/imapfloor$(EXEEXT)
	TERCET='$(abs_builddir)/ui/tercet$(EXEEXT)' \
	TERCET_BENCH_FLOOR='$(abs_builddir)/%D%/imapfloor$(EXEEXT)' \
	$(PYTHON3) $(srcdir)/%D%/bench.py $(BENCHFLAGS)
.PHONY: bench

EXTRA_DIST += \
	%D%/bench.py \
	%D%/benchstore.py \
	%D%/readers.py
