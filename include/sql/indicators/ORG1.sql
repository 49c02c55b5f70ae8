-- id: ORG1
-- zh: 研究部署会议
-- en: meetings held on the collaboration
-- unit: 次
-- source: work
-- datasets: [work_meeting]
-- measure: count(distinct (met_on, body, subject))
-- filters:
--   government: {where: body = 'government', zh: 其中：政府常务会, en: of which county government executive meetings}
--   leading_group: {where: body = 'leading_group', zh: 其中：县委农村工作领导小组会, en: of which rural-work leading-group meetings}
--   standing_committee: {where: body = 'standing_committee', zh: 其中：县委常委会, en: of which standing committees of the county's party committee}
--   joint: {where: body = 'joint', zh: 其中：高层联席会议, en: of which joint meetings of both sides}
--   pairing_group: {where: body = 'pairing_group', zh: 其中：协作领导小组会, en: of which leading groups of the collaboration}
--   other: {where: body = 'other', zh: 其中：其他会议, en: of which other meetings}
-- definition_zh: 期内召开的研究东西部协作的会议，按日期、会议类型和议题去重
-- definition_en: meetings held in the period, distinct by day, body and item of business
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    m.met_on,
    m.body,
    m.subject,
    m.batch_id,
    m.row_no
from period as p
inner join core.work_meeting as m
    on p.county_code = m.county_code and m.met_on between p.first_day and p.last_day
