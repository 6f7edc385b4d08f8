/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/prompt.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "term/key.h"

void
prompt_init(struct prompt *prompt)
{
	*prompt = (struct prompt){ .is_open = false };
	line_edit_init(&prompt->edit);
}

static void
clear_choices(struct prompt *prompt)
{
	for (size_t i = 0; i < prompt->n_choices; i++)
		free(prompt->choices[i]);
	prompt->n_choices = 0;
	prompt->choice = 0;
	prompt->choosing = false;
}

void
prompt_clear(struct prompt *prompt)
{
	clear_choices(prompt);
	line_edit_clear(&prompt->edit);
	free(prompt->label);
	free(prompt->typed);
	*prompt = (struct prompt){ .is_open = false };
}

/* Asks for the choices of the line as it stands. */
static void
complete(struct prompt *prompt, struct app *app)
{
	char *line CLEANUP(freep) =
		xmemdup0(prompt->edit.text.data, prompt->edit.cursor);

	clear_choices(prompt);
	if (prompt->complete && !prompt->is_secret)
		prompt->from = prompt->complete(app, line);
}

void
prompt_open(struct prompt *prompt, const char *label, const char *text,
	prompt_done *done)
{
	clear_choices(prompt);
	str_replace(&prompt->label, label);
	str_replace(&prompt->typed, NULL);
	line_edit_set(&prompt->edit, text);
	prompt->is_open = true;
	prompt->is_secret = false;
	prompt->history = NULL;
	prompt->done = done;
	prompt->complete = NULL;
}

void
prompt_add_choice(struct prompt *prompt, const char *choice)
{
	if (prompt->n_choices < PROMPT_CHOICES_MAX)
		prompt->choices[prompt->n_choices++] = xstrdup(choice);
}

static void
finish(struct prompt *prompt, struct app *app, bool taken)
{
	char *text = taken ? xstrdup(prompt->edit.text.data) : NULL;

	prompt->is_open = false;
	clear_choices(prompt);
	if (taken && prompt->history && !prompt->is_secret)
		history_add(prompt->history, text);
	else if (prompt->history)
		history_rewind(prompt->history);
	if (prompt->is_secret) {
		explicit_bzero(prompt->edit.text.data, prompt->edit.text.len);
		strbuf_reset(&prompt->edit.killed);
	}
	line_edit_set(&prompt->edit, "");
	/* The prompt may be opened again by what follows. */
	prompt->done(app, text);
	if (text)
		free_secret(text);
}

static void
choose(struct prompt *prompt, struct app *app, int by)
{
	size_t n;

	if (!prompt->choosing && prompt->n_choices == 0)
		complete(prompt, app);
	n = prompt->n_choices;
	if (n == 0)
		return;
	if (prompt->choosing)
		prompt->choice =
			(prompt->choice + n + (size_t)(by + (int)n)) % n;
	else
		prompt->choice = by > 0 ? 0 : n - 1;
	prompt->choosing = true;
	line_edit_replace(
		&prompt->edit, prompt->from, prompt->choices[prompt->choice]);
}

static void
show_history(struct prompt *prompt, bool older)
{
	const char *line;

	if (!prompt->history)
		return;
	if (prompt->history->at == prompt->history->n)
		str_replace(&prompt->typed, prompt->edit.text.data);
	line = older ? history_older(prompt->history,
			       prompt->typed ? prompt->typed : "")
		     : history_newer(prompt->history,
			       prompt->typed ? prompt->typed : "");
	if (!line)
		return;
	line_edit_set(
		&prompt->edit, *line || !prompt->typed ? line : prompt->typed);
}

bool
prompt_key(struct prompt *prompt, struct app *app, uint32_t key)
{
	bool changed = false;

	switch (key) {
	case KEYCODE_ENTER:
		finish(prompt, app, true);
		return true;
	case KEYCODE_ESC:
	case 'c' | KEYCODE_CTRL:
	case 'g' | KEYCODE_CTRL:
		finish(prompt, app, false);
		return true;
	case KEYCODE_TAB:
	case KEYCODE_TAB | KEYCODE_SHIFT:
		choose(prompt, app, key == KEYCODE_TAB ? 1 : -1);
		return true;
	case KEYCODE_UP:
	case 'p' | KEYCODE_CTRL:
		show_history(prompt, true);
		return true;
	case KEYCODE_DOWN:
	case 'n' | KEYCODE_CTRL:
		show_history(prompt, false);
		return true;
	case KEYCODE_BACKSPACE:
		if (prompt->edit.text.len == 0) {
			finish(prompt, app, false);
			return true;
		}
		break;
	default:
		break;
	}
	if (line_edit_key(&prompt->edit, key, &changed) || changed)
		complete(prompt, app);
	return true;
}

void
prompt_paste(struct prompt *prompt, struct app *app, struct slice text)
{
	line_edit_insert(&prompt->edit, text);
	complete(prompt, app);
}
