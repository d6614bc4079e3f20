"""An operator uploaded a tenant's configuration to S3."""

from followthrough.handlers.publish import publish_entry

handler = publish_entry()
