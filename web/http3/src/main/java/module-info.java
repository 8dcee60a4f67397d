/** QUIC and HTTP/3 by Cloudflare's quiche over the FFM API. */
@SuppressWarnings("module") // the name of the protocol ends in a digit
module dev.heddle.http3 {
    requires static org.jspecify;
    requires transitive dev.heddle.net;
    requires dev.heddle.http;
    requires org.mortbay.jetty.quiche;

    exports dev.heddle.quic;

    provides dev.heddle.http.internal.client.connection.Http3Client with
            dev.heddle.http3.internal.QuicheHttp3;
    provides dev.heddle.http.internal.server.Http3Provider with
            dev.heddle.http3.internal.QuicheHttp3;
}
