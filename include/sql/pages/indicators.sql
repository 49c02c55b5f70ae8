-- what indicators are, with what they are counted from.
-- grain: one row an indicator or part of one. reads: mart.indicator.
select
    i.indicator_id,
    i.name_zh,
    i.name_en,
    i.unit,
    i.source,
    i.measure,
    i.definition_zh,
    i.definition_en,
    i.is_stock
from mart.indicator as i
