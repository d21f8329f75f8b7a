"""The directory of services that help, out of content/helplines: checked on reading, each with its evidence. No web in here."""
