"""Logs in by MySQLdb (mysqlclient), as DriversIT expects it."""
import hashlib
import os

import MySQLdb


def connect(password):
    return MySQLdb.connect(
        host="127.0.0.1", port=int(os.environ["PORT"]), user=os.environ["LOGIN_USER"], passwd=password,
        ssl={"ca": os.environ["CA"], "cert": os.environ["CERT"], "key": os.environ["KEY"]})


def value(cursor, sql, column=0):
    cursor.execute(sql)
    return cursor.fetchone()[column]


connection = connect(os.environ["LOGIN_PASSWORD"])
cursor = connection.cursor()
print(value(cursor, "SELECT CURRENT_USER()"))
print(value(cursor, "SHOW STATUS LIKE 'Ssl_version'", 1))
print(hashlib.md5(value(cursor, "SELECT REPEAT('x', 20000000)").encode()).hexdigest())
connection.close()
try:
    connect("wrong")
except MySQLdb.Error as refused:
    print(refused.args[0])
