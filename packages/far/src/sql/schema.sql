table account
  recipient_id bigint not null
  registered_at timestamp with time zone not null
  operator_id smallint
  account_type "char" not null
  pending boolean not null
  constraint account_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES operator(id)
  constraint account_pkey PRIMARY KEY (recipient_id)
  constraint account_recipient_id_form CHECK (((recipient_id >= '160000000000'::bigint) AND (recipient_id <= '209999999999'::bigint)))
  constraint account_type_known CHECK ((account_type = ANY (ARRAY['S'::"char", 'A'::"char", 'N'::"char"])))

table account_change
  request_id uuid not null
  recipient_id bigint not null
  changed_at timestamp with time zone not null
  call_id uuid not null
  operator_id smallint not null
  operator_before smallint
  operator_after smallint
  kind "char" not null
  constraint account_change_kind_known CHECK ((kind = ANY (ARRAY['C'::"char", 'D'::"char", 'S'::"char", 'P'::"char", 'W'::"char"])))
  constraint account_change_operator_after_fkey FOREIGN KEY (operator_after) REFERENCES operator(id)
  constraint account_change_operator_before_fkey FOREIGN KEY (operator_before) REFERENCES operator(id)
  constraint account_change_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES operator(id)
  constraint account_change_pkey PRIMARY KEY (request_id)
  CREATE INDEX account_change_changed_at ON account_change USING brin (changed_at) WITH (autosummarize='on', pages_per_range='32')
  CREATE INDEX account_change_recipient ON account_change USING btree (recipient_id, changed_at)
  CREATE TRIGGER account_change_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON account_change FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

table account_day
  day date not null
  counted_at timestamp with time zone not null
  active integer not null
  pending integer not null
  operator_id smallint not null
  constraint account_day_pkey PRIMARY KEY (day, operator_id)

table account_load
  content_key bytea not null
  started_at timestamp with time zone not null
  saved_at timestamp with time zone not null
  finished_at timestamp with time zone
  byte_count bigint not null
  content_digest bytea not null
  line_count bigint not null
  inserted_count bigint not null
  replaced_count bigint not null
  kept_count bigint not null
  rejected_count bigint not null
  reject_byte_count bigint not null
  constraint account_load_hashes CHECK (((octet_length(content_key) = 32) AND (octet_length(content_digest) = 32)))
  constraint account_load_pkey PRIMARY KEY (content_key)

table account_request
  id uuid not null
  recipient_id bigint not null
  created_at timestamp with time zone not null
  operator_id smallint not null
  kind "char" not null
  account_type "char"
  request_date text
  agreement_text text not null
  accepted_senders bigint[]
  constraint account_request_date CHECK (((request_date IS NOT NULL) = (kind = ANY (ARRAY['C'::"char", 'D'::"char"]))))
  constraint account_request_kind_known CHECK ((kind = ANY (ARRAY['C'::"char", 'D'::"char", 'S'::"char", 'P'::"char"])))
  constraint account_request_one_of_kind UNIQUE (recipient_id, kind)
  constraint account_request_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES operator(id)
  constraint account_request_pkey PRIMARY KEY (id)
  constraint account_request_senders CHECK (((accepted_senders IS NOT NULL) = (kind = 'P'::"char")))
  constraint account_request_type CHECK (((account_type IS NOT NULL) = (kind = 'C'::"char")))
  CREATE INDEX account_request_operator ON account_request USING btree (operator_id)

table account_signature
  signed_digest bytea not null
  request_id uuid not null
  recipient_id bigint not null
  signer bigint not null
  signed_at timestamp with time zone not null
  received_at timestamp with time zone not null
  call_id uuid not null
  operator_id smallint not null
  kind "char" not null
  signer_name text not null
  nonce text not null
  document bytea not null
  constraint account_signature_digest_length CHECK ((octet_length(signed_digest) = 32))
  constraint account_signature_kind_known CHECK ((kind = ANY (ARRAY['C'::"char", 'D'::"char", 'S'::"char", 'P'::"char"])))
  constraint account_signature_nonce UNIQUE (signer, nonce)
  constraint account_signature_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES operator(id)
  constraint account_signature_pkey PRIMARY KEY (signed_digest)
  CREATE INDEX account_signature_request ON account_signature USING btree (request_id)
  CREATE TRIGGER account_signature_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON account_signature FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

