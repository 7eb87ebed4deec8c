-- Omne ERP as it grew: tables first, keys and indexes after the load (keys.sql), because COPY into bare tables is faster.
create schema crm;

-- people and what they may do
create table accounts (
    id bigint not null, email text not null, phone text, password_hash text not null, display_name text not null,
    language text not null, country text not null, status text not null, created_at timestamptz not null, last_seen_at timestamptz
);
create table profiles (
    account_id bigint not null, given_name text not null, family_name text not null, job_title text, bio text,
    born_on date, picture bytea, interests text[] not null, preferences jsonb not null
);
create table companies (id bigint not null, name text not null, vat_number text not null, country text not null, domain text not null);
create table company_contacts (company_id bigint not null, email text not null, name text not null, duty text not null, phone text);
create table employees (
    id bigint not null, account_id bigint, company_id bigint not null, work_email text not null, full_name text not null,
    employee_number text not null, department text not null, manager_id bigint, hired_on date not null, left_on date
);
create table staff_members (id bigint not null, email text not null, display_name text not null, team text not null, signature text not null);
create table roles (id smallint not null, name text not null, about text not null);
create table role_grants (account_id bigint not null, role_id smallint not null, granted_at timestamptz not null, granted_by text not null);
create table addresses (
    id bigint not null, recipient text not null, street text not null, city text not null, postal_code text not null, country text not null
);
create table account_addresses (account_id bigint not null, address_id bigint not null, kind text not null, since date not null);
create table sso_identities (
    id bigint not null, account_id bigint not null, provider text not null, provider_subject text not null, provider_email text not null, claims jsonb not null
);
create table social_links (account_id bigint not null, network text not null, handle text not null, linked_at timestamptz not null, shared jsonb not null);
create table consents (
    id bigint not null, account_id bigint not null, purpose text not null, granted boolean not null, decided_at timestamptz not null, evidence jsonb not null
);

-- signing in
create table sign_ins (
    id bigint not null, account_id bigint not null, at timestamptz not null, ip inet not null, user_agent text not null, outcome text not null
);
create table sessions (id uuid not null, account_id bigint not null, token text not null, started_at timestamptz not null, ends_at timestamptz not null);
create table api_tokens (
    id bigint not null, account_id bigint not null, label text not null, token_hash text not null, scopes text[] not null, last_used_at timestamptz
);
create table password_history (account_id bigint not null, changed_at timestamptz not null, password_hash text not null);
create table devices (
    id uuid not null, account_id bigint not null, model text not null, system text not null, push_token text not null, first_seen_at timestamptz not null
);
create table fraud_checks (
    id bigint not null, account_id bigint not null, provider text not null, checked_at timestamptz not null, score numeric(5, 4) not null, answer jsonb not null
);

-- buying
create table plans (id smallint not null, name text not null, monthly_price numeric(10, 2) not null);
create table products (id integer not null, sku text not null, name text not null, price numeric(10, 2) not null);
create table subscriptions (
    id bigint not null, account_id bigint not null, plan_id smallint not null, seats integer not null, started_on date not null, ended_on date, cancel_reason text
);
create table payment_methods (
    id bigint not null, account_id bigint not null, kind text not null, holder_name text not null, last_four text not null, expires_on date, processor_token text not null
);
create table quotes (
    id bigint not null, requester_email text not null, requester_name text not null, asked_at timestamptz not null, wish text not null, total numeric(12, 2) not null
);
create table orders (
    id bigint not null, account_id bigint not null, address_id bigint not null, ordered_at timestamptz not null, status text not null, note text
);
create table order_lines (order_id bigint not null, line_no smallint not null, product_id integer not null, quantity integer not null, price numeric(10, 2) not null);
create table invoices (
    id bigint not null, number text not null, account_id bigint not null, order_id bigint not null, bill_to_name text not null, bill_to_email text not null,
    bill_to_address text not null, vat_number text, issued_on date not null, total numeric(12, 2) not null
);
create table invoice_lines (
    invoice_id bigint not null, line_no smallint not null, description text not null, quantity integer not null, amount numeric(12, 2) not null, tax_rate numeric(4, 2) not null
);
create table payments (
    id bigint not null, invoice_id bigint not null, payment_method_id bigint, paid_at timestamptz not null, amount numeric(12, 2) not null, processor_reference text not null
);
create table refunds (id bigint not null, payment_id bigint not null, refunded_at timestamptz not null, amount numeric(12, 2) not null, reason text not null);
create table shipments (
    id bigint not null, order_id bigint not null, carrier text not null, tracking_number text not null, recipient text not null, shipped_at timestamptz not null, delivered_at timestamptz
);

