-- reconciliation checks that do not hold, as far as they concern a period: its own, those of its year, those that know no
-- period at all; of a year those of its months too. A contradiction stands in every list until it is settled.
-- grain: one row a check. reads: audit.reconciliation, audit.check_definition.
select
    r.check_id,
    coalesce(max(d.check_zh), r.check_id) as check_zh,
    count(*) as lines,
    left(string_agg(distinct nullif(r.detail, ''), '；' order by nullif(r.detail, '')), 200) as detail
from audit.reconciliation as r
left join audit.check_definition as d on r.check_id = d.check_id
where
    r.county_code = %(county_code)s
    and r.status in ('differs', 'warns')
    and (r.period in ('', %(year)s, %(period)s) or (%(period)s = %(year)s and left(r.period, 4) = %(year)s))
group by r.check_id
order by r.check_id
