-- core.division: writes one division of a county's file; an unchanged one is not touched.
-- grain: one row a county and division. reads: parameters in the table's column order.
insert into core.division as d (
    county_code, division_code, level, division_name, parent_code, aliases, valid_from, valid_to, is_listed
)
values (%s, %s, %s, %s, %s, %s, %s, %s, true)
on conflict (county_code, division_code) do update set
    level = excluded.level,
    division_name = excluded.division_name,
    parent_code = excluded.parent_code,
    aliases = excluded.aliases,
    valid_from = excluded.valid_from,
    valid_to = excluded.valid_to,
    is_listed = true
where (
    d.level, d.division_name, d.parent_code, d.aliases, d.valid_from, d.valid_to, d.is_listed
) is distinct from (
    excluded.level, excluded.division_name, excluded.parent_code, excluded.aliases,
    excluded.valid_from, excluded.valid_to, excluded.is_listed
)
