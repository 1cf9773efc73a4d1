# docker build -t mysql-tls-proxy .
#
# BUILD_IMAGE may bring a JDK (25 or newer) and Maven; what it lacks comes from Debian's packages, so
# it must be of Debian's family: debian:trixie-slim, maven:3-eclipse-temurin-25.
ARG BUILD_IMAGE=debian:trixie-slim
ARG RUNTIME_IMAGE=debian:trixie-slim

FROM ${BUILD_IMAGE} AS build
RUN export DEBIAN_FRONTEND=noninteractive \
 && apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends binutils ca-certificates openssl \
 && { command -v javac || apt-get install -y -qq --no-install-recommends openjdk-25-jdk-headless; } \
 && { command -v mvn || apt-get install -y -qq --no-install-recommends maven; } \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /build
# What the build downloads changes with the pom only.
COPY pom.xml ./
COPY .mvn .mvn
# What Maven has made on this machine, as target/mysql-tls-proxy-VERSION.tar.gz: it is taken as it is.
ARG ARCHIVE=
RUN [ -n "$ARCHIVE" ] || mvn -B -ntp -q dependency:resolve -DincludeScope=runtime
COPY . .
# There is no repository here; the program's version names this commit.
ARG COMMIT=
RUN { [ -n "$ARCHIVE" ] || { rm -rf target \
      && mvn -B -ntp -q -Dmaven.test.skip=true ${COMMIT:+"-Dgit.commit.id.describe=$COMMIT"} package; }; } \
 && mkdir /opt/mysql-tls-proxy \
 && tar -xzf "${ARCHIVE:-$(ls target/mysql-tls-proxy-*.tar.gz)}" -C /opt/mysql-tls-proxy --strip-components=1 \
 && cp src/main/docker/jvm.options src/main/docker/healthcheck /opt/mysql-tls-proxy/ \
 && src/main/docker/make-runtime /opt/mysql-tls-proxy

FROM ${RUNTIME_IMAGE}
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="mysql-tls-proxy" \
      org.opencontainers.image.description="Puts TLS in front of a MySQL or MariaDB server that has none." \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/mysql-tls-proxy /opt/mysql-tls-proxy
COPY --from=build /build/src/main/docker/mysql-tls-proxy.cnf /etc/mysql-tls-proxy.cnf
# One arena of malloc serves the few threads, and keeps the process small.
ENV PATH=/opt/mysql-tls-proxy/runtime/bin:$PATH MALLOC_ARENA_MAX=1
# A path in an option may be relative to where the files are mounted.
WORKDIR /etc/mysql-tls-proxy
USER 3307:3307
EXPOSE 3307
STOPSIGNAL SIGTERM
ENTRYPOINT ["java", "@/opt/mysql-tls-proxy/jvm.options", "-jar", "/opt/mysql-tls-proxy/mysql-tls-proxy.jar"]
CMD ["run"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
  CMD ["/opt/mysql-tls-proxy/healthcheck"]
