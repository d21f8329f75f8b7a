"""Runs migrations on the connection that `portal.database.schema` gives."""

from alembic import context

from portal.database.model import Model

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Model.metadata,
    render_as_batch=True,
    transactional_ddl=False,  # the transaction is the caller's
)
context.run_migrations()
