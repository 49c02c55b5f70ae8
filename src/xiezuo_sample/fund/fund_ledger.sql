-- The county's finance ledger of the sample, in SQLite's reading of standard types. Amounts are 万元
-- where a column's name ends in _wan and 元 where it ends in _yuan.
create table fund_allocation (
    county_code char(6),
    doc_no varchar(80),
    doc_date date,
    year int,
    source varchar(40),
    batch varchar(40),
    amount_wan decimal(14, 4),
    updated_at timestamp,
    primary key (county_code, doc_no)
);

create table fund_project (
    county_code char(6),
    project_no varchar(40),
    project_name varchar(200),
    category varchar(40),
    secondary_category varchar(40),
    town varchar(40),
    village varchar(40),
    builder varchar(100),
    alloc_doc varchar(80),
    planned_wan decimal(14, 4),
    allocated_wan decimal(14, 4),
    arrived_wan decimal(14, 4),
    plan_start date,
    start_date date,
    finish_date date,
    accept_date date,
    linkage varchar(200),
    households int,
    people int,
    households_lifted int,
    people_lifted int,
    status varchar(20),
    updated_at timestamp,
    primary key (county_code, project_no)
);

create table fund_payment (
    county_code char(6),
    pay_no varchar(40),
    project_no varchar(40),
    pay_date date,
    payee varchar(100),
    amount_yuan decimal(16, 2),
    purpose varchar(200),
    updated_at timestamp,
    primary key (county_code, pay_no)
);

create table fund_donation (
    county_code char(6),
    receipt_no varchar(40),
    donor varchar(100),
    donor_type varchar(20),
    donated_on date,
    cash_wan decimal(14, 4),
    goods_name varchar(100),
    goods_value_wan decimal(14, 4),
    valuation_basis varchar(100),
    recipient varchar(100),
    purpose varchar(200),
    updated_at timestamp,
    primary key (county_code, receipt_no)
);
