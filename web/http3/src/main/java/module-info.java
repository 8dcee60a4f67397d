/** QUIC by Cloudflare's quiche over the FFM API, for HTTP/3. */
module dev.heddle.quic {
    requires static org.jspecify;
    requires transitive dev.heddle.net;
    requires org.mortbay.jetty.quiche;

    exports dev.heddle.quic;
}
