-- agreement_counted: framework agreements signed in each period, each once though two units may have reported it.
-- grain: one row a county, period and agreement. reads: period, core.work_agreement.
select distinct on (p.county_code, p.period_kind, p.period, a.signed_on, a.seller_norm, a.buyer_norm)
    p.county_code,
    p.period_kind,
    p.period,
    a.signed_on,
    a.seller_norm,
    a.buyer_norm,
    a.kind,
    a.amount_yuan,
    a.amount_yuan_at_least as is_at_least,
    a.batch_id,
    a.row_no
from period as p
inner join core.work_agreement as a
    on p.county_code = a.county_code and a.signed_on between p.first_day and p.last_day
order by
    p.county_code, p.period_kind, p.period, a.signed_on, a.seller_norm, a.buyer_norm,
    a.version desc, a.row_hash asc
