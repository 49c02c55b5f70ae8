-- id: CON2.products
-- zh: 认定产品
-- en: recognised products
-- unit: 类
-- source: sales
-- datasets: [sales_product]
-- relations: [product_valid]
-- measure: count(distinct (firm_id, product_norm))
-- stock: true
-- definition_zh: 期末在有效期内的认定产品，按企业和产品名称去重
-- definition_en: products whose recognition holds on the period's last day, distinct by firm and name
select
    county_code,
    period_kind,
    period,
    null as town_code,
    firm_id,
    product_norm,
    batch_id,
    row_no
from product_valid
