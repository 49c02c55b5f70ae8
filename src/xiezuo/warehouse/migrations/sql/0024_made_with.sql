-- Revision 0024: a release says which programs and which declarations its figures came from
-- (docs/decisions/0053-told-to-others.md). Releases of before keep the heads they have: it stays empty.

alter table publish.release add column made_with text not null default '';
comment on column publish.release.made_with is '程序版本与定义摘要; JSON of the package version and of digests of contracts, expectations, SQL and words, empty before this was kept';
comment on column publish.release.head is '链首; SHA-256 over the previous head and all other columns, signatures and made_with where there are any';
