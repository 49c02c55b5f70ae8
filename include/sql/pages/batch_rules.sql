-- What each rule of its suites said of a batch, what was broken first.
-- grain: one row a rule. reads: audit.validation.
select
    v.rule_id,
    v.suite,
    v.severity,
    v.evaluated,
    v.failed
from audit.validation as v
where v.county_code = %(county_code)s and v.batch_id = %(batch_id)s
order by v.failed > 0 desc, v.severity asc, v.failed desc, v.rule_id asc
