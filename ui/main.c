/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Start-up and tear-down, in order, and nothing else. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/log.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/demo.h"
#include "config/config.h"
#include "loop.h"
#include "screen/dump_docs.h"
#include "store/store.h"
#include "sync/engine.h"
#include "term/term.h"

struct program {
	struct demo demo; /* zero without --demo */
	struct store_home *home;
	struct store *store;
	struct terminal *terminal;
	struct loop *loop;
	struct app *app;
	struct engine *engine;
};

static int
complain(struct error *err)
{
	fprintf(stderr, "tercet: %s\n", err->text);
	error_clear(err);
	return CLI_FAILED;
}

static bool
open_store(struct program *program, struct cli_request *request,
	struct error *err)
{
	if (request->demo) {
		if (!demo_make(&program->demo, err))
			return false;
		program->home = program->demo.home;
		request->config = config_ref(program->demo.config);
	} else if (!store_home_open(
			   request->data_dir, true, &program->home, err)) {
		return false;
	}
	return store_open(
		program->home, STORE_INTERFACE, &program->store, err);
}

static char *
config_dir(const struct cli_request *request)
{
	char *dir;
	char *slash;

	if (!request->config_path)
		return NULL;
	dir = xstrdup(request->config_path);
	slash = strrchr(dir, '/');
	if (slash)
		*slash = '\0';
	else
		str_replace(&dir, ".");
	return dir;
}

static bool
start(struct program *program, struct cli_request *request, struct error *err)
{
	const char *no_color = getenv("NO_COLOR");
	int light = terminal_guess_light(getenv("COLORFGBG"));
	char *dir CLEANUP(freep) = config_dir(request);
	struct terminal_options terminal = {
		.mouse = request->config->mouse,
		.color = !no_color || !*no_color,
		.ask_background = light < 0,
	};
	struct app_options options = {
		.config = request->config,
		.store = program->store,
		.config_dir = dir,
		.account = request->account,
		.ascii = request->config->ascii == ASCII_YES ||
			(request->config->ascii == ASCII_AUTO &&
				!request->utf8),
		.is_light = light > 0,
		.knows_background = light >= 0,
		.read_only = request->read_only,
		.is_demo = request->demo,
	};
	struct engine_options engine = {
		.config = request->config,
		.home = program->home,
		.read_only = request->read_only,
	};

	if (!loop_new(&program->loop, err) ||
		!terminal_start(&terminal, &program->terminal, err))
		return false;
	options.terminal = program->terminal;
	terminal_size(program->terminal, &options.rows, &options.cols);
	program->app = app_new(&options);
	/* What the store holds is on the screen before anything is started. */
	loop_show(program->app);
	if (request->demo)
		return true;
	if (!engine_start(&engine, &program->engine, err))
		return false;
	app_set_engine(program->app, program->engine);
	return true;
}

static void
stop(struct program *program)
{
	terminal_stop(program->terminal);
	app_free(program->app);
	engine_stop(program->engine);
	loop_free(program->loop);
	store_close(program->store);
	if (program->demo.home)
		demo_clear(&program->demo);
	else
		store_home_close(program->home);
}

static int
run_interface(struct cli_request *request)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct program program = { 0 };
	bool ok = open_store(&program, request, &err) &&
		start(&program, request, &err);

	if (ok)
		loop_run(program.loop, program.app);
	stop(&program);
	return ok ? CLI_OK : complain(&err);
}

int
main(int argc, char **argv)
{
	struct cli_request request CLEANUP(cli_request_clear) = { 0 };

	cli_main(argc, argv, &request);
	switch (request.mode) {
	case CLI_MODE_DONE:
		return request.status;
	case CLI_MODE_DUMP_DOCS:
		return dump_docs(request.docs, stdout) ? CLI_OK : CLI_FAILED;
	case CLI_MODE_INTERFACE:
		return run_interface(&request);
	}
	return CLI_FAILED;
}
