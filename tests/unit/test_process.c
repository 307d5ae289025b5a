/*
 * Child programs: their environment, their output, and their end.
 */
#include "ui/worker/process.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"

static const int64_t long_time = 60 * TIME_SECOND;

/* A folder, with the last program that was written into it. */
struct place {
	char *path;
	int folder;
};

static int make_place(void **state) {
	struct place *place = mem_new(1, sizeof *place);

	place->path = mem_print("%s/process-XXXXXX", getenv("TMPDIR"));
	if (mkdtemp(place->path) == NULL) {
		return -1;
	}
	place->folder = open(place->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	*state = place;
	return place->folder < 0 ? -1 : 0;
}

static int remove_place(void **state) {
	struct place *place = *state;

	(void)unlinkat(place->folder, "program", 0);
	(void)unlinkat(place->folder, "sign", 0);
	(void)close(place->folder);
	(void)rmdir(place->path);
	free(place->path);
	free(place);
	return 0;
}

static void write_program(const struct place *place, const char *first, const char *rest) {
	int fd = openat(place->folder, "program", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, first, strlen(first)), (ssize_t)strlen(first));
	assert_int_equal(write(fd, rest, strlen(rest)), (ssize_t)strlen(rest));
	assert_int_equal(close(fd), 0);
}

static struct process *start_with(
    const struct place *place, const char *program, const char *input, int64_t time) {
	struct process *p = mem_new(1, sizeof *p);
	const char *const argv[] = {"/the/path", "one", "two words", NULL};
	const struct launch launch = {place->folder, "program", argv, input, time};
	struct err err = {0};

	write_program(place, "#!/bin/bash\n", program);
	if (!process_start(p, &launch, &err)) {
		fail_msg("%s", err.message);
	}
	return p;
}

static void turn(struct process *p) {
	struct pollfd fds[PROCESS_POLLS];

	process_polls(p, fds);
	(void)poll(
	    fds, PROCESS_POLLS, clock_poll(clock_sooner(process_deadline(p), clock_steady() + TIME_SECOND)));
	process_step(p, fds);
}

static void await(struct process *p) {
	int64_t limit = clock_steady() + long_time;

	while (!p->ended) {
		turn(p);
		assert_true(clock_steady() < limit);
	}
}

/* Waits until the program has created the file `sign`. */
static void await_sign(const struct place *place, struct process *p) {
	int64_t limit = clock_steady() + long_time;

	while (faccessat(place->folder, "sign", F_OK, 0) != 0) {
		assert_true(clock_steady() < limit);
		(void)poll(NULL, 0, 2);
	}
	(void)p;
}

static void says(struct process *p, bool well, const char *words) {
	struct buf text = {0};

	await(p);
	process_describe(p, &text);
	assert_string_equal(buf_text(&text), words);
	assert_int_equal(process_succeeded(p), well);
	buf_release(&text);
	process_release(p);
	free(p);
}

static void runs(void **state, const char *program, bool well, const char *words) {
	says(start_with(*state, program, "input\n", long_time), well, words);
}

static void ends(void **state) {
	runs(state, "exit 0", true, "exit 0");
	runs(state, "echo done >&2", true, "exit 0: done");
	runs(state, "echo oh no >&2; exit 3", false, "exit 3: oh no");
	runs(state, "kill -9 $$", false, "signal 9");
	runs(state, "echo first >&2; kill -SEGV $$", false, "signal 11: first");
	runs(state, "exec no-such-program 2>/dev/null", false, "exit 127");
}

static void gets(void **state) {
	runs(state, "printf '%s|%s|%s' $# \"$1\" \"$2\" >&2; exit 1", false, "exit 1: 2|one|two words");
	runs(state, "cat >&2; exit 1", false, "exit 1: input");
	runs(state, "tr '\\0' ' ' </proc/$$/cmdline >&2; exit 1", false,
	    "exit 1: /bin/bash ./program one two words");
	runs(state, "[ \"$(pwd -P)\" = \"$(dirname \"$(readlink -f ./program)\")\" ] || exit 1", true,
	    "exit 0");
	runs(state, "[ \"$(cut -d ' ' -f 5 /proc/$$/stat)\" = $$ ] || exit 1", true, "exit 0");
	/* Except for the two that the C library reserves, and signals that the test's parent may have
	 * ignored. */
	runs(state, "grep -E 'Sig(Blk|Ign)' /proc/self/status | sed 's/180000000$/000000000/' >&2", true,
	    "exit 0: SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000");
	runs(state, "echo unheard; [ \"$(readlink /proc/$$/fd/1)\" = /dev/null ] || exit 1", true, "exit 0");
}

