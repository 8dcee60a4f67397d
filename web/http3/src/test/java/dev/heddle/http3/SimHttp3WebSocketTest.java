package dev.heddle.http3;

import dev.heddle.http.StreamWebSocketContract;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.quic.internal.QuicheClock;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsAuthority;
import dev.heddle.tls.TlsIdentity;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;

/** WebSockets as streams of HTTP/3 (RFC 9220): all that those of HTTP/2 do, in virtual time. */
final class SimHttp3WebSocketTest extends StreamWebSocketContract {

    private static final TlsAuthority AUTHORITY = TlsAuthority.create("tests", Duration.ofDays(9));
    private static final TlsIdentity SERVER = AUTHORITY.issue(Duration.ofDays(8), "localhost");

    @BeforeAll
    static void takeTheLoopsTime() {
        QuicheClock.install();
    }

    @Override
    protected String version() {
        return "HTTP/3";
    }

    @Override
    protected String origin() {
        return "https://localhost";
    }

    @Override
    protected HttpServer start(HttpServer.Builder server) {
        return server.tls(ServerTls.of(SERVER)).http3().start("127.0.0.1", 443);
    }

    /** It has heard of HTTP/3 by a request over TCP. */
    @Override
    protected HttpClient client() {
        HttpClient client = HttpClient.builder().tls(ClientTls.DEFAULT.withTrust(AUTHORITY.trust())).http3().build();
        client.get(origin() + "/").bytes();
        return client;
    }

    @Override
    protected long opened(HttpClient http) {
        return http.statistics().opened() - 1;
    }

    @Override
    protected String toldOfAReset() {
        return " is lost: the peer has reset it with code 268";
    }

    @Override
    protected Duration silence() {
        return Duration.ofHours(1);
    }
}
