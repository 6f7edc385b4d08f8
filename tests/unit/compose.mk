unit_tests += tests/unit/compose_check
unit_tests += tests/unit/compose_build
unit_tests += tests/unit/compose_field
unit_tests += tests/unit/compose_reply
