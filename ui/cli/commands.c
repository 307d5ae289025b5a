#include "ui/cli/families.h"

#include "ui/cli/help.h"

const struct command *const commands[] = {
    &command_migrate,
    &command_pool_create,
    &command_pool_add,
    &command_pool_remove,
    &command_pool_list,
    &command_pool_show,
    &command_pool_free,
    &command_pool_delete,
    &command_pool_import,
    &command_resource_list,
    &command_resource_show,
    &command_allocate,
    &command_lease_list,
    &command_lease_show,
    &command_doctor,
    &command_local_start,
    &command_local_stop,
    &command_local_status,
    &command_demo,
    &command_help,
    &command_version,
    NULL,
};
