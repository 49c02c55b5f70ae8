"""What people would pick without this project, each at its best sensible form; none of them knows our code.

Every peer reads the same pages (environment ``BENCH_PAGES``: one page of 100 orders a line) and leaves
the orders in one table of ``BENCH_URL``'s database, unique by seller and order number. Pages are parsed,
types are cast and the merge is done inside the clock; imports are not.
"""
