-- id: IND2.tax
-- zh: 引进企业税收
-- en: tax of the firms brought in
-- unit: 元
-- source: work
-- datasets: [work_enterprise]
-- relations: [eastern_province, enterprise_statement, enterprise_landed, enterprise_held]
-- measure: sum(tax_yuan)
-- filters:
--   east: {where: is_east, unknown: is_east is null, zh: 其中：东部企业税收, en: of which of firms backed by the east}
-- stock: true
-- definition_zh: 期末日已落地企业的本年税收之和（含已退出的），每家取截至期末日的最新一次填报；本年未填的使合计只是下限
-- definition_en: tax of the year so far of the firms that have landed by the period's last day, those gone among them, each firm's latest statement up to that day; one that states none in the year makes the sum a lower bound
select
    county_code,
    period_kind,
    period,
    null as town_code,
    is_east,
    tax_yuan,
    is_tax_open as is_at_least,
    batch_id,
    row_no
from enterprise_held
