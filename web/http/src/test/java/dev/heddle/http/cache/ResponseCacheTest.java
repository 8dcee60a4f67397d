package dev.heddle.http.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Task;
import dev.heddle.http.ScriptedServer;
import dev.heddle.http.StatusException;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.gateway.Proxying;
import dev.heddle.http.gateway.Upstreams;
import dev.heddle.http.internal.syntax.HttpDate;
import dev.heddle.http.server.Conditional;
import dev.heddle.http.server.Handler;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.RouteOptions;
import dev.heddle.http.server.RouteOptions.OnDisconnect;
import dev.heddle.http.server.Routes;
import dev.heddle.http.testing.TestClient;
import dev.heddle.sim.Sim;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is for all is made once and given to all, what is for one is given to nobody else; in virtual time. */
final class ResponseCacheTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ResponseCache cache = ResponseCache.inMemory(1_000_000);

    /** How often the handler was called. */
    private int made;

    private interface Body {
        void run(TestClient client) throws Exception;
    }

    private static void with(Routes routes, Body body) {
        Sim.run(1, () -> {
            try (TestClient client = TestClient.of(routes)) {
                body.run(client);
            }
        });
    }

    private void with(ResponseCache cached, Handler handler, Body body) {
        with(Routes.create().use(cached).any("/{path...}", request -> {
            made++;
            return handler.handle(request);
        }), body);
    }

    private void with(Handler handler, Body body) {
        with(cache, handler, body);
    }

    /** A page that says for how long. */
    private Response page(String control) {
        return Response.text("page " + made).withHeader("Cache-Control", control);
    }

    private static String get(TestClient client, String path, String... fields) {
        var request = client.request("GET", path);
        for (int i = 0; i < fields.length; i += 2) {
            request.header(fields[i], fields[i + 1]);
        }
        try (Reply reply = request.send()) {
            return reply.text();
        }
    }

    private static String field(Reply reply, String name) {
        return reply.headers().get(name).orElse("");
    }

    @Test
    void freshResponseIsGivenWithItsAge() {
        with(request -> page("max-age=60"), client -> {
            try (Reply first = client.get("/a")) {
                assertEquals("page 1", first.text());
                assertEquals("heddle; fwd=uri-miss; stored; ttl=60", field(first, "Cache-Status"));
            }
            Heddle.sleep(SECOND.multipliedBy(20));
            try (Reply hit = client.get("/a")) {
                assertEquals("page 1", hit.text());
                assertEquals("20", field(hit, "Age"));
                assertEquals("heddle; hit; ttl=40", field(hit, "Cache-Status"));
                assertEquals("text/plain; charset=utf-8", field(hit, "Content-Type"));
                assertEquals("6", field(hit, "Content-Length"));
            }
            Heddle.sleep(SECOND.multipliedBy(41));
            assertEquals("page 2", get(client, "/a"));
            ResponseCacheStatistics now = cache.statistics();
            assertEquals(1, now.responses());
            assertEquals(1, now.hits());
            assertEquals(2, now.misses());
        });
    }

    @Test
    void statusSaysWhyTheHandlerWasAsked() {
        with(request -> page("max-age=60").withHeader("Vary", "Accept-Language"), client -> {
            assertEquals("heddle; fwd=method", field(client.request("QUERY", "/a").body("q").send(), "Cache-Status"));
            assertEquals("heddle; fwd=method", field(client.request("PUT", "/a").body("q").send(), "Cache-Status"));
            assertEquals("heddle; fwd=uri-miss", field(client.request("HEAD", "/a").send(), "Cache-Status"));
            get(client, "/a");
            assertEquals("heddle; fwd=vary-miss; stored; ttl=60",
                    field(client.request("GET", "/a").header("Accept-Language", "fr").send(), "Cache-Status"));
            assertEquals("heddle; fwd=request",
                    field(client.request("GET", "/a").header("Cache-Control", "no-store").send(), "Cache-Status"));
        });
    }

    @Test
    void statusSaysWhoCameByAnothersRequest() {
        with(request -> {
            Heddle.sleep(SECOND);
            return page(request.path().equals("/a") ? "max-age=60" : "private");
        }, client -> {
            Task<String> first = Heddle.spawn(() -> field(client.get("/a"), "Cache-Status"));
            Heddle.sleep(SECOND.dividedBy(2));
            assertEquals("heddle; fwd=miss; collapsed; ttl=59", field(client.get("/a"), "Cache-Status"));
            assertEquals("heddle; fwd=uri-miss; stored; ttl=59", first.join());
            Task<String> own = Heddle.spawn(() -> field(client.get("/b"), "Cache-Status"));
            Heddle.sleep(SECOND.dividedBy(2));
            assertEquals("heddle; fwd=uri-miss; collapsed=?0", field(client.get("/b"), "Cache-Status"));
            assertEquals("heddle; fwd=uri-miss", own.join());
        });
    }

    @Test
    void statusStandsBehindThatOfCachesNearerToTheOrigin() {
        with(request -> page("max-age=60").withHeader("Cache-Status", "origin; hit"), client -> {
            for (String own : new String[]{"heddle; fwd=uri-miss; stored; ttl=60", "heddle; hit; ttl=60"}) {
                try (Reply reply = client.get("/a")) {
                    assertEquals(List.of("origin; hit", own), reply.headers().all("Cache-Status"));
                }
            }
        });
    }

    @Test
    void lifetimeForSharedCachesComesFirst() {
        with(request -> page("max-age=5, s-maxage=60"), client -> {
            get(client, "/a");
            Heddle.sleep(SECOND.multipliedBy(30));
            assertEquals("page 1", get(client, "/a"));
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
            "200; Cache-Control; no-store, max-age=60", "200; Cache-Control; private, max-age=60",
            "200; Cache-Control; no-cache, max-age=60", "200; Cache-Control; max-age=0",
            "200; Cache-Control; public", "200; Last-Modified; Tue, 01 Jan 2019 00:00:00 GMT",
            "500; Cache-Control; max-age=60", "400; Cache-Control; max-age=60", "431; Cache-Control; max-age=60",
    })
    void whatIsNotSaidToBeForAllIsNotKept(int status, String name, String value) {
        with(request -> Response.text("page " + made).withStatus(status).withHeader(name, value), client -> {
            assertEquals("page 1", get(client, "/a"));
            assertEquals("page 2", get(client, "/a"));
            assertEquals(0, cache.statistics().responses());
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"Set-Cookie; id=1", "Vary; *", "Content-Type; text/event-stream"})
    void whatIsForOneOnlyIsNotKept(String name, String value) {
        with(request -> page("public, max-age=60").withHeader(name, value), client -> {
            assertEquals("page 1", get(client, "/a"));
            assertEquals("page 2", get(client, "/a"));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization", "Cookie"})
    void whoIsKnownGetsAndLeavesOnlyWhatIsPublic(String field) {
        with(request -> page(request.path().equals("/public") ? "public, max-age=60" : "max-age=60"), client -> {
            assertEquals("page 1", get(client, "/a", field, "x=1"));
            assertEquals("page 2", get(client, "/a"), "what somebody got is not given to others");
            assertEquals("page 2", get(client, "/a"));
            assertEquals("page 3", get(client, "/a", field, "x=1"), "nor what nobody in particular got to somebody");
            assertEquals("page 4", get(client, "/public", field, "x=1"));
            assertEquals("page 4", get(client, "/public", field, "x=2"));
            assertEquals("page 4", get(client, "/public"));
        });
    }

    @Test
    void responseIsFoundByHostPathAndQueryToTheLetter() {
        with(request -> page("max-age=60"), client -> {
            assertEquals("page 1", get(client, "/a"));
            assertEquals("page 2", get(client, "/a?b"));
            assertEquals("page 3", get(client, "/a/"));
            assertEquals("page 4", get(client, "/%61"));
            assertEquals("page 5", get(client, "http://other/a"));
            assertEquals("page 1", get(client, "http://LOCALHOST:80/a"));
        });
    }

    @Test
    void fieldsThatVaryNamesAndThoseOfTheKeyTellResponsesApart() {
        with(cache.withKeyFields("X-Tenant"), request -> page("max-age=60").withHeader("Vary", "Accept-Language"),
                client -> {
                    assertEquals("page 1", get(client, "/a", "Accept-Language", "de"));
                    assertEquals("page 2", get(client, "/a", "Accept-Language", "en"));
                    assertEquals("page 3", get(client, "/a", "Accept-Language", "en", "X-Tenant", "b"));
                    assertEquals("page 2", get(client, "/a", "Accept-Language", "en", "X-Other", "b"));
                    assertEquals("page 1", get(client, "/a", "Accept-Language", "de"));
                });
    }

    @Test
    void manyWhoAskAtOnceGetOneResponse() {
        with(request -> {
            Heddle.sleep(SECOND);
            return page("max-age=60");
        }, client -> {
            List<String> pages = Heddle.map(Collections.nCopies(50, "/a"), 50, path -> get(client, path));
            assertEquals(Collections.nCopies(50, "page 1"), pages);
            assertEquals(49, cache.statistics().waited());
        });
    }

    @Test
    void variantsThatAreKnownAreMadeApart() {
        with(request -> {
            Heddle.sleep(SECOND);
            return page("max-age=60").withHeader("Vary", "Accept-Language");
        }, client -> {
            get(client, "/a", "Accept-Language", "de");
            long before = Heddle.currentLoop().nanoTime();
            Heddle.map(List.of("en", "fr", "it"), 3, language -> get(client, "/a", "Accept-Language", language));
            assertEquals(SECOND.toNanos(), Heddle.currentLoop().nanoTime() - before);
        });
    }

    @Test
    void whoWaitsForWhatIsForOneOnlyMakesHisOwnAndLaterNobodyWaits() {
        with(request -> {
            Heddle.sleep(SECOND);
            return page("private");
        }, client -> {
            long start = Heddle.currentLoop().nanoTime();
            Heddle.map(Collections.nCopies(10, "/a"), 10, path -> get(client, path));
            assertEquals(10, made);
            assertEquals(2 * SECOND.toNanos(), Heddle.currentLoop().nanoTime() - start);
            Heddle.map(Collections.nCopies(10, "/a"), 10, path -> get(client, path));
            assertEquals(3 * SECOND.toNanos(), Heddle.currentLoop().nanoTime() - start);
        });
    }

    @Test
    void whoIsCancelledHandsOver() {
        RouteOptions options = RouteOptions.DEFAULT.withOnDisconnect(OnDisconnect.CANCEL);
        with(Routes.create().use(cache).get("/a", options, request -> {
            made++;
            Heddle.sleep(SECOND.multipliedBy(3));
            return page("max-age=60");
        }), client -> Heddle.group(group -> {
            Task<String> first = group.spawn(() -> Heddle.moveOnAfter(SECOND, () -> get(client, "/a")).orElse("cut"));
            Heddle.sleep(Duration.ofMillis(10));
            Task<String> second = group.spawn(() -> get(client, "/a"));
            assertEquals("cut", first.join());
            assertEquals("page 2", second.join());
            assertEquals(2, made);
        }));
    }

    @Test
    void patienceIsBounded() {
        with(cache.withPatience(SECOND), request -> {
            Heddle.sleep(SECOND.multipliedBy(made == 1 ? 10 : 1));
            return page("max-age=60");
        }, client -> Heddle.group(group -> {
            group.spawn(() -> get(client, "/a"));
            Heddle.sleep(Duration.ofMillis(1));
            assertEquals("page 2", get(client, "/a"));
        }));
    }

    @Test
    void failureIsSharedWithNobody() {
        with(request -> {
            Heddle.sleep(SECOND);
            if (made == 1) {
                throw new StatusException(503, "busy");
            }
            return page("max-age=60");
        }, client -> Heddle.group(group -> {
            Task<Integer> first = group.spawn(() -> client.get("/a").status());
            Heddle.sleep(Duration.ofMillis(1));
            assertEquals("page 2", get(client, "/a"));
            assertEquals(503, first.join());
        }));
    }

    @Test
    void oldResponseIsGivenToAllButTheOneWhoAsksForANewOne() {
        with(request -> {
            Heddle.sleep(SECOND);
            return page("max-age=10, stale-while-revalidate=30");
        }, client -> {
            get(client, "/a");
            Heddle.sleep(SECOND.multipliedBy(15));
            List<String> pages = Heddle.map(Collections.nCopies(5, "/a"), 5, path -> get(client, path));
            assertEquals(List.of("page 1", "page 1", "page 1", "page 1", "page 2"), pages.stream().sorted().toList());
            assertEquals(4, cache.statistics().stale());
            assertEquals("page 2", get(client, "/a"));
            Heddle.sleep(SECOND.multipliedBy(60));
            assertEquals(List.of("page 3", "page 3"),
                    Heddle.map(List.of("/a", "/a"), 2, path -> get(client, path)), "too old");
        });
    }

    @Test
    void oldResponseStandsInForFailuresAsLongAsItSays() {
        with(request -> {
            if (made == 2) {
                throw new IllegalStateException("the database is gone");
            }
            return made == 3
                    ? Response.empty(503)
                    : page("max-age=10, stale-if-error=" + (made == 1 ? "60" : "1"));
        }, client -> {
            get(client, "/a");
            Heddle.sleep(SECOND.multipliedBy(20));
            assertEquals("page 1", get(client, "/a"));
            try (Reply reply = client.get("/a")) {
                assertEquals("page 1", reply.text());
                assertEquals("heddle; fwd=stale; fwd-status=503; ttl=-10; detail=stale-if-error",
                        field(reply, "Cache-Status"));
            }
            assertEquals(2, cache.statistics().standIns());
        });
    }

    @Test
    void mustRevalidateForbidsToGiveAnOldResponse() {
        with(request -> made == 1
                ? page("max-age=10, must-revalidate, stale-if-error=60, stale-while-revalidate=60")
                : Response.empty(503), client -> {
                    get(client, "/a");
                    Heddle.sleep(SECOND.multipliedBy(20));
                    assertEquals(503, client.get("/a").status());
                });
    }

    @Test
    void oldResponseIsAskedAboutAndMadeFreshByANotModified() {
        with(Routes.create().use(cache).use(Conditional.middleware()).get("/a", request -> {
            made++;
            return Response.text("page").withETag("v1").withHeader("Cache-Control", "max-age=10");
        }), client -> {
            get(client, "/a");
            Heddle.sleep(SECOND.multipliedBy(20));
            try (Reply reply = client.get("/a")) {
                assertEquals("page", reply.text());
                assertEquals("heddle; fwd=stale; fwd-status=304; ttl=10", field(reply, "Cache-Status"));
            }
            assertEquals(2, made);
            get(client, "/a");
            assertEquals(2, made);
            assertEquals(1, cache.statistics().revalidated());
        });
    }

    @Test
    void conditionsPartsAndHeadsAreAnsweredFromHere() {
        with(request -> Response.text("0123456789").withETag("v1").withHeader("Cache-Control", "max-age=60"),
                client -> {
                    try (Reply first = client.request("GET", "/a").header("If-None-Match", "\"v1\"").send()) {
                        assertEquals(304, first.status(), "the handler was not told of it");
                    }
                    try (Reply head = client.request("HEAD", "/a").send()) {
                        assertEquals("10", field(head, "Content-Length"));
                    }
                    try (Reply same = client.request("GET", "/a").header("If-None-Match", "\"v1\"").send()) {
                        assertEquals(304, same.status());
                        assertEquals("\"v1\"", field(same, "ETag"));
                    }
                    try (Reply other = client.request("GET", "/a").header("If-Match", "\"v2\"").send()) {
                        assertEquals(412, other.status());
                    }
                    try (Reply part = client.request("GET", "/a").header("Range", "bytes=2-4").send()) {
                        assertEquals(206, part.status());
                        assertEquals("bytes 2-4/10", field(part, "Content-Range"));
                        assertEquals("234", part.text());
                    }
                    assertEquals("0123456789", get(client, "/a", "Range", "bytes=2-4", "If-Range", "\"v0\""));
                    try (Reply none = client.request("GET", "/a").header("Range", "bytes=20-").send()) {
                        assertEquals(416, none.status());
                    }
                    assertEquals(1, made);
                });
    }

    @Test
    void tagWithACommaIsOneTag() {
        with(request -> Response.text("page").withHeader("ETag", "\"a,b\\\"").withHeader("Cache-Control", "max-age=60"),
                client -> {
                    get(client, "/a");
                    for (String field : List.of("If-Match", "If-None-Match")) {
                        try (Reply reply = client.request("GET", "/a").header(field, "\"x\", \"a,b\\\"").send()) {
                            assertEquals(field.equals("If-Match") ? 200 : 304, reply.status());
                        }
                    }
                });
    }

    @Test
    void partHasNoDigestOfTheWhole() {
        with(request -> Response.text("0123456789").withHeader("Content-Digest", "sha-256=:x:")
                .withHeader("Content-MD5", "x").withHeader("Repr-Digest", "sha-256=:y:")
                .withHeader("Cache-Control", "max-age=60"),
                client -> {
                    assertEquals("0123456789", get(client, "/a"));
                    try (Reply part = client.request("GET", "/a").header("Range", "bytes=2-4").send()) {
                        assertEquals("234", part.text());
                        assertFalse(part.headers().contains("Content-Digest"));
                        assertFalse(part.headers().contains("Content-MD5"));
                        assertEquals("sha-256=:y:", field(part, "Repr-Digest"), "that is of the whole");
                    }
                });
    }

    @Test
    void dateSelectsAPartOnlyWhereItIsOldEnoughAndThereIsNoTag() {
        for (int old : new int[]{59, 60}) {
            with(request -> Response.text("0123456789").withHeader("Cache-Control", "max-age=60").withHeader(
                    "Last-Modified", HttpDate.format(Heddle.currentLoop().engine().now().minusSeconds(old))),
                    client -> {
                        String date;
                        try (Reply whole = client.get("/" + old)) {
                            assertEquals("0123456789", whole.text());
                            date = field(whole, "Last-Modified");
                        }
                        assertEquals(old == 60 ? "23" : "0123456789",
                                get(client, "/" + old, "Range", "bytes=2-3", "If-Range", date), "is " + old);
                    });
        }
    }

    @Test
    void whatSharedCachesHaveAnAgeForIsNotGivenStale() {
        with(request -> made == 1
                ? Response.text("old").withHeader("Cache-Control",
                        "s-maxage=1, stale-if-error=60, stale-while-revalidate=60")
                : Response.text("down").withStatus(503),
                client -> {
                    assertEquals("old", get(client, "/a"));
                    Heddle.sleep(SECOND.multipliedBy(2));
                    try (Reply reply = client.get("/a")) {
                        assertEquals(503, reply.status());
                    }
                });
    }

    @Test
    void partThatIsNotHereIsTheHandlersAffair() {
        with(request -> Response.text(request.header("Range").orElse("none")).withHeader("Cache-Control", "max-age=60"),
                client -> {
                    assertEquals("bytes=1-2", get(client, "/a", "Range", "bytes=1-2"));
                    assertEquals("none", get(client, "/a"), "and not kept");
                });
    }

    @Test
    void streamedBodyIsKeptWhenItIsWholeAndALongOneGoesBy() {
        with(ResponseCache.inMemory(100_000, 10_000), request -> Response.stream("text/plain", out -> {
            int pieces = request.path().equals("/long") ? 20 : 5;
            for (int i = 0; i < pieces; i++) {
                out.write(("x" + made).repeat(500).getBytes(StandardCharsets.US_ASCII));
                out.flush();
                Heddle.sleep(Duration.ofMillis(1));
            }
            if (request.path().equals("/broken")) {
                throw new IllegalStateException("broken");
            }
        }).withHeader("Cache-Control", "max-age=60"), client -> {
            assertEquals(5_000, get(client, "/a").length());
            assertEquals("x1".repeat(2_500), get(client, "/a"));
            assertEquals("x2".repeat(10_000), get(client, "/long"));
            assertEquals("x3".repeat(10_000), get(client, "/long"));
            assertThrows(HeddleException.class, () -> get(client, "/broken"));
            assertThrows(HeddleException.class, () -> get(client, "/broken"));
            assertEquals(5, made);
        });
    }

    @Test
    void longFileOfTheDiskIsSentByTheSystemAndWaitedForByNobody(@TempDir Path directory) throws Exception {
        String text = "file".repeat(100_000);
        Path file = Files.writeString(directory.resolve("a.txt"), text);
        with(ResponseCache.inMemory(10_000_000),
                request -> Response.file(file).withHeader("Cache-Control", "max-age=60"), client -> {
                    assertEquals(List.of(text, text, text),
                            Heddle.map(Collections.nCopies(3, "/a"), 3, path -> get(client, path)));
                    assertEquals(text, get(client, "/a"));
                    assertEquals(4, made);
                });
    }

    @Test
    void peerThatGoesInTheMiddleHandsOver() {
        RouteOptions options = RouteOptions.DEFAULT.withOnDisconnect(OnDisconnect.CANCEL);
        with(Routes.create().use(cache).get("/a", options, request -> {
            made++;
            return Response.stream("text/plain", out -> {
                for (int i = 0; i < 4; i++) {
                    out.write('a' + i);
                    out.flush();
                    Heddle.sleep(Duration.ofMillis(500));
                }
            }).withHeader("Cache-Control", "max-age=60");
        }), client -> Heddle.group(group -> {
            group.spawn(() -> Heddle.moveOnAfter(SECOND, () -> get(client, "/a")));
            Heddle.sleep(Duration.ofMillis(10));
            assertEquals("abcd", get(client, "/a"));
            assertEquals(2, made);
        }));
    }

    @Test
    void purgeForgetsByUrlPrefixAndTagAlsoWhatIsOnItsWay() {
        with(request -> {
            Heddle.sleep(SECOND);
            return page("max-age=600").withHeader("Cache-Tag", "all, " + request.path().substring(1, 2));
        }, client -> {
            List<String> paths = List.of("/a/1", "/a/2", "/b/1");
            Heddle.map(paths, 3, path -> get(client, path));
            assertEquals(3, cache.statistics().responses());
            cache.purge("http://localhost/a/1");
            assertEquals(2, cache.statistics().responses());
            assertEquals(1, cache.purgeTag("B"));
            assertEquals(0, cache.purgeTag("al"));
            assertEquals(1, cache.purgePrefix("http://LOCALHOST:80/a/"));
            assertEquals(0, cache.statistics().responses());
            assertThrows(IllegalArgumentException.class, () -> cache.purge("/a/1"));

            Heddle.group(group -> {
                Task<String> late = group.spawn(() -> get(client, "/late"));
                Heddle.sleep(Duration.ofMillis(500));
                cache.purgeTag("l");
                late.join();
                assertEquals(0, cache.statistics().responses(), "it was made of what was before");
            });
        });
    }

    @ParameterizedTest
    @CsvSource({"POST,200,true", "DELETE,204,true", "PUT,404,false", "OPTIONS,200,false", "QUERY,200,false",
            "CHECKOUT,200,true"})
    void changeForgetsItsUrlUnlessItIsRefused(String method, int status, boolean forgets) {
        with(request -> request.method().equals("GET") ? page("max-age=60") : Response.empty(status), client -> {
            get(client, "/a");
            client.request(method, "/a").send().close();
            assertEquals(forgets ? "page 3" : "page 1", get(client, "/a"));
        });
    }

    @Test
    void clientsDecideNothingButNotToBeKept() {
        with(request -> page("max-age=60"), client -> {
            assertEquals("page 1", get(client, "/a"));
            assertEquals("page 1", get(client, "/a", "Cache-Control", "no-cache"));
            assertEquals("page 1", get(client, "/a", "Cache-Control", "max-age=0"));
            assertEquals("page 2", get(client, "/a", "Cache-Control", "no-store"));
            assertEquals("page 1", get(client, "/a"));
            assertEquals(504, client.request("GET", "/b").header("Cache-Control", "only-if-cached").send().status());
        });
    }

    @Test
    void manyThatAreWantedOnceDriveOutNoneThatAllWant() {
        with(ResponseCache.inMemory(100_000), request -> Response.bytes("text/plain", new byte[5_000])
                .withHeader("Cache-Control", "max-age=600"), client -> {
                    for (int i = 0; i < 5; i++) {
                        get(client, "/wanted");
                    }
                    for (int i = 0; i < 200; i++) {
                        get(client, "/once/" + i);
                    }
                    int before = made;
                    get(client, "/wanted");
                    assertEquals(before, made);
                });
    }

    @Test
    void boundOfBytesHolds() {
        ResponseCache small = ResponseCache.inMemory(50_000);
        with(small, request -> Response.bytes("text/plain", new byte[5_000])
                .withHeader("Cache-Control", "max-age=600"), client -> {
                    for (int i = 0; i < 100; i++) {
                        get(client, "/" + i % 20);
                        assertTrue(small.statistics().bytes() <= 50_000, () -> small.statistics().toString());
                    }
                    assertTrue(small.statistics().responses() >= 5, () -> small.statistics().toString());
                });
    }

    @Test
    void upstreamOfAGatewayIsAskedOnceAndThenAboutItsTag() {
        Sim.run(1, () -> {
            String fields = "Cache-Control: max-age=10\r\nETag: \"1\"\r\n";
            var upstream = ScriptedServer.of(peer -> {
                peer.request();
                peer.send("HTTP/1.1 200 OK\r\n" + fields + "Content-Length: 4\r\n\r\npage");
                peer.request();
                peer.send("HTTP/1.1 304 Not Modified\r\n" + fields + "\r\n");
                peer.hasRequest();
            });
            try (upstream;
                    var http = HttpClient.builder().connector(upstream::connect).build();
                    var gateway = Proxying.to(Upstreams.of("http://site"), http);
                    var client = TestClient.of(Routes.create().use(cache).any("/{path...}", gateway))) {
                assertEquals("page", get(client, "/a"));
                assertEquals("page", get(client, "/a"));
                assertEquals(1, upstream.requests.size());
                Heddle.sleep(SECOND.multipliedBy(20));
                assertEquals("page", get(client, "/a"));
                assertEquals("page", get(client, "/a"));
                assertEquals(2, upstream.requests.size());
                assertTrue(upstream.requests.getLast().contains("If-None-Match: \"1\""));
                assertFalse(upstream.requests.getFirst().contains("If-None-Match"));
            }
        });
    }

    @Test
    void requestsOfManyPathsAreManyFlights() {
        with(request -> {
            Heddle.sleep(SECOND);
            return page("max-age=60");
        }, client -> {
            long start = Heddle.currentLoop().nanoTime();
            List<String> paths = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                paths.add("/" + i % 10);
            }
            Heddle.map(paths, 20, path -> get(client, path));
            assertEquals(10, made);
            assertEquals(SECOND.toNanos(), Heddle.currentLoop().nanoTime() - start);
        });
    }
}
