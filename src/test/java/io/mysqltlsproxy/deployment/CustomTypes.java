package io.mysqltlsproxy.deployment;

import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.gson.JsonElement;
import io.fabric8.certmanager.api.model.v1.Certificate;
import io.fabric8.certmanager.api.model.v1.Issuer;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;

/** Types that are not Kubernetes' own: cert-manager's and the Prometheus Operator's. */
final class CustomTypes {
  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .annotationIntrospector(new OnlyKnownFields())
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();
  private static final ObjectReader CERTIFICATE = STRICT.readerFor(Certificate.class);
  private static final ObjectReader SERVICE_MONITOR = STRICT.readerFor(ServiceMonitor.class);
  private static final ObjectReader ISSUER = STRICT.readerFor(Issuer.class);

  private CustomTypes() {}

  /**
   * Reads a {@code Certificate}. It does not know which fields must be there.
   *
   * @throws IOException for a field that is unknown or of another type
   */
  static void checkCertificate(JsonElement manifest) throws IOException {
    CERTIFICATE.readValue(manifest.toString());
  }

  /** Reads an {@code Issuer}, alike. */
  static void checkIssuer(JsonElement manifest) throws IOException {
    ISSUER.readValue(manifest.toString());
  }

  /** Reads a {@code ServiceMonitor}, alike. */
  static void checkServiceMonitor(JsonElement manifest) throws IOException {
    SERVICE_MONITOR.readValue(manifest.toString());
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
