package dev.heddle.sim;

import static dev.heddle.sim.ScriptedNameServer.AAAA;
import static dev.heddle.sim.ScriptedNameServer.CNAME;
import static dev.heddle.sim.ScriptedNameServer.NO_SUCH_NAME;
import static dev.heddle.sim.ScriptedNameServer.SRV;
import static dev.heddle.sim.ScriptedNameServer.TRUNCATED;
import static dev.heddle.sim.ScriptedNameServer.TXT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.net.ResolveException;
import dev.heddle.net.Resolver;
import dev.heddle.net.ResolverOptions;
import dev.heddle.net.SrvRecord;
import dev.heddle.net.Udp;
import dev.heddle.sim.ScriptedNameServer.Asked;
import dev.heddle.sim.ScriptedNameServer.Script;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A resolver asks its servers as they may be asked, believes what answers its questions, and remembers it in time. */
final class ResolverTest {

    private static final InetAddress ONE = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress TWO = InetAddress.ofLiteral("192.0.2.2");

    /** A test with a server, and the options to ask it. */
    private interface Body {
        void run(ScriptedNameServer server, ResolverOptions options) throws Exception;
    }

    private static void with(Body body) {
        Sim.run(SimOptions.DEFAULT.withSeed(7), sim -> {
            try (ScriptedNameServer server = ScriptedNameServer.on(sim.network().host("ns"))) {
                body.run(server, ResolverOptions.of(server.address()));
            }
        });
    }

    private static Duration timeOf(Runnable call) {
        long begin = Heddle.currentLoop().nanoTime();
        call.run();
        return Duration.ofNanos(Heddle.currentLoop().nanoTime() - begin);
    }

    private static String failure(Resolver resolver, String name) {
        return assertThrows(ResolveException.class, () -> resolver.resolve(name)).getMessage();
    }

    @Test
    void addressesOfBothFamiliesAreFoundAtOnce() {
        with((server, options) -> {
            server.has("h.example", "192.0.2.1");
            server.has("h.example", "2001:db8::1");
            Resolver resolver = Resolver.of(options);

            List<InetAddress> found = resolver.resolve("H.example");

            assertEquals(Set.of(ONE, InetAddress.ofLiteral("2001:db8::1")), Set.copyOf(found));
            assertEquals(Set.of("A of h.example", "AAAA of h.example"), Set.copyOf(server.asked));
            assertEquals(List.of(ONE), resolver.resolve("192.0.2.1"), "only parsed");
            assertEquals(2, server.asked.size());
        });
    }

    @Test
    void answerIsRememberedAsLongAsItLives() {
        with((server, options) -> {
            server.has("h.example", "192.0.2.1");
            Resolver resolver = Resolver.of(options.withIpv6(false));
            resolver.resolve("h.example");
            Heddle.sleep(Duration.ofSeconds(59));
            resolver.resolve("h.example");
            assertEquals(1, server.asked.size());
            Heddle.sleep(Duration.ofSeconds(2));
            resolver.resolve("h.example");
            assertEquals(2, server.asked.size());
            resolver.forget();
            resolver.resolve("h.example");
            assertEquals(3, server.asked.size());
        });
    }

    @Test
    void whatIsNotThereIsRememberedAsLongAsItsZoneSays() {
        with((server, options) -> {
            Resolver resolver = Resolver.of(options.withIpv6(false));
            assertEquals("cannot resolve no.example: no such name", failure(resolver, "no.example"));
            Heddle.sleep(Duration.ofSeconds(29));
            failure(resolver, "no.example");
            assertEquals(1, server.asked.size());
            Heddle.sleep(Duration.ofSeconds(2));
            failure(resolver, "no.example");
            assertEquals(2, server.asked.size());

            server.script = asked -> ScriptedNameServer.reply(asked, NO_SUCH_NAME, List.of(), List.of());
            failure(resolver, "nowhere.example");
            failure(resolver, "nowhere.example");
            assertEquals(4, server.asked.size(), "without its zone it is not remembered");
        });
    }

    @Test
    void nameWithoutTheRecordsIsToldFromNoName() {
        with((server, options) -> {
            server.has("h.example", TXT, 60, ScriptedNameServer.text("x"));
            assertEquals("cannot resolve h.example: the name has no such records",
                    failure(Resolver.of(options), "h.example"));
        });
    }

