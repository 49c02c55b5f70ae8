-- A file of the same content that was retracted, and who decided so.
-- grain: one row. reads: audit.landing, audit.delivery_decision.
select
    l.details ->> 'place' as place,
    d.decided_by,
    d.reason_zh
from audit.landing as l
inner join audit.delivery_decision as d on l.county_code = d.county_code and l.standing_no = d.decision_no
where l.county_code = %(county_code)s and l.sha256 = %(sha256)s and l.standing = 'retracted'
order by l.landing_id
limit 1
