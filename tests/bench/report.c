#include "tests/bench/report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "db/base/buf.h"
#include "db/base/mem.h"
#include "model/text/json.h"

struct report_entry {
	struct figure figure;
	double low; /* the ratios of the rounds, or NAN */
	double high;
};

/* Formats a number with four significant digits. */
static const char *number(double x, char out[32]) {
	if (isnan(x)) {
		return "-";
	}
	(void)snprintf(out, 32, fabs(x) < 10 ? "%.2f" : fabs(x) < 100 ? "%.1f" : "%.0f", x);
	return out;
}

static const char *verdict(const struct figure *f) {
	if (isnan(f->wanted)) {
		return "-";
	}
	switch (f->bound) {
	case WANTED_RATIO_LEAST:
		return f->ratio >= f->wanted ? "yes" : "NO";
	case WANTED_RATIO_MOST:
		return f->ratio <= f->wanted ? "yes" : "NO";
	case WANTED_VALUE_LEAST:
		return f->value >= f->wanted ? "yes" : "NO";
	case WANTED_VALUE_MOST:
		break;
	}
	return f->value <= f->wanted ? "yes" : "NO";
}

void report_head(void) {
	printf("%-20s %10s %-10s %10s %8s %-11s  %-16s %s\n", "name", "value", "unit", "baseline", "ratio",
	    "min-max", "wanted", "met");
	(void)fflush(stdout);
}

void report_add_rounds(struct report *r, const struct figure *figure, double low, double high) {
	static const char *const bounds[] = {"ratio >= ", "ratio <= ", "value <= ", "value >= "};
	char value[32], baseline[32], ratio[32], wanted[32], least[32], most[32], bound[48], rounds[72] = "";

	(void)snprintf(bound, sizeof bound, "%s%s", bounds[figure->bound], number(figure->wanted, wanted));
	if (!isnan(low)) {
		(void)snprintf(rounds, sizeof rounds, "%s-%s", number(low, least), number(high, most));
	}
	printf("%-20s %10s %-10s %10s %8s %-11s  %-16s %s\n", figure->name, number(figure->value, value),
	    figure->unit, number(figure->baseline, baseline), number(figure->ratio, ratio), rounds, bound,
	    verdict(figure));
	(void)fflush(stdout);
	r->entries = mem_grow(r->entries, r->count + 1, sizeof *r->entries);
	r->entries[r->count++] = (struct report_entry){*figure, low, high};
}

void report_add(struct report *r, const struct figure *figure) {
	report_add_rounds(r, figure, NAN, NAN);
}

static void put_real(struct json *j, double number) {
	struct buf text = {0};

	if (isfinite(number)) {
		json_real_text(number, &text);
	}
	json_put_raw(j, buf_text(&text));
	buf_release(&text);
}

static void put_entry(const struct report_entry *entry, struct json *j) {
	const struct figure *f = &entry->figure;

	json_open_object(j);
	json_put_key(j, "name");
	json_put_text(j, f->name);
	json_put_key(j, "value");
	put_real(j, f->value);
	json_put_key(j, "unit");
	json_put_text(j, f->unit);
	json_put_key(j, "baseline");
	put_real(j, f->baseline);
	json_put_key(j, "ratio");
	put_real(j, f->ratio);
	if (!isnan(entry->low)) {
		json_put_key(j, "ratio_min");
		put_real(j, entry->low);
		json_put_key(j, "ratio_max");
		put_real(j, entry->high);
	}
	json_close_object(j);
}

void report_write(const struct report *r, const char *path) {
	struct buf text = {0};
	struct json j = {.out = &text};
	FILE *file = fopen(path, "w");

	json_open_array(&j);
	for (size_t i = 0; i < r->count; i++) {
		put_entry(&r->entries[i], &j);
	}
	json_close_array(&j);
	buf_char(&text, '\n');
	if (file == NULL || fwrite(text.text, 1, text.len, file) != text.len || fclose(file) != 0) {
		perror(path);
		exit(1);
	}
	buf_release(&text);
}

void report_release(struct report *r) {
	free(r->entries);
	*r = (struct report){0};
}
