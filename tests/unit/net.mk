unit_tests += tests/unit/net_imap_name
unit_tests += tests/unit/net_imap_parse

unit_tests += tests/unit/net_frame
