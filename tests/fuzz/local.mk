# Parsers under damaged input.  A short run is part of `make check`; `make fuzz
# FUZZ_SECONDS=600` takes its time, best in a build with sanitizers.
fuzz_tests = tests/fuzz/fuzz_imap
unit_tests += $(fuzz_tests)
EXTRA_DIST += %D%/fuzz.h
FUZZ_SECONDS = 30

fuzz: $(fuzz_tests)
	for test in $(fuzz_tests); do \
		FUZZ_SECONDS=$(FUZZ_SECONDS) ./$$test || exit 1; \
	done
.PHONY: fuzz
