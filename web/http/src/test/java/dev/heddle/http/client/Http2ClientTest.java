package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.ClosedException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.Http2Limits;
import dev.heddle.http.StatusException;
import dev.heddle.http.server.Compression;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The client speaks HTTP/2 with our own server, over memory and in virtual time. */
final class Http2ClientTest {

    /** What a test does with a client whose connections all lead to one server. */
    interface Body {
        void run(HttpClient http, List<String> connects) throws Exception;
    }

    private final HttpServer.Builder server = HttpServer.builder()
            .get("/hello", r -> Response.text("hello over " + r.version()))
            .get("/slow/{ms}", r -> {
                Heddle.sleep(Duration.ofMillis(Long.parseLong(r.path("ms"))));
                return Response.text("slow");
            })
            .get("/big", r -> Response.bytes("a/b", new byte[3_000_000]))
            .get("/none", r -> Response.empty(204))
            .get("/zip", r -> Compression.DEFAULT.handle(r, q -> Response.text("z".repeat(100_000))))
            .get("/stream", r -> Response.stream("text/plain", out -> {
                for (int i = 0; i < 1_000; i++) {
                    out.write(("line " + i + "\n").getBytes(StandardCharsets.US_ASCII));
                    if (i % 100 == 0) {
                        out.flush();
                    }
                }
            }))
            .post("/length", r -> Response.text("" + r.bytes(64 << 20).length))
            .post("/refuse", r -> {
                throw new StatusException(413, "no");
            })
            .post("/echo", r -> Response.text(r.text(1000)));

    private static void play(HttpServer server, HttpClient.Builder options, Body body) {
        Sim.run(() -> playHere(() -> server, options, body));
    }

    private static void playHere(Supplier<HttpServer> server, HttpClient.Builder options, Body body) throws Exception {
        List<String> connects = new ArrayList<>();
        List<Task<Void>> serving = new ArrayList<>();
        options.connector((host, port) -> {
            connects.add(host);
            Heddle.sleep(Duration.ofMillis(1));
            MemoryStreams.Pair pair = MemoryStreams.pair(1 << 16);
            HttpServer now = server.get();
            serving.add(Heddle.currentLoop().spawn(() -> now.serve(pair.right())));
            return pair.left();
        });
        try (HttpClient http = options.http2PriorKnowledge().build()) {
            body.run(http, connects);
        }
        serving.forEach(Task::join);
    }

    private void play(Body body) {
        play(server.build(), HttpClient.builder(), body);
    }

    @Test
    void requestsShareOneConnectionOneAfterTheOther() {
        play((http, connects) -> {
            for (int i = 0; i < 5; i++) {
                Reply reply = http.get("http://site/hello");
                assertEquals("HTTP/2", reply.version());
                assertEquals("hello over HTTP/2", reply.text());
            }
            assertEquals(List.of("site"), connects);
            assertEquals(new ClientLoops.Statistics(1, 1, 0, 1, 4), http.statistics());
            assertEquals(List.of(http.statistics()), List.copyOf(http.statisticsByOrigin().values()));
        });
    }

    @Test
    void requestsAtOnceWaitForOneConnectAndShareIt() {
        play((http, connects) -> {
            List<Integer> all = IntStream.range(0, 90).boxed().toList();
            Heddle.map(all, 90, i -> {
                assertEquals("slow", http.get("http://site/slow/" + i).text());
                return i;
            });
            assertEquals(List.of("site"), connects);
            assertEquals(90, http.statistics().reused() + http.statistics().opened());
        });
    }

    @Test
    void oneThousandAtOnceGoOverOneConnectionAsFastAsTheServerAllows() {
        play(server.build(), HttpClient.builder().limits(ClientLimits.DEFAULT.withMaxConnectionsPerHost(1)),
                (http, connects) -> {
                    List<Integer> all = IntStream.range(0, 1_000).boxed().toList();
                    Heddle.map(all, 1_000, i -> {
                        assertEquals("slow", http.get("http://site/slow/10").text());
                        return i;
                    });
                    assertEquals(List.of("site"), connects);
                });
    }

    @Test
    void oneThousandStreamsAtOnceIfTheServerAllowsThem() {
        server.http2(Http2Limits.DEFAULT.withMaxStreams(1_000));
        play((http, connects) -> {
            http.get("http://site/hello").text();
            long start = Heddle.currentLoop().nanoTime();
            List<Integer> all = IntStream.range(0, 1_000).boxed().toList();
            Heddle.map(all, 1_000, i -> {
                assertEquals("slow", http.get("http://site/slow/1000").text());
                return i;
            });
            assertTrue(Heddle.currentLoop().nanoTime() - start < Duration.ofMillis(1_500).toNanos());
            assertEquals(List.of("site"), connects);
        });
    }

