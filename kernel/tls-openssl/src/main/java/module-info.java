/** TLS by the system's OpenSSL 3 over the FFM API. */
module dev.heddle.tls.openssl {
    requires static org.jspecify;
    requires dev.heddle.core;
    requires dev.heddle.net;

    provides dev.heddle.tls.internal.TlsEngineProvider with
            dev.heddle.tls.openssl.OpensslProvider;
}
