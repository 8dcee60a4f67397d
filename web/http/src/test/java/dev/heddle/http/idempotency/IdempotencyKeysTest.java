package dev.heddle.http.idempotency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.StatusException;
import dev.heddle.http.client.ClientRequest;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.idempotency.IdempotencyStore.Claim;
import dev.heddle.http.server.Compression;
import dev.heddle.http.server.Handler;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.RouteOptions;
import dev.heddle.http.server.RouteOptions.OnDisconnect;
import dev.heddle.http.server.Routes;
import dev.heddle.http.testing.TestClient;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request with a key is carried out once, however often it is sent; in virtual time. */
final class IdempotencyKeysTest {

    private static final SimOptions DAYS = SimOptions.DEFAULT.withMaxVirtualTime(Duration.ofDays(3));

    private final IdempotencyKeys keys = IdempotencyKeys.in(IdempotencyStore.inMemory(1_000_000));

    /** How often the handler ran. */
    private int runs;

    private interface Body {
        void run(TestClient client) throws Exception;
    }

    private void play(IdempotencyKeys keys, Handler handler, Body body) {
        Routes routes = Routes.create().use(keys).any("/{path...}", request -> {
            runs++;
            return handler.handle(request);
        });
        Sim.run(DAYS, _ -> {
            try (TestClient client = TestClient.of(routes)) {
                body.run(client);
            }
        });
    }

    /** Takes money. */
    private Response paid(Request request) {
        return Response.text("paid " + request.text(1000) + ", no. " + runs).withStatus(201)
                .withHeader("Location", "/payments/" + runs);
    }

    private static ClientRequest post(TestClient client, String key, String body) {
        return client.request("POST", "/pay").header("Idempotency-Key", key).body(body);
    }

    private static void assertProblem(int status, String title, Reply reply) {
        assertEquals(status, reply.status());
        assertEquals("application/problem+json", reply.headers().first("Content-Type"));
        String text = reply.text();
        assertTrue(text.contains("\"title\":\"" + title + "\""), text);
    }

    @Test
    void secondRequestWithAKeyGetsTheResponseOfTheFirst() {
        play(keys, this::paid, client -> {
            for (String key : List.of("\"8e03978e-40d5\"", "8e03978e-40d5", "\"8e03978e-40d5\"")) {
                Reply reply = post(client, key, "5").send();
                assertEquals(201, reply.status());
                assertEquals("/payments/1", reply.headers().first("Location"));
                assertEquals("paid 5, no. 1", reply.text());
            }
            assertEquals("paid 5, no. 2", post(client, "another", "5").send().text());
            assertEquals(2, runs);
        });
    }

    @Test
    void anotherRequestWithTheKeyIsRefused() {
        play(keys, this::paid, client -> {
            post(client, "k", "5").send().close();
            for (ClientRequest other : List.of(post(client, "k", "6"), post(client, "k", ""), post(client, "k", "55"),
                    post(client, "k", "5").query("to", "Eve"), post(client, "k", "5").header("Content-Type", "a/b"),
                    client.request("PATCH", "/pay").header("Idempotency-Key", "k").body("5"))) {
                assertProblem(422, "Idempotency-Key is already used", other.send());
            }
            assertEquals(1, runs);
        });
    }

    @Test
    void asMuchOfABodyIsComparedAsTheHandlerHasRead() {
        play(keys, request -> {
            byte[] two = new byte[2];
            request.read(two);
            return Response.text("run " + runs);
        }, client -> {
            assertEquals("run 1", post(client, "k", "abc").send().text());
            assertEquals("run 1", post(client, "k", "abd").send().text());
            assertEquals(422, post(client, "k", "xbc").send().status());
        });
    }

    @Test
    void keyThatIsMissingOrNoneIsRefusedWhereItIsRequired() {
        play(keys.withRequired(true), this::paid, client -> {
            assertProblem(400, "Idempotency-Key is missing", client.request("POST", "/pay").body("5").send());
            for (String wrong : List.of("\"\"", "\"a b\"", "a\"b", "x".repeat(256), "\"a\\\"b\"")) {
                assertProblem(400, "Idempotency-Key is malformed", post(client, wrong, "5").send());
            }
            assertProblem(400, "Idempotency-Key is malformed",
                    post(client, "a", "5").addHeader("Idempotency-Key", "b").send());
            assertEquals(201, post(client, "x".repeat(255), "5").send().status());
            assertEquals(1, runs);
            for (String idempotent : List.of("GET", "PUT", "DELETE", "QUERY")) {
                assertEquals(201, client.request(idempotent, "/pay").send().status());
            }
        });
        play(keys, this::paid, client -> assertEquals(201, client.request("POST", "/pay").body("5").send().status()));
    }

