"""SES reports what became of a mail."""

from followthrough.handlers.delivery_reports import mail_report_entry

handler = mail_report_entry()
