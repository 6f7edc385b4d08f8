unit_tests += \
	tests/unit/mail_address \
	tests/unit/mail_date \
	tests/unit/mail_flags \
	tests/unit/mail_paragraph \
	tests/unit/mail_part \
	tests/unit/mail_role \
	tests/unit/mail_subject \
	tests/unit/mail_table \
	tests/unit/mail_uidset
