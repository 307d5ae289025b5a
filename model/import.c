#include "model/import.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "gen/queries.h"
#include "model/import/entry.h"
#include "model/import/order.h"
#include "model/import/source.h"
#include "model/text/json.h"

const char *const import_format_names[] = {"netbox", "phpipam", "kea", "dhcpd", "nipap", NULL};

void import_release(struct import_file *file) {
	for (size_t i = 0; i < file->count; i++) {
		free(file->entries[i].message);
	}
	free(file->entries);
	buf_release(&file->json);
	buf_release(&file->names);
	*file = (struct import_file){0};
}

static struct import_entry *add_entry(struct import_file *file) {
	if (file->count == file->room) {
		file->room = file->room == 0 ? 64 : 2 * file->room;
		file->entries = mem_grow(file->entries, file->room, sizeof *file->entries);
	}
	file->entries[file->count] = (struct import_entry){0};
	return &file->entries[file->count++];
}

/* Adds a row with its verdict. False: the row is an error of the whole file. */
static bool add_row(
    struct import_file *file, const struct import_ask *ask, struct import_row *row, struct err *err) {
	struct import_entry *entry = add_entry(file);

	entry->line = row->line;
	entry->skip = row->wrong.code == ERR_NONE ? row->skip : NULL;
	entry_read(file, entry, row);
	if (entry->code == ERR_NONE || ask->skip || ask->what == IMPORT_LEASES) {
		return true;
	}
	err_set(err, entry->code, "%s", entry->message);
	err->line = entry->line;
	return false;
}

bool import_read(
    const char *text, size_t n, const struct import_ask *ask, struct import_file *file, struct err *err) {
	struct import_row row = {.now = ask->now};
	struct source source;
	bool more = true;
	bool ok = source_open(&source, ask, text, n, err);

	*file = (struct import_file){.what = ask->what, .log = source.is_dhcpd || (ok && source.layout->log)};
	buf_char(&file->names, '\0');
	while (ok && more) {
		ok = source_next(&source, &row, err);
		more = ok && row.line > 0;
		ok = ok && (!more || add_row(file, ask, &row, err));
	}
	if (ok) {
		order_judge(file, !source.is_dhcpd && source.layout->nested);
	}
	row_release(&row);
	source_release(&source);
	return ok;
}

size_t import_count(const struct import_file *file) {
	size_t count = 0;

	for (size_t i = 0; i < file->count; i++) {
		count += file->entries[i].skip == NULL ? 1 : 0;
	}
	return count;
}

size_t import_skipped(const struct import_file *file, struct buf *out) {
	struct {
		const char *word;
		size_t count;
	} words[16];
	size_t kinds = 0, all = 0;

	for (size_t i = 0; i < file->count; i++) {
		const char *word = file->entries[i].skip;
		size_t k = 0;

		if (word == NULL) {
			continue;
		}
		while (k < kinds && strcmp(words[k].word, word) != 0) {
			k++;
		}
		if (k == kinds && kinds < sizeof words / sizeof *words) {
			words[kinds].word = word;
			words[kinds++].count = 0;
		}
		words[k < kinds ? k : kinds - 1].count++;
		all++;
	}
	for (size_t k = 0; k < kinds; k++) {
		buf_printf(out, "%s%zu %s", k > 0 ? ", " : "", words[k].count, words[k].word);
	}
	return all;
}

static void put_refused(const struct import_file *file, const struct import_entry *entry, struct json *j) {
	json_put_key(j, "pool");
	json_put_text(j, file->names.text + entry->pool);
	json_put_key(j, file->what == IMPORT_LEASES ? "text" : "name");
	json_put_text(j, file->names.text + entry->text);
	json_put_key(j, "error");
	json_open_object(j);
	json_put_key(j, "code");
	json_put_text(j, err_name(entry->code));
	json_put_key(j, "message");
	json_put_text(j, entry->message);
	json_put_key(j, "detail");
	json_put_raw(j, "{}");
	json_close_object(j);
}

void import_rows(const struct import_file *file, size_t most, size_t *at, struct buf *out) {
	struct json j = {.out = out};
	size_t count = 0;

	json_open_array(&j);
	for (; *at < file->count && count < most; ++*at) {
		const struct import_entry *entry = &file->entries[*at];

		if (entry->skip != NULL) {
			continue;
		}
		count++;
		json_open_object(&j);
		json_put_key(&j, "line");
		json_put_int(&j, entry->line);
		if (entry->code != ERR_NONE) {
			put_refused(file, entry, &j);
		} else {
			buf_add(out, file->json.text + entry->at, entry->len);
		}
		json_close_object(&j);
	}
	json_close_array(&j);
}

size_t import_add(
    struct batch *b, enum import_what what, struct id id, const char *rows, bool skip, const char *detail) {
	return what == IMPORT_LEASES ? query_lease_import_add(b, id, rows, skip, detail)
				     : query_pool_import_add(b, id, rows, skip, detail);
}
