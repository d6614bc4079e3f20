"""Adapters of the product's ports to AWS: Step Functions, Secrets Manager, S3 and its Object Lock, SNS."""
