-- sqlfluff:dialect:duckdb
-- rows to be loaded, as lines in PostgreSQL's text format.
-- grain: one row an item that passed. reads: typed rows of a chunk, numbered (rows left out, or the only ones wanted).
copy (
    select {line} as line
    from (
        select
            row_no,
            {columns},
            digest_of({joined}) as row_hash
        from {conformed}
        where is_sound and (row_no in (select n.row_no from numbered as n)) = {are_wanted}
    ) as d
) to {file} (format csv, header false, delimiter '\x01', quote '', escape '', nullstr '', use_tmp_file false)
