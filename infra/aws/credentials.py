"""Say who is about to deploy, or why nobody can: `python -m infra.aws.credentials`."""

import shutil
import sys

import boto3
from botocore.exceptions import BotoCoreError, ClientError


def main() -> None:
    """End with what is missing, in words; otherwise name the account."""
    if not shutil.which("npx"):
        sys.exit("Deploying needs npx (Node.js 22 or newer), which runs the CDK's command.")
    try:
        session = boto3.Session()
        identity = session.client("sts", region_name=session.region_name or "us-east-1").get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        sys.exit(
            f"No AWS credentials: {error}\n"
            "Set AWS_PROFILE, or sign in with `aws sso login`; then run `npx aws-cdk@2.1148.1 bootstrap` once per "
            "account and region. `make demo` needs none of this."
        )
    if not session.region_name:
        sys.exit("No region: set AWS_REGION to where the stage is to live.")
    print(f"Deploying to account {identity['Account']}, {session.region_name}.")


if __name__ == "__main__":
    main()
