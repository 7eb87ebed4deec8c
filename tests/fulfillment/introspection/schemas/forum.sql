-- Rails naming as in a forum: the address of a user stands in another table, pairs of type and id, no declared keys.
create table users (
    id integer primary key, username varchar(60) unique, name varchar, last_seen_at timestamp, ip_address inet,
    registration_ip_address inet, password_hash varchar(64), salt varchar(32), admin boolean, date_of_birth date,
    created_at timestamp
);
insert into users select n, 'user_' || n, 'Maria Costa', now(), '10.0.0.1', '10.0.0.2', md5(n::text), md5(n::text), false,
    '1979-02-03', now() from generate_series(1, 40) n;
create table user_emails (id integer primary key, user_id integer not null, email varchar(513), "primary" boolean);
insert into user_emails select n, n, 'forum' || n || '@example.org', true from generate_series(1, 40) n;
create table user_profiles (user_id integer primary key, location varchar, website varchar, bio_raw text);
insert into user_profiles select n, 'Lisbon', 'https://example.org', 'I like to write about many things' from generate_series(1, 40) n;
create table topics (id integer primary key, title varchar, user_id integer, last_post_user_id integer, category_id integer);
insert into topics select n, 'A topic ' || n, 1 + n % 40, 1 + n % 40, 1 from generate_series(1, 40) n;
create table categories (id integer primary key, name varchar, user_id integer);
insert into categories values (1, 'General', 1);
create table posts (
    id integer primary key, user_id integer, topic_id integer, raw text, cooked text, reply_to_user_id integer,
    last_editor_id integer, deleted_by_id integer, created_at timestamp
);
insert into posts select n, 1 + n % 40, 1 + n % 40, 'some words that somebody wrote ' || n, '<p>some words</p>', null, 1 + n % 3, null, now()
    from generate_series(1, 90) n;
create table user_auth_tokens (id integer primary key, user_id integer, auth_token varchar, user_agent varchar, client_ip inet, seen_at timestamp);
insert into user_auth_tokens select n, 1 + n % 40, md5(n::text), 'Mozilla/5.0', '10.2.2.2', now() from generate_series(1, 50) n;
create table email_logs (id integer primary key, to_address varchar, email_type varchar, user_id integer, created_at timestamp);
insert into email_logs select n, 'forum' || n || '@example.org', 'digest', n, now() from generate_series(1, 40) n;
create table notes (id integer primary key, noteable_type varchar, noteable_id integer, author_id integer, note text);
insert into notes select n, (array['User', 'Topic'])[1 + n % 2], 1 + n % 30, 1 + n % 40, 'a remark that is long enough ' || n
    from generate_series(1, 40) n;
create table user_associated_accounts (id integer primary key, provider_name varchar, provider_uid varchar, user_id integer, info jsonb, credentials jsonb);
insert into user_associated_accounts select n, 'github', (900 + n)::text, n, jsonb_build_object('email', 'gh' || n || '@example.com', 'name', 'Ann'), '{}'
    from generate_series(1, 30) n;
create table schema_migrations (version varchar primary key);
insert into schema_migrations values ('20240101');
create table badges (id integer primary key, name varchar, description text);
create table user_badges (id integer primary key, badge_id integer, user_id integer, granted_by_id integer, granted_at timestamp);
insert into badges values (1, 'First post', 'Wrote one');
insert into user_badges select n, 1, n, 1, now() from generate_series(1, 20) n;