/* The program gets none of this process's descriptors, also without O_CLOEXEC, and none of its environment.
 * */
static void gets_nothing_else(void **state) {
	int open_one = open("/dev/null", O_RDONLY);
	int high = fcntl(open_one, F_DUPFD, 200);

	(void)setenv("PGPASSWORD", "secret", 1);
	(void)setenv("LD_DEBUG", "nothing", 1);
	runs(state, "exec ls /proc/self/fd >&2", true, "exit 0: 0\n1\n2\n3"); /* the last one is its own */
	runs(state, "tr '\\0' '\\n' </proc/$$/environ | cut -d= -f1 | sort >&2", true, "exit 0: LANG\nPATH");
	(void)unsetenv("LD_DEBUG");
	(void)unsetenv("PGPASSWORD");
	(void)close(high);
	(void)close(open_one);
}

static void megabytes_are_cut(void **state) {
	struct process *p =
	    start_with(*state, "head -c 20000000 /dev/zero | tr '\\0' x >&2; exit 1", "", long_time);
	struct buf text = {0};

	await(p);
	process_describe(p, &text);
	assert_int_equal(text.len, strlen("exit 1: ") + LAST_OUTPUT_CHARS);
	buf_release(&text);
	process_release(p);
	free(p);
}

/* A megabyte that the program does not read, or whose descriptor it closes. */
static void input_is_not_read(void **state) {
	char *large = mem_new(1000001, 1);

	memset(large, 'x', 1000000);
	says(start_with(*state, "exit 0", large, long_time), true, "exit 0");
	says(start_with(*state, "exec <&-; exit 0", large, long_time), true, "exit 0");
	says(start_with(*state, "wc -c >&2", large, long_time), true, "exit 0: 1000000");
	free(large);
}

static void cannot_be_run(void **state) {
	struct place *place = *state;
	struct process *p = mem_new(1, sizeof *p);
	const char *const argv[] = {"/the/path", NULL};
	const struct launch launch = {place->folder, "program", argv, "", long_time};
	struct err err = {0};

	write_program(place, "#!/no/such/shell\n", "");
	assert_true(process_start(p, &launch, &err));
	says(p, false, "exit 127: cannot be run: No such file or directory");
	p = mem_new(1, sizeof *p);
	write_program(place, "\x7f", "ELF");
	assert_true(process_start(p, &launch, &err));
	says(p, false, "exit 127: cannot be run: Exec format error");
}

/* Returns whether a process of the group is left. */
static bool group_lives(pid_t pid) {
	return kill(-pid, 0) == 0;
}

static void await_empty(pid_t pid) {
	int64_t limit = clock_steady() + long_time;

	while (group_lives(pid)) {
		(void)poll(NULL, 0, 2);
		assert_true(clock_steady() < limit);
	}
}

static void a_deadline_asks_the_whole_group(void **state) {
	struct process *p = start_with(*state, "sleep 1000 & sleep 1000", "", 100000);
	pid_t pid = p->child.pid;

	says(p, false, "deadline of 100ms passed");
	await_empty(pid);
}

static void who_does_not_listen_is_killed(void **state) {
	struct process *p = start_with(*state,
	    "trap '' TERM; (trap '' TERM; while :; do sleep 1000; done) & echo mine >&2; >sign; while :; do "
	    "sleep 1000; done",
	    "", 200000);
	pid_t pid = p->child.pid;
	int64_t began = clock_steady();

	await_sign(*state, p);
	says(p, false, "deadline of 200ms passed: mine");
	assert_in_range(clock_steady() - began, PROCESS_GRACE, 60 * TIME_SECOND);
	await_empty(pid);
}

