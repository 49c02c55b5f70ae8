-- id: LAB7
-- total: false
-- zh: 公益性岗位就业
-- en: people in public-service posts
-- unit: 人
-- source: labour
-- datasets: [labour_placement]
-- relations: [eastern_province, placement_counted]
-- measure: count(distinct person_key)
-- filters:
--   public: {where: "channel in ('public_post', 'rural_post')", unknown: "channel is null", zh: 公益性岗位就业, en: people in public-service posts}
--   rural: {where: "channel = 'rural_post'", unknown: "channel is null", zh: 其中：乡村公岗, en: of which in rural posts}
--   workshop: {where: "channel = 'workshop'", unknown: "channel is null", zh: 经帮扶车间就业, en: people who found work in workshops}
--   organised: {where: "channel = 'organised'", unknown: "channel is null", zh: 经劳务协作组织就业, en: people whom labour collaboration placed}
-- definition_zh: LAB1 中就业渠道（岗位性质）为公益性岗位的人，含乡村公岗；有人未写明就业渠道的，为下限
-- definition_en: people of LAB1 whose channel is a public-service post, rural ones included; a lower bound where the channel of some is not told
select
    county_code,
    period_kind,
    period,
    null as town_code,
    person_key,
    channel,
    batch_id,
    row_no
from placement_counted
