-- zh: 引进企业情况表
-- en: firms that landed in the year, as last stated
-- order: 112
-- spans: {year: year}
-- relations: [eastern_province, enterprise_statement, enterprise_landed, enterprise_stated]
-- grain: one row a firm
-- reads: enterprise_landed, enterprise_stated, core.work_enterprise
-- columns:
--   name: {zh: 企业名称, kind: text}
--   origin: {zh: 来源地, kind: text}
--   landed_on: {zh: 落地日期, kind: date, month: true}
--   actual_yuan: {zh: 完成投资, kind: money, unit: 元, total: true, at_least: is_at_least}
--   jobs: {zh: 吸纳就业, kind: count, unit: 人, total: true}
--   jobs_lifted: {zh: 其中：脱贫劳动力, kind: count, unit: 人, total: true}
select
    s.firm_id as row_key,
    e.name,
    e.origin,
    l.landed_on,
    s.actual_yuan,
    s.is_at_least,
    s.jobs,
    s.jobs_lifted
from enterprise_stated as s
inner join enterprise_landed as l on s.county_code = l.county_code and s.firm_id = l.firm_id
inner join core.work_enterprise as e
    on s.county_code = e.county_code and s.batch_id = e.batch_id and s.row_no = e.row_no
order by l.landed_on, row_key