    @Test
    void tasksThatAskAtTheSameTimeShareOneLookup() {
        with((server, options) -> {
            server.has("h.example", "192.0.2.1");
            Resolver resolver = Resolver.of(options.withIpv6(false));
            Heddle.gather(() -> resolver.resolve("h.example"), () -> resolver.resolve("h.example"));
            assertEquals(List.of("A of h.example"), server.asked);
            assertEquals(1, resolver.statistics().shared());
        });
    }

    @Test
    void lostQuestionCostsHalfASecond() {
        with((server, options) -> {
            server.has("h.example", "192.0.2.1");
            server.script = asked -> {
                if (server.asked.size() > 1) {
                    server.answer(asked);
                }
            };
            Resolver resolver = Resolver.of(options.withIpv6(false));
            Duration time = timeOf(() -> assertEquals(List.of(ONE), resolver.resolve("h.example")));
            assertTrue(time.toMillis() >= 500 && time.toMillis() < 1_000, time::toString);
        });
    }

    /** How long a look-up takes whose first question is lost, at a server that has answered others after some time. */
    private static Duration timeOfALossBehindAnswersAfter(Duration delay) {
        List<Duration> times = new ArrayList<>();
        with((server, options) -> {
            Set<String> lost = new HashSet<>(Set.of("lost.example"));
            server.has("lost.example", "192.0.2.1");
            server.script = asked -> {
                if (!lost.remove(asked.name())) {
                    Heddle.sleep(delay);
                    server.answer(asked);
                }
            };
            Resolver resolver = Resolver.of(options.withIpv6(false));
            for (int i = 0; i < 50; i++) {
                server.has("h" + i + ".example", "192.0.2.1");
                resolver.resolve("h" + i + ".example");
            }
            assertEquals(50, resolver.statistics().sent(), "no answer was late");
            times.add(timeOf(() -> assertEquals(List.of(ONE), resolver.resolve("lost.example"))));
            assertEquals(52, resolver.statistics().sent());
        });
        return times.getFirst();
    }

    @Test
    void lostQuestionCostsATenthOfASecondAtAServerThatAnswersAtOnce() {
        Duration time = timeOfALossBehindAnswersAfter(Duration.ZERO);
        assertTrue(time.toMillis() >= 100 && time.toMillis() < 150, time::toString);
    }

    @Test
    void serverThatAlwaysAnswersLateIsNotAskedTwiceBefore() {
        Duration time = timeOfALossBehindAnswersAfter(Duration.ofMillis(300));
        assertTrue(time.toMillis() >= 700 && time.toMillis() < 750, time::toString);
    }

    @Test
    void oneOfTwentyQuestionsLostHoldsUpNoLookUpForLong() {
        with((server, options) -> {
            Set<String> lost = new HashSet<>();
            server.script = asked -> {
                boolean first = lost.add(asked.name());
                if (!first || Math.floorMod(asked.name().hashCode(), 20) != 0) {
                    server.answer(asked);
                }
            };
            List<String> names = IntStream.range(0, 2_000).mapToObj(i -> "h" + i + ".example").toList();
            names.forEach(name -> server.has(name, "192.0.2.1"));
            Resolver resolver = Resolver.of(options.withIpv6(false));
            resolver.resolve(names.getFirst());
            List<Duration> times = Heddle.map(names, 100, name -> timeOf(() -> resolver.resolve(name)));
            long slow = times.stream().filter(time -> time.toMillis() >= 50).count();
            assertTrue(slow > 50 && slow < 150, () -> slow + " lost");
            assertTrue(times.stream().allMatch(time -> time.toMillis() < 250), times::toString);
        });
    }

    @Test
    void silentServerFailsInTimeAndSaysWho() {
        with((server, options) -> {
            server.script = asked -> {};
            Resolver resolver = Resolver.of(options);
            Duration time = timeOf(() -> {
                String message = failure(resolver, "h.example");
                assertTrue(message.endsWith(": silent for 5000 ms"), message);
                assertTrue(message.contains(server.address().getAddress().getHostAddress()), message);
            });
            assertEquals(10, time.toSeconds());
        });
    }

