-- signing_counted: projects signed in each period, each once though two units may have reported it, as it was stated last.
-- is_east, is_paired: by the province that is typed of the investor, or that 东部 is typed; the partner county's own name
-- (和平区, which many provinces have) is the partner's province. Empty where nothing typed tells it.
-- grain: one row a county, period and project. reads: period, eastern_province, core.work_signing, core.county.
select distinct on (p.county_code, p.period_kind, p.period, s.signed_on, s.project_norm, s.investor_norm)
    p.county_code,
    p.period_kind,
    p.period,
    s.signed_on,
    s.project_norm,
    s.investor_norm,
    s.stage,
    s.agreed_yuan,
    s.batch_id,
    s.row_no,
    s.agreed_yuan is null or s.agreed_yuan_at_least as is_agreed_open,
    case
        when starts_with(s.origin, c.paired_county_name) then true
        when s.origin_province_code is not null then s.origin_province_code = c.paired_province_code
    end as is_paired,
    case
        when starts_with(s.origin, c.paired_county_name) or starts_with(s.origin, '东部') then true
        when s.origin_province_code is not null then e.province_code is not null
    end as is_east
from period as p
inner join core.work_signing as s
    on p.county_code = s.county_code and s.signed_on between p.first_day and p.last_day
inner join core.county as c on p.county_code = c.county_code
left join eastern_province as e on s.origin_province_code = e.province_code
order by
    p.county_code, p.period_kind, p.period, s.signed_on, s.project_norm, s.investor_norm,
    s.version desc, s.row_hash asc
