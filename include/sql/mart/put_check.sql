-- audit.reconciliation: what one check found for the counties just built.
-- grain: one row a county and check. reads: found.
insert into audit.reconciliation as r (
    county_code, check_id, period, left_value, right_value, difference, status, detail
)
select
    county_code,
    {check_id} as check_id,
    period,
    left_value,
    right_value,
    left_value - right_value as difference,
    case when detail = '' then 'holds' else 'differs' end as status,
    left(detail, 2000) as detail
from found
on conflict (county_code, check_id, period) do update set
    left_value = excluded.left_value,
    right_value = excluded.right_value,
    difference = excluded.difference,
    status = excluded.status,
    detail = excluded.detail
where (
    r.left_value, r.right_value, r.detail
) is distinct from (
    excluded.left_value, excluded.right_value, excluded.detail
)
