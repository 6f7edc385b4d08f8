unit_tests += tests/unit/net_imap_name
unit_tests += tests/unit/net_imap_parse

unit_tests += tests/unit/net_frame
unit_tests += tests/unit/net_tls
unit_tests += tests/unit/net_trace
unit_tests += tests/unit/net_wire
EXTRA_DIST += tests/unit/net_peer.h
