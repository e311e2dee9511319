-- The application's role on PostgreSQL: it owns nothing, so it can neither drop a guard nor switch it off.
-- Run as the tables' owner after `lenity setup`, with the role's password set by other means.
CREATE ROLE lenity_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
GRANT USAGE ON SCHEMA public TO lenity_app;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO lenity_app;
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO lenity_app;
-- Working tables change in place; a borrower's row is locked, which asks for UPDATE.
GRANT UPDATE ON people_borrower, people_contactpoint, people_staffmember, people_signincode,
  debt_collection_outboxmessage, debt_collection_deliveryreceipt, webhooks_endpoint,
  webhooks_endpointkey, webhooks_webhookmessage, intake_helperaccess, intake_apiclient,
  intake_idempotentrequest, lending_loan, delinquency_loanposition, debt_collection_placement, debt_collection_caselease, django_session TO lenity_app;
GRANT DELETE ON debt_collection_contactslot, intake_idempotentrequest, django_session, delinquency_loanposition TO lenity_app;
