"""The room of help: whom to call, write to or report to, country by country."""
