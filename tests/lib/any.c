#include "tests/lib/any.h"

#include <stddef.h>

static const char *const words[] = {"ipv4", "ipv6", NULL};

const struct field any_fields[FIELD_ENUM + 1] = {
    [FIELD_BOOL] = {"flag", FIELD_BOOL, offsetof(struct any, flag), NULL},
    [FIELD_INT] = {"number", FIELD_INT, offsetof(struct any, number), NULL},
    [FIELD_REAL] = {"real", FIELD_REAL, offsetof(struct any, real), NULL},
    [FIELD_TEXT] = {"text", FIELD_TEXT, offsetof(struct any, text), NULL},
    [FIELD_JSON] = {"json", FIELD_JSON, offsetof(struct any, text), NULL},
    [FIELD_ID] = {"id", FIELD_ID, offsetof(struct any, id), NULL},
    [FIELD_TIME] = {"time", FIELD_TIME, offsetof(struct any, number), NULL},
    [FIELD_COUNT] = {"count", FIELD_COUNT, offsetof(struct any, count), NULL},
    [FIELD_VALUE] = {"value", FIELD_VALUE, offsetof(struct any, value), NULL},
    [FIELD_ENUM] = {"word", FIELD_ENUM, offsetof(struct any, word), words},
};
