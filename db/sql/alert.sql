-- name: alert_list(most positive) :many alert
select * from berth.alerts($1);
