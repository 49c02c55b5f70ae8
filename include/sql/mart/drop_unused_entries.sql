-- mart.indicator: drops entries that no file names and no value needs: a category that was corrected away.
-- grain: one row an indicator. reads: mart.indicator_value.
delete from mart.indicator as i
where
    not i.indicator_id = any(%(foreseen)s)
    and not exists (
        select 1
        from mart.indicator_value as v
        where v.indicator_id = i.indicator_id
    )
