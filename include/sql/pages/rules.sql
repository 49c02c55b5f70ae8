-- how often each rule was asked and broken, by the month in which deliveries were taken in; rules that passed too.
-- grain: one row a dataset, rule, severity and month. reads: mart.validation, parameters.
select
    v.dataset,
    v.rule_id,
    coalesce(r.zh, '') as zh,
    coalesce(r.en, '') as en,
    v.severity,
    v.month,
    sum(v.batches)::bigint as batches,
    sum(v.evaluated)::bigint as evaluated,
    sum(v.failed)::bigint as failed,
    round(sum(v.failed) / nullif(sum(v.evaluated), 0), 6) as share
from mart.validation as v
left join
    unnest(%(datasets)s::text[], %(rule_ids)s::text[], %(zh)s::text[], %(en)s::text[]) as r (dataset, rule_id, zh, en)
    on v.dataset = r.dataset and v.rule_id = r.rule_id
where %(county_code)s::text is null or v.county_code = %(county_code)s
group by v.dataset, v.rule_id, r.zh, r.en, v.severity, v.month
order by v.dataset, v.rule_id, v.severity, v.month
