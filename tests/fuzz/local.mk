# What reads bytes from outside.  `make check` replays the seeds, also damaged;
# `make fuzz` looks for more with clang's libFuzzer, in a build directory beside
# this one:
#
#	FUZZ_SECONDS   how long, for each target
#	FUZZ_TARGETS   which; all, when empty
#	FUZZ_JOBS      how many at a time
#	FUZZ_CORPUS    where inputs gather, from run to run
#	FUZZ_LEDGER    the file to which each run adds what it did
#
# What it finds is in faults/ there.  With TERCET_CORPUS, a folder of real mail,
# a target's first run begins with what is drawn from it.
fuzz_sources = \
	%D%/check.c \
	%D%/check.h \
	%D%/fuzz.c \
	%D%/fuzz.h \
	%D%/server.c \
	%D%/server.h \
	%D%/targets/address.c \
	%D%/targets/addresses_row.c \
	%D%/targets/auth.c \
	%D%/targets/auth_results.c \
	%D%/targets/calendar.c \
	%D%/targets/card.c \
	%D%/targets/charset.c \
	%D%/targets/command.c \
	%D%/targets/config.c \
	%D%/targets/config_edit.c \
	%D%/targets/config_url.c \
	%D%/targets/date.c \
	%D%/targets/deflate.c \
	%D%/targets/document_row.c \
	%D%/targets/draft_row.c \
	%D%/targets/encode.c \
	%D%/targets/encoded_word.c \
	%D%/targets/envelope.c \
	%D%/targets/export_name.c \
	%D%/targets/field.c \
	%D%/targets/flags.c \
	%D%/targets/flow.c \
	%D%/targets/flowed.c \
	%D%/targets/header.c \
	%D%/targets/html.c \
	%D%/targets/idna.c \
	%D%/targets/imap_change.c \
	%D%/targets/imap_dialogue.c \
	%D%/targets/imap_fetch.c \
	%D%/targets/imap_frame.c \
	%D%/targets/imap_mailbox.c \
	%D%/targets/imap_name.c \
	%D%/targets/imap_numbers.c \
	%D%/targets/imap_scan.c \
	%D%/targets/imap_structure.c \
	%D%/targets/imap_words.c \
	%D%/targets/inline_file.c \
	%D%/targets/keys.c \
	%D%/targets/later.c \
	%D%/targets/line.c \
	%D%/targets/list.c \
	%D%/targets/mbox.c \
	%D%/targets/message.c \
	%D%/targets/param.c \
	%D%/targets/parts_row.c \
	%D%/targets/plain.c \
	%D%/targets/raw.c \
	%D%/targets/report.c \
	%D%/targets/screen.c \
	%D%/targets/smtp.c \
	%D%/targets/subject.c \
	%D%/targets/transfer.c \
	%D%/targets/uidset.c \
	%D%/targets/walk.c \
	%D%/targets/width.c \
	%D%/targets/wire_address.c

unit_tests += tests/fuzz/replay
tests_fuzz_replay_SOURCES = %D%/replay.c $(fuzz_sources)
tests_fuzz_replay_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_replay_LDADD = ui/libui.a $(lib_libs) $(NCURSES_LIBS)

EXTRA_PROGRAMS += %D%/fuzzer
tests_fuzz_fuzzer_SOURCES = %D%/fuzzer.c $(fuzz_sources)
tests_fuzz_fuzzer_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzzer_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzzer_LDADD = ui/libui.a $(lib_libs) $(NCURSES_LIBS)

# Inputs for the targets out of real mail.
EXTRA_PROGRAMS += %D%/draw
tests_fuzz_draw_SOURCES = %D%/draw.c
CLEANFILES += %D%/fuzzer$(EXEEXT) %D%/draw$(EXEEXT)

FUZZ_SECONDS = 30
FUZZ_TARGETS =
FUZZ_JOBS = 1
FUZZ_CORPUS = $(fuzz_dir)/corpus
FUZZ_LEDGER = $(fuzz_dir)/ledger
fuzz_dir = $(abs_top_builddir)-fuzz
fuzz_flags = -g -O1 -fno-omit-frame-pointer \
	-fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=undefined
fuzz_here = $(abs_top_srcdir)/tests/fuzz
build-fuzz:
	@$(SHELL) $(fuzz_here)/clang.sh '$(CLANG)'
	$(variant) '$(fuzz_dir)' CC='$(CLANG)' CFLAGS='$(fuzz_flags)'
	$(MAKE) -C '$(fuzz_dir)' tests/fuzz/fuzzer tests/fuzz/draw
fuzz: build-fuzz
	cd '$(fuzz_dir)' && \
		FUZZ_SECONDS='$(FUZZ_SECONDS)' FUZZ_JOBS='$(FUZZ_JOBS)' \
		FUZZ_CORPUS='$(FUZZ_CORPUS)' FUZZ_LEDGER='$(FUZZ_LEDGER)' \
		$(SHELL) $(fuzz_here)/fuzz.sh $(FUZZ_TARGETS)

# How much of the readers the gathered inputs reach, by gcc's gcov.
coverage_dir = $(abs_top_builddir)-coverage
fuzz-coverage:
	$(variant) '$(coverage_dir)' CC='$(CC)' CFLAGS='-g -O0 --coverage'
	$(MAKE) -C '$(coverage_dir)' tests/fuzz/replay
	cd '$(coverage_dir)' && FUZZ_CORPUS='$(FUZZ_CORPUS)' \
		$(SHELL) $(fuzz_here)/coverage.sh $(abs_top_srcdir)
.PHONY: build-fuzz fuzz fuzz-coverage

EXTRA_DIST += %D%/clang.sh %D%/coverage.sh %D%/fuzz.sh %D%/one.sh \
	%D%/ledger.awk %D%/seeds %D%/words
