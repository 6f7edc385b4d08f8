/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The account's folders, and texts from them. */
#include "base/array.h"
#include "mime/text.h"
#include "sync/private.h"

#include "sync_scene.h"

static enum found
find(struct scene *scene, const char *name, struct folder *ret)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	folder_clear(ret);
	return folder_find(
		scene->fixture.store, scene->fixture.account, name, ret, &err);
}

static void
test_forgotten(void)
{
	struct folder folder CLEANUP(folder_clear) = { 0 };
	struct scene scene;

	scene_open(&scene, MODEL_PLAIN, 5);
	model_fill(model_add_box(&scene.model, "Archive"), 10, 14);
	model_add_box(&scene.model, "Hollow");
	is_int(sync_tree(&scene), ERR_NONE, "LIST");
	ok(find(&scene, "Archive", &folder) == FOUND, "a folder more");
	is_int(sync_folder(&scene, folder.id), ERR_NONE, "its mail");
	for (size_t i = 0; i < scene.model.n_boxes; i++)
		scene.model.boxes[i].hidden = true;
	is_int(sync_tree(&scene), ERR_NONE, "LIST shows nothing");
	ok(find(&scene, "Archive", &folder) == FOUND,
		"what STATUS still finds stays");
	is_same(&scene, folder.id, &scene.model.boxes[1], "with its mail");
	ok(find(&scene, "INBOX", &folder) == FOUND, "and INBOX");
	ok(find(&scene, "Hollow", &folder) == FOUND || folder.placed == 0,
		"what held nothing may go");
	snprintf(scene.model.boxes[1].name, sizeof(scene.model.boxes[1].name),
		"Renamed");
	scene.model.boxes[0].hidden = scene.model.boxes[1].hidden = false;
	is_int(sync_tree(&scene), ERR_NONE, "LIST, one renamed");
	ok(find(&scene, "Archive", &folder) == NOT_FOUND, "the old name goes");
	ok(find(&scene, "Renamed", &folder) == FOUND, "the new one comes");
	is_int(sync_folder(&scene, folder.id), ERR_NONE, "its mail again");
	is_same(&scene, folder.id, &scene.model.boxes[1], "all of it");
	scene_close(&scene);
}

/* --- roles --------------------------------------------------------------- */

static const char *const listed[] = {
	"* LIST () \"/\" inbox",
	"* LIST () \"/\" INBOX",
	"* LIST (\\Sent) \"/\" \"Sent Items\"",
	"* LIST (\\Sent) \"/\" \"Sent too\"",
	"* LIST (\\Trash) \"/\" Rubbish",
	"* LIST () \"/\" Trash",
	"* LIST () \"/\" Drafts",
	"* LIST (\\Archive) \"/\" \"Lager/Alt\"",
	"* LIST (\\Junk) \"/\" \"&AOQ-rger\"",
};

static bool
list_roles(struct model_client *client, const char *verb, const char *args)
{
	(void)args;
	if (strcmp(verb, "STATUS") == 0) {
		say(client, "%s NO none", client->tag);
		return true;
	}
	if (strcmp(verb, "LIST") != 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(listed); i++)
		say(client, "%s", listed[i]);
	done(client);
	return true;
}

static const struct {
	const char *name;
	enum folder_role role;
} roles[] = {
	{ "INBOX", ROLE_INBOX },
	{ "Sent Items", ROLE_SENT },
	{ "Sent too", ROLE_NONE },
	/* configured, and told by the server as well */
	{ "Rubbish", ROLE_TRASH },
	{ "Trash", ROLE_NONE },
	/* guessed */
	{ "Drafts", ROLE_DRAFTS },
	/* the configuration says another */
	{ "Lager/Alt", ROLE_NONE },
	/* configured by the server's own spelling */
	{ "\xc3\xa4rger", ROLE_JUNK },
};

static void
test_roles(void)
{
	struct scene scene;

	scene_open(&scene, MODEL_PLAIN, 1);
	scene.account.trash = (char *)"Rubbish";
	scene.account.archive = (char *)"Elsewhere";
	scene.account.junk = (char *)"&AOQ-rger";
	model_set_hook(&scene.model, list_roles);
	is_int(sync_tree(&scene), ERR_NONE, "LIST with roles");
	for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
		struct folder folder CLEANUP(folder_clear) = { 0 };

		ok(find(&scene, roles[i].name, &folder) == FOUND &&
				folder.role == roles[i].role,
			"%s: %s", roles[i].name, role_name(roles[i].role));
	}
	{
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		struct folders folders CLEANUP(folders_clear) = { 0 };

		MUST(folder_load_all(scene.fixture.store, 0, &folders, &err));
		is_int((int64_t)folders.n, ARRAY_LEN(roles),
			"one inbox, however it is spelt");
	}
	scene_close(&scene);
}

