-- The file a receipt is about, whose it is, and who decided about it. A file that names no unit is that of the unit whose
-- ledgers came to its place, when there is one only, or of the one its receipt went to before.
-- grain: one row a landing. reads: audit.landing, audit.batch, audit.delivery_decision.
select
    l.source,
    l.details ->> 'place' as place,
    l.landed_at,
    l.standing = 'retracted' as is_retracted,
    d.decided_by,
    d.reason_zh,
    l.details -> 'receipt' ->> 'at' as receipt_at,
    coalesce(u.reporting_unit, l.details -> 'receipt' ->> 'unit') as reporting_unit
from audit.landing as l
left join audit.delivery_decision as d on l.county_code = d.county_code and l.standing_no = d.decision_no
left join lateral (
    select case when count(distinct b.reporting_unit) = 1 then max(b.reporting_unit) end as reporting_unit
    from audit.batch as b
    where
        b.county_code = l.county_code
        and b.reporting_unit <> ''
        and (b.uri = l.uri or starts_with(b.uri, l.uri || '#'))
) as u on true
where l.county_code = %(county_code)s and l.landing_id = %(landing_id)s
