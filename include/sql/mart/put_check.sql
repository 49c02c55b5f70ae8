-- audit.reconciliation: what one check found; an unchanged finding is not touched.
-- grain: one row a county, check and period. reads: found.
insert into audit.reconciliation as r (
    county_code, check_id, period, left_value, right_value, difference, status, detail
)
select
    county_code,
    %(check_id)s::text as check_id,
    period,
    left_value,
    right_value,
    left_value - right_value as difference,
    case when detail = '' then 'holds' else %(severity)s::text end as status,
    left(detail, 2000) as detail
from found
on conflict (county_code, check_id, period) do update set
    left_value = excluded.left_value,
    right_value = excluded.right_value,
    difference = excluded.difference,
    status = excluded.status,
    detail = excluded.detail
where (
    r.left_value, r.right_value, r.status, r.detail
) is distinct from (
    excluded.left_value, excluded.right_value, excluded.status, excluded.detail
)
