-- eastern_province: provinces that give aid in the collaboration; a test holds them against declared/county_names.py.
-- grain: one row a province. reads: nothing.
select e.province_code
from (
    values ('110000'), ('120000'), ('310000'), ('320000'), ('330000'), ('350000'), ('370000'), ('440000')
) as e (province_code)
