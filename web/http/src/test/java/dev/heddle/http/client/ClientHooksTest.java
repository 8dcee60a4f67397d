package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.http.ScriptedServer;
import dev.heddle.sim.SimTest;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.Tls;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Filters around requests, and tracers that are told what requests do. */
final class ClientHooksTest {

    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    /** Writes down what it is told. */
    private static final class Notes implements RequestTracer {

        final List<String> lines = new ArrayList<>();

        @Override
        public void began(Traced request) {
            lines.add("began " + request.id() + " " + request.method() + " " + request.url());
        }

        @Override
        public void queued(Traced request) {
            lines.add("queued");
        }

        @Override
        public void connecting(Traced request, String host, int port) {
            lines.add("connecting " + host + " " + port);
        }

        @Override
        public void connected(Traced request) {
            lines.add("connected");
        }

        @Override
        public void tlsStarted(Traced request) {
            lines.add("tlsStarted");
        }

        @Override
        public void tlsAgreed(Traced request) {
            lines.add("tlsAgreed");
        }

        @Override
        public void headSent(Traced request) {
            lines.add("headSent");
        }

        @Override
        public void bodySent(Traced request) {
            lines.add("bodySent");
        }

        @Override
        public void firstByte(Traced request, boolean connectionReused) {
            lines.add("firstByte " + connectionReused);
        }

        @Override
        public void redirected(Traced request, String url) {
            lines.add("redirected " + url);
        }

        @Override
        public void retrying(Traced request, int retry, Duration wait) {
            lines.add("retrying " + retry);
        }

        @Override
        public void answered(Traced request, int status) {
            lines.add("answered " + status);
        }

        @Override
        public void ended(Traced request, int status, boolean whole) {
            lines.add("ended " + status + " " + whole);
        }

        @Override
        public void failed(Traced request, Throwable failure) {
            lines.add("failed " + failure.getClass().getSimpleName());
        }
    }

    @SimTest(seeds = 3)
    void filtersStandAroundEachOtherAndTheRequestInTheirOrder() {
        List<String> order = new ArrayList<>();
        try (var server = ScriptedServer.answering(HELLO);
                var http = server.client()
                        .filter((request, next) -> {
                            order.add(
                                    "outer " + request.method() + " " + request.url() + " " + request.headers().size());
                            Reply reply = next.send(request.header("X-A", "1"));
                            order.add("outer " + reply.status());
                            return reply;
                        })
                        .filter((request, next) -> {
                            order.add("inner " + request.headers().get("x-a").orElse(""));
                            return next.send(request.header("X-B", "2"));
                        })
                        .build()) {
            ClientRequest request = http.request("GET", "http://h/?q");
            assertEquals("hello", request.send().text());
            assertEquals("hello", request.send().text());
            assertEquals(
                    List.of("outer GET http://h/?q 0", "inner 1", "outer 200", "outer GET http://h/?q 0", "inner 1",
                            "outer 200"),
                    order);
            assertTrue(server.requests.getLast().contains("\r\nX-A: 1\r\nX-B: 2\r\n"));
        }
    }