-- talking
create table support_cases (
    id bigint not null, account_id bigint, contact_email text not null, subject text not null, body text not null, status text not null,
    assignee_id bigint, opened_at timestamptz not null, closed_at timestamptz
);
create table case_comments (
    case_id bigint not null, comment_no smallint not null, author_name text not null, author_kind text not null, body text not null, written_at timestamptz not null
);
create table messages (
    id bigint not null, sender_id bigint not null, recipient_id bigint not null, sent_at timestamptz not null, body text not null
);
create table documents (
    id bigint not null, owner_id bigint not null, title text not null, media_type text not null, size_bytes bigint not null, sha256 text not null, tags text[] not null, uploaded_at timestamptz not null
);
create table notifications (
    id bigint not null, account_id bigint not null, channel text not null, template text not null, sent_at timestamptz not null, read_at timestamptz, body text not null
);
create table surveys (id smallint not null, title text not null, opened_on date not null);
create table survey_responses (
    id bigint not null, survey_id smallint not null, respondent_email text not null, answered_at timestamptz not null, answers jsonb not null, remark text
);
create table referrals (
    id bigint not null, referrer_id bigint not null, invited_email text not null, invited_name text not null, invited_at timestamptz not null, accepted boolean not null
);

-- working
create table projects (id bigint not null, company_id bigint not null, name text not null, started_on date not null);
create table project_members (project_id bigint not null, employee_id bigint not null, duty text not null, since date not null);
create table timesheets (
    id bigint not null, employee_id bigint not null, project_id bigint not null, worked_on date not null, minutes integer not null, note text not null
);
create table data_exports (
    id bigint not null, account_id bigint not null, requested_at timestamptz not null, format text not null, row_count integer not null, filter jsonb not null
);
create table audit_log (
    id bigint not null, account_id bigint not null, at timestamptz not null, action text not null, object_type text not null, object_id text not null,
    before jsonb, after jsonb, ip inet not null
);

-- marketing has a schema of its own, linked to people by nothing but the address
create table crm.campaigns (id integer not null, name text not null, started_on date not null);
create table crm.leads (
    id bigint not null, email text not null, name text not null, company text, phone text, partner text not null, score integer not null, received_at timestamptz not null
);
create table crm.newsletter_subscribers (email text not null, newsletter text not null, language text not null, subscribed_at timestamptz not null, left_at timestamptz, unsubscribe_token text not null);
create table crm.marketing_events (
    id bigint not null, email text not null, campaign_id integer not null, kind text not null, at timestamptz not null, details jsonb not null
);

-- the house's own numbers
create table countries (code text not null, name text not null);
create table tax_rates (country text not null, valid_from date not null, rate numeric(4, 2) not null);
create table exchange_rates (currency text not null, valid_on date not null, rate numeric(12, 6) not null);
create table schema_versions (version text not null, applied_at timestamptz not null);

create view active_customers as
    select accounts.id, accounts.email, profiles.given_name, profiles.family_name, accounts.last_seen_at
    from accounts join profiles on profiles.account_id = accounts.id where accounts.status = 'active';

-- what older systems left behind, and nobody has written into a data map
create schema legacy;
create table legacy.customer_history (id bigint not null, changed_at timestamptz not null, changed_by text not null, before jsonb not null, after jsonb not null);
create table legacy.web_sessions (id text not null, payload text not null, seen_at timestamptz not null);
create table legacy.mail_archive (id bigint not null, received_at timestamptz not null, raw bytea not null);
create table legacy.loyalty_cards (number bigint not null, holder_name text not null, contact_email text not null, points integer not null);
