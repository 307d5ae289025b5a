#include "ui/console/terminal/style.h"

#include <assert.h>
#include <stddef.h>

static const struct style_face faces[STYLES] = {
    [STYLE_NORMAL] = {.name = "normal", .letter = '.'},
    [STYLE_DIM] = {.name = "dim", .letter = 'd', .dim = true},
    [STYLE_BOLD] = {.name = "bold", .letter = 'b', .bold = true},
    [STYLE_ACCENT] = {.name = "accent", .letter = 'a', .colour = COLOUR_CYAN},
    [STYLE_WARNING] = {.name = "warning", .letter = 'w', .colour = COLOUR_YELLOW},
    [STYLE_DANGER] = {.name = "danger", .letter = 'x', .colour = COLOUR_RED, .bold = true},
    [STYLE_MARK] = {.name = "mark", .letter = 'm', .colour = COLOUR_YELLOW, .underline = true},
    [STYLE_HEAD] = {.name = "head", .letter = 'h', .bold = true},
    [STYLE_KEY] = {.name = "key", .letter = 'k', .bold = true},
    [STYLE_BADGE] = {.name = "badge", .letter = 'e', .bold = true, .reverse = true},
    [STYLE_ALARM] = {.name = "alarm", .letter = 'r', .colour = COLOUR_RED, .bold = true, .reverse = true},
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
