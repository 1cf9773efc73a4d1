package io.mysqltlsproxy.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mysqltlsproxy.testing.Packets;
import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;

class AuthSwitchRequestTest {
  private static final byte[] SCRAMBLE = Packets.hex("53417d1a7e3a0e017f0236317944184d3c2c4e11");

  /** As MySQL 9.7 sent it. */
  @Test
  void theScrambleComesWithoutItsNul() throws Exception {
    ByteBuf payload = Packets.of(0xFE, "caching_sha2_password\0", SCRAMBLE, 0);

    AuthSwitchRequest request = AuthSwitchRequest.decode(payload);

    assertEquals("caching_sha2_password", request.pluginName());
    assertArrayEquals(SCRAMBLE, request.data());
    assertEquals(0, payload.readerIndex());
  }

  @Test
  void dataWithoutNulIsTakenWhole() throws Exception {
    assertArrayEquals(SCRAMBLE, AuthSwitchRequest.decode(Packets.of(0xFE, "p\0", SCRAMBLE)).data());
  }

  @Test
  void aPluginMayHaveNoData() throws Exception {
    for (String rest : new String[] {"dialog", "dialog\0", "dialog\0\0"}) {
      AuthSwitchRequest request = AuthSwitchRequest.decode(Packets.of(0xFE, rest));

      assertEquals("dialog", request.pluginName());
      assertEquals(0, request.data().length);
    }
  }

  @Test
  void theHeaderAloneAsksForTheOldPassword() throws Exception {
    AuthSwitchRequest request = AuthSwitchRequest.decode(Packets.of(0xFE));

    assertEquals("mysql_old_password", request.pluginName());
    assertEquals(0, request.data().length);
  }

  @Test
  void theNextFactorHasTheSameLayout() throws Exception {
    ByteBuf payload = Packets.of(AuthSwitchRequest.NEXT_FACTOR_HEADER, "webauthn\0", SCRAMBLE, 0);

    assertEquals("webauthn", AuthSwitchRequest.decode(payload).pluginName());
  }

  @Test
  void cutOffAnywhereItIsRead() {
    ByteBuf payload = Packets.of(0xFE, "caching_sha2_password\0", SCRAMBLE, 0);

    assertEquals(1, Truncation.shortestTaken(payload, AuthSwitchRequest::decode));
  }
}