    @Test
    void errorNamesTheRepliesThatHoldTheStreams() {
        server.http2(Http2Limits.DEFAULT.withMaxStreams(2));
        play(server.build(), HttpClient.builder().limits(ClientLimits.DEFAULT.withMaxConnectionsPerHost(1)),
                (http, connects) -> {
                    Reply first = http.get("http://site/big?secret=1");
                    Heddle.sleep(Duration.ofSeconds(1));
                    Task<Reply> slow = Heddle.spawn("slow", () -> http.get("http://site/slow/100000"));
                    Heddle.sleep(Duration.ofSeconds(1));
                    var e = assertThrows(DeadlineExceededException.class,
                            () -> http.request("GET", "http://site/hello").timeout(Duration.ofSeconds(5)).send());
                    assertEquals(
                            "GET http://site/hello: no free connection after 5 s: 1 of 2 requests under way to http://site"
                                    + " have a reply that nobody is reading; the oldest is GET http://site/big?..., for 7 s,"
                                    + " of task main; read each reply to its end, or close it",
                            e.getMessage());
                    slow.cancel();
                    first.close();
                });
    }

    @Test
    void afterAFullConnectionComesAnother() {
        server.http2(Http2Limits.DEFAULT.withMaxStreams(2));
        play((http, connects) -> {
            http.get("http://site/hello").text();
            Heddle.map(List.of(1, 2, 3, 4, 5), 5, i -> http.get("http://site/slow/1000").text());
            assertEquals(3, connects.size());
            assertEquals(3, http.statistics().idle());
        });
    }

    @Test
    void bodiesGoBothWaysThroughTheWindows() {
        play((http, connects) -> {
            assertEquals(3_000_000, http.get("http://site/big").bytes().length);
            assertEquals("4000000", http.post("http://site/length", new byte[4_000_000]).text());
            assertEquals("300000", http.request("POST", "http://site/length").body(out -> {
                for (int i = 0; i < 3_000; i++) {
                    out.write(new byte[100]);
                }
            }).send().text());
            assertEquals(1_000, http.get("http://site/stream").text().lines().count());
            assertEquals("x", http.post("http://site/echo", "x").text());
            assertEquals(1, connects.size());
        });
    }

    @Test
    void emptyPostSaysSo() {
        play((http, connects) -> assertEquals("0", http.request("POST", "http://site/length").send().text()));
    }

    @Test
    void repliesWithoutABodyHaveNone() {
        play((http, connects) -> {
            Reply head = http.head("http://site/big");
            assertEquals("3000000", head.headers().first("content-length"));
            assertEquals(0, head.bytes().length);
            Reply none = http.get("http://site/none");
            assertEquals(204, none.status());
            assertEquals("", none.text());
            assertEquals(new ClientLoops.Statistics(1, 1, 0, 1, 1), http.statistics());
        });
    }

