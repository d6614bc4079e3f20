"""Whoever talks to Step Functions, Secrets Manager and S3: the product's ports on AWS."""
