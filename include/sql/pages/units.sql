-- Reporting units whose ledgers came in.
-- grain: one row a reporting unit. reads: audit.batch.
select distinct b.reporting_unit
from audit.batch as b
where b.county_code = %(county_code)s and b.reporting_unit <> ''
order by b.reporting_unit
