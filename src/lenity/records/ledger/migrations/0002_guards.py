"""The database refuses what the ledger's rules forbid. See `docs/decisions/0003-ledger-seal.md`."""

from django.db import migrations

from lenity.records.append_only import append_only, run

SQLITE = """
CREATE TRIGGER ledger_posting_integers BEFORE INSERT ON ledger_posting
WHEN typeof(NEW.amount_minor) <> 'integer'
BEGIN SELECT RAISE(ABORT, 'an amount is a whole number of minor units'); END;
CREATE TRIGGER ledger_posting_open BEFORE INSERT ON ledger_posting
WHEN EXISTS (SELECT 1 FROM ledger_seal WHERE transaction_id = NEW.transaction_id)
BEGIN SELECT RAISE(ABORT, 'this transaction is sealed; book another one'); END;
CREATE TRIGGER ledger_posting_born BEFORE INSERT ON ledger_posting
WHEN NOT EXISTS (SELECT 1 FROM ledger_ledgertransaction WHERE id = NEW.transaction_id)
BEGIN SELECT RAISE(ABORT, 'a posting joins a transaction that is being booked'); END;
CREATE TRIGGER ledger_posting_currency BEFORE INSERT ON ledger_posting
WHEN NEW.currency IS NOT (SELECT currency FROM ledger_ledgeraccount WHERE id = NEW.account_id)
BEGIN SELECT RAISE(ABORT, 'a posting has the currency of its account'); END;
CREATE TRIGGER ledger_seal_check BEFORE INSERT ON ledger_seal
WHEN (SELECT count(*) FROM ledger_posting WHERE transaction_id = NEW.transaction_id) < 2
  OR EXISTS (SELECT 1 FROM ledger_posting WHERE transaction_id = NEW.transaction_id
             GROUP BY currency HAVING sum(amount_minor) <> 0)
  OR NOT EXISTS (SELECT 1 FROM ledger_ledgertransaction WHERE id = NEW.transaction_id)
BEGIN SELECT RAISE(ABORT, 'a transaction has two postings or more that sum to zero in each currency'); END;
"""

POSTGRESQL = """
CREATE SEQUENCE ledger_transaction_number;
ALTER TABLE ledger_ledgertransaction ADD COLUMN born xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE FUNCTION ledger_posting_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM ledger_seal WHERE transaction_id = NEW.transaction_id) THEN
    RAISE EXCEPTION 'this transaction is sealed; book another one' USING ERRCODE = 'check_violation';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM ledger_ledgertransaction
                 WHERE id = NEW.transaction_id AND born = pg_current_xact_id()) THEN
    RAISE EXCEPTION 'a posting joins a transaction that is being booked' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.currency IS DISTINCT FROM (SELECT currency FROM ledger_ledgeraccount WHERE id = NEW.account_id) THEN
    RAISE EXCEPTION 'a posting has the currency of its account' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_posting_guard BEFORE INSERT ON ledger_posting
FOR EACH ROW EXECUTE FUNCTION ledger_posting_guard();
CREATE FUNCTION ledger_born_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.born := pg_current_xact_id(); RETURN NEW; END $$;
CREATE TRIGGER ledger_born_guard BEFORE INSERT ON ledger_ledgertransaction
FOR EACH ROW EXECUTE FUNCTION ledger_born_guard();
CREATE FUNCTION ledger_seal_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT count(*) FROM ledger_posting WHERE transaction_id = NEW.transaction_id) < 2
     OR EXISTS (SELECT 1 FROM ledger_posting WHERE transaction_id = NEW.transaction_id
                GROUP BY currency HAVING sum(amount_minor) <> 0)
     OR NOT EXISTS (SELECT 1 FROM ledger_ledgertransaction
                    WHERE id = NEW.transaction_id AND born = pg_current_xact_id()) THEN
    RAISE EXCEPTION 'a transaction has two postings or more that sum to zero in each currency'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_seal_guard BEFORE INSERT ON ledger_seal
FOR EACH ROW EXECUTE FUNCTION ledger_seal_guard();
"""


def forwards(apps, editor):
    run(editor, POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [
        migrations.RunPython(forwards, elidable=False),
        append_only("ledger_ledgertransaction", "ledger_posting", "ledger_seal", "ledger_ledgeraccount"),
    ]
