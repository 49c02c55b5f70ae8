-- id: IND1.fund
-- zh: 共建产业园协作资金
-- en: collaboration money in joint parks
-- unit: 元
-- source: fund
-- datasets: [fund_project]
-- relations: [project_counted]
-- measure: sum(allocated_yuan)
-- announced: true
-- where: secondary_category = 'joint_park'
-- silent: secondary_category is null
-- definition_zh: 二级类别为共建产业园的项目的安排资金之和；本年度项目均未填二级类别的为未报送
-- definition_en: money allocated to projects whose secondary category is a joint park; not reported where no project of the year has one
select
    county_code,
    period_kind,
    period,
    town_code,
    secondary_category,
    allocated_yuan,
    is_at_least,
    batch_id,
    row_no
from project_counted
