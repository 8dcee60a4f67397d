package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.StatusException;
import dev.heddle.http.Through;
import dev.heddle.http.Wire;
import dev.heddle.io.ByteStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each client may ask so often and no more; in virtual time. */
@LeavesNothing
final class RequestRateLimiterTest {

    private final RequestRateLimiter threeIn30Seconds = RequestRateLimiter.of(3, Duration.ofSeconds(30));

    private final AtomicInteger handled = new AtomicInteger();

    /** One who asks, from any address, through a proxy. */
    private record Asker(ByteStream peer) {

        String ask(String address, String... fields) {
            String more = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
            peer.write("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: " + address + "\r\n" + more + "\r\n");
            return Wire.response(peer);
        }

        List<Integer> statuses(String address, int times) {
            List<Integer> all = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                all.add(Wire.status(ask(address)));
            }
            return all;
        }
    }

    private interface Visit {
        void play(Asker asker) throws Exception;
    }

    private void visit(Visit visit, RequestRateLimiter... limits) {
        HttpServer.Builder server = HttpServer.builder()
                .limits(ServerLimits.DEFAULT.withIdleTime(Duration.ofHours(1)))
                .trustProxies("unix");
        for (RequestRateLimiter limit : limits) {
            server.use(limit);
        }
        server.get("/", request -> {
            handled.incrementAndGet();
            if (request.header("X-Fail").isPresent()) {
                throw new StatusException(404, "not here");
            }
            return Response.text("done");
        });
        Wire.play(server, (peer, connection) -> visit.play(new Asker(peer)));
    }

    @Test
    void quotaMayComeAtOnceAndItsPlacesComeBackOneByOne() {
        visit(asker -> {
            assertEquals(List.of(200, 200, 200, 429, 429), asker.statuses("192.0.2.1", 5));
            assertEquals(3, handled.get());
            Heddle.sleep(Duration.ofSeconds(10));
            assertEquals(List.of(200, 429), asker.statuses("192.0.2.1", 2));
            Heddle.sleep(Duration.ofMinutes(10));
            assertEquals(List.of(200, 200, 200, 429), asker.statuses("192.0.2.1", 4));
        }, threeIn30Seconds);
    }

    @Test
    void responsesSayWhatIsLeftAndWhenToComeBack() {
        visit(asker -> {
            String first = asker.ask("192.0.2.1");
            assertEquals("\"default\";q=3;w=30", Through.field(first, "RateLimit-Policy"));
            assertEquals("\"default\";r=2;t=10", Through.field(first, "RateLimit"));
            assertEquals("", Through.field(first, "Retry-After"));
            Heddle.sleep(Duration.ofSeconds(4));
            assertEquals("\"default\";r=1;t=16", Through.field(asker.ask("192.0.2.1"), "RateLimit"));
            assertEquals("\"default\";r=0;t=26", Through.field(asker.ask("192.0.2.1"), "RateLimit"));
            String refused = asker.ask("192.0.2.1");
            assertEquals(429, Wire.status(refused));
            assertEquals("6", Through.field(refused, "Retry-After"));
            assertEquals("\"default\";r=0;t=6", Through.field(refused, "RateLimit"));
            assertEquals("\"default\";q=3;w=30", Through.field(refused, "RateLimit-Policy"));
            assertTrue(Wire.body(refused).contains("too many requests; the next may come in 6 seconds"), refused);
            Heddle.sleep(Duration.ofSeconds(6));
            assertEquals(200, Wire.status(asker.ask("192.0.2.1")));
        }, threeIn30Seconds);
    }

    @Test
    void errorOfTheHandlerCountsAndSaysWhatIsLeft() {
        visit(asker -> {
            String answer = asker.ask("192.0.2.1", "X-Fail: yes");
            assertEquals(404, Wire.status(answer));
            assertEquals("\"default\";r=2;t=10", Through.field(answer, "RateLimit"));
        }, threeIn30Seconds);
    }

    @Test
    void whoIsRefusedLosesNoPlaceByAskingAgain() {
        visit(asker -> {
            asker.statuses("192.0.2.1", 100);
            Heddle.sleep(Duration.ofSeconds(10));
            assertEquals(List.of(200, 429), asker.statuses("192.0.2.1", 2));
        }, threeIn30Seconds);
    }

    @Test
    void fewerMayComeAtOnceThanInAWindow() {
        visit(asker -> {
            assertEquals(List.of(200, 429), asker.statuses("192.0.2.1", 2));
            Heddle.sleep(Duration.ofSeconds(10));
            assertEquals(List.of(200, 429), asker.statuses("192.0.2.1", 2));
        }, threeIn30Seconds.withBurst(1));
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1,192.0.2.2,200", "2001:db8:1:2::1,2001:db8:1:2:ffff::9,429",
            "2001:db8:1:2::1,2001:db8:1:3::1,200", "::ffff:192.0.2.1,192.0.2.1,429"})
    void clientIsItsAddressAndOfIpv6ItsNetwork(String one, String other, int status) {
        visit(asker -> {
            asker.statuses(one, 3);
            assertEquals(status, Wire.status(asker.ask(other)));
        }, threeIn30Seconds);
    }

    @Test
    void peersWithoutAnAddressAreOneClient() {
        var server = HttpServer.builder().use(threeIn30Seconds.withBurst(1)).get("/", r -> Response.text("done"));
        String one = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        String answers = Wire.ask(server, one + "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assertTrue(answers.contains(" 200 ") && answers.contains(" 429 "), answers);
    }

    @Test
    void anythingCanBeCountedAndAnEmptyKeyIsNotLimited() {
        String longer = "k".repeat(5_000);
        visit(asker -> {
            for (String key : new String[]{"short", longer + "1", longer + "2"}) {
                for (int status : new int[]{200, 200, 200, 429}) {
                    assertEquals(status, Wire.status(asker.ask("192.0.2.1", "X-Key: " + key)));
                }
            }
            assertEquals(List.of(200, 200, 200, 200, 200), asker.statuses("192.0.2.1", 5));
            assertFalse(asker.ask("192.0.2.1").contains("RateLimit"));
        }, threeIn30Seconds.by(request -> request.header("X-Key").orElse("")));
    }

    @Test
    void severalLimitsStandAroundEachOther() {
        visit(asker -> {
            assertEquals(List.of(200, 429), asker.statuses("192.0.2.1", 2));
            String other = asker.ask("192.0.2.2");
            assertEquals(2, other.split("RateLimit-Policy: ", -1).length - 1);
            assertTrue(other.contains("\r\nRateLimit: \"second\";r=0;t=1\r\n"), other);
            assertTrue(other.contains("\r\nRateLimit: \"default\";r=0;t=30\r\n"), other);
        }, threeIn30Seconds.by(request -> "all"),
                RequestRateLimiter.of(1, Duration.ofSeconds(1)).named("second"));
    }

    @Test
    void clientThatWasQuietForLongestIsForgottenWhenThereAreTooMany() {
        visit(asker -> {
            assertEquals(List.of(200, 429), asker.statuses("192.0.2.1", 2));
            assertEquals(List.of(200, 429), asker.statuses("192.0.2.2", 2));
            assertEquals(429, Wire.status(asker.ask("192.0.2.1"))); // not quiet
            assertEquals(List.of(200, 429), asker.statuses("192.0.2.3", 2)); // the second one goes
            assertEquals(429, Wire.status(asker.ask("192.0.2.1")));
            assertEquals(200, Wire.status(asker.ask("192.0.2.2")));
        }, threeIn30Seconds.withBurst(1).withMaxClients(2));
    }

    @Test
    void countsAreThoseOfOneLimitAndNotOfWhatWasMadeOfIt() {
        visit(asker -> assertEquals(List.of(200, 200, 200, 429), asker.statuses("192.0.2.1", 4)), threeIn30Seconds
                .named("other"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "with space", "\"", "back\\slash", "\u00e4", "line\n"})
    void nameIsOneOfAField(String name) {
        assertThrows(IllegalArgumentException.class, () -> threeIn30Seconds.named(name));
    }

    @Test
    void numbersHaveTheirLimits() {
        assertThrows(IllegalArgumentException.class, () -> RequestRateLimiter.of(0, Duration.ofSeconds(1)));
        assertThrows(IllegalArgumentException.class, () -> RequestRateLimiter.of(1, Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> RequestRateLimiter.of(1, Duration.ofDays(366)));
        assertThrows(IllegalArgumentException.class, () -> RequestRateLimiter.of(2_000_000, Duration.ofSeconds(1)));
        assertThrows(IllegalArgumentException.class, () -> threeIn30Seconds.withBurst(0));
        assertThrows(IllegalArgumentException.class, () -> threeIn30Seconds.withBurst(4));
        assertThrows(IllegalArgumentException.class, () -> threeIn30Seconds.withMaxClients(0));
        assertEquals("RequestRateLimiter[\"default\";q=3;w=30, burst 3]", threeIn30Seconds.toString());
    }
}