table audit_event
  id bigint not null identity a
  at timestamp with time zone not null
  organization_number bigint
  subject text not null
  name text not null
  what text not null
  before jsonb
  after jsonb
  constraint audit_event_organization_number_fkey FOREIGN KEY (organization_number) REFERENCES organization(organization_number)
  constraint audit_event_pkey PRIMARY KEY (id)
  CREATE INDEX audit_event_at ON audit_event USING btree (at)
  CREATE INDEX audit_event_organization ON audit_event USING btree (organization_number, id)
  CREATE TRIGGER audit_event_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

table caller_operation
  caller bigint not null
  first_at timestamp with time zone not null
  last_at timestamp with time zone not null
  error_code smallint not null
  operation text not null
  several_at timestamp with time zone
  constraint caller_operation_pkey PRIMARY KEY (caller, operation, error_code)

table certificate
  fingerprint bytea not null
  organization_number bigint not null
  valid_from timestamp with time zone not null
  valid_to timestamp with time zone not null
  registered_at timestamp with time zone not null
  retired_at timestamp with time zone
  subject text not null
  issuer text not null
  purposes text[] not null
  registered_by text not null
  retired_reason text
  retired_by text
  der bytea not null
  constraint certificate_fingerprint_length CHECK ((octet_length(fingerprint) = 32))
  constraint certificate_organization_number_fkey FOREIGN KEY (organization_number) REFERENCES organization(organization_number)
  constraint certificate_pkey PRIMARY KEY (fingerprint)
  constraint certificate_purposes_known CHECK (((cardinality(purposes) > 0) AND (purposes <@ ARRAY['tls'::text, 'signing'::text])))
  constraint certificate_retired_whole CHECK ((num_nulls(retired_at, retired_reason, retired_by) = ANY (ARRAY[0, 3])))
  CREATE INDEX certificate_expiry ON certificate USING btree (valid_to) WHERE (retired_at IS NULL)
  CREATE INDEX certificate_organization ON certificate USING btree (organization_number)

table company
  organization_number bigint not null
  name text not null
  company_form text not null
  signing_rule "char" not null
  signatures_needed smallint
  rule_text text not null
  constraint company_number_form CHECK (((organization_number >= '160000000000'::bigint) AND (organization_number <= '169999999999'::bigint)))
  constraint company_pkey PRIMARY KEY (organization_number)
  constraint company_rule_known CHECK ((signing_rule = ANY (ARRAY['E'::"char", 'T'::"char", 'B'::"char", 'U'::"char"])))
  constraint company_signatures_needed CHECK ((NOT ((signatures_needed >= 2) IS DISTINCT FROM
CASE signing_rule
    WHEN 'T'::"char" THEN true
    ELSE NULL::boolean
END)))

table company_person
  organization_number bigint not null
  person_id bigint not null
  name text not null
  is_signatory boolean not null
  is_board_member boolean not null
  role text
  constraint company_person_form CHECK (((person_id >= '180000000000'::bigint) AND (person_id <= '209999999999'::bigint)))
  constraint company_person_organization_number_fkey FOREIGN KEY (organization_number) REFERENCES company(organization_number) ON DELETE CASCADE
  constraint company_person_pkey PRIMARY KEY (organization_number, person_id)
  CREATE INDEX company_person_person ON company_person USING btree (person_id)