/* --- news by STATUS ------------------------------------------------------ */

static void
test_settled(void)
{
	struct scene scene;

	scene_open(&scene, MODEL_QRESYNC, 9);
	is_int(sync_inbox(&scene), ERR_NONE, "in step");
	session_close(&scene.session);
	is_int(sync_tree(&scene), ERR_NONE, "nothing new");
	is_int((int64_t)scene.session.settled.n, 1, "proved by STATUS");
	is_int((int64_t)scene.session.due.n, 0, "nothing to do");
	model_set_flags(scene_inbox(&scene), 2, MODEL_FLAGGED);
	is_int(sync_tree(&scene), ERR_NONE, "a flag changed");
	is_int(sync_tree(&scene), ERR_NONE, "and again");
	is_int((int64_t)scene.session.settled.n, 0, "not settled");
	is_int((int64_t)scene.session.due.n, 1, "due, once");
	scene_close(&scene);
}

/* --- texts --------------------------------------------------------------- */

static int
texts_here(struct scene *scene, int64_t folder)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct uidset here CLEANUP(uidset_clear) = UIDSET_INIT;
	uint32_t uid = 0;
	int n = 0;

	MUST(folder_uids(scene->fixture.store, folder, &here, &err));
	while (uidset_next(&here, &uid)) {
		struct document doc CLEANUP(document_clear) = { 0 };
		int64_t placement, message;
		int version = 0;

		MUST(placement_find(scene->fixture.store, folder, uid,
			     &placement, &message, &err) == FOUND);
		if (text_load(scene->fixture.store, message, &doc, &version,
			    &err) == FOUND &&
			version > 0 && doc.n_paragraphs > 0)
			n++;
	}
	return n;
}

/* How many messages of the folder say that their text is here. */
static int
texts_claimed(struct scene *scene, int64_t folder)
{
	int n = 0;

	for (uint32_t uid = 1; uid <= 300; uid++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		struct message message CLEANUP(message_clear) = { 0 };
		int64_t placement, id;

		if (placement_find(scene->fixture.store, folder, uid,
			    &placement, &id, &err) != FOUND)
			continue;
		MUST(message_load(scene->fixture.store, id, &message, &err) ==
			FOUND);
		n += message.state != MESSAGE_ENVELOPE;
	}
	return n;
}

/* How many rounds it takes; 100: it does not end. */
static int
pull_all_texts(struct scene *scene, struct id_array *refused)
{
	int rounds = 0;

	for (; rounds < 100; rounds++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		int64_t folder;

		MUST(pull_texts(&scene->session, refused, &folder, &err));
		if (folder == 0)
			break;
		if (folder != scene->session.at.folder &&
			sync_folder(scene, folder) == ERR_REFUSED)
			array_push(refused, folder);
	}
	return rounds;
}

static bool
refuse_some_texts(
	struct model_client *client, const char *verb, const char *args)
{
	char set[8000];

	if (strcmp(verb, "UID FETCH") != 0 || !strstr(args, "BODY.PEEK[]"))
		return false;
	snprintf(set, sizeof(set), "%.*s", (int)strcspn(args, " "), args);
	if (in_set(set, 7)) {
		say(client, "%s NO not that one", client->tag);
		return true;
	}
	if (in_set(set, 8)) {
		say(client, "* 8 FETCH (UID 8 BODY[] NIL)");
		done(client);
		return true;
	}
	return false;
}

static void
test_texts(void)
{
	struct id_array refused = { 0 };
	struct scene scene;
	struct folder other CLEANUP(folder_clear) = { 0 };
	int rounds;

	scene_open(&scene, MODEL_QRESYNC, 150);
	model_fill(model_add_box(&scene.model, "Other"), 151, 250);
	scene.config.offline_days = OFFLINE_ALL;
	is_int(sync_tree(&scene), ERR_NONE, "two folders");
	is_int(sync_inbox(&scene), ERR_NONE, "headers of the first");
	ok(find(&scene, "Other", &other) == FOUND, "the other");
	is_int(sync_folder(&scene, other.id), ERR_NONE, "and of the other");
	/* Texts are wanted of what was linked. */
	link_all(&scene.fixture);
	model_set_hook(&scene.model, refuse_some_texts);
	scene.model.boxes[1].locked = true;
	session_close(&scene.session);
	is_int(sync_inbox(&scene), ERR_NONE, "texts; one folder is locked");
	rounds = pull_all_texts(&scene, &refused);
	ok(rounds < 20, "the loop ends");
	is_int(texts_here(&scene, scene.fixture.inbox), 148,
		"all but two that cannot be had");
	is_int(texts_claimed(&scene, scene.fixture.inbox), 148,
		"which do not say that they are here");
	is_int(texts_here(&scene, other.id), 0, "none of the locked folder");
	array_clear(&refused);
	scene.model.boxes[1].locked = false;
	model_set_hook(&scene.model, NULL);
	session_close(&scene.session);
	is_int(sync_inbox(&scene), ERR_NONE, "unlocked");
	pull_all_texts(&scene, &refused);
	is_int(texts_here(&scene, other.id), 100, "then they come");
	array_clear(&refused);
	scene_close(&scene);
}

