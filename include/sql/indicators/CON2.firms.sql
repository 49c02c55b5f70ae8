-- id: CON2.firms
-- zh: 认定产品企业
-- en: firms with recognised products
-- unit: 家
-- source: sales
-- datasets: [sales_product]
-- relations: [product_valid]
-- measure: count(distinct firm_id)
-- stock: true
-- definition_zh: 期末有认定产品在有效期内的企业，按统一社会信用代码去重，没有代码的按名称
-- definition_en: firms with a product whose recognition holds on the period's last day, distinct by credit code, else by name
select
    county_code,
    period_kind,
    period,
    null as town_code,
    firm_id,
    batch_id,
    row_no
from product_valid
