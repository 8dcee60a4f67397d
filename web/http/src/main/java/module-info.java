/** HTTP/1.1, HTTP/2 and WebSocket: server and client. */
@SuppressWarnings("module") // the command is built later
module dev.heddle.http {
    requires transitive dev.heddle.core;
    requires transitive dev.heddle.net;
    requires static org.jspecify;

    exports dev.heddle.http;
    exports dev.heddle.http.auth;
    exports dev.heddle.http.cache;
    exports dev.heddle.http.client;
    exports dev.heddle.http.gateway;
    exports dev.heddle.http.idempotency;
    exports dev.heddle.http.overload;
    exports dev.heddle.http.robots;
    exports dev.heddle.http.server;
    exports dev.heddle.http.testing;

    exports dev.heddle.http.internal.client.call to
            dev.heddle.http3;
    exports dev.heddle.http.internal.client.connection to
            dev.heddle.http3;
    exports dev.heddle.http.internal.codec to
            dev.heddle.http3;
    exports dev.heddle.http.internal.http2 to
            dev.heddle.http3;
    exports dev.heddle.http.internal.server to
            dev.heddle.http3;
    exports dev.heddle.http.internal.syntax to
            dev.heddle.cli,
            dev.heddle.http3;

    uses dev.heddle.http.client.ContentDecoder;
    uses dev.heddle.http.JsonCodec;
    uses dev.heddle.http.internal.client.connection.Http3Client;
    uses dev.heddle.http.internal.server.Http3Provider;
}
