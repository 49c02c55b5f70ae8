-- zh: 采购框架协议情况表
-- en: framework agreements signed
-- order: 110
-- spans: {year: year}
-- relations: [agreement_counted]
-- grain: one row an agreement
-- reads: agreement_counted, core.work_agreement
-- columns:
--   signed_on: {zh: 签订日期, kind: date, month: true}
--   seller: {zh: 供方, kind: text}
--   buyer: {zh: 需方, kind: text}
--   amount_yuan: {zh: 协议金额, kind: money, unit: 元, total: true, at_least: is_at_least}
select
    concat_ws('/', c.signed_on, c.seller_norm, c.buyer_norm) as row_key,
    c.signed_on,
    a.seller,
    a.buyer,
    c.amount_yuan,
    c.is_at_least
from agreement_counted as c
inner join core.work_agreement as a
    on c.county_code = a.county_code and c.batch_id = a.batch_id and c.row_no = a.row_no
order by c.signed_on, row_key