static void
test_one_text(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int64_t placement, message;
	struct scene scene;

	scene_open(&scene, MODEL_QRESYNC, 20);
	is_int(sync_inbox(&scene), ERR_NONE, "to open one");
	MUST(placement_find(scene.fixture.store, scene.fixture.inbox, 12,
		     &placement, &message, &err) == FOUND);
	session_close(&scene.session);
	MUST(session_open(&scene.session, &err));
	ok(pull_message(&scene.session, message, &err), "opened");
	is_int(texts_here(&scene, scene.fixture.inbox), 1, "its text is here");
	MUST(placement_find(scene.fixture.store, scene.fixture.inbox, 13,
		     &placement, &message, &err) == FOUND);
	ok(pull_section(&scene.session, message, "", &err), "its bytes");
	MUST(placement_find(scene.fixture.store, scene.fixture.inbox, 14,
		     &placement, &message, &err) == FOUND);
	lock_take(&scene.model.lock);
	model_expunge(scene_inbox(&scene), 13);
	lock_give(&scene.model.lock);
	MUST(imap_noop(scene.session.imap, &err));
	ok(!pull_message(&scene.session, message, &err), "one that is gone");
	is_int(err.kind, ERR_STALE, "says so");
	error_clear(&err);
	ok(!pull_section(&scene.session, message, "", &err), "or its bytes");
	is_int(err.kind, ERR_STALE, "too");
	error_clear(&err);
	/* The mailbox was made anew, and another session has noticed. */
	MUST(placement_find(scene.fixture.store, scene.fixture.inbox, 3,
		     &placement, &message, &err) == FOUND);
	lock_take(&scene.model.lock);
	model_renumber(scene_inbox(&scene), 100);
	lock_give(&scene.model.lock);
	ok(!pull_message(&scene.session, message, &err),
		"UIDs of another UIDVALIDITY are not used");
	error_clear(&err);
	session_close(&scene.session);
	is_int(sync_inbox(&scene), ERR_NONE, "renumbered");
	ok(pull_message(&scene.session, message, &err), "found again");
	scene.model.boxes[0].locked = true;
	session_close(&scene.session);
	MUST(session_open(&scene.session, &err));
	MUST(placement_find(scene.fixture.store, scene.fixture.inbox, 104,
		     &placement, &message, &err) == FOUND);
	ok(!pull_message(&scene.session, message, &err), "a locked folder");
	ok(err.text && strstr(err.text, "not that one"),
		"in the server's words");
	scene_close(&scene);
}

/* Another session brings it into the store, before this one hears of it. */
static int64_t
arrive(struct scene *scene, int uid)
{
	struct mail mail = { .uid = (uint32_t)uid, .received = 1000000 + uid };
	int64_t message = 0;

	lock_take(&scene->model.lock);
	model_fill(scene_inbox(scene), uid, uid);
	lock_give(&scene->model.lock);
	place_one(&scene->fixture, scene->fixture.inbox, &mail, &message);
	return message;
}

static void
test_just_arrived(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct scene scene;
	int64_t message;

	scene_open(&scene, MODEL_QRESYNC, 20);
	is_int(sync_inbox(&scene), ERR_NONE, "twenty");
	message = arrive(&scene, 21);
	ok(pull_message(&scene.session, message, &err), "one that just came");
	is_int(texts_here(&scene, scene.fixture.inbox), 1, "is here");
	message = arrive(&scene, 22);
	ok(pull_section(&scene.session, message, "", &err), "its bytes, too");
	is_int(err.kind, ERR_NONE, "without a word");
	scene_close(&scene);
}

int
main(void)
{
	test_forgotten();
	test_roles();
	test_settled();
	test_texts();
	test_one_text();
	test_just_arrived();
	return tap_done();
}
