package dev.heddle.sim;

import static dev.heddle.sim.ScriptedNameServer.CNAME;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.net.OriginQuestions;
import dev.heddle.net.ResolveException;
import dev.heddle.net.Resolver;
import dev.heddle.net.ResolverOptions;
import dev.heddle.net.internal.HttpsRecords.Http3;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A resolver finds where an origin speaks HTTP/3, remembers that in time, and holds nothing else up for it. */
final class HttpsRecordsTest {

    private static final int HTTPS = 65;
    private static final byte[] H3 = HexFormat.of().parseHex("00010003026833");
    private static final byte[] H2 = HexFormat.of().parseHex("00010003026832");

    private interface Body {
        void run(ScriptedNameServer server, Resolver resolver) throws Exception;
    }

    private static void with(Body body) {
        Sim.run(SimOptions.DEFAULT.withSeed(7), sim -> {
            try (ScriptedNameServer server = ScriptedNameServer.on(sim.network().host("ns"))) {
                body.run(server, Resolver.of(ResolverOptions.of(server.address()).withIpv6(false)));
            }
        });
    }

    private static byte[] data(int priority, String target, byte[] parameters) {
        byte[] name = ScriptedNameServer.nameBytes(target);
        var data = new byte[2 + name.length + parameters.length];
        data[1] = (byte) priority;
        System.arraycopy(name, 0, data, 2, name.length);
        System.arraycopy(parameters, 0, data, 2 + name.length, parameters.length);
        return data;
    }

    private static Optional<String> ask(Resolver resolver, String host, int port) {
        return OriginQuestions.of(resolver, host, port).orElseThrow().ask().map(found -> found.host() + ":"
                + found.port());
    }

    private static Optional<String> ask(Resolver resolver) {
        return ask(resolver, "h.example", 443);
    }

    @Test
    void firstThatHasHttp3Counts() {
        with((server, resolver) -> {
            server.has("h.example", HTTPS, 60, data(3, "c.example", H3));
            server.has("h.example", HTTPS, 60, data(1, "a.example", H2));
            server.has("h.example", HTTPS, 60, data(2, "b.example", H3));
            assertEquals(Optional.of("b.example:443"), ask(resolver));
            assertEquals(List.of("type 65 of h.example"), server.asked);
        });
    }

    @Test
    void otherPortHasItsOwnName() {
        with((server, resolver) -> {
            server.has("_8443._https.h.example", HTTPS, 60, data(1, "a.example", H3));
            assertEquals(Optional.of("a.example:8443"), ask(resolver, "h.example", 8443));
            assertEquals(Optional.empty(), ask(resolver));
        });
    }

    /** The first answer counts until then, and a second later no more. */
    private static void assertRemembered(ScriptedNameServer server, Resolver resolver, Duration time) {
        Heddle.sleep(time.minusSeconds(1));
        ask(resolver);
        assertEquals(1, server.asked.size());
        Heddle.sleep(Duration.ofSeconds(2));
        ask(resolver);
        assertEquals(2, server.asked.size());
    }

    @Test
    void answerIsRememberedAsLongAsItLives() {
        with((server, resolver) -> {
            server.has("h.example", HTTPS, 60, data(1, "", H3));
            long begun = Heddle.currentLoop().nanoTime();
            Http3 found = OriginQuestions.of(resolver, "h.example", 443).orElseThrow().ask().orElseThrow();
            assertTrue(found.untilNanos() - begun >= 60_000_000_000L, found::toString);
            assertRemembered(server, resolver, Duration.ofSeconds(60));
        });
    }

    @Test
    void thatThereIsNoneIsRememberedAsItsZoneSays() {
        with((server, resolver) -> {
            assertEquals(Optional.empty(), ask(resolver));
            assertRemembered(server, resolver, Duration.ofSeconds(30));
        });
    }

    @Test
    void malformedOneSpoilsAllOfItsName() {
        with((server, resolver) -> {
            server.has("h.example", HTTPS, 60, data(1, "", H3));
            server.has("h.example", HTTPS, 60, new byte[]{0, 2});
            assertEquals(Optional.empty(), ask(resolver));
            ask(resolver);
            assertEquals(1, server.asked.size());
        });
    }

