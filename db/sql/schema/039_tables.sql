-- Dedupe of tables whose rows count only while a column is NULL, whose keys have no case, and whose rows are identified
-- by several columns or by none: requests say so, and those of earlier runs did not.
update berth.dedupe_run set
	ask = ask || jsonb_build_object('fold', '[]'::jsonb, 'live', null, 'row_id',
		case when ask->>'row_id' is null then '[]' else jsonb_build_array(ask->'row_id') end),
	request = request || jsonb_build_object('fold', '[]'::jsonb, 'live', null, 'row_id',
		case when request->>'row_id' is null then '[]' else jsonb_build_array(request->'row_id') end);
