-- mart.indicator: drops entries that no file names and no value needs: a category that was corrected away.
-- grain: one row an indicator. reads: wanted, mart.indicator_value, mart.indicator.
with unused as (
    select w.indicator_id
    from wanted as w
    left join mart.indicator_value as v on w.indicator_id = v.indicator_id
    left join mart.indicator as n on w.indicator_id = n.indicator_id
    where not w.is_foreseen and v.indicator_id is null and (w.header_id = '' or n.definition_zh = '')
)

delete from mart.indicator as i
using unused as u
where i.indicator_id = u.indicator_id
