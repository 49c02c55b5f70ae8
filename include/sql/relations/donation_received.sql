-- donation_received: receipts of each period, their parts taken together: who gave, of what kind, how many people it helps.
-- A donor is the credit code, where one of his receipts has it, else the name without spaces; an individual's name is not kept, nor one
-- that reads like a person's where the kind of donor is not given: that may be an organisation. Of a receipt in parts the
-- largest number of people is the receipt's: parts repeat it.
-- grain: one row a county, period and receipt. reads: period, core.fund_donation.
with code_of_name as (
    select
        county_code,
        regexp_replace(donor_name, '\s', '', 'g') as donor_norm,
        min(donor_uscc) as donor_uscc
    from core.fund_donation
    where donor_uscc is not null and county_code in (select p.county_code from period as p)
    group by county_code, donor_norm
)

select distinct on (p.county_code, p.period_kind, p.period, d.receipt_no)
    p.county_code,
    p.period_kind,
    p.period,
    d.receipt_no,
    d.purpose_kind,
    d.beneficiaries,
    d.batch_id,
    d.row_no,
    coalesce(d.donor_uscc, n.donor_uscc, regexp_replace(d.donor_name, '\s', '', 'g')) as donor_id,
    case
        when d.donor_type = 'individual' then false
        when d.donor_type is not null or d.donor_name <> '个人' then true
    end as is_organisation
from period as p
inner join core.fund_donation as d
    on p.county_code = d.county_code and d.donated_on between p.first_day and p.last_day
left join code_of_name as n
    on d.county_code = n.county_code and regexp_replace(d.donor_name, '\s', '', 'g') = n.donor_norm
order by p.county_code, p.period_kind, p.period, d.receipt_no, d.beneficiaries desc nulls last, d.part_no