table connection
  id uuid not null
  organization_number bigint not null
  applied_at timestamp with time zone not null
  step_since timestamp with time zone not null
  agreement_on date
  conformance_at timestamp with time zone
  roles text[] not null
  step text not null
  agreement_reference text
  agreement_signed_by text
  conformance text
  conformance_reason text
  conformance_by text
  ended_reason text
  constraint connection_agreement_whole CHECK ((num_nulls(agreement_on, agreement_reference, agreement_signed_by) = ANY (ARRAY[0, 3])))
  constraint connection_conformance_known CHECK ((conformance = ANY (ARRAY['passed'::text, 'waived'::text])))
  constraint connection_conformance_whole CHECK ((num_nulls(conformance, conformance_at, conformance_reason, conformance_by) = ANY (ARRAY[0, 4])))
  constraint connection_ended CHECK (((ended_reason IS NOT NULL) = (step = ANY (ARRAY['rejected'::text, 'withdrawn'::text, 'closed'::text]))))
  constraint connection_organization_number_fkey FOREIGN KEY (organization_number) REFERENCES organization(organization_number)
  constraint connection_pkey PRIMARY KEY (id)
  constraint connection_roles_known CHECK (((cardinality(roles) > 0) AND (roles <@ ARRAY['sender'::text, 'dispatcher'::text, 'operator'::text, 'forwarder'::text])))
  constraint connection_step_known CHECK ((step = ANY (ARRAY['application'::text, 'agreement'::text, 'technicalTest'::text, 'production'::text, 'rejected'::text, 'withdrawn'::text, 'closed'::text])))
  CREATE INDEX connection_organization ON connection USING btree (organization_number)
  CREATE UNIQUE INDEX connection_one_in_progress ON connection USING btree (organization_number) WHERE (step = ANY (ARRAY['application'::text, 'agreement'::text, 'technicalTest'::text]))

table consent
  organization_number bigint not null
  person_id bigint not null
  granted_at timestamp with time zone not null
  cancelled_at timestamp with time zone
  grant_type text not null
  constraint consent_company_form CHECK (((organization_number >= '160000000000'::bigint) AND (organization_number <= '169999999999'::bigint)))
  constraint consent_grant_type_known CHECK ((grant_type = ANY (ARRAY['ConsentManage'::text, 'ConsentReadExtendUnread'::text, 'ConsentRead'::text])))
  constraint consent_person_form CHECK (((person_id >= '180000000000'::bigint) AND (person_id <= '209999999999'::bigint)))
  constraint consent_pkey PRIMARY KEY (organization_number, person_id, grant_type)
  CREATE INDEX consent_person ON consent USING btree (person_id)

table contact_person
  id uuid not null
  organization_number bigint not null
  personal_number bigint
  added_at timestamp with time zone not null
  name text not null
  email text not null
  constraint contact_person_number_form CHECK (((personal_number >= '180000000000'::bigint) AND (personal_number <= '209999999999'::bigint)))
  constraint contact_person_organization_number_fkey FOREIGN KEY (organization_number) REFERENCES organization(organization_number)
  constraint contact_person_pkey PRIMARY KEY (id)
  CREATE INDEX contact_person_organization ON contact_person USING btree (organization_number)

table dispatcher
  organization_number bigint not null
  connected_at timestamp with time zone not null default now()
  admitted boolean not null default false
  constraint dispatcher_organization_number_fkey FOREIGN KEY (organization_number) REFERENCES organization(organization_number)
  constraint dispatcher_pkey PRIMARY KEY (organization_number)

table dispatcher_sender
  dispatcher bigint not null
  sender bigint not null
  consent_reference text
  recorded_at timestamp with time zone
  recorded_by text
  constraint dispatcher_sender_dispatcher_fkey FOREIGN KEY (dispatcher) REFERENCES dispatcher(organization_number)
  constraint dispatcher_sender_pkey PRIMARY KEY (dispatcher, sender)
  constraint dispatcher_sender_sender_fkey FOREIGN KEY (sender) REFERENCES sender(organization_number)
  CREATE INDEX dispatcher_sender_sender ON dispatcher_sender USING btree (sender)

table forwarder
  organization_number bigint not null
  connected_at timestamp with time zone not null default now()
  admitted boolean not null default false
  constraint forwarder_organization_number_fkey FOREIGN KEY (organization_number) REFERENCES organization(organization_number)
  constraint forwarder_pkey PRIMARY KEY (organization_number)

table migration
  number integer not null
  name text not null
  content_hash text not null
  applied_at timestamp with time zone not null default now()
  constraint migration_pkey PRIMARY KEY (number)

table movement_day
  day date not null
  registered integer not null
  moved_in integer not null
  moved_out integer not null
  deregistered integer not null
  operator_id smallint not null
  constraint movement_day_pkey PRIMARY KEY (day, operator_id)

