-- zh: 社会帮扶资金情况表
-- en: social donations
-- order: 6
-- spans: {year: year}
-- counts: SOC1
-- wide: true
-- grain: one row a donation receipt; individuals are not named
-- reads: counted, core.fund_donation
-- columns:
--   receipt_no: {zh: 票据号, kind: text}
--   donor: {zh: 捐赠方, kind: text}
--   donated_on: {zh: 捐赠日期, kind: date}
--   cash_yuan: {zh: 捐款, kind: money, unit: 元, total: true, at_least: is_cash_open}
--   goods_value_yuan: {zh: 捐物折价, kind: money, unit: 元, total: true, at_least: is_goods_open}
--   goods: {zh: 物资, kind: text}
--   recipient: {zh: 接收单位, kind: text}
--   purpose: {zh: 用途, kind: text}
with receipt as (
    select distinct
        county_code,
        receipt_no
    from counted
)

select
    d.receipt_no as row_key,
    d.receipt_no,
    max(d.donor_name) as donor,
    min(d.donated_on) as donated_on,
    coalesce(sum(d.cash_yuan), 0) as cash_yuan,
    bool_or(d.cash_yuan_at_least) as is_cash_open,
    coalesce(sum(d.goods_value_yuan), 0) as goods_value_yuan,
    bool_or(d.goods_value_yuan_at_least) as is_goods_open,
    string_agg(d.goods_name, '、' order by d.part_no) as goods,
    max(d.recipient) as recipient,
    max(d.purpose) as purpose
from receipt as r
inner join core.fund_donation as d on r.county_code = d.county_code and r.receipt_no = d.receipt_no
group by d.receipt_no
order by donated_on, row_key
