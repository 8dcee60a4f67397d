package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;
import dev.heddle.http.ScriptedServer;
import dev.heddle.http.Wire;
import dev.heddle.sim.Sim;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The fields behind the last chunk of a reply (RFC 9112, section 7.1.2). */
final class ClientTrailersTest {

    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n";

    private interface Body {
        void run(HttpClient http) throws Exception;
    }

    private static void answering(String response, Body body) {
        Sim.run(() -> {
            try (var server = ScriptedServer.answering(response); HttpClient http = server.client().build()) {
                body.run(http);
            }
        });
    }

    @Test
    void theyAreThereWhenTheBodyHasBeenRead() {
        answering(CHUNKED + "\r\n4\r\nbody\r\n0\r\nX-Sum: 1\r\nX-Sum: 2\r\n\r\n", http -> {
            Reply reply = http.get("http://site/");
            assertEquals(0, reply.trailers().size());
            assertEquals("body", reply.text());
            assertEquals(List.of("1", "2"), reply.trailers().all("x-sum"));
            assertEquals(0, reply.headers().count("X-Sum"));
            assertEquals("body", http.get("http://site/").text());
            assertEquals(1, http.statistics().opened());
        });
    }

    @Test
    void theyAreThereBehindADecodedBodyToo() {
        String gzip = Wire.text(Base64.getDecoder().decode("H4sIAAAAAAACA8tIzcnJBwCGphA2BQAAAA=="));
        answering(CHUNKED + "Content-Encoding: gzip\r\n\r\n19\r\n" + gzip + "\r\n0\r\nX-Sum: 1\r\n\r\n", http -> {
            Reply reply = http.get("http://site/");
            assertEquals("hello", reply.text());
            assertEquals("1", reply.trailers().first("x-sum"));
        });
    }

    @Test
    void fieldsThatHaveNoPlaceThereAreLeftOut() {
        String trailers = "Set-Cookie: a=b\r\nX-Sum: 1\r\nCONTENT-LENGTH: 9\r\nLocation: /else\r\nX-Sum: 2\r\n";
        answering(CHUNKED + "\r\n4\r\nbody\r\n0\r\n" + trailers + "\r\n", http -> {
            Reply reply = http.get("http://site/");
            assertEquals("body", reply.text());
            assertEquals(Headers.of("X-Sum", "1", "X-Sum", "2"), reply.trailers());
        });
    }

    @Test
    void moreThanTheLimitOfFieldsAreAnError() {
        answering(CHUNKED + "\r\n4\r\nbody\r\n0\r\n" + "X: 1\r\n".repeat(300) + "\r\n", http -> {
            var e = assertThrows(BadReplyException.class, () -> http.get("http://site/").text());
            assertTrue(e.getMessage().contains("more than 256 trailer fields"), e.getMessage());
        });
    }
}