    @Test
    void nextServerAnswersWhereTheFirstIsSilentAndIsAskedFirstFromThenOn() {
        with((server, options) -> {
            server.has("a.example", "192.0.2.1");
            server.has("b.example", "192.0.2.2");
            InetSocketAddress dead = new InetSocketAddress(InetAddress.ofLiteral("10.9.9.9"), 53);
            SimNetwork network = Sim.current().network();
            network.silence(dead.getAddress());
            Resolver resolver = Resolver.of(options.withServers(List.of(dead, server.address())).withIpv6(false));
            assertEquals(5, timeOf(() -> assertEquals(List.of(ONE), resolver.resolve("a.example"))).toSeconds());
            assertEquals(0, timeOf(() -> assertEquals(List.of(TWO), resolver.resolve("b.example"))).toSeconds());
        });
    }

    @Test
    void serverThatFailsOrRefusesIsPassedOver() {
        with((server, options) -> {
            try (ScriptedNameServer other = ScriptedNameServer.on(Sim.current().network().host("other"))) {
                other.has("h.example", "192.0.2.1");
                for (int code : new int[]{2, 5, 9}) {
                    server.script = asked -> ScriptedNameServer.reply(asked, code, List.of(), List.of());
                    Resolver resolver = Resolver.of(options.withServers(List.of(server.address(), other.address())));
                    assertEquals(List.of(ONE), resolver.resolve("h.example"));
                }
                server.script = asked -> ScriptedNameServer.reply(asked, 2, List.of(), List.of());
                String message = failure(Resolver.of(options), "h.example");
                assertTrue(message.contains("it failed (SERVFAIL)"), message);
            }
        });
    }

    @Test
    void truncatedAnswerIsFetchedOverTcp() {
        with((server, options) -> {
            for (int i = 0; i < 1_000; i++) {
                server.has("many.example", "10.1." + i / 250 + "." + (i % 250 + 1));
            }
            server.script = asked -> {
                if (asked.tcp()) {
                    server.answer(asked);
                } else {
                    ScriptedNameServer.reply(asked, TRUNCATED, List.of(), List.of());
                }
            };
            Resolver resolver = Resolver.of(options.withIpv6(false));
            assertEquals(64, resolver.resolve("many.example").size(), "no more than is of use");
            assertEquals(1, resolver.statistics().overTcp());
        });
    }

    @Test
    void serverThatDoesNotKnowEdnsIsAskedWithout() {
        with((server, options) -> {
            server.has("a.example", "192.0.2.1");
            server.has("b.example", "192.0.2.2");
            server.script = asked -> {
                if (asked.edns()) {
                    ScriptedNameServer.reply(asked, 1, List.of(), List.of());
                } else {
                    server.answer(asked);
                }
            };
            Resolver resolver = Resolver.of(options.withIpv6(false));
            assertEquals(List.of(ONE), resolver.resolve("a.example"));
            assertEquals(List.of(TWO), resolver.resolve("b.example"));
            assertEquals(3, server.asked.size(), "it is not tried again with each question");
        });
    }

    @Test
    void namesForNamesAreFollowedToAnEnd() {
        with((server, options) -> {
            server.has("www.example", CNAME, 20, ScriptedNameServer.nameBytes("cdn.example"));
            server.has("cdn.example", "192.0.2.1");
            server.has("round.example", CNAME, 60, ScriptedNameServer.nameBytes("trip.example"));
            server.has("trip.example", CNAME, 60, ScriptedNameServer.nameBytes("round.example"));
            Resolver resolver = Resolver.of(options.withIpv6(false));
            assertEquals(List.of(ONE), resolver.resolve("www.example"));
            Heddle.sleep(Duration.ofSeconds(21));
            resolver.resolve("www.example");
            assertEquals(2, server.asked.size(), "the shortest life counts");
            String message = failure(resolver, "round.example");
            assertTrue(message.contains("more than 16 names for names"), message);
        });
    }

    @Test
    void nameForANameWhoseRecordsAreMissingIsAskedFor() {
        with((server, options) -> {
            server.has("cdn.example", "192.0.2.1");
            byte[] alias = ScriptedNameServer.record(
                    "www.example", CNAME, 60, ScriptedNameServer.nameBytes("cdn.example"));
            server.script = asked -> {
                if (asked.name().equals("www.example")) {
                    ScriptedNameServer.reply(asked, 0, List.of(alias), List.of());
                } else {
                    server.answer(asked);
                }
            };
            assertEquals(List.of(ONE), Resolver.of(options).resolve("www.example"));
        });
    }

