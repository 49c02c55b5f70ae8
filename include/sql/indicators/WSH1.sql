-- id: WSH1
-- zh: 帮扶车间
-- en: employment workshops
-- unit: 个
-- source: labour
-- datasets: [labour_workshop]
-- relations: [workshop_listed]
-- measure: count(distinct (town_code, workshop_norm))
-- filters:
--   normal: {where: state = 'normal', zh: 其中：正常运行, en: of which in normal use}
--   pending: {where: state = 'pending', zh: 其中：待处置, en: of which to be dealt with}
-- stock: true
-- definition_zh: 期末日的帮扶车间（不含已清理、已退出的），按乡镇和车间名称去重；各乡镇取截至期末日的最近一次清单，此前没有清单的取最早一次
-- definition_en: workshops on the period's last day without those cleared or closed, distinct by township and name; of every township the last list stated by then, else its first
select
    county_code,
    period_kind,
    period,
    town_code,
    workshop_norm,
    state,
    batch_id,
    row_no
from workshop_listed
where is_open
