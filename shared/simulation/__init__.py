"""Pure behaviour of the sandbox systems; infra/local only serves them."""
