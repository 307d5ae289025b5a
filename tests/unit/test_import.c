/* The verdict on each row of a file. */
#include "model/import.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <string.h>

#include "db/base/clock.h"

/* 2026-12-01. */
#define NOW (INT64_C(1796083200) * TIME_SECOND)

/* Appends "2 10.0.0.1, 3 expired, 4 refused". */
static void put_verdicts(const struct import_file *file, struct buf *out) {
	for (size_t i = 0; i < file->count; i++) {
		const struct import_entry *e = &file->entries[i];

		buf_printf(out, "%s%" PRId64 " %s", i > 0 ? ", " : "", e->line,
		    e->skip != NULL       ? e->skip
		    : e->code != ERR_NONE ? "refused"
					  : file->names.text + e->text);
	}
}

struct file_case {
	enum import_format from;
	enum import_what what;
	const char *map;
	const char *text;
	const char *verdicts;
};

static const struct file_case files[] = {
    {IMPORT_OWN, IMPORT_LEASES, NULL, "pool,value\na,1\n\na,1\nb,1\na,x y\n",
	"2 1, 4 refused, 5 1, 6 refused"},
    {IMPORT_OWN, IMPORT_LEASES, NULL, "space,value\na,1\nb,1\n", "2 1, 3 1"},
    {IMPORT_OWN, IMPORT_LEASES, NULL, "pool;value;holder\r\na;1;\"x;\r\ny\"\r\na;2;z\r\n", "2 1, 4 2"},
    {IMPORT_OWN, IMPORT_LEASES, NULL, "pool,value,state\na,1,active\na,,pending\na,1,destroyed\n",
	"2 1, 3 pending, 4 destroyed"},
    {IMPORT_OWN, IMPORT_RANGES, NULL, "pool,name,kind,last\na,h1,host,4\na,h2:2,host,2\n", "2 h1:4, 3 h2:2"},
    {IMPORT_OWN, IMPORT_RANGES, NULL,
	"pool,kind,range,exclude,unit\na,number,1-9,2;4-5,\na,host,h:3,h,\na,host,i:3,h:1,\n"
	"a,number,20-29,19-21,\na,number,30-39,31;,\na,number,40-49,41;;42,\n",
	"2 1-9, 3 h:3, 4 refused, 5 refused, 6 30-39, 7 refused"},
    {IMPORT_OWN, IMPORT_RANGES, "pool=P,range=R,exclude=E", "P,R,E\na,1-9,2\na,20-29,2\n",
	"2 1-9, 3 refused"},
    {IMPORT_OWN, IMPORT_LEASES, "pool=P,value=V", "x\tV\tP\n,\t 1 \ta\n\t\t\n", "2 1"},
    {IMPORT_NETBOX, IMPORT_LEASES, NULL,
	"address,status\n10.0.0.1/24,active\n10.0.0.1/32,Active\n10.0.0.2/33,\n"
	"10.0.0.3,SLAAC\n10.0.0.4,gone\n",
	"2 10.0.0.1, 3 refused, 4 refused, 5 slaac, 6 refused"},
    {IMPORT_NETBOX, IMPORT_RANGES, NULL,
	"Prefix,VRF,Status\n10.0.0.0/8,Global,Active\n10.1.0.0/16,Global,Active\n10.0.0.0/8,b (1:2),Active\n"
	"10.1.0.0/16,Global,Active\n10.2.0.0,,Active\n::/0,,Container\n",
	"2 parent, 3 10.1.0.0/16, 4 10.0.0.0/8, 5 10.1.0.0/16, 6 refused, 7 container"},
    {IMPORT_NETBOX, IMPORT_RANGES, NULL, "VID,Name,Site,Group\n1,a,s,\n1,b,s,g\n4095,c,,\n2,d,,\n",
	"2 1, 3 1, 4 refused, 5 2"},
    {IMPORT_KEA, IMPORT_LEASES, NULL,
	"address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state\n"
	"10.0.0.1,02:00:00:00:00:01,,60,2000000000,1,0,0,\"a,0\n10.0.0.1,02:00:00:00:00:01,,60,2000000060,1,"
	"0,0,b,0\n"
	"10.0.0.2,02:00:00:00:00:02,,4294967295,1,1,0,0,,0\n10.0.0.3,2:0,,60,1000000000,1,0,0,,0\n"
	"10.0.0.4,,,60,2000000000,1,0,0,x,0\n10.0.0.5,020,,60,2000000000,1,0,0,x,0\n10.0.0.6,02:00,,60,"
	"2000000000\n"
	"::1,02:00,,60,2000000000,1,0,0,x,0\n",
	"2 superseded, 3 10.0.0.1, 4 10.0.0.2, 5 expired, 6 refused, 7 refused, 8 refused, 9 refused"},
    {IMPORT_DHCPD, IMPORT_LEASES, NULL,
	"# lease 1 {\nhost h { fixed-address 10.0.0.9; }\nlease 10.0.0.1 { ends never; binding state active; "
	"}\n"
	"lease 10.0.0.2{ends epoch 2000000000;on expiry{set a=\"}\";}uid \"\\\"}\\001\";}lease 10.0.0.3 {}\n"
	"lease 10.0.0.1 { binding state free; }\nlease 10.0.0.4 { ends 4 2026/13/01 00:00:00; }\nlease "
	"10.0.0.5 { ends ne",
	"3 superseded, 4 10.0.0.2, 4 free, 5 free, 6 refused, 7 refused"},
    {IMPORT_NIPAP, IMPORT_LEASES, NULL,
	",10.0.0.0/24,assignment,,,,\n1:2,10.0.0.1/24,host,n,,,\n,x,host,,,,\n,x,y,,,,\n",
	"1 assignment, 2 10.0.0.1, 3 refused, 4 refused"},
    {IMPORT_PHPIPAM, IMPORT_LEASES, NULL,
	"Title;;\n10.0.0.0/8;;\n;;\nip address;tag;hostname\n10.0.0.1;;a\n10.0.0.2;DHCP;\n",
	"5 10.0.0.1, 6 dhcp"},
};

