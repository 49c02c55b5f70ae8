-- zh: 招商签约情况表
-- en: investment projects signed in the year
-- order: 116
-- spans: {year: year}
-- relations: [eastern_province, signing_counted]
-- grain: one row a project
-- reads: signing_counted, core.work_signing
-- columns:
--   signed_on: {zh: 签约日期, kind: date, month: true}
--   project: {zh: 项目名称, kind: text}
--   investor: {zh: 投资方, kind: text}
--   origin: {zh: 来源地, kind: text}
--   agreed_yuan: {zh: 签约金额, kind: money, unit: 元, total: true, at_least: is_at_least}
select
    concat_ws('/', c.signed_on, c.project_norm, c.investor_norm) as row_key,
    s.signed_on,
    s.project,
    s.investor,
    s.origin,
    c.agreed_yuan,
    s.agreed_yuan_at_least as is_at_least
from signing_counted as c
inner join core.work_signing as s
    on c.county_code = s.county_code and c.batch_id = s.batch_id and c.row_no = s.row_no
order by s.signed_on, row_key
