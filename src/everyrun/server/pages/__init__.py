"""Pages that the server draws itself, until the page is there: they load nothing from anywhere."""