    @Test
    void recordsOfOtherNamesAreNotBelieved() {
        with((server, options) -> {
            byte[] lie = ScriptedNameServer.record("bank.example", 1, 60, TWO.getAddress());
            byte[] truth = ScriptedNameServer.record("h.example", 1, 60, ONE.getAddress());
            server.script = asked -> {
                if (asked.name().equals("h.example")) {
                    ScriptedNameServer.reply(asked, 0, List.of(lie, truth), List.of());
                } else {
                    server.answer(asked);
                }
            };
            Resolver resolver = Resolver.of(options.withIpv6(false));
            assertEquals(List.of(ONE), resolver.resolve("h.example"));
            failure(resolver, "bank.example");
        });
    }

    @Test
    void guessesAreLiesAndTheTruthBehindThemCounts() {
        with((server, options) -> {
            server.has("h.example", "192.0.2.1");
            byte[] lie = ScriptedNameServer.record("h.example", 1, 60, TWO.getAddress());
            server.script = asked -> {
                for (int i = 1; i < 8; i++) {
                    asked.back().accept(ScriptedNameServer.message(
                            asked.id() ^ i, asked.question(), 0, List.of(lie), List.of()));
                }
                var other = new Asked(asked.id(), "x.example", 1, false, false,
                        ByteBuffer.allocate(15).put(ScriptedNameServer.nameBytes("x.example")).putShort((short) 1)
                                .putShort((short) 1),
                        asked.back());
                ScriptedNameServer.reply(other, 0, List.of(lie), List.of());
                asked.back().accept(new byte[0]);
                asked.back().accept(new byte[]{1, 2, 3});
                Heddle.sleep(Duration.ofMillis(200)); // so that all these come first
                server.answer(asked);
            };
            Resolver resolver = Resolver.of(options.withIpv6(false));
            assertEquals(List.of(ONE), resolver.resolve("h.example"));
            assertEquals(10, resolver.statistics().strays());
        });
    }

    @Test
    void stormOfGuessesIsEvadedOverTcp() {
        with((server, options) -> {
            server.has("h.example", "192.0.2.1");
            byte[] lie = ScriptedNameServer.record("h.example", 1, 60, TWO.getAddress());
            server.script = asked -> {
                if (asked.tcp()) {
                    server.answer(asked);
                }
                for (int i = 1; i < 100 && !asked.tcp(); i++) {
                    asked.back().accept(ScriptedNameServer.message(
                            asked.id() ^ i, asked.question(), 0, List.of(lie), List.of()));
                }
            };
            Resolver resolver = Resolver.of(options.withIpv6(false));
            assertEquals(List.of(ONE), resolver.resolve("h.example"));
            assertEquals(1, resolver.statistics().overTcp());
        });
    }

    /** Sixty guesses to the first port that asks, then the truth; over TCP only what the body says. */
    private static void guessAtTheFirstPort(ScriptedNameServer server) {
        byte[] lie = ScriptedNameServer.record("h.example", 1, 60, TWO.getAddress());
        List<InetSocketAddress> guessed = new ArrayList<>();
        server.script = asked -> {
            if (asked.tcp()) {
                return;
            }
            if (guessed.isEmpty()) {
                guessed.add(server.lastClient);
            }
            if (guessed.contains(server.lastClient)) {
                for (int i = 1; i < 60; i++) {
                    asked.back().accept(ScriptedNameServer.message(
                            asked.id() ^ i, asked.question(), 0, List.of(lie), List.of()));
                }
                Heddle.sleep(Duration.ofMillis(200)); // so that all these come first
            }
            server.answer(asked);
        };
    }

    @Test
    void serverWithoutTcpIsAskedFromAnotherPortPastTheGuesses() {
        with((server, options) -> {
            server.has("h.example", "192.0.2.1");
            server.serveNoTcp();
            guessAtTheFirstPort(server);
            Resolver resolver = Resolver.of(options.withIpv6(false).withTimeout(Duration.ofSeconds(5), 1));
            Duration time = timeOf(() -> assertEquals(List.of(ONE), resolver.resolve("h.example")));
            assertTrue(time.toMillis() < 500, time::toString);
        });
    }

