-- how often each rule was asked and broken in some counties, by the month in which deliveries were taken in; rules that
-- passed too. What is not asked for is empty: a month, a dataset, a rule.
-- grain: one row a dataset, rule, severity and month. reads: audit.validation, audit.batch, parameters.
with judged as (
    select
        b.county_code,
        b.batch_id,
        to_char(b.finished_at at time zone 'Asia/Shanghai', 'YYYY-MM') as month
    from audit.batch as b
    where
        b.county_code = any(%(counties)s::char(6)[])
        and (%(month)s = '' or to_char(b.finished_at at time zone 'Asia/Shanghai', 'YYYY-MM') = %(month)s)
)

select
    v.dataset,
    v.rule_id,
    coalesce(r.zh, '') as zh,
    coalesce(r.en, '') as en,
    v.severity,
    j.month,
    count(*) as batches,
    sum(v.evaluated)::bigint as evaluated,
    sum(v.failed)::bigint as failed,
    round(sum(v.failed)::numeric / nullif(sum(v.evaluated), 0), 6) as share
from judged as j
inner join audit.validation as v on j.county_code = v.county_code and j.batch_id = v.batch_id
left join
    unnest(%(datasets)s::text[], %(rule_ids)s::text[], %(zh)s::text[], %(en)s::text[]) as r (dataset, rule_id, zh, en)
    on v.dataset = r.dataset and v.rule_id = r.rule_id
where
    v.county_code = any(%(counties)s::char(6)[])
    and (%(dataset)s = '' or v.dataset = %(dataset)s)
    and (%(rule_id)s = '' or v.rule_id = %(rule_id)s)
group by v.dataset, v.rule_id, r.zh, r.en, v.severity, j.month
order by v.dataset, v.rule_id, v.severity, j.month
