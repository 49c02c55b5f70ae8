-- secondment_counted: terms that overlap each period, first and last day included; an end that is not given is open.
-- Long or short is what the ledger states; where it states nothing, six months or more are long, and so is an open end.
-- unit_to: the unit that receives, without spaces and brackets, as computed names are.
-- grain: one row a county, period and term. reads: period, core.work_secondment.
select
    p.county_code,
    p.period_kind,
    p.period,
    s.direction,
    s.kind,
    s.field,
    s.stay,
    s.person_key,
    nullif(regexp_replace(s.org_to, '[[:space:]()（）]', '', 'g'), '') as unit_to,
    s.batch_id,
    s.row_no,
    coalesce(
        s.term = 'long',
        s.ended_on is null or s.ended_on + interval '1 day' >= s.started_on + interval '6 months'
    ) as is_long
from period as p
inner join core.work_secondment as s
    on
        p.county_code = s.county_code
        and p.last_day >= s.started_on
        and coalesce(s.ended_on, p.first_day) >= p.first_day
