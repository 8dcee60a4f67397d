package dev.heddle.http.gateway;

import static dev.heddle.http.BothWays.next;
import static dev.heddle.http.BothWays.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Task;
import dev.heddle.http.BodyWriter;
import dev.heddle.http.BothWays;
import dev.heddle.http.Headers;
import dev.heddle.http.client.ClientLimits;
import dev.heddle.http.client.ClientRequest;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.RouteOptions;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimOptions;
import dev.heddle.sync.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Responses come down through a gateway while the bodies of their requests still go up; in virtual time. */
final class ProxyingBothWaysTest {

    /** What is spoken with the client and with the upstream. */
    enum Spoken {
        ONE_TO_ONE,
        ONE_TO_TWO,
        TWO_TO_ONE,
        TWO_TO_TWO;

        HttpClient client() {
            return http(this == TWO_TO_ONE || this == TWO_TO_TWO);
        }

        HttpClient ofGateway() {
            return http(this == ONE_TO_TWO || this == TWO_TO_TWO);
        }

        private static HttpClient http(boolean http2) {
            HttpClient.Builder options = HttpClient.builder().limits(ClientLimits.DEFAULT);
            return (http2 ? options.http2PriorKnowledge() : options).build();
        }
    }

    private interface Play {
        void run(HttpClient http, HttpClient ofGateway) throws Exception;
    }

    private final Logger logger = Logger.getLogger("dev.heddle.http");
    private final List<String> severe = new CopyOnWriteArrayList<>();
    private final List<String> heard = new ArrayList<>();

    @BeforeEach
    void listen() {
        logger.setFilter(entry -> {
            if (entry.getLevel() == Level.SEVERE) {
                severe.add(entry.getMessage());
            }
            return true;
        });
    }

    @AfterEach
    void nothingWasAFaultOfTheGateway() {
        logger.setFilter(null);
        assertEquals(List.of(), severe.stream().filter(text -> !text.contains("/broken")).toList());
    }

    private HttpServer.Builder upstream() {
        return HttpServer.builder()
                .post("/echo", BothWays::echo)
                .post("/refused", _ -> Response.text("no").withStatus(413))
                .post("/moved", _ -> Response.redirect(307, "/elsewhere"))
                .post("/early", _ -> Response.text("early"))
                .post("/empty", request -> Response.stream(204, Headers.EMPTY, 0, _ -> {}).onEnd(() -> drain(request)))
                .post("/count", this::count)
                .post("/slow", request -> {
                    request.bytes(100);
                    Heddle.sleep(Duration.ofMinutes(1));
                    return Response.text("late");
                })
                .post("/broken/echo", BothWays::echo)
                .post("/broken", request -> Response.stream("a/b", out -> {
                    assertTrue(request.read(new byte[1]) > 0);
                    say(out, "x");
                    Heddle.sleep(Duration.ofMillis(200));
                    throw new IllegalStateException("stopped");
                }));
    }

    private void play(Spoken spoken, Play play) {
        Sim.seeds(SimOptions.DEFAULT.withSeed(1).withFailureHandler((what, failure) -> severe.add(what)), 3, _ -> {
            heard.clear();
            try (HttpServer _ = upstream().start("127.0.0.1", 80);
                    HttpClient ofGateway = spoken.ofGateway();
                    Proxying gateway = Proxying.to(Upstreams.of("http://127.0.0.1"), ofGateway);
                    HttpServer _ = HttpServer.builder()
                            .any("/small", RouteOptions.DEFAULT.withMaxBodyBytes(100), gateway)
                            .any("/{path...}", gateway).start("127.0.0.1", 81);
                    HttpClient http = spoken.client()) {
                play.run(http, ofGateway);
                Heddle.sleep(Duration.ofSeconds(2));
                assertEquals(0, gateway.statistics().getFirst().inFlight());
                BothWays.assertNothingIsHeld(http);
                BothWays.assertNothingIsHeld(ofGateway);
            }
        });
    }

