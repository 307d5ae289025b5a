/*
 * The version of the program.
 */
#ifndef UI_TEXT_VERSION_H
#define UI_TEXT_VERSION_H

#define BERTH_VERSION "0.1.0"

#endif
