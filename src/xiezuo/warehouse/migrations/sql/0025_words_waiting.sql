-- Revision 0025: the words that rows of a county wait for, as they were when last looked at. Telling them takes the
-- vault, which pages have no key of: whoever holds it leaves here what a person decides by.

create table audit.word_waiting (
    county_code char(6) not null,
    looked_at timestamptz not null,
    seen bigint not null,
    proposals jsonb not null,
    primary key (county_code)
);
comment on table audit.word_waiting is '待登记词语; words that rows wait for, with what there is to decide by, as last looked at';
comment on column audit.word_waiting.county_code is '县级区划代码; county';
comment on column audit.word_waiting.looked_at is '查看时间; when rows held back were read for it';
comment on column audit.word_waiting.seen is '当时已有记录数; deliveries and decisions on record then: with more of them it is looked again';
comment on column audit.word_waiting.proposals is '待登记词语清单; one element a word: register, word as typed, rows, deliveries, place, similar words, values, figures';
