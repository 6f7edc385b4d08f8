unit_tests += tests/unit/base_base
