# Logs in by a DBI driver, as DriversIT expects it: perl dbi_driver.pl mysql|MariaDB
use strict;
use warnings;
use DBI;
use Digest::MD5 'md5_hex';

my $driver = shift;
my $prefix = lc($driver);
my $source = "DBI:$driver:host=127.0.0.1;port=$ENV{PORT}";
my %tls = (
  "${prefix}_ssl" => 1,
  "${prefix}_ssl_ca_file" => $ENV{CA},
  "${prefix}_ssl_client_cert" => $ENV{CERT},
  "${prefix}_ssl_client_key" => $ENV{KEY},
  "${prefix}_ssl_verify_server_cert" => 1,
);
# Debian's DBD::mysql, built with MariaDB's library, cannot enforce TLS itself.
$tls{mysql_ssl_optional} = 1 if $driver eq 'mysql';
my %options = (PrintError => 0, RaiseError => 0, %tls);

my $connection = DBI->connect($source, $ENV{LOGIN_USER}, $ENV{LOGIN_PASSWORD}, \%options)
  or die DBI->err . " " . DBI->errstr;
$connection->{RaiseError} = 1;
print +($connection->selectrow_array("SELECT CURRENT_USER()"))[0], "\n";
print +($connection->selectrow_array("SHOW STATUS LIKE 'Ssl_version'"))[1], "\n";
print md5_hex(($connection->selectrow_array("SELECT REPEAT('x', 20000000)"))[0]), "\n";
$connection->disconnect;

DBI->connect($source, $ENV{LOGIN_USER}, 'wrong', \%options) and die 'a wrong password is accepted';
print DBI->err, "\n";
