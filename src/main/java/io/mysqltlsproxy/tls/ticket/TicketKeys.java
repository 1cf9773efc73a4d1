package io.mysqltlsproxy.tls.ticket;

/**
 * Gives the engine the keys of session tickets (<a
 * href="https://www.rfc-editor.org/rfc/rfc5077">RFC 5077</a>), new ones in time.
 *
 * <p>BoringSSL gives a TLSv1.3 ticket two days, whatever the session timeout. So it is the keys
 * that end a ticket's life: each encrypts for half of the timeout, and decrypts for as long again.
 * No ticket outlives the timeout, and each is good for half of it at least.
 */
public interface TicketKeys {
  /** To be called before each connection; a key rotates only when somebody could use it. */
  void rotateIfDue();
}
