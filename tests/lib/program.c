#include "tests/lib/program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/verb.h"
#include "ui/text/report.h"
#include "ui/cli/perform.h"
#include "ui/cli/run.h"

void program_start(struct program *p, const char *const *argv) {
	static const int numbers[] = {STDOUT_FILENO, STDERR_FILENO};
	const char *path = getenv("BERTH");
	posix_spawn_file_actions_t actions;

	if (path == NULL) {
		fail_msg("BERTH is not set: run me with tests/run");
		return;
	}
	assert_int_equal(posix_spawn_file_actions_init(&actions), 0);
	for (int i = 0; i < 2; i++) {
		p->files[i] = memfd_create("program", MFD_CLOEXEC);
		assert_true(p->files[i] >= 0);
		assert_int_equal(posix_spawn_file_actions_adddup2(&actions, p->files[i], numbers[i]), 0);
	}
	assert_int_equal(
	    posix_spawn(&p->pid, path, &actions, NULL, (char *const *)(uintptr_t)argv, environ), 0);
	(void)posix_spawn_file_actions_destroy(&actions);
}

/* Returns the contents of a file, and closes it. */
static char *read_all(int fd) {
	off_t size = lseek(fd, 0, SEEK_END);
	char *text = mem_new((size_t)size + 1, 1);

	assert_true(pread(fd, text, (size_t)size, 0) == (ssize_t)size);
	(void)close(fd);
	return text;
}

void program_ended(struct program *p, int status) {
	p->pid = 0;
	p->code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	p->out = read_all(p->files[0]);
	p->words = read_all(p->files[1]);
}

static int count(const char *const *argv) {
	int n = 0;

	while (argv[n] != NULL) {
		n++;
	}
	return n;
}

void program_here(struct program *p, const char *const *argv, struct conn *c) {
	size_t sizes[2];
	FILE *out = open_memstream(&p->out, &sizes[0]);
	FILE *words = open_memstream(&p->words, &sizes[1]);
	struct args args = {0};
	struct run run = {0};
	struct err err = {0};
	bool ok;

	assert_non_null(out);
	assert_non_null(words);
	ok = args_parse(count(argv), (char *const *)(uintptr_t)argv, verbs, ARGS_PROGRAM, &args, &err) &&
	     run_init(&run, &args, verbs, out, words, SAFE_UTF8, clock_steady(), &err);
	if (ok) {
		run.conn = c;
		ok = perform(&run, &err);
	}
	p->code = ok ? run.exit : report_error(words, SAFE_UTF8, true, &err);
	(void)fclose(out);
	(void)fclose(words);
	args_release(&args);
	err_release(&err);
}

void program_release(struct program *p) {
	if (p->pid > 0) {
		int status;

		(void)kill(p->pid, SIGKILL);
		(void)waitpid(p->pid, &status, 0);
		program_ended(p, status);
	}
	free(p->out);
	free(p->words);
	*p = (struct program){0};
}
