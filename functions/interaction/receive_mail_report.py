"""SES reports what became of a mail."""

from followthrough.confirmation.receipts import receive_mail_report
from followthrough.handlers.mail_reports import mail_report_entry

handler = mail_report_entry(receive_mail_report)
