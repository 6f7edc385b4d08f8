/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Start-up and tear-down, in order, and nothing else. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "app.h"
#include "base/clock.h"
#include "base/gettext.h"
#include "base/log.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/demo.h"
#include "config/config.h"
#include "loop.h"
#include "screen/dump_docs.h"
#include "sync/engine.h"
#include "term/hyperlink.h"
#include "term/term.h"

/*
 * Nothing is lost by a sudden end: what matters was committed.  So when tidying
 * up takes longer than a person notices, it is left.
 */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { TIDY_UP_US = 999999 };
#else
enum { TIDY_UP_US = 30000 };
#endif

/* What the interface stands on. */
struct ground {
	struct demo demo;
	struct store_home *home;
	struct store *store;
	struct terminal *terminal;
	struct loop *loop;
	struct app *app;
	struct engine *engine;
	struct config *config; /* borrowed */
	bool told_recovery;
};

static void
leave_now(int sig)
{
	(void)sig;
	demo_remove_now();
	_exit(CLI_OK);
}

static void
limit_tidying(void)
{
	struct sigaction action = { .sa_handler = leave_now };
	struct itimerval limit = { .it_value = { 0, TIDY_UP_US } };

	sigemptyset(&action.sa_mask);
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &limit, NULL);
}

static bool
open_store(const struct cli_request *request, struct ground *ground,
	struct error *err)
{
	if (request->demo) {
		if (!demo_make(&ground->demo, err))
			return false;
		ground->config = ground->demo.config;
		return store_open(ground->demo.home, STORE_INTERFACE,
			&ground->store, err);
	}
	ground->config = request->config;
	return store_home_open(request->data_dir, true, &ground->home, err) &&
	       store_open(ground->home, STORE_INTERFACE, &ground->store, err);
}

static bool
is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

static bool
start_terminal(
	const struct config *config, struct ground *ground, struct error *err)
{
	const char *theme = config->theme ? config->theme : "auto";
	struct terminal_options options = {
		.mouse = config->mouse,
		.color = !is_set("NO_COLOR"),
		.ask_background =
			terminal_guess_light(getenv("COLORFGBG")) < 0 &&
			strcmp(theme, "dark") != 0 &&
			strcmp(theme, "light") != 0,
	};

	return loop_new(&ground->loop, err) &&
	       terminal_start(&options, &ground->terminal, err);
}

static bool
wants_ascii(const struct cli_request *request, const struct config *config)
{
	return config->ascii == ASCII_YES || !request->utf8;
}

static void
start_app(const struct cli_request *request, struct ground *ground)
{
	char *dir CLEANUP(freep) = xstrdup_null(request->config_path);
	char *slash = dir ? strrchr(dir, '/') : NULL;
	int light = terminal_guess_light(getenv("COLORFGBG"));
	struct app_options options = {
		.config = ground->config,
		.store = ground->store,
		.home = request->demo ? ground->demo.home : ground->home,
		.terminal = ground->terminal,
		.account = request->account,
		.ascii = wants_ascii(request, ground->config),
		.plain = !request->utf8,
		.knows_hyperlinks = request->utf8 && hyperlink_is_known_here(),
		.is_light = light == 1,
		.knows_background = light >= 0,
		.read_only = request->read_only,
		.is_demo = request->demo,
		.sets_up = !request->demo,
	};

	if (slash)
		*slash = '\0';
	options.config_dir = slash ? dir : NULL;
	terminal_size(ground->terminal, &options.rows, &options.cols);
	ground->app = app_new(&options);
}

static bool
has_server(const struct config *config)
{
	for (size_t i = 0; i < config->n_accounts; i++)
		if (config->accounts[i].protocol != PROTOCOL_LOCAL)
			return true;
	return false;
}

/* The engine comes after the first screen: mail that is here needs none. */
static bool
start_engine(const struct cli_request *request, struct ground *ground,
	struct error *err)
{
	struct engine_options options = {
		.config = ground->config,
		.home = ground->home,
		.read_only = request->read_only,
	};

	if (request->demo || !has_server(ground->config))
		return true;
	if (!engine_start(&options, &ground->engine, err))
		return false;
	app_set_engine(ground->app, ground->engine);
	return true;
}

