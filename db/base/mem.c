#include "db/base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *checked(void *p) {
	if (p == NULL) {
		abort();
	}
	return p;
}

void *mem_new(size_t n, size_t size) {
	return checked(calloc(n == 0 ? 1 : n, size));
}

void *mem_grow(void *p, size_t n, size_t size) {
	return checked(reallocarray(p, n == 0 ? 1 : n, size));
}

char *mem_text(const char *s) {
	return s == NULL ? NULL : checked(strdup(s));
}

char *mem_print(const char *format, ...) {
	va_list args;
	char *text = NULL;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0) {
		abort();
	}
	va_end(args);
	return text;
}
