-- The mock office: one database a sample. The log can only grow.
create table setting (name text primary key, value text not null);
create table person (
  id text primary key, name text not null unique, mail text not null unique, team text not null,
  role text not null, manager text not null, desk text not null, extension text not null);
create table record (
  person text not null references person, field text not null,
  level text not null check (level in ('low', 'high')), value text not null,
  primary key (person, field));
create table permit (
  person text not null, field text not null, granted integer not null check (granted in (0, 1)),
  asked integer not null default 0, primary key (person, field));
create table contact (
  id text primary key, name text not null, organisation text not null, mail text not null,
  phone text not null);
create table project (
  id text primary key, name text not null unique, lead text not null, status text not null,
  budget_code text not null);
create table message (
  id text primary key, box text not null check (box in ('inbox', 'sent', 'draft')),
  sender text not null, recipients text not null, subject text not null, body text not null,
  day text not null);
create table event (
  id text primary key, title text not null, day text not null, start text not null,
  minutes integer not null, place text not null, organiser text not null,
  attendees text not null, status text not null check (status in ('planned', 'cancelled')));
create table file (path text primary key, owner text not null, text text not null);
create table form_field (
  form text not null, field text not null, position integer not null, text text not null,
  required integer not null check (required in (0, 1)), options text not null default '',
  primary key (form, field));
create table entry (
  form text not null, field text not null, value text not null, primary key (form, field));
create table submission (
  id text not null, form text not null, field text not null, value text not null,
  primary key (id, field));
create table ticket (
  id text primary key, title text not null, text text not null, queue text not null,
  assignee text not null, priority text not null,
  status text not null check (status in ('open', 'waiting', 'closed')));
create table remark (
  id text primary key, ticket text not null references ticket, author text not null,
  text text not null);
create table memory (key text primary key, text text not null);
create table log (
  seq integer primary key autoincrement, session integer not null, turn integer not null,
  kind text not null, tool text not null, target text not null, field text not null,
  value text not null);
create trigger log_keeps_rows before delete on log begin select raise(abort, 'the log only grows'); end;
create trigger log_keeps_values before update on log begin select raise(abort, 'the log only grows'); end;
-- What changed since the last session began: what goals are asked of.
create view change as
  select * from log where kind = 'write' and session = (select max(session) from log);
