"""Writes one CSV file with a header per table of TPC-H or TPC-DS.

usage: python3 generate-tpc.py tpch|tpcds SCALE FOLDER   (needs duckdb 0.8.1 on PYTHONPATH)
"""

import os
import sys

import duckdb

kind, scale, folder = sys.argv[1], float(sys.argv[2]), sys.argv[3]
generator = {"tpch": "dbgen", "tpcds": "dsdgen"}[kind]

connection = duckdb.connect()
connection.execute("set threads to 1")
connection.execute(f"load {kind}")
connection.execute(f"call {generator}(sf={scale})")
os.makedirs(folder, exist_ok=True)
for (table,) in connection.execute("select table_name from duckdb_tables()").fetchall():
    path = os.path.join(folder, f"{table}.csv")
    connection.execute(f"copy {table} to '{path}' (format csv, header true)")
