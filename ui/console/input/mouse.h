/*
 * The mouse, which is off until it is switched on: the wheel scrolls, a click moves the cursor, and a click
 * on a title sorts by that column, and again the other way round. Plans, forms and questions take nothing
 * from it.
 */
#ifndef UI_CONSOLE_INPUT_MOUSE_H
#define UI_CONSOLE_INPUT_MOUSE_H

struct app;
struct key_event;

/* Takes an event of KEY_CODE_MOUSE. */
void mouse_event(struct app *app, const struct key_event *event);

#endif
