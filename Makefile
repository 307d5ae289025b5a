# berth: build, demo, check.  `make help` lists the targets.

BUILD ?= build
PREFIX ?= /usr/local
CC ?= cc
PKGS = ncursesw libpq uuid jansson libutf8proc

comma := ,
VERSION := $(shell sed -n 's/.*BERTH_VERSION "\(.*\)"/\1/p' ui/text/version.h)

# As assets/debian/rules has it.
X86 := $(filter x86_64 i686,$(shell uname -m))
HARDENING = -fstack-clash-protection $(if $(X86),-fcf-protection)
CFLAGS ?= -O2 -g -fstack-protector-strong -D_FORTIFY_SOURCE=2 $(HARDENING)
LDFLAGS ?= -Wl,-z,relro,-z,now$(if $(X86),$(comma)-z$(comma)shstk)
WARNINGS = -Wall -Wextra -Wno-missing-field-initializers -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wcast-qual -Wcast-align \
	-Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wvla -Wformat=2 -Wundef -Werror
BASE = -std=gnu17 -D_GNU_SOURCE -I. -I$(BUILD) $(WARNINGS) $(SANITIZE)
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lm

SOURCES := $(sort $(wildcard ui/*.c $(foreach layer,db model ui,$(layer)/*/*.c) model/*.c ui/*/*/*.c))
QUERIES := $(sort $(wildcard db/sql/*.sql))
THEMES := $(sort $(wildcard assets/themes/*))
SCHEMA := $(sort $(wildcard db/sql/schema/*.sql)) $(sort $(wildcard db/sql/routines/*.sql)) $(sort $(wildcard db/sql/trust/*.sql))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/gen/queries.o $(BUILD)/gen/rows.o $(BUILD)/gen/schema.o $(BUILD)/gen/themes.o
PROGRAM := $(filter-out $(BUILD)/ui/manual/%,$(OBJECTS))
LIBRARY := $(filter-out $(BUILD)/ui/main.o $(BUILD)/ui/manual/main.o,$(OBJECTS))
PAGES := $(sort $(wildcard assets/manual/*.[1-8]))
MANUAL := $(foreach page,$(PAGES),$(BUILD)/man/man$(subst .,,$(suffix $(page)))/$(notdir $(page)))

TEST_SOURCES := $(sort $(wildcard tests/unit/test_*.c tests/sql/test_*.c))
TEST_LIBRARY := $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard tests/lib/*.c)))
TESTS := $(TEST_SOURCES:%.c=$(BUILD)/%)
BENCH := $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard tests/bench/*.c)))
CHAOS_LIBRARY := $(patsubst %.c,$(BUILD)/%.o,$(filter-out tests/chaos/chaos.c tests/chaos/clock.c,$(sort $(wildcard tests/chaos/*.c))))
CHAOS := $(BUILD)/tests/chaos/chaos
LOAD := $(BUILD)/tests/ha/load
FUZZ_SOURCES := $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZ := $(FUZZ_SOURCES:%.c=$(BUILD)/%)
FUZZ_MAIN := $(BUILD)/tests/fuzz/replay.o
FUZZ_LIBRARY := $(patsubst %.c,$(BUILD)/%.o,$(filter-out $(FUZZ_SOURCES) tests/fuzz/replay.c,$(sort $(wildcard tests/fuzz/*.c tests/ha/*.c))))
EVERY_C := $(SOURCES) $(TEST_SOURCES) $(sort $(wildcard tests/lib/*.c tests/bench/*.c tests/chaos/*.c tests/fuzz/*.c tests/ha/*.c))
EVERY_H := $(sort $(wildcard ui/*.h $(foreach layer,db model ui,$(layer)/*/*.h) model/*.h ui/*/*/*.h tests/*/*.h))

# What a build without the usual flags is called with.  Fortification and the
# sanitizers do the same work and get in each other's way.  Their libraries are
# linked in, since the tests start the program so often that loading them shows.
ASAN = BUILD=$(BUILD)/asan CFLAGS='-O1 -g -fno-omit-frame-pointer' \
	SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=all -static-libasan -static-libubsan'
