-- Units whose newest delivery of a dataset said that nothing is new, with the period it is about.
-- grain: one row a county, dataset and reporting unit. reads: audit.batch, audit.landing.
select
    n.county_code,
    n.dataset,
    n.reporting_unit,
    n.version,
    n.nil_return
from (
    select distinct on (b.county_code, b.dataset, b.reporting_unit)
        b.county_code,
        b.dataset,
        b.reporting_unit,
        b.version,
        l.details ->> 'nil_return' as nil_return
    from audit.batch as b
    inner join audit.landing as l
        on
            b.county_code = l.county_code
            and b.sha256 = l.sha256
            and (b.uri = l.uri or starts_with(b.uri, l.uri || '#'))
    where
        (%(county_code)s::text is null or b.county_code = %(county_code)s)
        and b.state = 'loaded'
        and l.kind = 'file'
    order by b.county_code, b.dataset, b.reporting_unit, b.version desc, l.landed_at desc
) as n
where n.nil_return is not null
order by n.county_code, n.dataset, n.reporting_unit
