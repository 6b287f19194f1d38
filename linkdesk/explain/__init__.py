"""The catalogue of errors, laid out to be looked things up in: by our code or the vendor's."""