static void each_row_has_a_verdict(void **state) {
	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		const struct file_case *c = &files[i];
		const struct import_ask ask = {
		    .what = c->what, .from = c->from, .map = c->map, .skip = true, .now = NOW};
		struct import_file file;
		struct buf verdicts = {0};
		struct err err = {0};

		if (!import_read(c->text, strlen(c->text), &ask, &file, &err)) {
			fail_msg("%s: %s", c->text, err.message);
		}
		put_verdicts(&file, &verdicts);
		assert_string_equal(buf_text(&verdicts), c->verdicts);
		buf_release(&verdicts);
		import_release(&file);
	}
}

/* A chunk ends after so many rows that are sent, and the next one goes on there. */
static void rows_come_in_chunks(void **state) {
	static const char text[] = "pool,value,state\na,1,\na,2,pending\na,3,\na,4,\n";
	const struct import_ask ask = {.what = IMPORT_LEASES, .from = IMPORT_OWN};
	struct import_file file;
	struct buf rows = {0};
	struct err err = {0};
	size_t at = 0;

	(void)state;
	assert_true(import_read(text, strlen(text), &ask, &file, &err));
	assert_int_equal(import_count(&file), 3);
	import_rows(&file, 2, &at, &rows);
	assert_non_null(strstr(
	    buf_text(&rows), "\"line\":2,\"pool\":\"a\",\"kind\":\"number\",\"text\":\"1\",\"value\":1}"));
	assert_non_null(strstr(buf_text(&rows), "\"line\":4"));
	assert_null(strstr(buf_text(&rows), "\"line\":5"));
	buf_cut(&rows, 0);
	import_rows(&file, 2, &at, &rows);
	assert_non_null(strstr(buf_text(&rows), "\"line\":5"));
	assert_int_equal(at, file.count);
	buf_cut(&rows, 0);
	assert_int_equal(import_skipped(&file, &rows), 1);
	assert_string_equal(buf_text(&rows), "1 pending");
	buf_release(&rows);
	import_release(&file);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_row_has_a_verdict),
	    cmocka_unit_test(rows_come_in_chunks),
	};

	return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
