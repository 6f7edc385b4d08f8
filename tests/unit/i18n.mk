unit_tests += \
	tests/unit/i18n_fold \
	tests/unit/i18n_format \
	tests/unit/i18n_idna \
	tests/unit/i18n_width
