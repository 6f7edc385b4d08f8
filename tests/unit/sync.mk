unit_tests += tests/unit/sync_line tests/unit/sync_plan
