# What reads bytes from outside.  `make check` replays the seeds, also damaged;
# `make fuzz` looks for more with clang's libFuzzer, FUZZ_SECONDS a target, in
# a build directory beside this one, where what it finds stays too.
fuzz_sources = \
	%D%/fuzz.h \
	%D%/config.c \
	%D%/imap.c \
	%D%/mail.c \
	%D%/parsers.c \
	%D%/screen.c \
	%D%/targets.c \
	%D%/values.c

unit_tests += tests/fuzz/replay
tests_fuzz_replay_SOURCES = %D%/replay.c $(fuzz_sources)
tests_fuzz_replay_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_replay_LDADD = ui/libui.a $(lib_libs) $(NCURSES_LIBS)

EXTRA_PROGRAMS += %D%/fuzzer
tests_fuzz_fuzzer_SOURCES = %D%/fuzzer.c $(fuzz_sources)
tests_fuzz_fuzzer_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzzer_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzzer_LDADD = ui/libui.a $(lib_libs) $(NCURSES_LIBS)
CLEANFILES += %D%/fuzzer$(EXEEXT)

FUZZ_SECONDS = 30
FUZZ_TARGETS =
fuzz_dir = $(abs_top_builddir)-fuzz
fuzz_flags = -g -O1 -fno-omit-frame-pointer \
	-fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=undefined
fuzz:
	@test -n '$(CLANG)' || \
		{ echo 'make fuzz needs clang with its libFuzzer'; exit 1; }
	$(variant) '$(fuzz_dir)' CC='$(CLANG)' CFLAGS='$(fuzz_flags)'
	$(MAKE) -C '$(fuzz_dir)' tests/fuzz/fuzzer
	cd '$(fuzz_dir)' && $(SHELL) $(abs_top_srcdir)/tests/fuzz/fuzz.sh \
		$(abs_top_srcdir)/tests/fuzz $(FUZZ_SECONDS) $(FUZZ_TARGETS)
.PHONY: fuzz

EXTRA_DIST += %D%/fuzz.sh %D%/seeds %D%/words
