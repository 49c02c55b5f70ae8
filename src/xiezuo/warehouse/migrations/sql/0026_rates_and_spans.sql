-- Revision 0026: an indicator may be the quotient of two others, and a figure may be of several years
-- (docs/decisions/0057-rates-and-spans.md).

alter table mart.indicator add column numerator_id text;
alter table mart.indicator add column denominator_id text;
comment on column mart.indicator.numerator_id is '分子指标编号; of a rate, the figure divided; null of what is counted';
comment on column mart.indicator.denominator_id is '分母指标编号; of a rate, the figure it is divided by; null of what is counted';

alter table mart.indicator_value drop constraint indicator_value_period_kind_check;
alter table mart.indicator_value add constraint indicator_value_period_kind_check
check (period_kind in ('month', 'year_to_date', 'year', 'cumulative'));
comment on column mart.indicator_value.period_kind is '期间类型; month, year_to_date, year or cumulative (several years)';
comment on column mart.indicator_value.period is '期间; 2022-09 for a month or year to date, 2022 for a year, 2021-2025 for several years';
