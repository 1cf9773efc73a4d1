package io.mysqltlsproxy.pkcs11;

import io.mysqltlsproxy.option.Pkcs11Uri;
import java.util.List;
import java.util.Optional;

/**
 * What a token says of itself, CK_TOKEN_INFO.
 *
 * @param maxSessions 0 for no limit, -1 where it does not say
 */
record TokenInfo(
    long slot,
    String label,
    String manufacturer,
    String model,
    String serial,
    long flags,
    long maxSessions) {

  boolean isInitialized() {
    return has(0x400);
  }

  boolean wantsLogin() {
    return has(0x4);
  }

  /** It has a keypad or the like. */
  boolean asksForThePinItself() {
    return has(0x100);
  }

  /** One wrong PIN more locks it. */
  boolean isAtTheFinalTry() {
    return has(0x20000);
  }

  boolean isLocked() {
    return has(0x40000);
  }

  private boolean has(long flag) {
    return (flags & flag) != 0;
  }

  boolean matches(Pkcs11Uri uri) {
    return fits(uri.token(), label)
        && fits(uri.manufacturer(), manufacturer)
        && fits(uri.model(), model)
        && fits(uri.serial(), serial)
        && uri.slotId().filter(wanted -> wanted != slot).isEmpty();
  }

  private static boolean fits(Optional<String> wanted, String found) {
    return wanted.isEmpty() || wanted.get().strip().equals(found);
  }

  /**
   * What tells it from other tokens, however a URI names it and whichever module leads to it. Its
   * number alone does not: that is unique for one maker and model.
   */
  List<String> identity() {
    return List.of(manufacturer, model, serial, label);
  }

  /** For messages: {@code 'proxy' (serial 12ab, slot 7)}. */
  String described() {
    return "'" + label + "' (serial " + serial + ", slot-id " + Long.toUnsignedString(slot) + ")";
  }
}