/* The started process ends at once, another one of its group does not: it gets the grace, and no more. */
static void others_of_the_group_are_killed_too(void **state) {
	struct process *p = start_with(
	    *state, "(trap '' TERM; >sign; while :; do sleep 1000; done) & sleep 1000", "", TIME_SECOND);
	pid_t pid = p->child.pid;
	int64_t began = clock_steady();

	await_sign(*state, p);
	says(p, false, "deadline of 1s passed");
	assert_in_range(clock_steady() - began, PROCESS_GRACE, 60 * TIME_SECOND);
	await_empty(pid);
}

static void success_behind_the_deadline_is_none(void **state) {
	says(start_with(*state, "trap 'exit 0' TERM; sleep 1000 & wait", "", 100000), false,
	    "deadline of 100ms passed");
}

/* It had ended in time, but no one had looked. */
static void an_end_in_time_counts_however_late_it_is_seen(void **state) {
	struct process *p = start_with(*state, "exit 0", "", 300000);
	siginfo_t info;

	assert_int_equal(waitid(P_PID, (id_t)p->child.pid, &info, WEXITED | WNOWAIT), 0);
	while (!clock_passed(p->deadline)) {
		(void)poll(NULL, 0, 5);
	}
	says(p, true, "exit 0");
}

/* A process that keeps the standard error open is not waited for. */
static void nobody_waits_for_what_is_left_behind(void **state) {
	struct process *p = start_with(*state, "sleep 1000 & echo left >&2; exit 0", "", long_time);
	pid_t pid = p->child.pid;
	int64_t began = clock_steady();

	says(p, true, "exit 0: left");
	assert_true(clock_steady() - began < 60 * TIME_SECOND);
	assert_true(group_lives(pid));
	(void)kill(-pid, SIGKILL);
	await_empty(pid);
}

static void asked_to_end(void **state) {
	struct process *p =
	    start_with(*state, "trap 'echo bye >&2; exit 7' TERM; >sign; sleep 1000 & wait", "", long_time);

	await_sign(*state, p);
	process_terminate(p);
	says(p, false, "exit 7: bye");
}

static void released_while_it_runs(void **state) {
	struct process *p =
	    start_with(*state, "trap '' TERM; >sign; sleep 1000 & wait; sleep 1000", "", long_time);
	pid_t pid = p->child.pid;

	await_sign(*state, p);
	process_release(p);
	assert_int_equal(waitpid(pid, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	await_empty(pid);
	free(p);
}

/* Without its parent no one watches its deadline, so it is told to end. */
static void it_does_not_outlive_us(void **state) {
	struct place *place = *state;
	pid_t parent = fork();

	if (parent == 0) {
		(void)start_with(
		    place, "echo $$ >sign.new; mv sign.new sign; exec sleep 1000", "", long_time);
		await_sign(place, NULL);
		_exit(0);
	}
	assert_int_equal(waitpid(parent, NULL, 0), parent);

	char text[32] = "";
	int fd = openat(place->folder, "sign", O_RDONLY | O_CLOEXEC);

	assert_true(read(fd, text, sizeof text - 1) > 0);
	(void)close(fd);
	await_empty((pid_t)strtol(text, NULL, 10));
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, make_place, remove_place)

int main(void) {
	const struct CMUnitTest tests[] = {
	    HERE(ends),
	    HERE(gets),
	    HERE(gets_nothing_else),
	    HERE(megabytes_are_cut),
	    HERE(input_is_not_read),
	    HERE(cannot_be_run),
	    HERE(a_deadline_asks_the_whole_group),
	    HERE(who_does_not_listen_is_killed),
	    HERE(others_of_the_group_are_killed_too),
	    HERE(success_behind_the_deadline_is_none),
	    HERE(an_end_in_time_counts_however_late_it_is_seen),
	    HERE(nobody_waits_for_what_is_left_behind),
	    HERE(asked_to_end),
	    HERE(released_while_it_runs),
	    HERE(it_does_not_outlive_us),
	};

	return cmocka_run_group_tests_name("process", tests, NULL, NULL);
}