table operator
  id smallint not null identity a
  organization_number bigint not null
  name text not null
  domain text not null
  service_address text not null
  ui_address text
  logo text
  connected_at timestamp with time zone not null default now()
  admitted boolean not null default false
  left_at timestamp with time zone
  constraint operator_domain UNIQUE (domain)
  constraint operator_domain_form CHECK (((domain = lower(domain)) AND (domain ~ '^[a-z0-9][a-z0-9.-]*$'::text)))
  constraint operator_name_length CHECK (((char_length(name) >= 2) AND (char_length(name) <= 256)))
  constraint operator_organization_number UNIQUE (organization_number)
  constraint operator_organization_number_fkey FOREIGN KEY (organization_number) REFERENCES organization(organization_number)
  constraint operator_pkey PRIMARY KEY (id)

table organization
  organization_number bigint not null
  name text not null
  registered_at timestamp with time zone not null default now()
  version integer not null default 1
  suspended_at timestamp with time zone
  suspended_reason text
  suspended_by text
  constraint organization_name_length CHECK (((char_length(name) >= 2) AND (char_length(name) <= 256)))
  constraint organization_number_form CHECK (((organization_number >= '160000000000'::bigint) AND (organization_number <= '169999999999'::bigint)))
  constraint organization_pkey PRIMARY KEY (organization_number)
  constraint organization_suspension CHECK ((((suspended_at IS NULL) = (suspended_reason IS NULL)) AND ((suspended_at IS NULL) = (suspended_by IS NULL))))

table population_person
  person_id bigint not null
  name text not null
  deceased_on date
  protected_identity boolean not null default false
  constraint population_person_form CHECK (((person_id >= '180000000000'::bigint) AND (person_id <= '209999999999'::bigint)))
  constraint population_person_pkey PRIMARY KEY (person_id)

table request_day
  day date not null
  caller bigint not null
  ids bigint not null
  calls integer not null
  error_code smallint not null
  operation text not null
  ms_1 integer not null
  ms_2 integer not null
  ms_3 integer not null
  ms_5 integer not null
  ms_8 integer not null
  ms_12 integer not null
  ms_20 integer not null
  ms_30 integer not null
  ms_50 integer not null
  ms_80 integer not null
  ms_150 integer not null
  ms_300 integer not null
  ms_600 integer not null
  ms_1200 integer not null
  ms_3000 integer not null
  ms_more integer not null
  constraint request_day_pkey PRIMARY KEY (day, caller, operation, error_code)
  CREATE INDEX request_day_caller ON request_day USING btree (caller, day)

table request_hour
  hour timestamp with time zone not null
  caller bigint not null
  ids bigint not null
  calls integer not null
  error_code smallint not null
  operation text not null
  ms_1 integer not null
  ms_2 integer not null
  ms_3 integer not null
  ms_5 integer not null
  ms_8 integer not null
  ms_12 integer not null
  ms_20 integer not null
  ms_30 integer not null
  ms_50 integer not null
  ms_80 integer not null
  ms_150 integer not null
  ms_300 integer not null
  ms_600 integer not null
  ms_1200 integer not null
  ms_3000 integer not null
  ms_more integer not null
  constraint request_hour_pkey PRIMARY KEY (hour, caller, operation, error_code)
  CREATE INDEX request_hour_caller ON request_hour USING btree (caller, hour)

table request_log partition by RANGE (received_at)
  call_id uuid not null
  received_at timestamp with time zone not null
  caller bigint
  sender bigint
  duration_ms integer not null
  id_count integer not null
  error_code smallint not null
  operation text not null
  constraint request_log_counts CHECK (((duration_ms >= 0) AND (id_count >= 0) AND (error_code >= 0)))
  constraint request_log_pkey PRIMARY KEY (call_id, received_at)
  constraint request_log_sender_fkey FOREIGN KEY (sender) REFERENCES sender(organization_number)
  CREATE INDEX request_log_caller_refused ON ONLY request_log USING btree (caller, received_at) WHERE (error_code <> 0)
  CREATE INDEX request_log_received_at ON ONLY request_log USING brin (received_at) WITH (autosummarize='on', pages_per_range='32')
  CREATE INDEX request_log_refused ON ONLY request_log USING btree (received_at) WHERE (error_code <> 0)
  CREATE TRIGGER request_log_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON request_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

