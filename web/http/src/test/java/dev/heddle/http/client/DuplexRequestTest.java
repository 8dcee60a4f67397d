package dev.heddle.http.client;

import static dev.heddle.http.BothWays.next;
import static dev.heddle.http.BothWays.say;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelledException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import dev.heddle.http.BodyWriter;
import dev.heddle.http.BothWays;
import dev.heddle.http.Headers;
import dev.heddle.http.ScriptedServer;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimOptions;
import dev.heddle.sim.SimTest;
import dev.heddle.sync.Channel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A reply is read while the body of its request is still written, in both versions of HTTP. */
final class DuplexRequestTest {

    private final List<String> heard = new ArrayList<>();

    private interface Play {
        void run(HttpClient http) throws Exception;
    }

    /** Plays with a server that sends back what comes, refuses, answers early, or breaks off. */
    private void play(boolean http2, Play play) {
        List<String> unheard = new ArrayList<>();
        Sim.seeds(SimOptions.DEFAULT.withSeed(1).withFailureHandler((what, failure) -> unheard.add(what)), 5, _ -> {
            heard.clear();
            HttpClient.Builder options = HttpClient.builder();
            try (HttpServer _ = HttpServer.builder()
                    .post("/echo", BothWays::echo)
                    .post("/refuse", _ -> Response.text("no").withStatus(413))
                    .post("/early", _ -> Response.text("early"))
                    .post("/count", this::count)
                    .post("/fail", request -> Response.stream("a/b", out -> {
                        assertTrue(request.read(new byte[1]) > 0);
                        out.write('x');
                        out.flush();
                        Heddle.sleep(Duration.ofMillis(100));
                        throw new StoppedException();
                    }))
                    .start("127.0.0.1", 80);
                    HttpClient http = (http2 ? options.http2PriorKnowledge() : options).build()) {
                play.run(http);
                Heddle.sleep(Duration.ofSeconds(2));
                BothWays.assertNothingIsHeld(http);
            }
        });
        assertEquals(List.of(), unheard.stream().filter(what -> what.contains("request body")).toList(),
                "each failure of a writer is told to somebody, and to nobody else");
    }

    private static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** Gives a short answer at once, and reads on. */
    private Response count(Request request) {
        return Response.stream("text/plain", 2, out -> {
            out.write("ok".getBytes(ISO_8859_1));
            out.flush();
            try {
                heard.add("read " + request.bytes(1 << 24).length);
            } catch (RuntimeException e) {
                heard.add("broken");
                throw e;
            }
        });
    }

