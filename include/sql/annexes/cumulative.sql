-- zh: 历年累计情况表
-- en: what the years since the set's first one come to together; people count once in all of them
-- order: 9
-- spans: {year: year}
-- optional: true
-- grain: one row an indicator that comes in through the years
-- reads: period, mart.indicator_value, mart.indicator
-- columns:
--   name: {zh: 指标, kind: text}
--   unit: {zh: 单位, kind: text}
--   span: {zh: 起止年份, kind: text}
--   total: {zh: 累计, kind: count}
-- note_zh: 按同一口径对起止年份的台账一并计算，同一人在几年内只计一次，去向按期间内最近一次计；其中有年份没有报送的，累计只是下限。
select
    v.indicator_id as row_key,
    i.name_zh || case v.qualifier when 'at_least' then '（下限）' else '' end as name,
    case v.unit when '元' then '万元' else v.unit end as unit,
    replace(v.period, '-', '—') || '年' as span,
    round(v.value / case v.unit when '元' then 10000 else 1 end, 2) as total
from period as p
inner join mart.indicator_value as v
    on
        p.county_code = v.county_code
        and v.period_kind = 'cumulative'
        and v.period like '____-' || extract(year from p.first_day)
inner join mart.indicator as i on v.indicator_id = i.indicator_id
where
    v.breakdown = ''
    and v.value > 0
    and i.course in ('flow', 'announced')
    and v.indicator_id not like '%.%'
order by row_key
