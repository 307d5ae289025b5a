#include "db/base/num.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool u128_parse(const char *digits, size_t n, u128 *value) {
	u128 sum = 0;

	if (n == 0) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		if (digits[i] < '0' || digits[i] > '9') {
			return false;
		}
		unsigned digit = (unsigned)(digits[i] - '0');
		if (sum > (U128_MAX - digit) / 10) {
			return false;
		}
		sum = sum * 10 + digit;
	}
	*value = sum;
	return true;
}

const char *u128_text(u128 value, char out[U128_TEXT]) {
	char digits[U128_TEXT];
	size_t at = sizeof digits - 1;

	digits[at] = '\0';
	do {
		digits[--at] = (char)('0' + (int)(value % 10));
		value /= 10;
	} while (value > 0);
	memcpy(out, digits + at, sizeof digits - at);
	return out;
}

bool int_parse(const char *text, int64_t min, int64_t max, int64_t *value) {
	bool negative = text[0] == '-';
	const char *digits = text + (negative ? 1 : 0);
	u128 size = 0;
	int64_t number = 0;

	if (!u128_parse(digits, strlen(digits), &size) || size > (u128)INT64_MAX + (negative ? 1 : 0)) {
		return false;
	}
	if (negative && size > 0) {
		number = -(int64_t)(size - 1) - 1;
	} else {
		number = (int64_t)size;
	}
	if (number < min || number > max) {
		return false;
	}
	*value = number;
	return true;
}

static const char *significant(const struct count *count) {
	return count->digits + strspn(count->digits, "0");
}

double count_real(struct count count) {
	return strtod(count.digits, NULL);
}

bool count_is_zero(struct count count) {
	return *significant(&count) == '\0';
}

/* Uses the letters that people know (a /64 is 18E), and a power of ten for larger counts. */
const char *count_short(struct count count, char out[8]) {
	static const char letters[] = " kMGTPE";
	const char *digits = significant(&count);
	size_t n = strlen(digits);
	size_t group = n == 0 ? 0 : (n - 1) / 3;
	int lead = (int)(n - group * 3);

	if (n <= 5) {
		(void)snprintf(out, 8, "%.5s", n == 0 ? "0" : digits);
	} else if (group > sizeof letters - 2) {
		(void)snprintf(out, 8, "%c.%ce%zu", digits[0], digits[1], (n - 1) % 100);
	} else if (lead == 1) {
		(void)snprintf(out, 8, "%c.%c%c", digits[0], digits[1], letters[group]);
	} else {
		(void)snprintf(out, 8, "%.*s%c", lead, digits, letters[group]);
	}
	return out;
}
