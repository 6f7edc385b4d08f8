unit_tests += tests/unit/net_auth
unit_tests += tests/unit/net_imap_change
unit_tests += tests/unit/net_imap_corpus
unit_tests += tests/unit/net_imap_name
unit_tests += tests/unit/net_imap_open
unit_tests += tests/unit/net_imap_parse
unit_tests += tests/unit/net_imap_session
unit_tests += tests/unit/net_frame
unit_tests += tests/unit/net_smtp
unit_tests += tests/unit/net_tls
unit_tests += tests/unit/net_trace
unit_tests += tests/unit/net_wire
EXTRA_DIST += tests/unit/net_peer.h tests/unit/net_script.h \
	tests/unit/net_talk.h
