-- zh: 捐赠方情况表
-- en: donors by what they gave; individuals are told together
-- order: 114
-- spans: {year: year}
-- counts: SOC1
-- annex: donations
-- grain: one row a donor
-- reads: counted, core.fund_donation
-- columns:
--   donor: {zh: 捐赠方, kind: text}
--   total_yuan: {zh: 捐款与捐物折价合计, kind: money, unit: 元, total: true, at_least: is_at_least}
select
    coalesce(d.donor_name, '个人') as row_key,
    coalesce(d.donor_name, '个人') as donor,
    sum(n.gift_yuan) as total_yuan,
    bool_or(n.is_at_least) as is_at_least
from counted as n
inner join core.fund_donation as d
    on n.county_code = d.county_code and n.batch_id = d.batch_id and n.row_no = d.row_no
group by coalesce(d.donor_name, '个人')
order by total_yuan desc, row_key
