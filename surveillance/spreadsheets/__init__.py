"""Tables as files that people open in Excel: CSV and XLSX, written safely and read strictly. Pure.

    writing.csv_lines(columns, rows), writing.write_xlsx(out, [Table(…)])
    reading.read(content, columns=…) -> Sheet

What is written holds no live formula and is never cut; what is written comes back as it was when
it is read.
"""
