from django.db import migrations


def install(apps, schema_editor):
    from billing import guard, ledger

    guard.install_ledger_guard()
    ledger.ensure_house_accounts()


def drop(apps, schema_editor):
    from billing import guard

    guard.drop_ledger_guard()


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]
    operations = [migrations.RunPython(install, drop)]
