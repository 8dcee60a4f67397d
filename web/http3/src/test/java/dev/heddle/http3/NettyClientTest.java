package dev.heddle.http3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Heddle;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsIdentity;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Our server and Netty's client. */
final class NettyClientTest {

    private static HttpServer.Builder server() {
        return HttpServer.builder().tls(ServerTls.of(TlsIdentity.selfSigned("localhost", "127.0.0.1"))).http3();
    }

    @Test
    void requestIsAnswered() {
        Heddle.run(() -> {
            try (HttpServer server = server()
                    .get("/hello", request -> Response.text("hello " + request.headers().first("cookie")))
                    .start("127.0.0.1", 0)) {
                NettyClient.Answer answer = Heddle.offload(() -> {
                    try (NettyClient client = new NettyClient(server.port())) {
                        return client.get("/hello");
                    }
                });
                assertEquals("200", answer.status());
                assertEquals("hello a=1; b=2", answer.text());
            }
        });
    }

    @Test
    void bodiesGoBothWays() {
        byte[] body = new byte[3_000_000];
        new Random(1).nextBytes(body);
        Heddle.run(() -> {
            try (HttpServer server = server()
                    .post("/echo", request -> Response.bytes("application/octet-stream", request.bytes(4_000_000)))
                    .start("127.0.0.1", 0)) {
                NettyClient.Answer answer = Heddle.offload(() -> {
                    try (NettyClient client = new NettyClient(server.port())) {
                        return client.post("/echo", body);
                    }
                });
                assertEquals("200", answer.status());
                assertArrayEquals(body, answer.body());
            }
        });
    }
}
