"""Logs in by aiomysql, as DriversIT expects it."""
import asyncio
import hashlib
import os
import ssl

import aiomysql


async def connect(password):
    tls = ssl.create_default_context(cafile=os.environ["CA"])
    tls.load_cert_chain(os.environ["CERT"], os.environ["KEY"])
    return await aiomysql.connect(
        host="127.0.0.1", port=int(os.environ["PORT"]), user=os.environ["LOGIN_USER"], password=password, ssl=tls)


async def value(connection, sql, column=0):
    async with connection.cursor() as cursor:
        await cursor.execute(sql)
        return (await cursor.fetchone())[column]


async def main():
    connection = await connect(os.environ["LOGIN_PASSWORD"])
    print(await value(connection, "SELECT CURRENT_USER()"))
    print(await value(connection, "SHOW STATUS LIKE 'Ssl_version'", 1))
    print(hashlib.md5((await value(connection, "SELECT REPEAT('x', 20000000)")).encode()).hexdigest())
    connection.close()
    try:
        await connect("wrong")
    except aiomysql.Error as refused:
        print((refused.__cause__ or refused).args[0])


asyncio.run(main())