    @Test
    void unreadReplyHoldsNoOtherUp() {
        play((http, connects) -> {
            List<Reply> unread = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                unread.add(http.get("http://site/big"));
            }
            assertEquals("hello over HTTP/2", http.get("http://site/hello").text());
            assertEquals(3_000_000, unread.get(29).bytes().length);
            assertEquals(1, connects.size());
            unread.forEach(Reply::close);
            assertEquals(1, http.statistics().idle());
        });
    }

    @Test
    void cancelledRequestResetsItsStreamAndLeavesTheConnection() {
        play((http, connects) -> {
            Task<?> waiting = Heddle.spawn(() -> http.get("http://site/slow/100000").text());
            Heddle.sleep(Duration.ofMillis(100));
            assertEquals(0, http.statistics().idle());
            waiting.cancel();
            Heddle.sleep(Duration.ofMillis(100));
            assertEquals(1, http.statistics().idle());
            assertEquals("hello over HTTP/2", http.get("http://site/hello").text());
            assertEquals(1, connects.size());
        });
    }

    @Test
    void requestThatEndsWhileItsConnectionIsMadeLeavesTheOthersToMakeAnother() {
        play((http, connects) -> {
            Task<?> first = Heddle.spawn(() -> http.get("http://site/hello").text());
            Heddle.sleep(Duration.ofNanos(100_000));
            Task<String> second = Heddle.spawn(() -> http.get("http://site/hello").text());
            Heddle.sleep(Duration.ofNanos(100_000));
            first.cancel();
            assertEquals("hello over HTTP/2", second.join());
            assertEquals(2, connects.size());
            assertEquals(1, http.statistics().connections());
        });
    }

    @Test
    void lateReplyIsADeadlineThatNamesTheRequest() {
        play(server.build(), HttpClient.builder().timeouts(ClientTimeouts.DEFAULT.withRead(Duration.ofSeconds(2))),
                (http, connects) -> {
                    var e = assertThrows(DeadlineExceededException.class, () -> http.get("http://site/slow/60000"));
                    assertEquals("GET http://site/slow/60000: no response head after 2 s", e.getMessage());
                    assertEquals("hello over HTTP/2", http.get("http://site/hello").text());
                });
    }

    @Test
    void refusalEndsTheUpload() {
        play((http, connects) -> {
            Reply reply = http.post("http://site/refuse", new byte[20_000_000]);
            assertEquals(413, reply.status());
            reply.close();
            assertEquals("hello over HTTP/2", http.get("http://site/hello").text());
            assertEquals(1, connects.size());
        });
    }

    @Test
    void uploadThatAsksIsSentWhenItIsWelcomeAndNotWhenItIsRefused() {
        play((http, connects) -> {
            assertEquals("100000",
                    http.request("POST", "http://site/length").body(new byte[100_000]).expectContinue().send().text());
            assertEquals(413, http.request("POST", "http://site/refuse").body(new byte[100_000]).expectContinue().send()
                    .status());
        });
    }

    @Test
    void failingBodyWriterFailsTheRequestAndNotTheConnection() {
        play((http, connects) -> {
            http.get("http://site/hello").text();
            var e = assertThrows(IllegalStateException.class,
                    () -> http.request("POST", "http://site/length").body(out -> {
                        out.write(1);
                        throw new IllegalStateException("mine");
                    }).send());
            assertEquals("mine", e.getMessage());
            assertEquals("hello over HTTP/2", http.get("http://site/hello").text());
            assertEquals(1, connects.size());
        });
    }

    @Test
    void compressedRepliesAreDecoded() {
        play((http, connects) -> {
            Reply reply = http.get("http://site/zip");
            assertEquals("gzip", reply.headers().first("content-encoding"));
            assertEquals(100_000, reply.text().length());
        });
    }

    @Test
    void idleConnectionIsClosedWhenItsTimeIsOver() {
        play((http, connects) -> {
            http.get("http://site/hello").text();
            Heddle.sleep(Duration.ofSeconds(29));
            assertEquals(1, http.statistics().connections());
            Heddle.sleep(Duration.ofSeconds(3));
            assertEquals(0, http.statistics().connections());
            assertEquals("hello over HTTP/2", http.get("http://site/hello").text());
            assertEquals(2, connects.size());
        });
    }

    @Test
    void connectionWithARequestIsNotIdle() {
        play((http, connects) -> {
            http.get("http://site/hello").text();
            Heddle.sleep(Duration.ofSeconds(20));
            assertEquals("slow", http.get("http://site/slow/45000").text());
            assertEquals(1, connects.size());
        });
    }

    @Test
    void closedClientTakesNoMoreAndLetsRepliesBeRead() {
        play((http, connects) -> {
            Reply reply = http.get("http://site/big");
            http.close();
            assertThrows(ClosedException.class, () -> http.get("http://site/hello"));
            assertEquals(3_000_000, reply.bytes().length);
        });
    }

    @Test
    void fullPoolClosesAnIdleConnectionToAnotherHost() {
        play(server.build(), HttpClient.builder().limits(ClientLimits.DEFAULT.withMaxConnections(1)),
                (http, connects) -> {
                    assertEquals("hello over HTTP/2", http.get("http://a/hello").text());
                    assertEquals("hello over HTTP/2", http.get("http://b/hello").text());
                    assertEquals("hello over HTTP/2", http.get("http://a/hello").text());
                    assertEquals(List.of("a", "b", "a"), connects);
                    assertEquals(1, http.statistics().connections());
                });
    }

    @Test
    void endedServerLetsRequestsFinishAndTheNextOnesGoElsewhere() {
        Sim.run(() -> {
            HttpServer first = server.build();
            HttpServer second = server.build();
            boolean[] stopped = new boolean[1];
            playHere(() -> stopped[0] ? second : first, HttpClient.builder(), (http, connects) -> {
                Task<String> slow = Heddle.spawn(() -> http.get("http://site/slow/3000").text());
                Heddle.sleep(Duration.ofSeconds(1));
                stopped[0] = true;
                Task<?> stopping = Heddle.spawn(() -> first.stop(Duration.ofSeconds(10)));
                Heddle.sleep(Duration.ofMillis(100));
                assertEquals("hello over HTTP/2", http.get("http://site/hello").text());
                assertEquals(2, connects.size());
                assertEquals("slow", slow.join());
                stopping.join();
            });
        });
    }
}
