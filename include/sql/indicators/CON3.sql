-- id: CON3
-- zh: 脱贫地区农副产品销售平台供应商
-- en: 832-platform suppliers
-- unit: 家
-- source: sales
-- datasets: [sales_supplier]
-- measure: count(distinct uscc)
-- stock: true
-- definition_zh: 期末在名录内的供应商，按统一社会信用代码去重
-- definition_en: suppliers on the register on the period's last day, distinct by credit code
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    s.uscc,
    s.batch_id,
    s.row_no
from period as p
inner join core.sales_supplier as s
    on
        p.county_code = s.county_code
        and coalesce(s.joined_on, p.last_day) <= p.last_day
        and coalesce(s.left_on, p.last_day) >= p.last_day
