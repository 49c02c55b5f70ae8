-- id: SOC1.people
-- zh: 社会帮扶受益（资助）人数
-- en: people whom donations help
-- unit: 人
-- source: fund
-- datasets: [fund_donation]
-- relations: [donation_received]
-- measure: sum(beneficiaries)
-- unknown: beneficiaries is null
-- filters:
--   education: {towns: false, where: "purpose_kind = 'education'", unknown: "purpose_kind is null or (purpose_kind = 'education' and beneficiaries is null)", zh: 其中：教育资助人数, en: of which by donations for education}
-- definition_zh: 期内捐赠填写的受益（资助）人数之和；有捐赠未填的，为下限；同一人受益于几笔捐赠的，台账不能识别，重复计算
-- definition_en: people whom the period's donations help, as they state; a lower bound where some state none; one helped by several counts in each
select
    county_code,
    period_kind,
    period,
    null as town_code,
    purpose_kind,
    beneficiaries,
    batch_id,
    row_no
from donation_received
