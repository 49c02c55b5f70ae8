-- what owners of ledgers should look at although these were loaded: of deliveries that speak of a period's year up to its
-- last day, the newest of each place and of each unit that states all it has.
-- grain: one row a dataset. reads: audit.batch.
with spoken as (
    select
        b.uri,
        b.dataset,
        b.reporting_unit,
        b.delivery,
        b.version,
        b.warnings_zh
    from audit.batch as b
    where
        b.county_code = %(county_code)s
        and b.state = 'loaded'
        and coalesce(b.covers_to, b.version::date) between make_date(left(%(year)s, 4)::integer, 1, 1) and %(last_day)s
)

select
    s.dataset,
    array_agg(distinct s.reporting_unit order by s.reporting_unit) as units,
    count(*) as count,
    left(string_agg(distinct w.warning_zh, '；' order by w.warning_zh), 400) as warnings
from spoken as s
cross join unnest(s.warnings_zh) as w (warning_zh)
where
    not exists (
        select 1
        from spoken as n
        where
            n.dataset = s.dataset
            and (
                n.uri = s.uri
                or (n.reporting_unit = s.reporting_unit and n.reporting_unit <> '' and n.delivery = 'snapshot')
            )
            and n.version > s.version
    )
group by s.dataset
order by s.dataset
