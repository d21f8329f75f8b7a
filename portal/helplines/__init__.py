"""The directory of services that help, out of content/helplines, each with its evidence. No web in here."""
