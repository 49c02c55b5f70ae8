-- sqlfluff:dialect:duckdb
-- What a cell of each type must look like to be taken over as it stands (is_plain_*), and the text it then becomes
-- (plain_*): the very text that src/xiezuo/conform/rows/fields.py would give for it. A test compares the two, cell by cell.
-- What is not plain goes to the parsers of src/xiezuo/values, so a pattern may be narrow, never generous.
-- DuckDB, not PostgreSQL: this runs where pages are conformed (docs/decisions/0022-columns-first.md).
-- grain: none, these are expressions. reads: nothing.
create or replace macro is_plain_money(cell) as regexp_full_match(cell, '(0|[1-9][0-9]{0,11})(\.[0-9]{1,2})?');
create or replace macro is_plain_money_fen(cell) as regexp_full_match(cell, '0|[1-9][0-9]{0,13}');
create or replace macro is_plain_decimal(cell) as regexp_full_match(cell, '(0|[1-9][0-9]{0,11})(\.[0-9]{1,4})?');
create or replace macro is_plain_integer(cell) as regexp_full_match(cell, '0|[1-9][0-9]{0,11}');
-- Between the last change of summer time in China (1991) and the last year a date may lie in, +08:00 always holds.
create or replace macro is_plain_moment(cell) as
try_cast(cell as timestamp)::varchar = cell and cell between '1992' and '2100' and length(cell) = 19;
create or replace macro is_plain_epoch(cell) as
regexp_full_match(cell, '[1-9][0-9]{8,9}') and try_cast(cell as bigint) between 694224000 and 4102444800;
-- Eighteen characters with a date in them may be somebody's number; words such as null or none have no digit.
create or replace macro is_plain_code(cell) as
regexp_full_match(cell, '[A-Z]{0,6}[0-9][0-9A-Za-z-]{0,63}')
and (
    length(cell) < 18
    or not regexp_matches(
        replace(cell, '-', ''), '(18|19|20|21)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]'
    )
);

-- Looked at once a distinct text, no object in writing, and without a backslash, which COPY writes otherwise: ten digits are neither a telephone nor an identity number.
create or replace macro is_plain_text(cell) as
regexp_full_match(cell, '[ -Z^`-~\x{4e00}-\x{9fff}]+')
and regexp_matches(cell, '[\x{4e00}-\x{9fff}]')
and regexp_full_match(cell, '[^0-9]*([0-9][^0-9]*){0,10}')
and not contains(cell, '  ')
and cell = trim(cell)
and not starts_with(cell, '{');

-- An amount has one spelling: 12.50 and 12.5 are 12.5, 12.00 is 12.
create or replace macro without_zeros(number) as
case when contains(number, '.') then rtrim(rtrim(number, '0'), '.') else number end;

create or replace macro plain_money(cell) as without_zeros(cell);
create or replace macro plain_money_fen(cell) as without_zeros((cell::decimal(18, 0) * 0.01)::decimal(18, 2)::varchar);
create or replace macro plain_decimal(cell) as without_zeros(cell);
create or replace macro plain_integer(cell) as cell;
create or replace macro plain_moment(cell) as cell || '+08:00';
create or replace macro plain_epoch(cell) as
make_timestamp((cell::bigint + 28800) * 1000000)::varchar || '+08:00';
create or replace macro plain_code(cell) as cell;

-- How the rules of expectations/ see a value: see frame_of in src/xiezuo/validate/validate.py.
create or replace macro judged_number(stated) as stated::double;
create or replace macro judged_moment(stated) as epoch(left(stated, 19)::timestamp) - 28800.0;
create or replace macro judged_day(stated) as (datediff('day', date '0001-01-01', stated::date) + 1)::double;
create or replace macro judged_truth(stated) as stated::boolean;
create or replace macro judged_text(stated) as stated;

-- Text as COPY takes it; the digest of a row is over texts that are not escaped.
create or replace macro escaped(stated) as
replace(replace(replace(replace(stated, '\', '\\'), chr(9), '\t'), chr(10), '\n'), chr(13), '\r');
create or replace macro digest_of(joined) as base64(unhex(left(sha256(joined), 32)));
create or replace macro is_plain_never(cell) as false;
