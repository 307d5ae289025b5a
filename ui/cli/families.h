/*
 * The commands, a family a file. What each does stands in its entry.
 */
#ifndef UI_CLI_FAMILIES_H
#define UI_CLI_FAMILIES_H

#include "ui/cli/command.h"

extern const struct command command_pool_create;
extern const struct command command_pool_add;
extern const struct command command_pool_remove;
extern const struct command command_pool_delete;
extern const struct command command_pool_list;
extern const struct command command_pool_show;
extern const struct command command_pool_free;
extern const struct command command_pool_import;
extern const struct command command_resource_list;
extern const struct command command_resource_show;
extern const struct command command_allocate;
extern const struct command command_lease_list;
extern const struct command command_lease_show;
extern const struct command command_doctor;
extern const struct command command_migrate;
extern const struct command command_local_start;
extern const struct command command_local_stop;
extern const struct command command_local_status;
extern const struct command command_demo;

#endif
