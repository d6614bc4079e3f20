"""SES reports what became of a mail."""

from followthrough.confirmation.receipts import take
from followthrough.handlers.mail_reports import mail_report_entry

handler = mail_report_entry(take)
