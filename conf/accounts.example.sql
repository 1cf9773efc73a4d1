-- Rules for mysql-tls-proxy: --accounts=accounts.sql
--
-- Write what you would tell a server with OpenSSL: GRANT, CREATE USER or ALTER USER with REQUIRE or
-- ACCOUNT LOCK. You can paste SHOW GRANTS and SHOW CREATE USER: mysql -N -B -r -e 'SHOW GRANTS ...'.
-- The proxy reads who may log in from where. Passwords and privileges stay on the server, whose own
-- accounts are for the proxy's address and have no REQUIRE.
--
-- Rules are tried in MySQL's order: addresses, networks, then names and patterns by their first
-- wildcard, and '%' last. An account without a rule, or without REQUIRE, must meet --require.

-- Anyone with a certificate from the CA, from this network only.
CREATE USER 'app'@'10.0.%' REQUIRE X509;

-- One person: the certificate's name, as openssl x509 -noout -subject -nameopt compat prints it.
GRANT SELECT ON shop.* TO 'laura'@'%'
  REQUIRE SUBJECT '/C=US/O=Example/CN=laura' AND ISSUER '/O=Example/CN=Example CA';

-- The same as RFC 4514. The order of the parts does not matter. As in any quoted string in MySQL,
-- write a backslash twice.
ALTER USER 'smith'@'10.0.0.0/255.255.255.0' REQUIRE SUBJECT 'CN=Smith\\, John,O=Example,C=US';

-- Not in MySQL: alternative names, fingerprints and OR. AND binds more tightly than OR.
ALTER USER 'report'@'%' REQUIRE SAN 'DNS:report.example.com' OR SAN 'URI:spiffe://example.com/report';
ALTER USER 'backup'@'10.0.9.9' REQUIRE FINGERPRINT
  'SHA256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0';

-- Only with this cipher, and a certificate, as in MySQL.
ALTER USER 'old'@'10.0.8.0/24' REQUIRE CIPHER 'ECDHE-RSA-AES256-GCM-SHA384';

-- A legacy client without TLS, for --require-secure-transport=OFF.
ALTER USER 'legacy'@'10.0.7.7' REQUIRE NONE;

-- Nobody; and nobody without a rule of their own.
ALTER USER 'former'@'%' ACCOUNT LOCK;
ALTER USER ''@'%' ACCOUNT LOCK;
