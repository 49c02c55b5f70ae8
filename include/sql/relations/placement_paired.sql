-- placement_paired: people of placement_counted whose job is in the paired province, and whether it is in the partner's city
-- and in its county or district. Where a directly governed municipality is the partner's province, it is its city too.
-- Told by names as typed; null where they do not tell, and where the partner's city is not known.
-- grain: one row a county, period and person. reads: placement_counted.
with typed as (
    select
        county_code,
        period_kind,
        period,
        town_code,
        person_key,
        is_lifted,
        household_type,
        monitor_class,
        is_low_income,
        is_disabled,
        is_relocated,
        batch_id,
        row_no,
        work_city,
        paired_city_name,
        paired_city_name = paired_province_name as is_all_one_city,
        concat(work_province, work_city, work_county, work_place) as place,
        -- 开发区 and the like are no districts, 市辖区 is none in particular
        regexp_replace(
            concat(work_city, work_county, work_place), '(开发|工业|高新|产业|保税|园|社|小|厂|景|校|市辖)区', '', 'g'
        ) ~ '[区县旗]'
        or work_place ~ '市.+市'
        or work_county ~ '市$' and work_county <> paired_city_name as tells_district,
        regexp_replace(paired_city_name, '(..)市$', '\1') as city_stem,
        paired_county_name,
        work_county = regexp_replace(paired_county_name, '(..)[市区县]$', '\1') as is_short_name
    from placement_counted
    where destination = 'paired'
),

in_city as (
    select
        county_code,
        period_kind,
        period,
        town_code,
        person_key,
        is_lifted,
        household_type,
        monitor_class,
        is_low_income,
        is_disabled,
        is_relocated,
        batch_id,
        row_no,
        paired_city_name,
        tells_district,
        strpos(place, paired_county_name) > 0 or coalesce(is_short_name, false) as is_named,
        case
            when is_all_one_city then true
            when work_city is not null and paired_city_name is not null then strpos(work_city, city_stem) > 0
            when strpos(place, city_stem) > 0 then true
            when strpos(place, paired_county_name) > 0 and paired_city_name is not null then true
        end as is_in_city
    from typed
)

select
    county_code,
    period_kind,
    period,
    town_code,
    person_key,
    is_lifted,
    household_type,
    monitor_class,
    is_low_income,
    is_disabled,
    is_relocated,
    batch_id,
    row_no,
    is_in_city,
    case
        when paired_city_name is null then null
        when not is_in_city then false
        when is_named then true
        when tells_district then false
    end as is_in_county
from in_city
