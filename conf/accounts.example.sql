-- Rules for mysql-tls-proxy: --accounts=accounts.sql
--
-- What a server with OpenSSL would be told: GRANT, CREATE USER or ALTER USER with REQUIRE or
-- ACCOUNT LOCK. SHOW GRANTS and SHOW CREATE USER can be pasted: mysql -N -B -r -e 'SHOW GRANTS ...'.
-- The proxy reads who may come in from where; the server keeps passwords and privileges. The
-- server's own accounts see the proxy's address and carry no REQUIRE.
--
-- Rows are tried in MySQL's order: addresses, networks, then names and patterns by their first
-- wildcard; '%' last. An account that is not here, or has no REQUIRE here, gets --require.

-- Anyone with a certificate of the CA, from this network only.
CREATE USER 'app'@'10.0.%' REQUIRE X509;

-- One person: the certificate's name, as openssl x509 -noout -subject -nameopt compat prints it.
GRANT SELECT ON shop.* TO 'laura'@'%'
  REQUIRE SUBJECT '/C=US/O=Example/CN=laura' AND ISSUER '/O=Example/CN=Example CA';

-- The same in the spelling of RFC 4514. The order of the parts does not matter. As in every quoted
-- text of MySQL, a backslash is written twice.
ALTER USER 'smith'@'10.0.0.0/255.255.255.0' REQUIRE SUBJECT 'CN=Smith\\, John,O=Example,C=US';

-- Beyond MySQL: alternative names, the certificate itself, and a choice. AND binds more tightly
-- than OR.
ALTER USER 'report'@'%' REQUIRE SAN 'DNS:report.example.com' OR SAN 'URI:spiffe://example.com/report';
ALTER USER 'backup'@'10.0.9.9' REQUIRE FINGERPRINT
  'SHA256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0';

-- Only with this cipher, and a certificate, as in MySQL.
ALTER USER 'old'@'10.0.8.0/24' REQUIRE CIPHER 'ECDHE-RSA-AES256-GCM-SHA384';

-- A legacy client without TLS, for --require-secure-transport=OFF.
ALTER USER 'legacy'@'10.0.7.7' REQUIRE NONE;

-- Nobody, and nobody without a name.
ALTER USER 'former'@'%' ACCOUNT LOCK;
ALTER USER ''@'%' ACCOUNT LOCK;
