#include "ui/cli/context.h"

#include <pwd.h>
#include <stddef.h>
#include <unistd.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/text/json.h"
#include "model/syntax/name.h"
#include "ui/verbs/parse/opt.h"

enum { REASON_MAX_CHARS = 1000 };

char *context_text(const char *reason) {
	struct buf text = {0};
	struct json j = {.out = &text};
	const struct passwd *user = getpwuid(getuid());
	char host[256] = "";
	struct err ignored = {0};

	(void)gethostname(host, sizeof host - 1);
	json_open_object(&j);
	json_put_key(&j, "os_user");
	json_put_text(&j, user == NULL ? NULL : user->pw_name);
	json_put_key(&j, "host");
	json_put_text(&j, text_check("host", host, sizeof host, &ignored) ? host : NULL);
	if (reason != NULL) {
		json_put_key(&j, "reason");
		json_put_text(&j, reason);
	}
	json_close_object(&j);
	err_release(&ignored);
	return buf_take(&text);
}

bool context_read(const struct args *args, char **detail, struct err *err) {
	const char *reason = opt(args, OPT_REASON);

	if (reason != NULL && !text_check("reason", reason, REASON_MAX_CHARS, err)) {
		return false;
	}
	*detail = context_text(reason);
	return true;
}
