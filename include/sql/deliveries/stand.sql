-- audit.landing: a delivery, in all copies of its content, stands as the latest decision about it says.
-- grain: one row a landing. reads: audit.delivery_decision.
update audit.landing as l
set
    standing = %(standing)s,
    standing_no = (
        select max(d.decision_no)
        from audit.delivery_decision as d
        where d.county_code = %(county_code)s and d.landing_id = %(landing_id)s
    )
where
    l.county_code = %(county_code)s
    and l.kind = 'file'
    and l.sha256 = %(sha256)s
