-- The application's role on PostgreSQL: it owns nothing, so it can neither drop a guard nor switch it off.
-- Run as the tables' owner after each `lenity setup`, with the role's password set by other means.
-- What only an owner can do, and this role therefore cannot: migrations, `lenity keys rotate`, `lenity records retention`.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lenity_app') THEN
    CREATE ROLE lenity_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
  END IF;
END $$;
GRANT USAGE ON SCHEMA public TO lenity_app;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO lenity_app;
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO lenity_app;
-- Working tables change in place; a borrower's row is locked, which asks for UPDATE. Facts do not change.
GRANT UPDATE ON
  arrangements_budgetdraft,
  debt_collection_caselease, debt_collection_deliveryreceipt, debt_collection_outboxmessage,
  debt_collection_placement,
  delinquency_loanposition,
  django_session,
  intake_apiclient,
  people_borrower, people_contactpoint, people_pointchange, people_signincode, people_staffinvitation, people_staffmember,
  people_staffsession,
  webhooks_endpoint, webhooks_endpointkey, webhooks_webhookmessage
  TO lenity_app;
GRANT DELETE ON
  arrangements_budgetdraft, debt_collection_contactslot, delinquency_loanposition, delinquency_monthend, django_session
  TO lenity_app;
-- Facts whose row is locked while something is decided on it: a lock asks for UPDATE of one column, the guard refuses the change.
REVOKE UPDATE ON lending_loan, intake_bankentry FROM lenity_app;
GRANT UPDATE (id) ON lending_loan, intake_bankentry TO lenity_app;
