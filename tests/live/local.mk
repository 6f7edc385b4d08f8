# Programs that try tercet against real servers; each speaks TAP.  Those that
# wait for minutes begin first, so that the others run beside them.
live_tests += \
	%D%/second_client.py \
	%D%/faults.py \
	%D%/stalls.py \
	%D%/model.py \
	%D%/trouble.py \
	%D%/dead_accounts.py \
	%D%/accounts.py \
	%D%/auth.py \
	%D%/command_line.py \
	%D%/compose.py \
	%D%/compress.py \
	%D%/corpus.py \
	%D%/demo.py \
	%D%/exit_status.py \
	%D%/first_sight.py \
	%D%/folder_names.py \
	%D%/held_key.py \
	%D%/hyperlinks.py \
	%D%/hostile_mail.py \
	%D%/inline_files.py \
	%D%/json_contract.py \
	%D%/kill_sync.py \
	%D%/links.py \
	%D%/pipe.py \
	%D%/push.py \
	%D%/push_beside.py \
	%D%/read_offline.py \
	%D%/read_online.py \
	%D%/read_only.py \
	%D%/reports.py \
	%D%/reading.py \
	%D%/restart.py \
	%D%/resync.py \
	%D%/send.py \
	%D%/send_beside.py \
	%D%/send_kill.py \
	%D%/setup.py \
	%D%/sync_beside.py \
	%D%/tls.py \
	%D%/triage.py \
	%D%/uidvalidity.py

# What they import.
live_support += \
	tests/lib/certs.py \
	tests/lib/control.py \
	tests/lib/dovecot.py \
	tests/lib/fixture.py \
	tests/lib/genmail.py \
	tests/lib/imapclient.py \
	tests/lib/live.py \
	tests/lib/proxy.py \
	tests/lib/smtpsink.py \
	tests/lib/tap.py \
	tests/lib/terminal.py \
	tests/fake/cases.py \
	tests/fake/imapserver.py

# Random sequences: `make model MODEL_SEEDS=5000` plays so many with each kind
# of server, MODEL_SEEDS='4711 1' that one.
check_PROGRAMS += %D%/model
tests_live_model_SOURCES = %D%/model.c
tests_live_model_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=transaction_commit -Wl,--wrap=wire_write
model: %D%/model$(EXEEXT)
	TERCET_MODEL='$(abs_builddir)/%D%/model$(EXEEXT)' \
	MODEL_SEEDS='$(MODEL_SEEDS)' \
	$(PYTHON3) $(srcdir)/%D%/model.py
MODEL_SEEDS = 1000
.PHONY: model
