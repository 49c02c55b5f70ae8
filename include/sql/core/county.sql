-- core.county: writes one county of the counties file; an unchanged one is not touched.
-- grain: one row a county. reads: parameters in the table's column order.
insert into core.county as c (
    county_code, county_name, city_name, province_name, province_code,
    paired_county_name, paired_province_name, paired_province_code, paired_city_name
)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
on conflict (county_code) do update set
    county_name = excluded.county_name,
    city_name = excluded.city_name,
    province_name = excluded.province_name,
    province_code = excluded.province_code,
    paired_county_name = excluded.paired_county_name,
    paired_province_name = excluded.paired_province_name,
    paired_province_code = excluded.paired_province_code,
    paired_city_name = excluded.paired_city_name
where (
    c.county_name, c.city_name, c.province_name, c.province_code,
    c.paired_county_name, c.paired_province_name, c.paired_province_code, c.paired_city_name
) is distinct from (
    excluded.county_name, excluded.city_name, excluded.province_name, excluded.province_code,
    excluded.paired_county_name, excluded.paired_province_name, excluded.paired_province_code,
    excluded.paired_city_name
)
