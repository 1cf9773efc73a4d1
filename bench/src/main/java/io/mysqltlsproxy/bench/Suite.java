package io.mysqltlsproxy.bench;

import java.util.List;

/** A cipher suite and its version of TLS. */
public enum Suite {
  TLS13_AES_128_GCM("TLSv1.3", "TLS_AES_128_GCM_SHA256"),
  TLS13_AES_256_GCM("TLSv1.3", "TLS_AES_256_GCM_SHA384"),
  TLS13_CHACHA20("TLSv1.3", "TLS_CHACHA20_POLY1305_SHA256"),
  TLS12_AES_128_GCM("TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");

  private final String version;
  private final String javaName;

  Suite(String version, String javaName) {
    this.version = version;
    this.javaName = javaName;
  }

  String version() {
    return version;
  }

  List<String> ciphers() {
    return List.of(javaName);
  }
}
