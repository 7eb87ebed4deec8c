-- WordPress and WooCommerce naming: a prefix, no declared keys, names of people as meta values.
create table wp_users (
    "ID" bigint primary key, user_login varchar(60), user_pass varchar(255), user_nicename varchar(50),
    user_email varchar(100), user_url varchar(100), user_registered timestamp, user_activation_key varchar(255),
    user_status int, display_name varchar(250)
);
insert into wp_users select n, 'login' || n, '$P$B' || md5(n::text), 'login-' || n, 'w' || n || '@example.org', '',
    now(), '', 0, (array['Anna Berg', 'Peter Lund', 'Maria Costa'])[1 + n % 3] from generate_series(1, 40) n;
create table wp_usermeta (umeta_id bigint primary key, user_id bigint, meta_key varchar(255), meta_value text);
insert into wp_usermeta select n, 1 + n % 40, 'nickname', 'login' || n from generate_series(1, 80) n;
create table wp_posts (
    "ID" bigint primary key, post_author bigint, post_date timestamp, post_content text, post_title text,
    post_status varchar(20), post_parent bigint, guid varchar(255)
);
insert into wp_posts select 1000 + n, 1 + n % 40, now(), 'Some words about things and more things ' || n, 'Title ' || n,
    'publish', 0, 'https://blog.example.org/?p=' || n from generate_series(1, 60) n;
create table wp_comments (
    "comment_ID" bigint primary key, "comment_post_ID" bigint, comment_author text, comment_author_email varchar(100),
    "comment_author_IP" varchar(100), comment_date timestamp, comment_content text, comment_agent varchar(255),
    user_id bigint
);
insert into wp_comments select n, 1000 + n, 'Peter Lund', 'reader' || n || '@example.com', '10.1.2.' || n, now(),
    'I think that this is a good text ' || n, 'Mozilla/5.0 (X11; Linux)', n % 41 from generate_series(1, 50) n;
create table wp_wc_orders (
    id bigint primary key, status varchar(20), currency varchar(10), total_amount numeric(26, 8), customer_id bigint,
    billing_email varchar(320), ip_address varchar(100), user_agent text, customer_note text, date_created_gmt timestamp
);
insert into wp_wc_orders select 5000 + n, 'wc-completed', 'EUR', n, n % 41, 'buyer' || n || '@example.net', '10.9.8.' || n,
    'Mozilla/5.0 (iPhone)', '', now() from generate_series(1, 50) n;
create table wp_wc_order_addresses (
    id bigint primary key, order_id bigint, address_type varchar(20), first_name text, last_name text, company text,
    address_1 text, city text, postcode text, country text, email varchar(320), phone varchar(100)
);
insert into wp_wc_order_addresses select n, 5000 + n, 'billing', 'Anna', 'Berg', '', 'Gatan ' || n, 'Lund', '223 50', 'SE',
    'buyer' || n || '@example.net', '+46 70 123 45 ' || n from generate_series(10, 50) n;
create table wp_options (option_id bigint primary key, option_name varchar(191), option_value text);
insert into wp_options values (1, 'admin_email', 'owner@example.org'), (2, 'blogname', 'A blog');
create table wp_terms (term_id bigint primary key, name varchar(200), slug varchar(200));
insert into wp_terms values (1, 'News', 'news'), (2, 'Food', 'food');
