-- audit.validation: what each rule of its suites said of a batch. What was said of a delivery first stands, as the batch does.
-- grain: one row a batch and rule. reads: parameters.
insert into audit.validation (county_code, batch_id, rule_id, dataset, suite, severity, evaluated, failed)
select
    %(county_code)s,
    %(batch_id)s,
    r.rule_id,
    %(dataset)s,
    r.suite,
    r.severity,
    r.evaluated,
    r.failed
from
    unnest(
        %(rule_ids)s::text[], %(suites)s::text[], %(severities)s::text[], %(evaluated)s::bigint[], %(failed)s::bigint[]
    ) as r (rule_id, suite, severity, evaluated, failed)
on conflict (county_code, batch_id, rule_id) do nothing
