-- zh: 年度任务
-- en: targets of the year, as the office's list of them last says
-- grain: one row a county, year and indicator
-- reads: core.work_target
-- columns:
--   county_code: 县级区划代码; county
--   year: 年度; year of the agreement
--   indicator_id: 指标编号; indicator the target is for
--   target: 任务数; target in the indicator's unit, money in 元
--   unit: 填报单位; unit as the ledger states it
select distinct on (t.county_code, t.year, t.indicator_id)
    t.county_code,
    t.year,
    t.indicator_id,
    t.value::numeric(20, 4) as target,
    t.unit
from core.work_target as t
where t.value is not null
order by t.county_code, t.year, t.indicator_id, t.version desc, t.version_tie desc, t.row_no desc
