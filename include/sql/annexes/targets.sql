-- zh: 年度任务完成和预计情况表
-- en: targets of the year, how far they are reached and where they will stand at its end
-- order: 0
-- spans: {month: year_to_date, year: year}
-- wide: true
-- grain: one row an indicator with a target of the year
-- reads: period, mart.outlook, mart.indicator
-- columns:
--   name: {zh: 指标, kind: text}
--   unit: {zh: 单位, kind: text}
--   target: {zh: 年度任务, kind: count}
--   so_far: {zh: 累计完成, kind: count}
--   percent: {zh: 完成率, kind: percent, unit: "%"}
--   elapsed: {zh: 时间进度, kind: percent, unit: "%"}
--   forecast: {zh: 年末预计, kind: count}
--   judged: {zh: 判断, kind: text}
--   basis: {zh: 预计依据, kind: text}
--   move: {zh: 下一步, kind: text}
-- note_zh: 年末预计按“预计依据”一栏推算，不是承诺；存量和一次下达的指标按现值计。判断：绿灯为预计能完成，黄灯为略有不足，红灯为预计完不成。
with latest as (
    select distinct on (o.indicator_id)
        o.indicator_id,
        o.unit,
        o.target,
        o.year_to_date,
        o.qualifier,
        o.completion_pct,
        o.elapsed_pct,
        o.forecast,
        o.outlook,
        o.basis,
        o.move_zh,
        case o.unit when '元' then 10000 else 1 end as scale
    from period as p
    inner join mart.outlook as o
        on
            p.county_code = o.county_code
            and o.period between left(to_char(p.last_day, 'YYYY-MM'), 4) || '-01' and to_char(p.last_day, 'YYYY-MM')
    order by o.indicator_id, o.period desc
)

select
    l.indicator_id as row_key,
    i.name_zh || case l.qualifier when 'at_least' then '（下限）' else '' end as name,
    case l.unit when '元' then '万元' else l.unit end as unit,
    round(l.target / l.scale, 2) as target,
    round(l.year_to_date / l.scale, 2) as so_far,
    round(l.completion_pct, 2) as percent,
    l.elapsed_pct as elapsed,
    round(l.forecast / l.scale, case when l.unit in ('元', '%') then 2 else 0 end) as forecast,
    case l.outlook
        when 'met' then '已完成' when 'green' then '绿灯' when 'amber' then '黄灯' when 'red' then '红灯' else '无法判断'
    end as judged,
    case l.basis
        when 'final' then '按12月数据'
        when 'standing' then '按现值'
        when 'last_year' then '按上年同期以后的进度'
        when 'even' then '按本年平均进度'
        when 'early' then '时间尚早，不作推算'
        when 'share' then '比率不作推算'
        when 'late' then '台账未报到本月'
        when 'bound' then '只知下限'
        else '未报送'
    end as basis,
    l.move_zh as move
from latest as l
inner join mart.indicator as i on l.indicator_id = i.indicator_id
order by row_key
