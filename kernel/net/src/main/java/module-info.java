/** Streams of bytes and where they come from: the network, TLS, files, subprocesses. */
@SuppressWarnings("module") // what is exported to is not known here
module dev.heddle.net {
    requires static org.jspecify;
    requires transitive dev.heddle.core;
    requires jdk.net;
    requires jdk.unsupported; // signals

    exports dev.heddle.file;
    exports dev.heddle.io;
    exports dev.heddle.io.internal to
            dev.heddle.http,
            dev.heddle.http3;
    exports dev.heddle.net;
    exports dev.heddle.net.internal to
            dev.heddle.http;
    exports dev.heddle.os;
    exports dev.heddle.tls;
    exports dev.heddle.tls.internal to
            dev.heddle.http3,
            dev.heddle.tls.openssl;

    uses dev.heddle.tls.internal.TlsEngineProvider;
    uses java.net.spi.InetAddressResolverProvider;
}