    @Test
    void serverThatIsSilentOverTcpIsAskedFromAnotherPortAfterHalfOfTheTime() {
        with((server, options) -> {
            server.has("h.example", "192.0.2.1");
            guessAtTheFirstPort(server);
            Resolver resolver = Resolver.of(options.withIpv6(false).withTimeout(Duration.ofSeconds(4), 1));
            Duration time = timeOf(() -> assertEquals(List.of(ONE), resolver.resolve("h.example")));
            assertEquals(2, time.toSeconds());
        });
    }

    @Test
    void cancelledLookUpPastTheGuessesAsksNoMore() {
        with((server, options) -> {
            guessAtTheFirstPort(server);
            Resolver resolver = Resolver.of(options.withIpv6(false));
            assertThrows(DeadlineExceededException.class,
                    () -> Heddle.timeout(Duration.ofSeconds(1), () -> resolver.resolve("h.example")));
            int asked = server.asked.size();
            Heddle.sleep(Duration.ofSeconds(30));
            assertEquals(asked, server.asked.size());
        });
    }

    @Test
    void whoIsNotTheServerIsNotHeard() {
        with((server, options) -> {
            server.has("h.example", "192.0.2.1");
            byte[] lie = ScriptedNameServer.record("h.example", 1, 60, TWO.getAddress());
            SimHost liar = Sim.current().network().host("liar");
            List<InetSocketAddress> ports = new ArrayList<>();
            server.script = asked -> {
                ports.add(server.lastClient);
                liar.run(() -> {
                    try (var socket = Udp.bind(liar.address().getHostAddress(), 53)) {
                        socket.send(ScriptedNameServer.message(
                                asked.id(), asked.question(), 0, List.of(lie), List.of()), server.lastClient);
                    }
                    return null;
                });
                Heddle.sleep(Duration.ofMillis(200));
                server.answer(asked);
            };
            assertEquals(List.of(ONE), Resolver.of(options.withIpv6(false)).resolve("h.example"));
        });
    }

