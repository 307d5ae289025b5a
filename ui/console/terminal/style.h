/*
 * Styles and glyphs.
 *
 * Every state has a glyph, a word and a colour.  Glyph and word alone carry the meaning, so that nothing is
 * lost in monochrome and ASCII.  There is one accent, one warning and one danger colour; a theme
 * (ui/console/terminal/theme.h) says how each style looks.
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
	STYLE_MARK,  /* marks of invisible or invalid bytes in foreign text */
	STYLE_HEAD,  /* column titles */
	STYLE_KEY,   /* a key in help and hints */
	STYLE_BADGE, /* the environment */
	STYLE_BADGE_GREEN,
	STYLE_BADGE_YELLOW,
	STYLE_BADGE_RED,
	STYLE_ALARM, /* write mode, stale data */
	STYLES
};

struct style_face {
	const char *name; /* in themes */
	char letter;      /* in goldens; upper case under the cursor */
};

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
	GLYPH_FREE,  /* a free cell that must be visible */
	GLYPH_CUT,   /* a cut-off end */
	GLYPH_DASH,
	GLYPH_ALIKE, /* looks like something else */
	GLYPHS
};

/* The look of a state. */
struct badge {
	const char *word; /* after the glyph and a blank */
	enum glyph glyph; /* GLYPHS: none */
	enum style style;
	const char *meaning; /* explains the word; NULL when it needs no explanation */
};

/* Returns the text of a glyph, one column wide. */
const char *glyph_text(enum glyph glyph, bool ascii) __attribute__((returns_nonnull));

/* Returns a cell filled from the left by this many eighths, 1 to 7. */
const char *glyph_eighths(unsigned eighths, bool ascii) __attribute__((returns_nonnull));

/* Returns a cell filled from below by this many eighths, 1 to 8. */
const char *glyph_height(unsigned eighths, bool ascii) __attribute__((returns_nonnull));

#endif
