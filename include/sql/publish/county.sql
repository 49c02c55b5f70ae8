-- names of one county and whom it is paired with. grain: one row. reads: core.county.
select
    c.county_code as code,
    c.county_name as name,
    c.city_name as city,
    c.province_name as province,
    c.paired_county_name as paired_county,
    c.paired_province_name as paired_province
from core.county as c
where c.county_code = %(county_code)s
