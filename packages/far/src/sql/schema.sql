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

table dispatcher
  organization_number bigint not null
  connected_at timestamp with time zone not null default now()
  constraint dispatcher_organization_number_fkey FOREIGN KEY (organization_number) REFERENCES organization(organization_number)
  constraint dispatcher_pkey PRIMARY KEY (organization_number)

table dispatcher_sender
  dispatcher bigint not null
  sender bigint not null
  constraint dispatcher_sender_dispatcher_fkey FOREIGN KEY (dispatcher) REFERENCES dispatcher(organization_number)
  constraint dispatcher_sender_pkey PRIMARY KEY (dispatcher, sender)
  constraint dispatcher_sender_sender_fkey FOREIGN KEY (sender) REFERENCES sender(organization_number)
  CREATE INDEX dispatcher_sender_sender ON dispatcher_sender USING btree (sender)

table migration
  number integer not null
  name text not null
  content_hash text not null
  applied_at timestamp with time zone not null default now()
  constraint migration_pkey PRIMARY KEY (number)

table operator
  id smallint not null identity a
  organization_number bigint not null
  name text not null
  domain text not null
  service_address text not null
  ui_address text
  logo text
  connected_at timestamp with time zone not null default now()
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
  constraint organization_name_length CHECK (((char_length(name) >= 2) AND (char_length(name) <= 256)))
  constraint organization_number_form CHECK (((organization_number >= '160000000000'::bigint) AND (organization_number <= '169999999999'::bigint)))
  constraint organization_pkey PRIMARY KEY (organization_number)

table request_log
  call_id uuid not null
  received_at timestamp with time zone not null
  caller bigint
  sender bigint
  duration_ms integer not null
  id_count integer not null
  error_code smallint not null
  operation text not null
  constraint request_log_counts CHECK (((duration_ms >= 0) AND (id_count >= 0) AND (error_code >= 0)))
  constraint request_log_pkey PRIMARY KEY (call_id)
  constraint request_log_sender_fkey FOREIGN KEY (sender) REFERENCES sender(organization_number)
  CREATE INDEX request_log_received_at ON request_log USING brin (received_at)
  CREATE TRIGGER request_log_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON request_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

table sender
  organization_number bigint not null
  connected_at timestamp with time zone not null default now()
  constraint sender_organization_number_fkey FOREIGN KEY (organization_number) REFERENCES organization(organization_number)
  constraint sender_pkey PRIMARY KEY (organization_number)

table sender_preference
  recipient_id bigint not null
  sender bigint not null
  changed_at timestamp with time zone not null
  accepted boolean not null
  constraint sender_preference_pkey PRIMARY KEY (recipient_id, sender)
  constraint sender_preference_recipient_id_fkey FOREIGN KEY (recipient_id) REFERENCES account(recipient_id) ON DELETE CASCADE
  constraint sender_preference_sender_fkey FOREIGN KEY (sender) REFERENCES sender(organization_number)

sequence operator_id_seq as smallint start 1 increment 1

CREATE OR REPLACE FUNCTION refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'table % is append-only', tg_table_name using errcode = 'restrict_violation';
end
$function$
