# DBD::mysql as a command, without TLS: see ScriptClient.java.
use strict;
use warnings;
use DBI;

sub connected {
  my ($place, $user, $password) = @_;
  my $where = $place =~ m{^/} ? "mysql_socket=$place" : "host=127.0.0.1;port=$place";
  return DBI->connect("DBI:mysql:$where;mysql_local_infile=1;max_allowed_packet=134217728",
    $user, $password, { PrintError => 0, RaiseError => 0 });
}

sub value { return (shift->selectrow_array(@_))[0] }

my %actions = (
  query => sub {
    my $connection = shift;
    for my $sql (@_) {
      my $statement = $connection->prepare($sql);
      $statement->execute;
      print +($statement->fetchrow_array)[0], "\n" if $statement->{NUM_OF_FIELDS};
    }
  },
  ids => sub {
    my $connection = shift;
    print "$connection->{mysql_thread_id}\n", value($connection, "SELECT CONNECTION_ID()"), "\n";
  },
  prepared => sub {
    my ($connection, $sql, $number, $text) = @_;
    print value($connection, $sql, { mysql_server_prepare => 1 }, $number, $text), "\n";
  },
  echo => sub {
    my ($connection, $file) = @_;
    local $/;
    open my $in, '<:raw', $file or die $!;
    my $answer = value($connection, "SELECT x'" . unpack('H*', <$in>) . "' AS v");
    close $in;
    open my $out, '>:raw', $file or die $!;
    print $out $answer;
    close $out or die $!;
  },
  load => sub {
    my ($connection, $file, $rest) = @_;
    $connection->do("LOAD DATA LOCAL INFILE '$file' INTO TABLE $rest");
  },
);

sub described { return "$DBI::err $DBI::state " . $DBI::errstr =~ s{\n}{ }gr }

# A line for each on standard input: port or socket, plain, nothing, user, password.
if ($ARGV[0] eq 'attempts') {
  while (my $line = <STDIN>) {
    chomp $line;
    my ($place, undef, undef, $user, $password) = split /\t/, $line;
    my $connection = connected($place, $user, $password);
    print $connection ? value($connection, 'SELECT CURRENT_USER()') : described(), "\n";
  }
  exit;
}
my $connection = connected(@ENV{qw(PORT LOGIN_USER LOGIN_PASSWORD)});
if (!$connection) {
  print STDERR described(), "\n";
  exit 1;
}
$connection->{RaiseError} = 1;
my ($action, @arguments) = @ARGV;
if (!eval { $actions{$action}->($connection, @arguments); 1 }) {
  print STDERR $DBI::err ? described() : $@, "\n";
  exit 1;
}