    @Test
    void namesForNamesAreFollowed() {
        with((server, resolver) -> {
            server.has("h.example", CNAME, 60, ScriptedNameServer.nameBytes("c.example"));
            server.has("c.example", HTTPS, 60, data(0, "d.example", new byte[0]));
            server.has("c.example", HTTPS, 60, data(1, "", H3)); // does not count beside the other
            server.has("d.example", HTTPS, 60, data(1, "", H3));
            assertEquals(Optional.of("d.example:443"), ask(resolver));
        });
    }

    @Test
    void circleOfNamesEnds() {
        with((server, resolver) -> {
            server.has("h.example", HTTPS, 60, data(0, "i.example", new byte[0]));
            server.has("i.example", HTTPS, 60, data(0, "h.example", new byte[0]));
            assertEquals(Optional.empty(), ask(resolver));
            assertEquals(9, server.asked.size());
            server.has("none.example", HTTPS, 60, data(0, "", new byte[0]));
            assertEquals(Optional.empty(), ask(resolver, "none.example", 443), "its owner says that there is nothing");
        });
    }

    @Test
    void thereIsNoQuestionAboutNamesThatNoServerIsAsked() {
        with((server, ignored) -> {
            Resolver resolver = Resolver.of(ResolverOptions.of(server.address()).withHosts(
                    Map.of("own.example", List.of(InetAddress.ofLiteral("192.0.2.1")))));
            for (String host : List.of("own.example", "localhost", "app.localhost", "x.onion")) {
                assertEquals(Optional.empty(), OriginQuestions.of(resolver, host, 443), host);
            }
            assertTrue(OriginQuestions.of(resolver, "h.example.", 443).isPresent());
            Resolver searching = Resolver.of(ResolverOptions.of(server.address()).withSearch(List.of("example"), 1));
            assertEquals(Optional.empty(), OriginQuestions.of(searching, "h", 443), "it is h.example first");
            assertTrue(OriginQuestions.of(searching, "h.example", 443).isPresent());
        });
    }

    @Test
    void serverThatIsSilentAboutThemIsStillAskedFirst() {
        Sim.run(SimOptions.DEFAULT.withSeed(7), sim -> {
            try (ScriptedNameServer first = ScriptedNameServer.on(sim.network().host("ns1"));
                    ScriptedNameServer second = ScriptedNameServer.on(sim.network().host("ns2"))) {
                first.has("h.example", "192.0.2.1");
                first.script = asked -> {
                    if (asked.type() != HTTPS) {
                        first.answer(asked);
                    }
                };
                Resolver resolver = Resolver.of(ResolverOptions.of(first.address()).withIpv6(false)
                        .withServers(List.of(first.address(), second.address())));
                assertThrows(ResolveException.class, () -> ask(resolver));
                resolver.resolve("h.example");
                assertEquals(List.of(), second.asked);
            }
        });
    }

    @Test
    void cancelledCallsLeaveAtOnceAndTheLookupEnds() {
        with((server, resolver) -> {
            server.script = asked -> {};
            List<Task<?>> calls = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                calls.add(Heddle.spawn(() -> ask(resolver)));
            }
            Heddle.sleep(Duration.ofMillis(200));
            int asked = server.asked.size();
            long begun = Heddle.currentLoop().nanoTime();
            for (Task<?> call : calls) {
                call.cancel("the test wants no more of it");
                call.awaitOutcome();
            }
            assertEquals(begun, Heddle.currentLoop().nanoTime());
            Heddle.sleep(Duration.ofSeconds(20));
            assertEquals(asked, server.asked.size());
            assertEquals(1, resolver.statistics().lookups());
        });
    }

    @Test
    void hundredsOfThemAtATimeHoldNoOtherUp() {
        with((server, resolver) -> {
            server.has("a.example", "192.0.2.1");
            server.script = asked -> {
                if (asked.type() != HTTPS) {
                    server.answer(asked);
                }
            };
            List<Task<?>> calls = new ArrayList<>();
            for (int i = 0; i < 600; i++) {
                String host = "h" + i + ".example";
                calls.add(Heddle.spawn(() -> assertThrows(ResolveException.class, () -> ask(resolver, host, 443))));
            }
            Heddle.sleep(Duration.ofMillis(100));
            assertEquals(100, server.asked.size());
            long begun = Heddle.currentLoop().nanoTime();
            resolver.resolve("a.example");
            assertTrue(Heddle.currentLoop().nanoTime() - begun < 100_000_000);
            for (Task<?> call : calls) {
                call.join();
            }
        });
    }
}
