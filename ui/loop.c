/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "app.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "screen/program.h"
#include "store/store.h"
#include "sync/engine.h"
#include "term/input.h"
#include "term/term.h"

/* Keys that come faster than frames are drawn are taken together, but not for
 * longer than this. */
enum { FRAME_US = 8000, EVENTS_AT_ONCE = 256 };

static const int signals[] = { SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGCONT,
	SIGTSTP, SIGCHLD };

struct loop {
	int signal_fd;
	struct input_decoder decoder;
	int64_t last_byte_us;
};

bool
loop_new(struct loop **ret_loop, struct error *err)
{
	struct loop *loop = xnew(struct loop);
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		sigaddset(&set, signals[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	loop->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (loop->signal_fd < 0) {
		int errnum = errno;

		free(loop);
		return error_set_errno(
			err, ERR_INVALID, errnum, _("Cannot watch signals"));
	}
	input_init(&loop->decoder);
	*ret_loop = loop;
	return true;
}

void
loop_free(struct loop *loop)
{
	if (!loop)
		return;
	closep(&loop->signal_fd);
	input_clear(&loop->decoder);
	free(loop);
}

static void
take_size(struct app *app)
{
	int rows;
	int cols;

	terminal_size(app->terminal, &rows, &cols);
	app_resize(app, rows, cols);
}

/* Stops the process as the shell's job control would. */
static void
suspend(struct app *app)
{
	app->wants_suspend = false;
	terminal_suspend(app->terminal);
	kill(getpid(), SIGSTOP);
	terminal_resume(app->terminal);
	take_size(app);
	app->dirty = DIRTY_ALL;
}

static void
take_signals(struct loop *loop, struct app *app)
{
	struct signalfd_siginfo info;

	while (read(loop->signal_fd, &info, sizeof(info)) == sizeof(info)) {
		switch ((int)info.ssi_signo) {
		case SIGWINCH:
		case SIGCONT:
			take_size(app);
			break;
		case SIGTSTP:
			app->wants_suspend = true;
			break;
		case SIGCHLD:
			program_reap(app);
			break;
		default:
			app->wants_quit = true;
			break;
		}
	}
}

/* Makes inputs of the bytes held; `timed_out` decides on half a sequence. */
static void
take_inputs(struct loop *loop, struct app *app, bool timed_out)
{
	struct input input;

	while (!app->wants_quit &&
		input_next(&loop->decoder, timed_out, &input))
		app_input(app, &input);
}

static void
take_bytes(struct loop *loop, struct app *app, int64_t now_us)
{
	struct pollfd more = { .fd = terminal_fd(app->terminal),
		.events = POLLIN };

	do {
		if (!terminal_read(app->terminal, &loop->decoder)) {
			app->wants_quit = true;
			return;
		}
		loop->last_byte_us = clock_mono_us();
		if (app->store)
			store_attend(app->store);
		take_inputs(loop, app, false);
		if (app->wants_suspend)
			return;
	} while (!app->wants_quit && clock_mono_us() - now_us < FRAME_US &&
		 poll(&more, 1, 0) > 0 && more.revents & POLLIN);
}

static void
take_events(struct app *app)
{
	struct event *event;

	for (int i = 0;
		i < EVENTS_AT_ONCE && (event = engine_next_event(app->engine));
		i++) {
		app_event(app, event);
		event_free(event);
	}
}

void
loop_show(struct app *app)
{
	int64_t now_us = clock_mono_us();

	if (app->wants_redraw) {
		terminal_redraw(app->terminal);
		app->wants_redraw = false;
		app->dirty = DIRTY_ALL;
	}
	if (app_draw(app, now_us))
		terminal_show(app->terminal, app->screen);
}

static int
timeout_ms(const struct loop *loop, const struct app *app, int64_t now_us)
{
	int64_t deadline = app_next_us(app, now_us);
	int64_t wait = input_wait_us(&loop->decoder);

	if (wait >= 0 && (deadline < 0 || loop->last_byte_us + wait < deadline))
		deadline = loop->last_byte_us + wait;
	return clock_poll_ms(deadline);
}

static void
turn(struct loop *loop, struct app *app)
{
	struct pollfd fds[4] = {
		{ .fd = terminal_fd(app->terminal), .events = POLLIN },
		{ .fd = loop->signal_fd, .events = POLLIN },
		{ .fd = app->engine ? engine_fd(app->engine) : -1,
			.events = POLLIN },
		{ .fd = reading_fd(app), .events = POLLIN },
	};
	int64_t wait;
	int64_t now_us = clock_mono_us();
	int n = poll(fds, 4, timeout_ms(loop, app, now_us));

	now_us = clock_mono_us();
	if (n < 0 && errno != EINTR) {
		app->wants_quit = true;
		return;
	}
	if (n > 0 && fds[1].revents)
		take_signals(loop, app);
	if (n > 0 && fds[0].revents)
		take_bytes(loop, app, now_us);
	wait = input_wait_us(&loop->decoder);
	if (wait >= 0 && now_us - loop->last_byte_us >= wait)
		take_inputs(loop, app, true);
	if (n > 0 && fds[2].revents)
		take_events(app);
	if (n > 0 && fds[3].revents)
		reading_settle(app);
	if (app->wants_suspend && !app->wants_quit)
		suspend(app);
	app_tick(app, now_us);
	app_settle(app, now_us);
	loop_show(app);
}

void
loop_run(struct loop *loop, struct app *app)
{
	while (!app->wants_quit)
		turn(loop, app);
}
