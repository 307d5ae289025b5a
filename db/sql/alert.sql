-- name: alert_list(most positive, filter json) :many alert
select * from berth.alert_find($1, $2);