table sender
  organization_number bigint not null
  connected_at timestamp with time zone not null default now()
  admitted boolean not null default false
  constraint sender_organization_number_fkey FOREIGN KEY (organization_number) REFERENCES organization(organization_number)
  constraint sender_pkey PRIMARY KEY (organization_number)

table sender_asked
  sender bigint not null
  caller bigint not null
  first_at timestamp with time zone not null
  last_at timestamp with time zone not null
  constraint sender_asked_pkey PRIMARY KEY (sender, caller)
  constraint sender_asked_sender_fkey FOREIGN KEY (sender) REFERENCES sender(organization_number)

table sender_preference
  recipient_id bigint not null
  sender bigint not null
  changed_at timestamp with time zone not null
  accepted boolean not null
  constraint sender_preference_pkey PRIMARY KEY (recipient_id, sender)
  constraint sender_preference_recipient_id_fkey FOREIGN KEY (recipient_id) REFERENCES account(recipient_id) ON DELETE CASCADE
  constraint sender_preference_sender_fkey FOREIGN KEY (sender) REFERENCES sender(organization_number)

table statistics_progress
  requests_until timestamp with time zone
  movements_until date
  counted_at timestamp with time zone
  is_only_row boolean not null default true
  constraint statistics_progress_one_row CHECK (is_only_row)
  constraint statistics_progress_pkey PRIMARY KEY (is_only_row)

table web_session
  token_hash bytea not null
  subject text not null
  principal jsonb not null
  id_token text
  created_at timestamp with time zone not null
  last_seen_at timestamp with time zone not null
  expires_at timestamp with time zone not null
  constraint web_session_pkey PRIMARY KEY (token_hash)
  CREATE INDEX web_session_expires_at_idx ON web_session USING btree (expires_at)
  CREATE INDEX web_session_subject_idx ON web_session USING btree (subject)

sequence audit_event_id_seq as bigint start 1 increment 1

sequence operator_id_seq as smallint start 1 increment 1

CREATE OR REPLACE FUNCTION create_request_log_month(month date)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  name text := 'request_log_' || to_char(month, 'YYYY_MM');
  first_day timestamp := date_trunc('month', month);
begin
  if to_regclass(name) is not null then
    return;
  end if;
  -- Who comes second waits here until the first one's month is there, and then meets it.
  perform pg_advisory_xact_lock(hashtextextended('request_log_month.' || current_schema(), 0));
  execute format('create table %I (like request_log including all)', name);
  execute format(
    'create trigger request_log_append_only before update or delete or truncate on %I
     for each statement execute function refuse_change()', name);
  execute format('alter table request_log attach partition %I for values from (%L) to (%L)', name,
    first_day at time zone 'UTC', (first_day + interval '1 month') at time zone 'UTC');
exception
  when duplicate_table then
    return;
end
$function$

CREATE OR REPLACE FUNCTION drop_request_log_months(before timestamp with time zone)
 RETURNS SETOF text
 LANGUAGE plpgsql
AS $function$
declare
  month record;
begin
  for month in
    select months.name from request_log_months() as months
    where months.ends_at <= least(before, (select coalesce(requests_until, '-infinity') from statistics_progress))
    order by months.starts_at
  loop
    execute format('drop table %I', month.name);
    return next month.name;
  end loop;
end
$function$

CREATE OR REPLACE FUNCTION refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'table % is append-only', tg_table_name using errcode = 'restrict_violation';
end
$function$

CREATE OR REPLACE FUNCTION request_log_months()
 RETURNS TABLE(name text, starts_at timestamp with time zone, ends_at timestamp with time zone)
 LANGUAGE sql
 STABLE
AS $function$
  select relname::text, first_day at time zone 'UTC', (first_day + interval '1 month') at time zone 'UTC'
  from pg_inherits
  join pg_class on pg_class.oid = inhrelid
  cross join lateral (select to_date(right(relname, 7), 'YYYY_MM')::timestamp as first_day) as month
  where inhparent = 'request_log'::regclass
$function$