    private static ClientRequest post(HttpClient http, String path, BodyWriter body) {
        return http.request("POST", "http://127.0.0.1" + path).body(body).duplex();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void eachWordIsAnsweredBeforeTheNextIsSaid(boolean http2) {
        play(http2, http -> {
            var words = Channel.<String>of(0);
            try (Reply reply = post(http, "/echo", out -> {
                for (String word : words) {
                    say(out, word);
                }
            }).trailers(() -> Headers.of("x-sum", "3")).send()) {
                for (String word : List.of("one", "two", "three")) {
                    words.send(word);
                    assertEquals(word, next(reply));
                }
                words.close();
                assertEquals("the end", next(reply));
                assertEquals("3", reply.trailers().first("x-sum"));
                reply.awaitSent();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void moreThanAllBuffersHoldGoesRound(boolean http2) {
        play(http2, http -> {
            byte[] much = new byte[5_000_000];
            assertEquals(much.length, post(http, "/echo", out -> out.write(much)).send().bytes(much.length).length);
            Reply inMemory = http.request("POST", "http://127.0.0.1/echo").body(much).duplex().send();
            assertEquals(much.length, inMemory.bytes(much.length).length);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void slowReaderHoldsTheWriterUp(boolean http2) {
        play(http2, http -> {
            int[] written = new int[1];
            try (Reply reply = post(http, "/echo", out -> {
                while (true) {
                    out.write(new byte[10_000]);
                    written[0] += 10_000;
                }
            }).send()) {
                Heddle.sleep(Duration.ofSeconds(10));
                int full = written[0];
                Heddle.sleep(Duration.ofSeconds(5));
                assertEquals(full, written[0]);
                assertTrue(full < 5_000_000, "written " + full);
                assertTrue(reply.read(new byte[10]) > 0);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusalEndsTheWriterBeforeItIsGiven(boolean http2) {
        play(http2, http -> {
            boolean[] ended = new boolean[1];
            Reply reply = post(http, "/refuse", out -> {
                try {
                    out.flush();
                    say(out, "a");
                    Heddle.sleep(Duration.ofHours(1));
                } finally {
                    ended[0] = true;
                }
            }).send();
            assertTrue(ended[0]);
            assertEquals(413, reply.status());
            assertEquals("no", reply.text());
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void wholeReplyWaitsForTheRestOfTheRequest(boolean http2) {
        play(http2, http -> {
            assertEquals("ok", post(http, "/count", out -> {
                say(out, "a");
                Heddle.sleep(Duration.ofSeconds(3));
                out.write(new byte[99_999]);
            }).send().text());
            Heddle.sleep(Duration.ofMillis(100));
            assertEquals(List.of("read 100000"), heard);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closingTheReplyCancelsTheWriter(boolean http2) {
        play(http2, http -> {
            Reply reply = post(http, "/count", out -> {
                say(out, "a");
                try {
                    Heddle.sleep(Duration.ofHours(1));
                } catch (CancelledException e) {
                    heard.add("cancelled");
                    throw e;
                }
            }).send();
            assertEquals("ok", next(reply));
            Task<Void> waiting = Heddle.spawn(reply::awaitSent);
            Heddle.sleep(Duration.ofMillis(100));
            assertFalse(waiting.isDone());
            waiting.cancel();
            waiting.awaitOutcome();
            assertEquals(List.of(), heard);
            reply.close();
            reply.awaitSent();
            assertEquals("cancelled", heard.getFirst());
            Heddle.sleep(Duration.ofMillis(100));
            assertEquals(List.of("cancelled", "broken"), heard);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void failureOfTheWriterIsThatOfWhoReads(boolean http2) {
        play(http2, http -> {
            Reply reply = post(http, "/echo", out -> {
                say(out, "a");
                Heddle.sleep(Duration.ofSeconds(1));
                throw new IOException("no more");
            }).send();
            assertEquals("a", next(reply));
            var e = assertThrows(TaskFailedException.class, () -> next(reply));
            assertEquals("no more", e.getCause().getMessage());
            assertThrows(TaskFailedException.class, () -> next(reply));
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void failureOfTheWriterBehindTheWholeReplyIsThatOfWhoAwaitsIt(boolean http2) {
        play(http2, http -> {
            Reply reply = post(http, "/count", out -> {
                say(out, "a");
                Heddle.sleep(Duration.ofSeconds(1));
                throw new StoppedException();
            }).send();
            assertEquals("ok", next(reply));
            assertThrows(StoppedException.class, reply::awaitSent);
            reply.close();
            Heddle.sleep(Duration.ofMillis(100));
            assertEquals(List.of("broken"), heard);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void failureOfTheWriterBeforeTheHeadFailsTheRequest(boolean http2) {
        play(http2, http -> {
            ClientRequest request = post(http, "/late", out -> {
                out.write('a');
                throw new StoppedException();
            });
            assertThrows(StoppedException.class, request::send);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void serverThatBreaksOffEndsTheWriter(boolean http2) {
        play(http2, http -> {
            try (Reply reply = post(http, "/fail", out -> {
                try {
                    say(out, "a");
                    Heddle.sleep(Duration.ofHours(1));
                } finally {
                    heard.add("ended");
                }
            }).send()) {
                assertEquals("x", next(reply));
                assertThrows(HeddleException.class, () -> next(reply));
                Heddle.sleep(Duration.ofMillis(1));
                assertEquals(List.of("ended"), heard);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void serverThatHasAnsweredAndWantsNoMoreEndsTheWriter(boolean http2) {
        play(http2, http -> {
            assertEquals("early", post(http, "/early", out -> {
                try {
                    say(out, "a");
                    Heddle.sleep(Duration.ofHours(1));
                } finally {
                    heard.add("ended");
                }
            }).send().text());
            assertEquals(List.of("ended"), heard);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cancelBeforeTheHeadEndsTheWriterToo(boolean http2) {
        play(http2, http -> {
            Task<Reply> asking = Heddle.spawn(() -> post(http, "/fail", out -> {
                try {
                    Heddle.sleep(Duration.ofHours(1));
                } finally {
                    heard.add("ended");
                }
            }).send());
            Heddle.sleep(Duration.ofSeconds(1));
            asking.cancel();
            asking.awaitOutcome();
            assertEquals(List.of("ended"), heard);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void timeOfTheWholeRequestIsThatOfItsWriter(boolean http2) {
        play(http2, http -> {
            try (Reply reply = post(http, "/count", out -> {
                while (true) {
                    say(out, "a".repeat(10_000));
                    Heddle.sleep(Duration.ofSeconds(1));
                }
            }).timeout(Duration.ofSeconds(5)).send()) {
                assertEquals("ok", next(reply));
                var e = assertThrows(DeadlineExceededException.class, reply::awaitSent);
                assertEquals("POST http://127.0.0.1/count: the request was not taken after 5 s", e.getMessage());
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void connectionOfAWholeExchangeIsUsedAgain(boolean http2) {
        play(http2, http -> {
            for (int i = 0; i < 3; i++) {
                Reply reply = http.request("POST", "http://127.0.0.1/count")
                        .bodyOnce(3, out -> {
                            say(out, "ab");
                            Heddle.sleep(Duration.ofSeconds(1));
                            out.write('c');
                        }).duplex().send();
                assertEquals("ok", next(reply));
                assertEquals("the end", next(reply));
                Heddle.sleep(Duration.ofSeconds(2));
            }
            assertEquals(1, http.statistics().opened());
            assertEquals(List.of("read 3", "read 3", "read 3"), heard);
        });
    }

    @SimTest(seeds = 5)
    void goAheadComesBeforeTheWriter() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            Heddle.sleep(Duration.ofMillis(300));
            assertFalse(peer.stream().buffered().hasRemaining());
            peer.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes");
            peer.readUntil("0\r\n\r\n");
            peer.awaitEnd();
        });
                var http = server.client().build()) {
            Reply reply = http.request("POST", "http://h/").body(out -> {
                heard.add("asked");
                Heddle.sleep(Duration.ofSeconds(1));
                out.write('a');
            }).duplex().expectContinue().send();
            assertEquals("yes", reply.text());
            assertEquals(List.of("asked"), heard);
            assertEquals(1, http.statistics().idle());
        }
    }

    @SimTest(seeds = 5)
    void compressedReplyThatHasEndedLetsTheWriterGoOn() {
        String empty = "\u001f\u008b\b\0\0\0\0\0\0\3\3\0\0\0\0\0\0\0\0\0";
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\n" + empty);
            assertEquals("1\r\na\r\n0\r\n\r\n", peer.readUntil("0\r\n\r\n"));
            heard.add("whole");
            peer.awaitEnd();
        });
                var http = server.client().build()) {
            Reply reply = http.request("POST", "http://h/").body(out -> {
                Heddle.sleep(Duration.ofSeconds(1));
                out.write('a');
            }).duplex().send();
            assertEquals("", reply.text());
            Heddle.sleep(Duration.ofMillis(100));
            assertEquals(List.of("whole"), heard);
        }
    }

    @SimTest(seeds = 5)
    void redirectSendsTheBodyOnceMoreWhenItsFirstWriterHasEnded() {
        int[] writing = new int[1];
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send("HTTP/1.1 307 Go\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n");
            peer.awaitEnd();
        }, peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            peer.readUntil("0\r\n\r\n");
            peer.awaitEnd();
        });
                var http = server.client().build()) {
            assertEquals("ok", http.request("POST", "http://h/a").body(out -> {
                assertEquals(1, ++writing[0]);
                try {
                    out.flush();
                    Heddle.sleep(Duration.ofSeconds(1));
                    out.write('a');
                } finally {
                    writing[0]--;
                }
            }).duplex().send().text());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void seedsOfDelaysAndCutsGiveRightAnswersOrClearErrors(boolean http2) {
        int[] whole = new int[1];
        int[] broken = new int[1];
        for (long seed = 1; seed <= 40; seed++) {
            Sim.run(BothWays.roughNetwork(seed, 0.3), sim -> {
                SimHost site = sim.network().host("site");
                SimHost visitor = sim.network().host("visitor");
                site.run(() -> {
                    HttpServer server = HttpServer.builder().post("/", BothWays::echo).start("site", 80);
                    visitor.run(() -> visit(http2, whole, broken));
                    server.stop(Duration.ofSeconds(5));
                });
            });
        }
        assertTrue(whole[0] > 10 && broken[0] > 10, whole[0] + " whole, " + broken[0] + " broken");
    }

    private static void visit(boolean http2, int[] whole, int[] broken) {
        HttpClient.Builder options = HttpClient.builder();
        try (HttpClient http = (http2 ? options.http2PriorKnowledge() : options).build()) {
            Heddle.map(List.of(1, 2, 3, 4, 5), 3, n -> {
                try (Reply reply = http.request("POST", "http://site/").body(BothWays.lines(20 * n)).duplex().send()) {
                    assertEquals(20 * n, reply.text().lines().count());
                    whole[0]++;
                } catch (CancelledException cancelled) {
                    throw cancelled;
                } catch (HeddleException failed) {
                    assertTrue(failed.getMessage().contains("site"), failed.getMessage());
                    broken[0]++;
                }
                return n;
            });
            Heddle.sleep(Duration.ofSeconds(1));
            BothWays.assertNothingIsHeld(http);
        }
    }
}
