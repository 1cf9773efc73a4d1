"""PyMySQL as a command: see ScriptClient.java."""
import os
import sys

import pymysql
from pymysql.constants import CLIENT


def connect():
    tls = {}
    if "CA" in os.environ:
        tls = dict(
            ssl_ca=os.environ["CA"],
            ssl_cert=os.environ["CERT"],
            ssl_key=os.environ["KEY"],
            ssl_verify_cert=True,
            ssl_verify_identity=True,
        )
    return pymysql.connect(
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        user=os.environ["LOGIN_USER"],
        password=os.environ["LOGIN_PASSWORD"],
        charset="utf8",
        local_infile=True,
        max_allowed_packet=128 << 20,
        **tls,
    )


def value(cursor, sql, *arguments):
    cursor.execute(sql, arguments or None)
    row = cursor.fetchone()
    return None if row is None else row[0]


def query(connection, cursor, *statements):
    for sql in statements:
        answer = value(cursor, sql)
        if cursor.description:
            print(answer)


def ids(connection, cursor):
    print(connection.thread_id())
    print(value(cursor, "SELECT CONNECTION_ID()"))


def prepared(connection, cursor, sql, number, text):
    """PyMySQL has no prepared statements of its own: SQL's are what its users have."""
    cursor.execute("PREPARE s FROM %s", (sql,))
    cursor.execute("SET @number = %s, @text = %s", (int(number), text))
    print(value(cursor, "EXECUTE s USING @number, @text"))


def echo(connection, cursor, file):
    with open(file, "rb") as opened:
        data = opened.read()
    answer = value(cursor, "SELECT CAST(%s AS BINARY) AS v", data)
    with open(file, "wb") as opened:
        opened.write(answer)


def load(connection, cursor, file, rest):
    cursor.execute("LOAD DATA LOCAL INFILE '" + file + "' INTO TABLE " + rest)
    connection.commit()


def cipher(connection, cursor):
    print(connection._sock.cipher()[0])


ACTIONS = dict(query=query, ids=ids, prepared=prepared, echo=echo, load=load, cipher=cipher)


try:
    session = connect()
    ACTIONS[sys.argv[1]](session, session.cursor(), *sys.argv[2:])
except pymysql.err.MySQLError as error:
    sys.exit(" ".join(str(argument) for argument in error.args))