/* Nobody sends while no tercet runs. */
static void
tell_unsent(struct ground *ground)
{
	uint64_t n = ground->app ? ground->app->triage.outbox.waiting : 0;

	if (n > 0)
		fprintf(stderr,
			P_("tercet: %llu message is not sent yet; `tercet "
			   "sync` sends it, or the next tercet\n",
				"tercet: %llu messages are not sent yet; "
				"`tercet sync` sends them, or the next "
				"tercet\n",
				(unsigned long)n),
			(unsigned long long)n);
}

static void
tear_down(struct ground *ground)
{
	/* The terminal first: from here on nobody waits for us. */
	terminal_stop(ground->terminal);
	tell_unsent(ground);
	limit_tidying();
	engine_stop(ground->engine);
	app_free(ground->app);
	loop_free(ground->loop);
	store_close(ground->store);
	store_home_close(ground->home);
	demo_clear(&ground->demo);
}

/* What came of a damaged store, on a page of its own until it is left. */
static void
tell_recovery(struct ground *ground)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct store_recovery recovery = { .fresh = false };
	struct pager *pager = &ground->app->pager;
	int cols = ground->app->screen->cols - 4;

	if (!ground->home)
		return;
	switch (store_home_recovery(ground->home, &recovery, &err)) {
	case FOUND:
		if (recovery.fresh) {
			char *text CLEANUP(freep) =
				store_recovery_text(&recovery);

			pager_open(pager, _("The store was damaged"));
			pager_add_text(pager, text, cols);
			ground->app->dirty = DIRTY_ALL;
		}
		break;
	case NOT_FOUND:
		break;
	case FOUND_ERROR:
		app_fail(ground->app, &err);
		break;
	}
	store_recovery_clear(&recovery);
}

/* One life of the interface, from its first screen on. */
static bool
live(const struct cli_request *request, struct ground *ground,
	struct error *err)
{
	start_app(request, ground);
	if (!ground->told_recovery)
		tell_recovery(ground);
	ground->told_recovery = true;
	app_settle(ground->app, clock_mono_us());
	loop_show(ground->app);
	if (!start_engine(request, ground, err))
		return false;
	loop_run(ground->loop, ground->app);
	return true;
}

/* The configuration has another account: all that rests on it starts anew. */
static bool
begin_again(
	struct cli_request *request, struct ground *ground, struct error *err)
{
	struct config *config;

	if (!config_load(request->config_path, true, &config, err))
		return false;
	engine_stop(ground->engine);
	ground->engine = NULL;
	app_free(ground->app);
	ground->app = NULL;
	config_unref(request->config);
	request->config = config;
	ground->config = config;
	return true;
}

static int
run_interface(struct cli_request *request)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct ground ground = { .home = NULL };
	/* Without a terminal nothing is made. */
	bool good = terminal_check(&err) &&
		    open_store(request, &ground, &err) &&
		    start_terminal(ground.config, &ground, &err) &&
		    live(request, &ground, &err);

	while (good && ground.app->wants_restart)
		good = begin_again(request, &ground, &err) &&
		       live(request, &ground, &err);
	tear_down(&ground);
	if (good)
		return CLI_OK;
	fprintf(stderr, "tercet: %s\n", err.text);
	log_error("ui", "%s", err.text);
	return CLI_FAILED;
}

int
main(int argc, char **argv)
{
	struct cli_request request CLEANUP(
		cli_request_clear) = { .mode = CLI_MODE_DONE };

	cli_main(argc, argv, &request);
	switch (request.mode) {
	case CLI_MODE_DONE:
		return (int)request.status;
	case CLI_MODE_DUMP_DOCS:
		if (dump_docs(request.docs, stdout))
			return CLI_OK;
		fprintf(stderr,
			_("tercet: --dump-docs knows no table %s; there is: "
			  "subcommands, global-options, options, "
			  "general-options, account-options, commands, keys, "
			  "styles\n"),
			request.docs);
		return CLI_USAGE;
	case CLI_MODE_INTERFACE:
		break;
	}
	return run_interface(&request);
}
