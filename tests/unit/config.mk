unit_tests += \
	tests/unit/config_config \
	tests/unit/config_draft \
	tests/unit/config_secret \
	tests/unit/config_url