CLANG = BUILD=$(BUILD)/clang CC=clang
COVER = BUILD=$(BUILD)/coverage CFLAGS='-O0 -g' SANITIZE=--coverage
FUZZER = BUILD=$(BUILD)/fuzz CC=clang CFLAGS='-O1 -g' FUZZ_MAIN=-fsanitize=fuzzer \
	SANITIZE='-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all'

# One short line for a step, or with V=1 the whole command.
Q = $(if $(V),,@printf '  %s\n' '$@' &&)

# A bare machine has no pkg-config to ask when make reads this file, so what
# needs an installation first runs in a make of its own after it.
AGAIN = @$(MAKE) --no-print-directory -j$$(nproc)

.PHONY: all
all: $(BUILD)/berth $(MANUAL) ## build the program, build/berth, and its manual

$(BUILD)/berth: $(PROGRAM)
	$(Q) $(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(BUILD)/%.o: %.c | $(BUILD)/gen/queries.h $(BUILD)/gen/rows.h
	@mkdir -p $(@D)
	$(Q) $(CC) $(BASE) $(PKG_CFLAGS) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/gen/%.o: $(BUILD)/gen/%.c | $(BUILD)/gen/rows.h
	$(Q) $(CC) $(BASE) -Wno-overlength-strings $(PKG_CFLAGS) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# Runs an awk program of db/sql/ that writes a header and a source.
GENERATE = awk -v header=$(@:.c=.h) -v source=$(@:.h=.c) -f db/sql/common.awk

$(BUILD)/gen/rows.h $(BUILD)/gen/rows.c &: db/sql/rows db/sql/rows.awk db/sql/common.awk
	@mkdir -p $(@D)
	$(Q) $(GENERATE) -f db/sql/rows.awk db/sql/rows

$(BUILD)/gen/queries.h $(BUILD)/gen/queries.c &: db/sql/rows $(QUERIES) db/sql/queries.awk db/sql/common.awk
	@mkdir -p $(@D)
	$(Q) $(GENERATE) -f db/sql/queries.awk db/sql/rows $(QUERIES)

$(BUILD)/gen/schema.c: $(SCHEMA) db/sql/schema.awk db/sql/common.awk
	@mkdir -p $(@D)
	$(Q) awk -f db/sql/common.awk -f db/sql/schema.awk $(SCHEMA) > $@.tmp && mv $@.tmp $@

$(BUILD)/gen/themes.c: $(THEMES) ui/console/terminal/themes.awk db/sql/common.awk
	@mkdir -p $(@D)
	$(Q) awk -f db/sql/common.awk -f ui/console/terminal/themes.awk $(THEMES) > $@.tmp && mv $@.tmp $@

# A page of the manual is written by hand, with places that the tables of the program fill.
$(BUILD)/manual: $(filter $(BUILD)/ui/manual/%,$(OBJECTS)) $(filter-out $(BUILD)/ui/main.o,$(PROGRAM))
	$(Q) $(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

define PAGE
$(BUILD)/man/man$(subst .,,$(suffix $(1)))/$(notdir $(1)): $(1) $(BUILD)/manual
	@mkdir -p $$(@D)
	$$(Q) $(BUILD)/manual $(1) < $(1) > $$@.tmp && mv $$@.tmp $$@
endef
$(foreach page,$(PAGES),$(eval $(call PAGE,$(page))))

# A test takes from the archive what it needs, and links with nothing else.
$(BUILD)/berth.a: $(LIBRARY) $(TEST_LIBRARY) $(CHAOS_LIBRARY) $(FUZZ_LIBRARY)
	$(Q) rm -f $@ && ar rcs $@ $^

$(TESTS) $(LOAD): $(BUILD)/%: $(BUILD)/%.o $(BUILD)/berth.a
	$(Q) $(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) -o $@ $^ $(PKG_LIBS) -lcmocka

$(CHAOS): %: %.o $(BUILD)/berth.a
	$(Q) $(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

# It is loaded into the server, which has no sanitizer.
$(BUILD)/tests/chaos/clock.so: tests/chaos/clock.c
	@mkdir -p $(@D)
	$(Q) $(CC) $(filter-out $(SANITIZE),$(BASE)) $(CFLAGS) -fPIC -shared -o $@ $<

# The bench has queries of its own after the program's, which keep their numbers,
# so that its table and functions replace those of the archive.
$(BUILD)/tests/bench/gen/queries.h $(BUILD)/tests/bench/gen/queries.c &: \
		db/sql/rows $(QUERIES) tests/bench/bench.sql db/sql/queries.awk db/sql/common.awk
	@mkdir -p $(@D)
	$(Q) $(GENERATE) -f db/sql/queries.awk db/sql/rows $(QUERIES) tests/bench/bench.sql

$(BUILD)/tests/bench/gen/queries.o: $(BUILD)/tests/bench/gen/queries.c
	$(Q) $(CC) -I$(BUILD)/tests/bench $(BASE) -Wno-overlength-strings $(PKG_CFLAGS) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BENCH): BASE := -I$(BUILD)/tests/bench $(BASE)
$(BENCH): | $(BUILD)/tests/bench/gen/queries.h

$(BUILD)/tests/bench/bench: $(BENCH) $(BUILD)/tests/bench/gen/queries.o $(BUILD)/berth.a
	$(Q) $(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

# A target has the main() of libFuzzer, or one that replays its corpus.
$(FUZZ): $(BUILD)/%: $(BUILD)/%.o $(BUILD)/berth.a $(filter %.o,$(FUZZ_MAIN))
	$(Q) $(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) -o $@ $(filter-out -%,$< $(FUZZ_MAIN)) $(filter -%,$(FUZZ_MAIN)) $(BUILD)/berth.a $(PKG_LIBS) -lcmocka

.PHONY: demo
demo: ## install what is missing, build, and show live pools; removes everything when left
	@assets/setup demo
	$(AGAIN) all
	@if [ -t 0 ] && [ -t 1 ]; then exec $(BUILD)/berth demo; fi; \
	echo 'no terminal: instead of the console, its first screen as text'; exec $(BUILD)/berth demo --once pools

.PHONY: screen
screen: ## put the first screen of the demo into README.md
	@assets/setup check
	$(AGAIN) all
	@assets/screen $(BUILD)/berth README.md

.PHONY: check
check: ## install what is missing, build, and run every test, also under ASan and UBSan
	@assets/setup check
	$(AGAIN) tests
	$(AGAIN) $(ASAN) tests
	@tests/run $(BUILD) $(BUILD)/asan

.PHONY: tests
tests: $(BUILD)/berth $(MANUAL) $(TESTS) $(FUZZ) $(BUILD)/tests/chaos/clock.so

.PHONY: check-versions
check-versions: ## run every test on PostgreSQL 14 to 18, from npm's packages of the server: VERSIONS='16 17'
	@assets/setup versions
	$(AGAIN) tests
	@tests/versions $(BUILD) $(VERSIONS)

.PHONY: check-upgrades
check-upgrades: ## upgrade beside running programs of released versions, built from the history: VERSIONS='23 2c8952f'
	@assets/setup check
	$(AGAIN) tests
	@tests/upgrades $(BUILD) $(VERSIONS)

.PHONY: bench
bench: ## measure against plain SQL on the same server: build/bench.json; SIZE=full: with ten million leases
	@assets/setup bench
	$(AGAIN) bench-now

.PHONY: bench-now
bench-now: $(BUILD)/berth $(BUILD)/tests/bench/bench
	@BENCH_SIZE=$(SIZE) tests/run --with-server $(BUILD)/tests/bench/bench $(BUILD) $(MEASURES)

.PHONY: chaos
chaos: ## crash, cut and confuse everything for SECONDS=120, by SEED, and check the history
	@assets/setup chaos
	$(AGAIN) chaos-now

.PHONY: chaos-now
chaos-now: $(BUILD)/berth $(CHAOS) $(BUILD)/tests/chaos/clock.so
	@$(CHAOS) $(BUILD)/berth $(BUILD)/tests/chaos/clock.so $(or $(SECONDS),120) $(SEED)

.PHONY: ha
ha: ## five planned and five unplanned failovers of a cluster under Patroni, with load through pgbouncer: ROUNDS=5
	@assets/setup ha
	$(AGAIN) ha-now

.PHONY: ha-now
ha-now: $(BUILD)/berth $(LOAD)
	@tests/ha/ha $(BUILD) $(ROUNDS)

.PHONY: lint
lint: ## warnings of clang, clang-format, clang-tidy, cppcheck
	@assets/setup lint
	$(AGAIN) $(CLANG) tests objects
	$(AGAIN) lint-now

.PHONY: objects
objects: $(OBJECTS) $(BENCH) $(FUZZ_SOURCES:%.c=$(BUILD)/%.o) $(FUZZ_LIBRARY) $(BUILD)/tests/fuzz/replay.o

.PHONY: lint-now
lint-now: $(BUILD)/gen/queries.h $(BUILD)/gen/rows.h $(BUILD)/tests/bench/gen/queries.h
	clang-format --dry-run -Werror $(EVERY_C) $(EVERY_H)
	printf '%s\n' $(EVERY_C) | xargs -P "$$(nproc)" -n 4 sh -c 'clang-tidy --quiet "$$@" -- -I$(BUILD)/tests/bench $(BASE) $(PKG_CFLAGS) \
		2>$(BUILD)/tidy.$$$$ || { cat $(BUILD)/tidy.$$$$; exit 1; }' clang-tidy
	cppcheck -q -j "$$(nproc)" --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
		--suppress=missingIncludeSystem -I. -I$(BUILD) $(SOURCES)

.PHONY: cover
cover: ## run every test and print the lines covered, least first
	@assets/setup check
	$(AGAIN) $(COVER) tests
	@find $(BUILD)/coverage -name '*.gcda' -delete
	@tests/run $(BUILD)/coverage
	@for source in $(SOURCES); do gcov -n -o $(BUILD)/coverage/$${source%.c}.o $$source 2>/dev/null; done | \
		awk -F"[':% ]+" '/^File/ { file = $$2 } /^Lines/ && file ~ /[.]c$$/ { printf "%6.1f %%  of %4d  %s\n", $$3, $$NF, file; file = "" }' | \
		sort -n

.PHONY: coverage
coverage: ## run unit and SQL tests; at least 95 % of the lines and 85 % of the branches of model/ and db/
	@assets/setup check
	$(AGAIN) $(COVER) tests
	@find $(BUILD)/coverage -name '*.gcda' -delete
	@tests/run $(BUILD)/coverage -- tests/unit/ tests/sql/ tests/fuzz/
	@tests/coverage $(BUILD)/coverage

.PHONY: fuzz
fuzz: ## feed each reader nonsense for SECONDS=30, or one of them: TARGET=csv
	@assets/setup fuzz
	$(AGAIN) $(FUZZER) fuzz-programs TARGET=$(TARGET)
	@tests/fuzz/run $(BUILD)/fuzz $(or $(SECONDS),30) $(TARGET)

.PHONY: fuzz-programs
fuzz-programs: $(if $(TARGET),$(BUILD)/tests/fuzz/fuzz_$(TARGET),$(FUZZ))

.PHONY: memcheck
memcheck: ## run the unit tests and the corpora of fuzzing under valgrind
	@assets/setup memcheck
	$(AGAIN) tests
	@tests/memcheck $(BUILD)

.PHONY: evidence
evidence: ## try all that must not happen, and print the table of README.md; it takes some minutes
	@assets/setup fuzz
	$(AGAIN) tests
	@tests/evidence $(BUILD)

.PHONY: format
format: ## lay out all C files as .clang-format says
	clang-format -i $(EVERY_C) $(EVERY_H)

# The files that are installed, and their places below PREFIX.
SAMPLES := $(sort $(wildcard assets/samples/*))
HOOKS := $(sort $(wildcard assets/hooks/*))
GUIDE := $(sort $(wildcard assets/doc/*.md))
UNITS := $(sort $(wildcard assets/*.service assets/monitoring/*.service assets/monitoring/*.timer))
MONITORING := $(sort $(wildcard assets/monitoring/*.yml assets/monitoring/*.json))
CLUSTER := $(sort $(wildcard assets/ha/*))
ZSH_FOLDER ?= share/zsh/site-functions
INSTALLED := $(BUILD)/berth:bin/berth \
	$(foreach page,$(MANUAL),$(page):share/man/$(patsubst $(BUILD)/man/%,%,$(page))) \
	assets/completion/berth.bash:share/bash-completion/completions/berth \
	assets/completion/_berth:$(ZSH_FOLDER)/_berth \
	assets/completion/berth.fish:share/fish/vendor_completions.d/berth.fish \
	$(foreach unit,$(UNITS),$(unit):lib/systemd/system/$(notdir $(unit))) \
	$(foreach asset,$(THEMES) $(SAMPLES) $(MONITORING) $(CLUSTER) $(HOOKS),$(asset):share/berth/$(patsubst assets/%,%,$(asset))) \
	$(foreach chapter,$(GUIDE),$(chapter):share/doc/berth/guide/$(notdir $(chapter)))

.PHONY: install
install: all ## install under $(DESTDIR)$(PREFIX): program, manual, guide, completion, systemd units, themes, samples, hooks
	@set -e; for item in $(INSTALLED); do \
		from=$${item%%:*} to="$(DESTDIR)$(PREFIX)/$${item#*:}" mode=644; \
		case $$to in */bin/* | */hooks/* | *.sh) [ ! -x "$$from" ] || mode=755 ;; esac; \
		install -D -m "$$mode" "$$from" "$$to"; \
		case $$to in *.service | */man/*) sed -i 's|/usr/local/|$(PREFIX)/|g' "$$to" ;; esac; \
	done

.PHONY: uninstall
uninstall: ## remove what install has installed
	@for item in $(INSTALLED); do rm -f "$(DESTDIR)$(PREFIX)/$${item#*:}"; done
	@rmdir "$(DESTDIR)$(PREFIX)/share/berth/themes" "$(DESTDIR)$(PREFIX)/share/berth/samples" \
		"$(DESTDIR)$(PREFIX)/share/berth/monitoring" "$(DESTDIR)$(PREFIX)/share/berth/ha" \
		"$(DESTDIR)$(PREFIX)/share/berth/hooks" "$(DESTDIR)$(PREFIX)/share/berth" \
		"$(DESTDIR)$(PREFIX)/share/doc/berth/guide" "$(DESTDIR)$(PREFIX)/share/doc/berth" 2>/dev/null || true

.PHONY: dist
dist: ## write a source archive that builds without git: build/berth-VERSION.tar.gz
	@assets/dist berth-$(VERSION) $(BUILD)/berth-$(VERSION).tar.gz

.PHONY: deb
deb: dist ## build Debian packages: build/deb/
	@assets/setup package
	@assets/package $(BUILD)/berth-$(VERSION).tar.gz $(BUILD)/deb

.PHONY: package
package: deb ## check the packages: built twice the same, lintian, hardening, contents, a real server
	@tests/package $(BUILD) $(VERSION)

.PHONY: clean
clean: ## remove what was built
	rm -rf $(BUILD)

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z]*\):.* ## /\1\t/p' Makefile | expand -t 12

-include $(OBJECTS:.o=.d) $(TESTS:=.d) $(TEST_LIBRARY:.o=.d) $(BENCH:.o=.d) $(FUZZ:=.d) $(FUZZ_LIBRARY:.o=.d) $(BUILD)/tests/fuzz/replay.d $(CHAOS_LIBRARY:.o=.d) $(CHAOS).d $(LOAD).d
