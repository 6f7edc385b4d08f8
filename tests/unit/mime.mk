unit_tests +=
unit_tests += tests/unit/mime_mbox
