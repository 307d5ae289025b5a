#include "ui/console/terminal/style.h"

#include <assert.h>
#include <stddef.h>

static const struct style_face faces[STYLES] = {
    [STYLE_NORMAL] = {"normal", '.'},
    [STYLE_DIM] = {"dim", 'd'},
    [STYLE_BOLD] = {"bold", 'b'},
    [STYLE_ACCENT] = {"accent", 'a'},
    [STYLE_WARNING] = {"warning", 'w'},
    [STYLE_DANGER] = {"danger", 'x'},
    [STYLE_MARK] = {"mark", 'm'},
    [STYLE_HEAD] = {"head", 'h'},
    [STYLE_KEY] = {"key", 'k'},
    [STYLE_BADGE] = {"badge", 'e'},
    [STYLE_BADGE_GREEN] = {"badge-green", 'g'},
    [STYLE_BADGE_YELLOW] = {"badge-yellow", 'y'},
    [STYLE_BADGE_RED] = {"badge-red", 'p'},
    [STYLE_ALARM] = {"alarm", 'r'},
};

static const struct {
	const char *utf8;
	const char *ascii;
} glyphs[GLYPHS] = {
    [GLYPH_FULL] = {"✖", "X"},
    [GLYPH_SOONEST] = {"!", "!"},
    [GLYPH_OVER] = {"▲", "^"},
    [GLYPH_HELD] = {"▪", "="},
    [GLYPH_SOON] = {"▸", ">"},
    [GLYPH_ENDING] = {"↻", "r"},
    [GLYPH_UNUSED] = {"○", "o"},
    [GLYPH_WAIT] = {"…", "."},
    [GLYPH_ENTER] = {"▸", ">"},
    [GLYPH_LIVE] = {"●", "*"},
    [GLYPH_STALE] = {"▒", "#"},
    [GLYPH_BAR] = {"│", "|"},
    [GLYPH_RULE] = {"─", "-"},
    [GLYPH_SPLIT] = {"│", "|"},
    [GLYPH_DOWN] = {"▾", "v"},
    [GLYPH_UP] = {"▴", "^"},
    [GLYPH_DOT] = {"·", "."},
    [GLYPH_TICK] = {"╎", "|"},
    [GLYPH_BLOCK] = {"█", "#"},
    [GLYPH_BACK] = {"▒", "%"},
    [GLYPH_FREE] = {"·", "."},
    [GLYPH_CUT] = {"…", "~"},
    [GLYPH_DASH] = {"–", "-"},
    [GLYPH_ALIKE] = {"≠", "#"},
};

static const char *const eighths_utf8[] = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
static const char *const eighths_ascii[] = {" ", ".", ".", ".", "+", "+", "+", "+"};

static const char *const heights_utf8[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
static const char *const heights_ascii[] = {" ", "_", "_", ".", "-", "-", "=", "+", "#"};

const struct style_face *style_face(enum style style) {
	assert(style < STYLES);
	return &faces[style];
}

const char *glyph_text(enum glyph glyph, bool ascii) {
	assert(glyph < GLYPHS);
	return ascii ? glyphs[glyph].ascii : glyphs[glyph].utf8;
}

const char *glyph_eighths(unsigned eighths, bool ascii) {
	assert(eighths < 8);
	return ascii ? eighths_ascii[eighths] : eighths_utf8[eighths];
}

const char *glyph_height(unsigned eighths, bool ascii) {
	assert(eighths <= 8);
	return ascii ? heights_ascii[eighths] : heights_utf8[eighths];
}
