-- id: LAB12
-- zh: 劳务协作服务站点
-- en: labour stations and employment bases
-- unit: 个
-- source: labour
-- datasets: [labour_station]
-- relations: [eastern_province]
-- measure: count(distinct (station_norm, place_norm))
-- filters:
--   station: {where: kind = 'station', zh: 其中：劳务工作站, en: of which stations}
--   base: {where: kind = 'base', zh: 其中：就业基地, en: of which bases}
--   one_firm: {where: kind = 'one_firm', zh: 其中：一县一企基地, en: of which bases at one firm a county}
--   east: {where: is_east, unknown: is_east is null, zh: 其中：设在东部的, en: of which in the east}
-- stock: true
-- definition_zh: 期末日存续的劳务工作站、就业基地和一县一企基地，按名称和地点去重；未写设立时间的视为一直存续，未写撤销时间的视为仍然存续；地点未写明的使设在东部的为下限
-- definition_en: stations and bases on the period's last day, distinct by name and place; no first day means since ever, no last day means still; one whose place tells no province makes those in the east a lower bound
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    s.station_norm,
    s.place_norm,
    s.kind,
    s.batch_id,
    s.row_no,
    case when s.province_code is not null then e.province_code is not null end as is_east
from period as p
inner join core.labour_station as s
    on
        p.county_code = s.county_code
        and coalesce(s.opened_on, p.last_day) <= p.last_day
        and coalesce(s.closed_on, p.last_day) >= p.last_day
left join eastern_province as e on s.province_code = e.province_code
