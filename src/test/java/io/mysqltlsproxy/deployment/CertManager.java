package io.mysqltlsproxy.deployment;

import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.gson.JsonElement;
import io.fabric8.certmanager.api.model.v1.Certificate;
import java.io.IOException;

/** The types of cert-manager. */
final class CertManager {
  private static final ObjectReader CERTIFICATE =
      JsonMapper.builder()
          .annotationIntrospector(new OnlyKnownFields())
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build()
          .readerFor(Certificate.class);

  private CertManager() {}

  /**
   * Reads a {@code Certificate}. It does not know which fields must be there.
   *
   * @throws IOException for a field that is unknown or of another type
   */
  static void checkCertificate(JsonElement manifest) throws IOException {
    CERTIFICATE.readValue(manifest.toString());
  }

  /** These types take what they do not know, for those who read what a newer server sends. */
  private static final class OnlyKnownFields extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1;

    @Override
    public Boolean hasAnySetter(Annotated member) {
      return false;
    }
  }
}