    /** Gives a whole answer at once, and reads on. */
    private Response count(Request request) {
        return Response.stream("text/plain", 2, out -> say(out, "ok")).onEnd(() -> drain(request));
    }

    private void drain(Request request) {
        try {
            heard.add("read " + request.bytes(1 << 24).length);
        } catch (RuntimeException e) {
            heard.add("cut off");
            throw e;
        }
    }

    private static ClientRequest post(HttpClient http, String path, BodyWriter body) {
        return http.request("POST", "http://127.0.0.1:81" + path).body(body).duplex().followRedirects(false);
    }

    /** Says a word, then nothing, and tells when it has to end. */
    private BodyWriter endless(String word) {
        return out -> {
            try {
                say(out, word);
                Heddle.sleep(Duration.ofSeconds(15));
                heard.add("not ended");
            } catch (CancelledException e) {
                heard.add("ended");
                throw e;
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    void eachWordIsAnsweredBeforeTheNextIsSaid(Spoken spoken) {
        play(spoken, (http, _) -> {
            var words = Channel.<String>of(0);
            try (Reply reply = post(http, "/echo", out -> {
                for (String word : words) {
                    say(out, word);
                }
            }).trailers(() -> Headers.of("x-sum", "3")).send()) {
                assertEquals(200, reply.status());
                for (String word : List.of("one", "two", "three")) {
                    words.send(word);
                    assertEquals(word, next(reply));
                    Heddle.sleep(Duration.ofSeconds(1));
                }
                words.close();
                assertEquals("the end", next(reply));
                assertEquals("3", reply.trailers().first("x-sum"));
                reply.awaitSent();
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    @Tag("full")
    void moreThanAllBuffersHoldGoesRound(Spoken spoken) {
        play(spoken, (http, _) -> {
            byte[] much = new byte[5_000_000];
            assertEquals(much.length, post(http, "/echo", out -> out.write(much)).send().bytes(much.length).length);
            Reply sized = http.request("POST", "http://127.0.0.1:81/echo").body(much).duplex().send();
            assertEquals(much.length, sized.bytes(much.length).length);
        });
    }

    @ParameterizedTest
    @EnumSource
    void slowReaderHoldsTheWriterUp(Spoken spoken) {
        play(spoken, (http, _) -> {
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
                assertTrue(full < 10_000_000, "written " + full);
                assertTrue(reply.read(new byte[10]) > 0);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void refusalAndRedirectComeWhileTheBodyIsUnread(Spoken spoken) {
        play(spoken, (http, _) -> {
            for (String path : List.of("/refused", "/moved")) {
                heard.clear();
                try (Reply reply = post(http, path, endless("a")).send()) {
                    assertEquals(path.equals("/moved") ? 307 : 413, reply.status());
                    assertEquals(List.of("ended"), heard);
                }
            }
            try (Reply large = http.put("http://127.0.0.1:81/none", new byte[9_000_000])) {
                assertEquals(404, large.status());
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void upstreamThatHasAnsweredAndWantsNoMoreEndsTheRequest(Spoken spoken) {
        play(spoken, (http, _) -> {
            assertEquals("early", post(http, "/early", endless("a")).send().text());
            assertEquals(List.of("ended"), heard);
        });
    }

    @ParameterizedTest
    @EnumSource
    void whatFollowsAWholeResponseGoesOnToAnUpstreamThatReadsIt(Spoken spoken) {
        play(spoken, (http, ofGateway) -> {
            for (String path : List.of("/count", "/empty")) {
                heard.clear();
                Reply reply = post(http, path, out -> {
                    say(out, "a");
                    Heddle.sleep(Duration.ofSeconds(3));
                    out.write(new byte[99_999]);
                }).send();
                assertEquals(path.equals("/count") ? "ok" : "", reply.text());
                Heddle.sleep(Duration.ofMillis(500));
                assertEquals(List.of("read 100000"), heard);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void clientThatGoesCutsTheUpstreamOff(Spoken spoken) {
        play(spoken, (http, _) -> {
            Reply midway = post(http, "/count", endless("a")).send();
            assertEquals("ok", next(midway));
            midway.close();
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals(List.of("ended", "cut off"), heard);
            Reply echoing = post(http, "/echo", endless("a")).send();
            assertEquals("a", next(echoing));
            echoing.close();
        });
    }

    @ParameterizedTest
    @EnumSource
    void clientThatGoesBehindItsBodyIsSeenToo(Spoken spoken) {
        play(spoken, (http, ofGateway) -> {
            Task<Reply> asking = Heddle.spawn(() -> post(http, "/slow", out -> say(out, "a")).send());
            Heddle.sleep(Duration.ofSeconds(1));
            asking.cancel();
            asking.awaitOutcome();
        });
    }

    @ParameterizedTest
    @EnumSource
    void upstreamThatBreaksOffCutsTheClientOff(Spoken spoken) {
        play(spoken, (http, _) -> {
            try (Reply reply = post(http, "/broken", endless("a")).send()) {
                assertEquals("x", next(reply));
                assertThrows(HeddleException.class, () -> next(reply));
                Heddle.sleep(Duration.ofMillis(1));
                assertEquals(List.of("ended"), heard);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void bodyThatGrowsTooLongIsRefusedWhileNothingIsAnswered(Spoken spoken) {
        play(spoken, (http, _) -> {
            try (Reply reply = post(http, "/small", out -> out.write(new byte[10_000])).send()) {
                assertEquals(413, reply.status());
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void clientThatIsSilentTooLongIsCutOff(Spoken spoken) {
        play(spoken, (http, _) -> {
            try (Reply reply = post(http, "/broken/echo", out -> {
                say(out, "a");
                Heddle.sleep(Duration.ofHours(1));
            }).send()) {
                assertEquals("a", next(reply));
                assertThrows(HeddleException.class, () -> next(reply));
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    @Tag("full")
    void seedsOfDelaysAndCutsGiveRightAnswersOrAreCut(Spoken spoken) {
        int[] whole = new int[1];
        int[] broken = new int[1];
        for (long seed = 1; seed <= 25; seed++) {
            Sim.run(BothWays.roughNetwork(seed, 0.2), sim -> {
                SimHost site = sim.network().host("site");
                SimHost middle = sim.network().host("middle");
                SimHost visitor = sim.network().host("visitor");
                site.run(() -> {
                    HttpServer server = upstream().start("site", 80);
                    middle.run(() -> {
                        try (HttpClient ofGateway = spoken.ofGateway();
                                Proxying gateway = Proxying.to(Upstreams.of("http://site"), ofGateway);
                                HttpServer _ = HttpServer.builder().any("/{path...}", gateway).start("middle", 81)) {
                            visitor.run(() -> visit(spoken, whole, broken));
                            Heddle.sleep(Duration.ofSeconds(100));
                            assertEquals(0, gateway.statistics().getFirst().inFlight());
                            BothWays.assertNothingIsHeld(ofGateway);
                        }
                    });
                    server.stop(Duration.ofSeconds(5));
                });
            });
        }
        assertTrue(whole[0] > 10 && broken[0] > 10, whole[0] + " whole, " + broken[0] + " broken");
    }

    private static void visit(Spoken spoken, int[] whole, int[] broken) {
        try (HttpClient http = spoken.client()) {
            Heddle.map(List.of(1, 2, 3, 4, 5), 3, n -> {
                try (Reply reply = http.request("POST", "http://middle:81/echo").body(BothWays.lines(20 * n)).duplex()
                        .send()) {
                    if (reply.status() == 200) {
                        assertEquals(20 * n, reply.text().lines().count());
                        whole[0]++;
                    } else {
                        assertTrue(reply.status() >= 502, "status " + reply.status());
                        broken[0]++;
                    }
                } catch (CancelledException cancelled) {
                    throw cancelled;
                } catch (HeddleException failed) {
                    assertFalse(String.valueOf(failed.getMessage()).contains("http://site"), failed.getMessage());
                    broken[0]++;
                }
                return n;
            });
        }
    }
}
