/*
 * The version of the program, said once.
 */
#ifndef UI_VERSION_H
#define UI_VERSION_H

#define BERTH_VERSION "0.1.0"

#endif
