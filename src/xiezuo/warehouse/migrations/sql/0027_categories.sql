-- Revision 0027: categories of projects by county and year. Columns that were free text and are lists now hold typed words,
-- which no figure may read: they are emptied, and told again by the next delivery.

do $$
declare
    was_text record;
begin
    for was_text in
        select
            c.table_name,
            c.column_name
        from information_schema.columns as c
        inner join (
            values
            ('fund_allocation', 'fund_level'),
            ('labour_placement', 'channel'),
            ('sales_order', 'channel'),
            ('sales_order', 'sales_mode'),
            ('work_visit', 'rank')
        ) as t (table_name, column_name)
            on c.table_name = t.table_name and c.column_name = t.column_name
        where c.table_schema = 'core'
    loop
        execute 'update core.' || quote_ident(was_text.table_name) || ' set ' || quote_ident(was_text.column_name)
            || ' = null where ' || quote_ident(was_text.column_name) || ' is not null';
    end loop;
end
$$;

create table core.category (
    county_code char(6) not null,
    category text not null,
    first_year smallint not null,
    last_year smallint,
    category_zh text not null,
    category_en text not null,
    is_listed boolean not null,
    is_industry boolean not null,
    primary key (county_code, category, first_year),
    check (last_year is null or last_year >= first_year)
);
comment on table core.category is '项目类别; categories of projects a county may have, from include/categories.yaml, one row a county and span of years';
comment on column core.category.county_code is '县级区划代码; county';
comment on column core.category.category is '类别编号; identity of the category, as core.fund_project has it';
comment on column core.category.first_year is '起始年度; first year it holds';
comment on column core.category.last_year is '终止年度; last year it holds, empty while it does';
comment on column core.category.category_zh is '类别; name in Chinese';
comment on column core.category.category_en is '英文名称; name in English';
comment on column core.category.is_listed is '是否列入当年目录; whether the county''s list of the year has it, and so a figure also without projects';
comment on column core.category.is_industry is '是否产业类; whether its money is money for industry';
