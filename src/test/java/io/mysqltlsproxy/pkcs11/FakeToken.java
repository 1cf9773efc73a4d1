package io.mysqltlsproxy.pkcs11;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A module with one token in it, of which nobody knows the PIN. */
final class FakeToken implements Functions {
  private final AtomicLong sessions = new AtomicLong();
  private final AtomicInteger pinsTried = new AtomicInteger();
  private final Runnable whileAPinIsTried;

  FakeToken(Runnable whileAPinIsTried) {
    this.whileAPinIsTried = whileAPinIsTried;
  }

  /** CK_TOKEN_INFO. */
  public static final class Info {
    public final char[] label = "fake".toCharArray();
    public final char[] manufacturerID = "nobody".toCharArray();
    public final char[] model = "none".toCharArray();
    public final char[] serialNumber = "1".toCharArray();
    public final long flags = 0x404; // initialized, wants a login
    public final long ulMaxSessionCount = 0;
  }

  /** CK_SESSION_INFO of somebody who is not logged in. */
  public static final class SessionInfo {
    public final long state = 0;
  }

  int pinsTried() {
    return pinsTried.get();
  }

  @Override
  public Object call(String name, @Nullable Object... arguments) throws CryptokiException {
    return switch (name) {
      case "C_GetSlotList" -> new long[] {7};
      case "C_GetTokenInfo" -> new Info();
      case "C_GetSessionInfo" -> new SessionInfo();
      case "C_OpenSession" -> sessions.incrementAndGet();
      case "C_CloseSession" -> "";
      case "C_Login" -> {
        pinsTried.incrementAndGet();
        whileAPinIsTried.run();
        throw new CryptokiException(CryptokiException.PIN_INCORRECT, "CKR_PIN_INCORRECT");
      }
      default -> throw new IllegalStateException(name);
    };
  }

  @Override
  public void restart() {
    throw new IllegalStateException("the token was never away");
  }
}