    @SimTest(seeds = 3)
    void filterMaySendTwiceOrNotAtAll() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send("HTTP/1.1 401 X\r\nContent-Length: 0\r\n\r\n");
            while (peer.hasRequest()) {
                peer.send(HELLO);
            }
        });
                var http = server.client()
                        .filter((request, next) -> {
                            if (request.url().getPath().equals("/no")) {
                                throw new IllegalStateException("not this one");
                            }
                            Reply reply = next.send(request);
                            if (reply.status() != 401) {
                                return reply;
                            }
                            reply.close();
                            return next.send(request.bearerAuth("new"));
                        })
                        .build()) {
            assertEquals("hello", http.get("http://h/").text());
            assertTrue(server.requests.getLast().contains("Bearer new"));
            assertThrows(IllegalStateException.class, () -> http.get("http://h/no"));
            assertEquals(2, server.requests.size());
        }
    }

    @SimTest(seeds = 3)
    void tracerIsToldEachStep() {
        var notes = new Notes();
        try (var server = ScriptedServer.answering(HELLO);
                var http = server.client().tracer(notes).build()) {
            http.get("http://h/?secret").text();
            assertEquals(
                    List.of("began 1 GET http://h/?...", "queued", "connecting h 80", "connected", "headSent",
                            "bodySent",
                            "firstByte false", "ended 200 true", "answered 200"),
                    notes.lines);
            notes.lines.clear();
            http.get("http://h/").text();
            assertEquals(
                    List.of("began 2 GET http://h/", "queued", "headSent", "bodySent", "firstByte true",
                            "ended 200 true",
                            "answered 200"),
                    notes.lines);
        }
    }

    @SimTest(seeds = 3)
    void tracerIsToldOfRedirectsRetriesAndFailures() {
        var notes = new Notes();
        try (var server = ScriptedServer.of(
                peer -> {
                    peer.request();
                    peer.send("HTTP/1.1 302 X\r\nLocation: /next?secret\r\nContent-Length: 0\r\n\r\n");
                    peer.request();
                },
                ScriptedServer.Peer::request);
                var http = server.client().tracer(notes).retries(RetryPolicy.DEFAULT).build()) {
            assertThrows(BrokenException.class, () -> http.get("http://h/"));
            notes.lines.removeIf(line -> line.startsWith("connect") || line.endsWith("Sent") || line.equals("queued"));
            assertEquals(
                    List.of("began 1 GET http://h/", "firstByte false", "ended 302 true",
                            "redirected http://h/next?...",
                            "retrying 1", "retrying 2", "failed BrokenException"),
                    notes.lines);
        }
    }

    @SimTest(seeds = 2)
    void tracerSeesTlsAndAStreamedBodyAndAReplyThatIsGivenUp() {
        var identity = TlsIdentity.selfSigned("h.example");
        var notes = new Notes();
        try (var server = ScriptedServer.of(peer -> {
            try (var stream = Tls.upgradeServer(peer.stream(), ServerTls.of(identity))) {
                stream.readUntil("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII), 10_000);
                stream.write("HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\nhello");
                stream.readAll(1);
            }
        });
                var http = server.client()
                        .tls(ClientTls.DEFAULT.withTrust(TlsTrust.of(identity.certificate())))
                        .tracer(notes)
                        .build()) {
            http.request("POST", "https://h.example/").body(out -> out.write(new byte[9])).send().close();
            assertEquals(
                    List.of("began 1 POST https://h.example/", "queued", "connecting h.example 443", "connected",
                            "tlsStarted", "tlsAgreed", "headSent", "bodySent", "firstByte false", "answered 200",
                            "ended 200 false"),
                    notes.lines);
        }
    }

    @SimTest(seeds = 2)
    void tracerThatThrowsIsDroppedAndTheRequestGoesOn() {
        var notes = new Notes();
        var calls = new ArrayList<String>();
        try (var server = ScriptedServer.answering(HELLO);
                var http = server.client()
                        .tracer(new RequestTracer() {
                            @Override
                            public void queued(Traced request) {
                                calls.add("queued");
                                throw new IllegalStateException("broken tracer");
                            }
                        })
                        .tracer(notes)
                        .build()) {
            assertEquals("hello", http.get("http://h/").text());
            assertEquals("hello", http.get("http://h/").text());
            assertEquals(List.of("queued"), calls);
            assertTrue(notes.lines.size() > 10);
            assertFalse(notes.lines.contains("failed IllegalStateException"));
        }
    }

    @SimTest(seeds = 2)
    void requestsOfTasksAreToldApart() {
        var notes = new Notes();
        try (var server = ScriptedServer.answering(HELLO);
                var http = server.client().tracer(notes).build()) {
            Heddle.map(List.of("a", "b", "c"), 3, name -> http.get("http://h/" + name).text());
            assertEquals(
                    List.of("began 1", "began 2", "began 3"),
                    notes.lines.stream().filter(l -> l.startsWith("began")).map(l -> l.substring(0, 7)).sorted()
                            .toList());
        }
    }
}
