"""Files that nodes read and write: where they lie, what they hold, and how they come to be whole.

``places`` finds them, ``replacing`` and ``appending`` write them, ``tables`` has the records that
``csv_tables`` and ``excel_tables`` bring into text and sheets and back.
"""
