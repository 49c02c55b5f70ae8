-- What owners of deliveries should look at although these were loaded: of the newest of each place, and of each unit
-- that states all it has.
-- grain: one row a county and dataset. reads: audit.batch.
select
    b.county_code,
    b.dataset,
    count(distinct b.batch_id) as deliveries,
    count(*) as count,
    string_agg(b.uri || '：' || w.warning_zh, '；' order by b.uri, w.warning_zh) as warnings
from audit.batch as b
cross join unnest(b.warnings_zh) as w (warning_zh)
where
    b.state = 'loaded'
    and b.started_at >= %(since)s
    and not exists (
        select 1
        from audit.batch as n
        where
            n.county_code = b.county_code
            and n.dataset = b.dataset
            and n.state = 'loaded'
            and (
                n.uri = b.uri
                or (n.reporting_unit = b.reporting_unit and n.reporting_unit <> '' and n.delivery = 'snapshot')
            )
            and n.version > b.version
    )
group by b.county_code, b.dataset
order by b.county_code, b.dataset