    @Test
    void numbersAndPortsAreDrawnForEachQuestion() {
        with((server, options) -> {
            Set<Integer> ids = new TreeSet<>();
            Set<Integer> ports = new TreeSet<>();
            server.script = asked -> {
                ids.add(asked.id());
                ports.add(server.lastClient.getPort());
                server.answer(asked);
            };
            Resolver resolver = Resolver.of(options.withIpv6(false));
            List<String> names = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                names.add("h" + i + ".example");
                server.has("h" + i + ".example", "192.0.2.1");
            }
            Heddle.map(names, 100, resolver::resolve);
            assertTrue(ids.size() > 95, () -> ids.size() + " numbers");
            assertEquals(100, ports.size());
        });
    }

    /** The ports from which some names are asked for, one after the other, each after a pause. */
    private static Set<Integer> portsOf(int names, Duration pause, Script then) {
        Set<Integer> ports = new TreeSet<>();
        with((server, options) -> {
            server.script = asked -> {
                ports.add(server.lastClient.getPort());
                server.answer(asked);
                then.accept(asked);
            };
            Resolver resolver = Resolver.of(options.withIpv6(false));
            for (int i = 0; i < names; i++) {
                server.has("h" + i + ".example", "192.0.2.1");
                resolver.resolve("h" + i + ".example");
                Heddle.sleep(pause);
            }
        });
        return ports;
    }

    @Test
    void portIsUsedAgainForAMoment() {
        assertEquals(1, portsOf(5, Duration.ZERO, asked -> {}).size());
        assertEquals(5, portsOf(5, Duration.ofMillis(101), asked -> {}).size());
        int fewer = portsOf(50, Duration.ofMillis(10), asked -> {}).size();
        assertTrue(fewer >= 5 && fewer < 10, () -> fewer + " ports");
    }

    @Test
    void portAtWhichSomebodyGuessesIsNotUsedAgain() {
        Script guess = asked -> asked.back().accept(ScriptedNameServer.message(
                asked.id() ^ 1, asked.question(), 0, List.of(), List.of()));
        // The guess comes behind the answer, so the next question finds it, and the one behind has a port of its own.
        assertEquals(3, portsOf(5, Duration.ofMillis(10), guess).size());
    }

    @Test
    void shortNamesAreLookedUpInTheDomains() {
        with((server, options) -> {
            server.has("db.two.example", "192.0.2.1");
            server.has("a.b", "192.0.2.2");
            Resolver resolver = Resolver
                    .of(options.withSearch(List.of("one.example", "two.example"), 1).withIpv6(false));
            assertEquals(List.of(ONE), resolver.resolve("db"));
            assertEquals(List.of("A of db.one.example", "A of db.two.example"), server.asked);
            server.asked.clear();
            assertEquals(List.of(TWO), resolver.resolve("a.b"));
            failure(resolver, "db.");
            assertEquals(List.of("A of a.b", "A of db"), server.asked);
        });
    }

    @Test
    void domainOfWhichAServerSaysThatItFailedIsPassedAndBelievedToKnowTheName() {
        with((server, options) -> {
            server.has("db.two.example", "192.0.2.1");
            server.script = asked -> {
                if (asked.name().endsWith("one.example")) {
                    ScriptedNameServer.reply(asked, 2, List.of(), List.of());
                } else {
                    server.answer(asked);
                }
            };
            Resolver resolver = Resolver
                    .of(options.withSearch(List.of("one.example", "two.example"), 1).withIpv6(false));
            assertEquals(List.of(ONE), resolver.resolve("db"));
            assertTrue(failure(resolver, "no").contains("SERVFAIL"), "not that there is no such name");
        });
    }

    @Test
    void whereAllAreSilentOnlyTheNameAsItIsIsAskedForToo() {
        with((server, options) -> {
            server.has("a.b", "192.0.2.1");
            server.has("a.b.two.example", "192.0.2.2");
            server.script = asked -> {
                if (!asked.name().endsWith("one.example")) {
                    server.answer(asked);
                }
            };
            Resolver resolver = Resolver.of(options.withSearch(List.of("one.example", "two.example"), 5)
                    .withIpv6(false)
                    .withTimeout(Duration.ofSeconds(1), 1));
            assertEquals(List.of(ONE), resolver.resolve("a.b"));
            assertFalse(server.asked.contains("A of a.b.two.example"));
        });
    }

    @Test
    void serverThatIsSilentToEdnsIsAskedWithoutWhereSaidSo() {
        with((server, options) -> {
            server.has("h.example", "192.0.2.1");
            server.script = asked -> {
                if (!asked.edns()) {
                    server.answer(asked);
                }
            };
            assertEquals(List.of(ONE), Resolver.of(options.withIpv6(false).withEdns(false)).resolve("h.example"));
        });
    }

    @Test
    void namesOfTheHostsFileAndOfThisMachineAreAskedNobody() {
        with((server, options) -> {
            Resolver resolver = Resolver.of(options.withHosts(
                    Map.of("Printer", List.of(TWO, ONE), "ads.example", List.of())));
            assertEquals(List.of(TWO, ONE), resolver.resolve("printer."));
            assertTrue(resolver.resolve("app.localhost").getFirst().isLoopbackAddress());
            failure(resolver, "x.invalid");
            failure(resolver, "secret.onion");
            failure(resolver, "ads.example");
            assertEquals(List.of(), server.asked);
        });
    }

    @Test
    void domainsAndOwnNamesAreWrittenAsUsersWriteThem() {
        with((server, options) -> {
            server.has("db.corp.example", "192.0.2.1");
            server.has("db.xn--bcher-kva.example", "192.0.2.2");
            for (String domain : List.of("Corp.Example", "corp.example.")) {
                Resolver resolver = Resolver.of(options.withSearch(List.of(domain), 2));
                assertEquals(List.of(ONE), resolver.resolve("db"), domain);
            }
            Resolver foreign = Resolver.of(options.withSearch(List.of("b\u00fccher.example"), 2));
            assertEquals(List.of(TWO), foreign.resolve("db"));
            server.asked.clear();
            Resolver own = Resolver.of(options.withHosts(
                    Map.of("b\u00fccher.example", List.of(ONE), "dot.example.", List.of(TWO))));
            assertEquals(List.of(ONE), own.resolve("B\u00dccher.example"));
            assertEquals(List.of(ONE), own.resolve("xn--bcher-kva.example."));
            assertEquals(List.of(TWO), own.resolve("dot.example"));
            assertEquals(List.of(TWO), own.resolve("Dot.example."));
            assertEquals(List.of(), server.asked);
        });
    }

    @Test
    void domainsAndOwnNamesThatAreNoneAreRefused() {
        ResolverOptions options = ResolverOptions.of(ONE);
        for (String bad : List.of("", ".", "a..b", "a b", "a\\b", "x".repeat(64), "127.0.0.1", "::1", "a.1")) {
            assertThrows(IllegalArgumentException.class, () -> options.withSearch(List.of(bad), 1), bad);
            assertThrows(IllegalArgumentException.class, () -> options.withHosts(Map.of(bad, List.of(ONE))), bad);
        }
        assertThrows(IllegalArgumentException.class,
                () -> options.withHosts(Map.of("a", List.of(ONE), "A.", List.of(TWO))));
    }

    @Test
    void whatIsNeitherNameNorAddressIsRefusedAndNobodyAsked() {
        with((server, options) -> {
            Resolver resolver = Resolver.of(options);
            for (String bad : List.of("fe80::1%nosuch", "1:2:3", "[::1", "a\\046b.example", "256.1.1.1", "a b")) {
                Duration time = timeOf(
                        () -> assertThrows(IllegalArgumentException.class, () -> resolver.resolve(bad), bad));
                assertEquals(Duration.ZERO, time);
                assertThrows(IllegalArgumentException.class, () -> resolver.srv(bad), bad);
                assertThrows(IllegalArgumentException.class, () -> resolver.txt(bad), bad);
            }
            assertEquals(List.of(), server.asked);
        });
    }

    @Test
    void nameInAnAnswerThatCannotBeAskedForEndsTheLookUpAtOnce() {
        with((server, options) -> {
            byte[] odd = {3, 'a', '.', 'b', 2, '\\', ' ', 0};
            byte[] service = ByteBuffer.allocate(6 + odd.length).putShort(4, (short) 7).put(6, odd).array();
            server.script = asked -> {
                byte[] record = asked.type() == SRV
                        ? ScriptedNameServer.record(asked.name(), SRV, 60, service)
                        : ScriptedNameServer.record(asked.name(), CNAME, 60, odd);
                ScriptedNameServer.reply(asked, 0, List.of(record), List.of());
            };
            Resolver resolver = Resolver.of(options);
            Duration time = timeOf(() -> failure(resolver, "www.example"));
            assertTrue(time.toMillis() < 500, time::toString);
            assertThrows(ResolveException.class, () -> resolver.srv("_x._tcp.example"));
        });
    }

    @Test
    void familyThatDeniesTheNameDoesNotWaitForAServerThatIsSilentAboutTheOther() {
        with((server, options) -> {
            server.script = asked -> {
                if (asked.type() != AAAA) {
                    server.answer(asked);
                }
            };
            Resolver resolver = Resolver.of(options);
            Duration time = timeOf(
                    () -> assertEquals("cannot resolve no.example: no such name", failure(resolver, "no.example")));
            assertEquals(2, time.toSeconds());
        });
    }

    @Test
    void familyThatIsNeverAnsweredDoesNotHoldUpTheOther() {
        with((server, options) -> {
            server.has("h.example", "192.0.2.1");
            server.script = asked -> {
                if (asked.type() != AAAA) {
                    server.answer(asked);
                }
            };
            Resolver resolver = Resolver.of(options);
            Duration time = timeOf(() -> assertEquals(List.of(ONE), resolver.resolve("h.example")));
            assertEquals(2, time.toSeconds());
        });
    }

    @Test
    void servicesComeByPriorityAndWeight() {
        with((server, options) -> {
            server.has("_x._tcp.example", SRV, 60, ScriptedNameServer.service(20, 0, 3, "c.example"));
            server.has("_x._tcp.example", SRV, 60, ScriptedNameServer.service(10, 90, 1, "a.example"));
            server.has("_x._tcp.example", SRV, 60, ScriptedNameServer.service(10, 10, 2, "b.example"));
            server.has("_none._tcp.example", SRV, 60, ScriptedNameServer.service(0, 0, 0, ""));
            Resolver resolver = Resolver.of(options);
            int first = 0;
            for (int i = 0; i < 1_000; i++) {
                List<SrvRecord> places = resolver.srv("_x._tcp.example");
                assertEquals(new SrvRecord("c.example", 3, 20, 0), places.getLast());
                first += places.getFirst().port() == 1 ? 1 : 0;
            }
            assertTrue(first > 850 && first < 950, "of 1,000 the heavier was the first " + first + " times");
            assertEquals(1, server.asked.size());
            var none = assertThrows(ResolveException.class, () -> resolver.srv("_none._tcp.example"));
            assertTrue(none.getMessage().contains("no such service"), none.getMessage());
        });
    }

    @Test
    void textsArePutTogether() {
        with((server, options) -> {
            server.has("h.example", TXT, 60, ScriptedNameServer.text("v=spf1 ", "-all"));
            server.has("h.example", TXT, 60, ScriptedNameServer.text("größe"));
            assertEquals(Set.of("v=spf1 -all", "größe"), Set.copyOf(Resolver.of(options).txt("h.example")));
        });
    }

    @Test
    void cancelledCallerLeavesTheLookupToTheOthersAndTheLastOneEndsIt() {
        with((server, options) -> {
            server.has("h.example", "192.0.2.1");
            server.script = asked -> {
                Heddle.sleep(Duration.ofMillis(500));
                server.answer(asked);
            };
            Resolver resolver = Resolver.of(options.withIpv6(false));
            Task<?> one = Heddle.spawn(() -> resolver.resolve("h.example"));
            Task<List<InetAddress>> other = Heddle.spawn(() -> resolver.resolve("h.example"));
            Heddle.sleep(Duration.ofMillis(100));
            one.cancel("enough");
            assertThrows(TaskCancelledException.class, one::join);
            assertEquals(List.of(ONE), other.join());

            server.asked.clear();
            server.script = asked -> {};
            assertThrows(DeadlineExceededException.class,
                    () -> Heddle.timeout(Duration.ofMillis(300), () -> resolver.resolve("slow.example")));
            Heddle.sleep(Duration.ofSeconds(30));
            assertEquals(1, server.asked.size(), "nobody asks on");
            server.has("slow.example", "192.0.2.2");
            server.script = server::answer;
            assertEquals(List.of(TWO), resolver.resolve("slow.example"), "and it is not remembered");
        });
    }

    @Test
    @Tag("full")
    void tenThousandLookupsGoAtOnceThroughAServerThatDropsDelaysAndLies() {
        Set<List<Long>> fates = new HashSet<>();
        for (int round = 0; round < 2; round++) {
            Sim.run(SimOptions.DEFAULT.withSeed(7), sim -> {
                try (ScriptedNameServer server = ScriptedNameServer.on(sim.network().host("ns"))) {
                    Resolver resolver = Resolver.of(ResolverOptions.of(server.address()).withIpv6(false)
                            .withTimeout(Duration.ofSeconds(5), 5));
                    BadDay.make(server);
                    List<Integer> numbers = IntStream.range(0, 10_000).boxed().toList();
                    numbers.forEach(i -> server.has("h" + i + ".example", BadDay.addressOf(i).getHostAddress()));
                    List<List<InetAddress>> found = Heddle.map(
                            numbers, 10_000, i -> resolver.resolve("h" + i + ".example"));
                    for (int i : numbers) {
                        assertEquals(List.of(BadDay.addressOf(i)), found.get(i));
                    }
                    var statistics = resolver.statistics();
                    assertTrue(statistics.sent() > 10_000 && statistics.overTcp() > 100 && statistics.strays() > 100,
                            statistics::toString);
                    fates.add(List.of(statistics.sent(), statistics.overTcp(), statistics.strays()));
                }
            });
        }
        assertEquals(1, fates.size(), "a seed has one fate");
    }

    @Test
    void resolverIsItsLoops() {
        Resolver[] foreign = new Resolver[1];
        with((server, options) -> foreign[0] = Resolver.of(options));
        Sim.run(() -> assertThrows(IllegalStateException.class, () -> foreign[0].resolve("h.example")));
        assertThrows(IllegalStateException.class,
                () -> Resolver.of(ResolverOptions.of(ONE)), "off the loops there is none");
        assertFalse(foreign[0].toString().isEmpty());
    }
}
