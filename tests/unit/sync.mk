unit_tests += tests/unit/sync_plan
