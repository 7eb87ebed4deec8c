-- Odoo naming: every table says who made the row, people and companies share one table, pairs of model and id.
create table res_partner (
    id integer primary key, name varchar, company_id integer, parent_id integer, is_company boolean, lang varchar, vat varchar,
    street varchar, street2 varchar, zip varchar, city varchar, country_id integer, email varchar, phone varchar, mobile varchar,
    function varchar, comment text, create_uid integer, write_uid integer, create_date timestamp
);
insert into res_partner select n, 'Peter Lund', 1, null, false, 'sv_SE', '', 'Storgatan ' || n, null, '111 22', 'Stockholm', 1,
    'p' || n || '@example.se', '+46 8 123 ' || 1000 + n, '', 'Buyer', 'likes to be called in the morning hours', 1, 2, now() from generate_series(1, 50) n;
create table res_users (
    id integer primary key, login varchar unique, password varchar, partner_id integer, company_id integer, signature text,
    totp_secret varchar, create_uid integer, write_uid integer
);
insert into res_users select n, 'p' || n || '@example.se', '$pbkdf2-sha512$25000$' || md5(n::text), n, 1, '', '', 1, 2 from generate_series(1, 9) n;
create table res_company (id integer primary key, name varchar, partner_id integer, create_uid integer, write_uid integer);
insert into res_company values (1, 'The company', 50, 1, 1);
create table res_country (id integer primary key, name varchar, code varchar, create_uid integer, write_uid integer);
insert into res_country values (1, 'Sweden', 'SE', 1, 1);
create table sale_order (
    id integer primary key, name varchar, partner_id integer, user_id integer, company_id integer, client_order_ref varchar,
    note text, amount_total numeric, create_uid integer, write_uid integer
);
insert into sale_order select n, 'S000' || n, 1 + n % 50, 1 + n % 9, 1, '', '', n, 1, 2 from generate_series(1, 60) n;
create table sale_order_line (
    id integer primary key, order_id integer, product_id integer, name text, price_unit numeric, create_uid integer, write_uid integer
);
insert into sale_order_line select n, 1 + n % 60, 1, 'Thing', n, 1, 2 from generate_series(1, 90) n;
create table product_product (id integer primary key, default_code varchar, create_uid integer, write_uid integer);
insert into product_product values (1, 'T-1', 1, 1);
create table account_move (
    id integer primary key, name varchar, partner_id integer, invoice_date date, amount_total numeric, create_uid integer, write_uid integer
);
insert into account_move select n, 'INV/' || n, 1 + n % 50, '2025-01-01', n, 1, 2 from generate_series(1, 60) n;
create table mail_message (
    id integer primary key, subject varchar, body text, email_from varchar, author_id integer, model varchar, res_id integer,
    create_uid integer, write_uid integer
);
insert into mail_message select n, '', 'Dear all, this is what we talked about ' || n, 'p' || n || '@example.se', n, 'res.partner', n, 1, 2 from generate_series(1, 50) n;
create table hr_employee (
    id integer primary key, name varchar, user_id integer, work_email varchar, private_phone varchar, birthday date, gender varchar,
    identification_id varchar, passport_id varchar, marital varchar, parent_id integer, create_uid integer, write_uid integer
);
insert into hr_employee select n, 'Anna Berg', n, 'p' || n || '@example.se', '+46 70 ' || 1000000 + n, '1980-04-05', 'female', '19800405-12' || n, '', 'single', null, 1, 2
    from generate_series(1, 9) n;
create table ir_config_parameter (id integer primary key, key varchar, value text, create_uid integer, write_uid integer);
insert into ir_config_parameter values (1, 'database.secret', 'x', 1, 1);
alter table res_users add foreign key (partner_id) references res_partner (id);
alter table sale_order add foreign key (partner_id) references res_partner (id);
alter table sale_order add foreign key (user_id) references res_users (id);
alter table sale_order_line add foreign key (order_id) references sale_order (id);
