package io.mysqltlsproxy.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.option.Option.InvalidValueException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Pkcs11UriTest {
  private static Pkcs11Uri uri(String text) throws InvalidValueException {
    return ((KeyLocation.Token) KeyLocation.parse(text)).uri();
  }

  @Test
  void everyAttributeIsRead() throws Exception {
    Pkcs11Uri uri =
        uri(
            "pkcs11:token=My%20t%C3%B6ken;manufacturer=Maker;model=M%2f1;serial=0aB;slot-id=7"
                + ";object=a%3Bb;id=%01%Fe%20x;type=private"
                + "?module-path=/usr/lib/x.so&module-name=x&pin-source=file:/etc/pin");

    assertEquals(Optional.of("My töken"), uri.token());
    assertEquals(Optional.of("Maker"), uri.manufacturer());
    assertEquals(Optional.of("M/1"), uri.model());
    assertEquals(Optional.of("0aB"), uri.serial());
    assertEquals(Optional.of(7L), uri.slotId());
    assertEquals(Optional.of("a;b"), uri.object());
    assertEquals(Optional.of("01fe2078"), uri.id());
    assertEquals(Optional.of(Path.of("/usr/lib/x.so")), uri.modulePath());
    assertEquals(Optional.of("x"), uri.moduleName());
    assertEquals(Optional.of(Path.of("/etc/pin")), uri.pinFile());
  }

  @ParameterizedTest
  @CsvSource({
    "file:/etc/pin, /etc/pin",
    "file:///etc/pin, /etc/pin",
    "file://localhost/etc/pin, /etc/pin",
    "/etc/pin, /etc/pin",
    "/etc/a%20b, /etc/a b",
  })
  void aPinSourceIsAFile(String source, Path file) throws Exception {
    assertEquals(Optional.of(file), uri("pkcs11:object=a?pin-source=" + source).pinFile());
  }

  @Test
  void whatDoesNotBeginWithTheSchemeIsAFile() throws Exception {
    assertEquals(
        new KeyLocation.File(Path.of("pkcs11/key.pem")), KeyLocation.parse("pkcs11/key.pem"));
    assertTrue(KeyLocation.parse("PKCS11:object=a") instanceof KeyLocation.Token);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pkcs11:object=|object has no value",
        "pkcs11:object|object has no value",
        "pkcs11:object=a;object=b|object is given twice",
        "pkcs11:object=a%2|object has a % without two hexadecimal digits",
        "pkcs11:object=%ff|object is not UTF-8",
        "pkcs11:slot-id=one|slot-id is not a number",
        "pkcs11:type=cert|type=cert is not a private key",
        "pkcs11:object=a?pin-source=|pin-source has no value",
        "pkcs11:object=a?pin-source=%7Ccat%20pin|pin-source is not a file",
        "pkcs11:object=a?pin-source=https://pin|pin-source is not a file",
      })
  void aBadOneIsRefused(String text, String reason) {
    assertEquals(reason, assertThrows(InvalidValueException.class, () -> uri(text)).getMessage());
  }

  /** It may be a PIN that somebody wrote in the wrong place. */
  @ParameterizedTest
  @CsvSource({
    "pkcs11:object=a?pin-value=secret",
    "pkcs11:object=a;pin-value=secret",
    "pkcs11:object=a?pin=secret",
    "pkcs11:object=a?pin-value=secret&module-path=",
    "pkcs11:object=a?module-path=&pin-value=secret",
    "pkcs11:object=a?pin-value=secret&pin-value=secret",
    "pkcs11:object=a?pin-value=secret%4",
    "pkcs11:object=a?pin-value:secret",
    "pkcs11:object=a?secret",
  })
  void aPinIsNeverShown(String text) {
    String message =
        assertThrows(
                OptionException.class,
                () ->
                    OptionSources.read(
                        Map.of("ssl-key", text), Map.of(), Path.of("/dev/null/none.cnf")))
            .getMessage();
    assertTrue(String.valueOf(message).startsWith("--ssl-key: "), message);
    assertFalse(String.valueOf(message).contains("secret"), message);
  }
}
