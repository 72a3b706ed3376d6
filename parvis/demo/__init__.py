"""A fictional population for any territory, and the accounts one can borrow."""
