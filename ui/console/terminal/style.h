/*
 * How things look: two tables, one of styles and one of glyphs.
 *
 * Every state has a shape, a word and a colour, in that order of trust: the
 * glyph and the word carry the meaning alone, so that monochrome and ASCII lose
 * nothing but smoothness.  The terminal's own foreground and background are the
 * normal style; there is one accent, one warning, one danger, and no blue.
 */
#ifndef UI_CONSOLE_TERMINAL_STYLE_H
#define UI_CONSOLE_TERMINAL_STYLE_H

#include <stdbool.h>

enum style {
	STYLE_NORMAL,
	STYLE_DIM,
	STYLE_BOLD,
	STYLE_ACCENT,
	STYLE_WARNING,
	STYLE_DANGER,
	STYLE_MARK,  /* hidden or broken bytes of foreign text, made visible */
	STYLE_HEAD,  /* column titles */
	STYLE_KEY,   /* a key in help and hints */
	STYLE_BADGE, /* the environment */
	STYLE_ALARM, /* write mode, stale data */
	STYLES
};

enum colour { COLOUR_OWN, COLOUR_RED, COLOUR_YELLOW, COLOUR_CYAN };

struct style_face {
	const char *name;
	char letter;        /* in a plane of styles; upper case under the cursor */
	enum colour colour; /* the foreground; the background is the terminal's own */
	bool bold;
	bool dim;
	bool reverse;
	bool underline;
};

/* The face of a style. */
const struct style_face *style_face(enum style style) __attribute__((returns_nonnull));

enum glyph {
	GLYPH_FULL,    /* exhausted, failed */
	GLYPH_SOONEST, /* exhausted within a day */
	GLYPH_OVER,    /* over a threshold */
	GLYPH_HELD,
	GLYPH_SOON,   /* about to expire */
	GLYPH_ENDING, /* being released */
	GLYPH_UNUSED,
	GLYPH_WAIT,
	GLYPH_ENTER, /* one level down; the chosen tab */
	GLYPH_LIVE,
	GLYPH_STALE,
	GLYPH_BAR,   /* between the parts of the first line */
	GLYPH_RULE,  /* a horizontal line */
	GLYPH_SPLIT, /* a vertical line */
	GLYPH_DOWN,  /* sorted, largest or newest first */
	GLYPH_UP,
	GLYPH_DOT,
	GLYPH_TICK,  /* a threshold in the empty part of a gauge */
	GLYPH_BLOCK, /* a full cell of a gauge */
	GLYPH_BACK,  /* a cell that is held back */
	GLYPH_FREE,  /* a free cell, where it must be told from nothing */
	GLYPH_CUT,   /* something was cut off here */
	GLYPH_DASH,
	GLYPH_ALIKE, /* looks like something else */
	GLYPHS
};

/* How a state is told from others. */
struct badge {
	const char *word; /* the glyph and a blank stand before it in its cell */
	enum glyph glyph; /* GLYPHS: none */
	enum style style;
	const char *meaning; /* the word in many; NULL where it needs none */
};

/* One column wide each. */
const char *glyph_text(enum glyph glyph, bool ascii) __attribute__((returns_nonnull));

/* A cell filled from the left by this many eighths, 1 to 7. */
const char *glyph_eighths(unsigned eighths, bool ascii) __attribute__((returns_nonnull));

#endif
