# Logs in by Ruby's mysql2, as DriversIT expects it.
require 'mysql2'
require 'digest'

def connect(password)
  Mysql2::Client.new(
    host: '127.0.0.1', port: ENV['PORT'].to_i, username: ENV['LOGIN_USER'], password: password,
    sslca: ENV['CA'], sslcert: ENV['CERT'], sslkey: ENV['KEY'], sslverify: true)
end

connection = connect(ENV['LOGIN_PASSWORD'])
puts connection.query('SELECT CURRENT_USER() AS value').first['value']
puts connection.query("SHOW STATUS LIKE 'Ssl_version'").first['Value']
puts Digest::MD5.hexdigest(connection.query("SELECT REPEAT('x', 20000000) AS value").first['value'])
connection.close
begin
  connect('wrong')
rescue Mysql2::Error => refused
  puts refused.error_number
end
