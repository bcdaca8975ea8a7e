"""Facts from outside: fetched from open interfaces on the web, stored with their date and licence, and loaded."""
