-- Revision 0008: what keeps a night short: the machine's clock in audit.run, what was landed by which run, and
-- which files of the inbox need not be read again. One statement each; every key holds county_code.

-- XIEZUO_NOW may stand still; how long a stage took is told by the machine.
alter table audit.run add column began_at timestamptz;
alter table audit.run add column ended_at timestamptz;
comment on column audit.run.began_at is '机器开始时间; when the stage began by the machine''s clock, whatever XIEZUO_NOW says';
comment on column audit.run.ended_at is '机器结束时间; when it ended by the machine''s clock, null while it runs';
comment on column audit.run.stage is '环节; plan, fetch, load, build, alerts, publish, task (a failure outside them) or upkeep';
create index run_by_run on audit.run (run_id, stage);

alter table audit.landing add column run_id text not null default '';
comment on column audit.landing.run_id is '运行编号; run that fetched it, whose next try need not fetch it again';
create index landing_waiting on audit.landing (group_id) where state = 'landed';
create index landing_stream on audit.landing (county_code, (details ->> 'stream'), landed_at desc)
where state = 'done' and kind = 'database';

create table audit.inbox_file (
    county_code char(6) not null,
    place text not null,
    source text not null,
    landing_id text not null,
    sha256 char(64) not null,
    bytes bigint not null,
    inode numeric(20) not null,
    modified_ns bigint not null,
    changed_ns bigint not null,
    read_at timestamptz not null,
    primary key (county_code, place)
);
comment on table audit.inbox_file is '收件箱文件摘要; digest of each file of the inbox, and by what it is seen that it need not be read again';
comment on column audit.inbox_file.county_code is '县级区划代码; county';
comment on column audit.inbox_file.place is '位置; place in the inbox, identity numbers masked';
comment on column audit.inbox_file.source is '来源类别; labour sales fund work';
comment on column audit.inbox_file.landing_id is '落地编号; landing that this place and content give';
comment on column audit.inbox_file.sha256 is '内容摘要; SHA-256 of the file when it was last read';
comment on column audit.inbox_file.bytes is '字节数; its size then';
comment on column audit.inbox_file.inode is '文件编号; its inode then';
comment on column audit.inbox_file.modified_ns is '修改时间; its modification time then, in nanoseconds since 1970';
comment on column audit.inbox_file.changed_ns is '变更时间; its status change time then (every write moves it, nobody can set it), in nanoseconds since 1970';
comment on column audit.inbox_file.read_at is '读取时间; when it was last read whole, by the machine''s clock';