    @Test
    void requestThatComesWhileTheFirstIsUnderWayGets409() {
        play(keys, request -> {
            Heddle.sleep(Duration.ofSeconds(10));
            return paid(request);
        }, client -> {
            Task<String> first = Heddle.spawn(() -> post(client, "k", "5").send().text());
            Heddle.sleep(Duration.ofSeconds(1));
            Reply second = post(client, "k", "5").send();
            assertEquals("1", second.headers().first("Retry-After"));
            assertProblem(409, "A request is outstanding for this Idempotency-Key", second);
            assertEquals("paid 5, no. 1", first.join());
            assertEquals("paid 5, no. 1", post(client, "k", "5").send().text());
        });
    }

    @Test
    void hundredThatComeAtOnceRunOnce() {
        play(keys, request -> {
            Heddle.sleep(Duration.ofMillis(1));
            return paid(request);
        }, client -> {
            List<Task<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                all.add(Heddle.spawn(() -> post(client, "k", "5").send().status()));
            }
            List<Integer> statuses = all.stream().map(Task::join).toList();
            assertEquals(1, runs);
            assertTrue(statuses.stream().allMatch(status -> status == 201 || status == 409), statuses.toString());
            assertEquals("paid 5, no. 1", post(client, "k", "5").send().text());
        });
    }

    @Test
    void failureAndAnAnswerThatAsksForAnotherTryGiveTheKeyBack() {
        play(keys, request -> {
            if (runs == 1) {
                throw new IllegalStateException("the bank is gone");
            }
            if (runs == 2) {
                throw new StatusException(429, "later");
            }
            return Response.text("run " + runs).withStatus(runs == 3 ? 503 : 402);
        }, client -> {
            for (int status : new int[]{500, 429, 503, 402, 402}) {
                Reply reply = post(client, "k", "5").send();
                assertEquals(status, reply.status());
                assertTrue(status != 402 || reply.text().equals("run 4"));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cancelledHandlerGivesTheKeyBack(boolean isHttp2) {
        List<String> events = new ArrayList<>();
        RouteOptions cancelled = RouteOptions.DEFAULT.withOnDisconnect(OnDisconnect.CANCEL);
        HttpServer server = HttpServer.builder().use(keys).post("/pay", cancelled, request -> {
            String text = request.text(100);
            events.add("begun");
            Heddle.sleep(Duration.ofSeconds(10));
            return Response.text("paid " + text);
        }).build();
        Sim.run(() -> {
            HttpClient.Builder options = HttpClient.builder().connector((host, port) -> {
                MemoryStreams.Pair pair = MemoryStreams.pair();
                Heddle.currentLoop().spawn(() -> server.serve(pair.right()));
                return pair.left();
            });
            try (HttpClient http = (isHttp2 ? options.http2PriorKnowledge() : options).build()) {
                ClientRequest request = http.request("POST", "http://site/pay").header("Idempotency-Key", "k")
                        .body("5");
                assertTrue(Heddle.moveOnAfter(Duration.ofSeconds(1), () -> request.send().text()).isEmpty());
                Heddle.sleep(Duration.ofSeconds(1));
                assertEquals("paid 5", request.send().text());
                assertEquals(List.of("begun", "begun"), events);
            }
        });
    }

    @Test
    void streamedResponseIsKeptWhenItIsWhole() {
        play(keys, request -> Response.stream("text/plain", out -> {
            out.write('a');
            out.flush();
            Heddle.sleep(Duration.ofSeconds(2));
            out.write('b');
        }), client -> {
            Task<String> first = Heddle.spawn(() -> post(client, "k", "5").send().text());
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals(409, post(client, "k", "5").send().status());
            assertEquals("ab", first.join());
            assertEquals("ab", post(client, "k", "5").send().text());
            assertEquals(1, runs);
        });
    }

    @Test
    void responseThatIsTooLongOrCutOffIsNotKeptAndRunsNothingAgain() {
        IdempotencyKeys small = keys.withMaxBodyBytes(5);
        play(small, request -> request.target().equals("/cut")
                ? Response.stream("text/plain", out -> {
                    out.write('a');
                    out.flush();
                    throw new IllegalStateException("cut");
                })
                : Response.text("123456"), client -> {
                    assertEquals("123456", post(client, "k", "5").send().text());
                    assertProblem(409, "The response for this Idempotency-Key is not kept",
                            post(client, "k", "5").send());
                    ClientRequest cut = client.request("POST", "/cut").header("Idempotency-Key", "c").body("5");
                    assertThrows(RuntimeException.class, () -> cut.send().text());
                    assertEquals(409, cut.send().status());
                    assertEquals(2, runs);
                });
    }

    @Test
    void responseThatTheStoreHasNoRoomForRunsNothingAgain() {
        play(IdempotencyKeys.in(IdempotencyStore.inMemory(1_000)),
                request -> Response.text("x".repeat(100)), client -> {
                    assertEquals(200, post(client, "k", "5").send().status());
                    assertEquals(409, post(client, "k", "5").send().status());
                    assertEquals(1, runs);
                });
    }

    @Test
    void responseIsForgottenAfterItsTime() {
        play(keys, this::paid, client -> {
            post(client, "k", "5").send().close();
            Heddle.sleep(Duration.ofHours(23));
            assertEquals("paid 5, no. 1", post(client, "k", "5").send().text());
            Heddle.sleep(Duration.ofHours(2));
            assertEquals("paid 5, no. 2", post(client, "k", "5").send().text());
        });
    }

    @Test
    void keysOfDifferentUsersAreDifferentKeys() {
        play(keys, this::paid, client -> {
            assertEquals("paid 5, no. 1", post(client, "k", "5").bearerAuth("ada").send().text());
            assertEquals("paid 5, no. 2", post(client, "k", "5").bearerAuth("eve").send().text());
            assertEquals("paid 5, no. 3", post(client, "k", "5").send().text());
            assertEquals("paid 5, no. 1", post(client, "k", "5").bearerAuth("ada").send().text());
        });
        runs = 0;
        play(keys.withScope(request -> request.cookie("id").orElse("")), this::paid, client -> {
            assertEquals("paid 7, no. 1", post(client, "k", "7").header("Cookie", "id=ada").send().text());
            assertEquals("paid 7, no. 2", post(client, "k", "7").header("Cookie", "id=eve").send().text());
        });
    }

    @Test
    void compressionOutsideCompressesForEachPeer() {
        String text = "knots ".repeat(1_000);
        Routes routes = Routes.create().use(Compression.DEFAULT).use(keys).post("/pay", request -> Response.text(text));
        Sim.run(() -> {
            try (TestClient client = TestClient.of(routes)) {
                Reply coded = post(client, "k", "5").send();
                assertEquals("gzip", coded.headers().first("Content-Encoding"));
                assertEquals(text, coded.text());
                Reply plain = post(client, "k", "5").decodeBodies(false).send();
                assertEquals(text, plain.text());
            }
        });
    }

    @Test
    void boundOfBytesHoldsAndForgetsNothingThatIsUnderWay() {
        Sim.run(() -> {
            Duration day = Duration.ofDays(1);
            IdempotencyStore store = IdempotencyStore.inMemory(1_000);
            assertEquals(125, store.maxOutcomeBytes());
            assertInstanceOf(Claim.Granted.class, store.begin("a", day));
            store.finish("a", new byte[50], day);
            for (String key : List.of("b", "c")) {
                assertInstanceOf(Claim.Granted.class, store.begin(key, day));
                assertInstanceOf(Claim.Ended.class, store.begin("a", day));
            }
            assertInstanceOf(Claim.Granted.class, store.begin("d", day));
            assertEquals(503, assertThrows(StatusException.class, () -> store.begin("a", day)).status());
            assertInstanceOf(Claim.UnderWay.class, store.begin("b", day));
            store.release("b");
            assertInstanceOf(Claim.Granted.class, store.begin("a", day));
            store.finish("a", new byte[125], day);
            store.finish("c", new byte[125], day);
            assertInstanceOf(Claim.Ended.class, store.begin("c", day));
            assertThrows(IllegalArgumentException.class, () -> IdempotencyStore.inMemory(999));
        });
    }

    @Test
    void storeThatFailsWhenAResponseIsKeptChangesNoResponse() {
        IdempotencyStore lost = new IdempotencyStore() {
            @Override
            public Claim begin(String key, Duration longest) {
                return new Claim.Granted();
            }

            @Override
            public void finish(String key, byte[] outcome, Duration timeToLive) {
                throw new StatusException(503, "out of reach");
            }

            @Override
            public int maxOutcomeBytes() {
                return 1_000;
            }

            @Override
            public void release(String key) {
                Heddle.sleep(Duration.ofDays(1));
            }
        };
        play(IdempotencyKeys.in(lost), request -> {
            if (runs == 2) {
                throw new StatusException(400, "no");
            }
            return paid(request);
        }, client -> {
            assertEquals("paid 5, no. 1", post(client, "k", "5").send().text());
            assertEquals(400, post(client, "k", "5").send().status());
        });
    }
}
