-- id: SOC1.donors
-- zh: 社会帮扶捐赠单位
-- en: organisations that donated
-- unit: 家
-- source: fund
-- datasets: [fund_donation]
-- relations: [donation_received]
-- measure: count(distinct donor_id)
-- where: is_organisation
-- unknown: is_organisation is null
-- definition_zh: 期内捐赠的单位，按统一社会信用代码（没有的按名称）去重，个人不计；捐赠方类型未填而名称像人名的，是否单位无法确定，使合计为下限
-- definition_en: organisations that donated in the period, distinct by credit code, else name, without individuals; where the kind of donor is not given, a name that reads like a person's may be an organisation's and makes the number a lower bound
select
    county_code,
    period_kind,
    period,
    null as town_code,
    donor_id,
    is_organisation,
    batch_id,
    row_no
from donation_received
