-- The interface for applications, berth_api: functions and views that stay as they are from version to version. The
-- schema is made new, so that nothing in it belongs to another.
create schema berth_api;
