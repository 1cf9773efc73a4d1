-- Who may come in, in MySQL's words; docs/options.md, option accounts.
CREATE USER 'app'@'%' REQUIRE X509;
ALTER USER 'root'@'%' ACCOUNT LOCK;
