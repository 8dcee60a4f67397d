package dev.heddle.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Backoff;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.io.Fixtures;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Names are looked up once for all who ask, off the loop, remembered for a time, and given up in time. */
final class DnsTest {

    private static final List<InetAddress> ANSWER = List.of(InetAddress.ofLiteral("192.0.2.1"));

    private final ScriptedNetwork network = new ScriptedNetwork();
    private int lookups;

    /** A name whose look-up takes a second. */
    private void slowName(String name) {
        network.names.put(name, () -> {
            lookups++;
            Heddle.sleep(Duration.ofSeconds(1));
            return ANSWER;
        });
    }

    private void unknownName(String name) {
        network.names.put(name, () -> {
            lookups++;
            throw new UnknownHostException(name);
        });
    }

    @Test
    void addressesInTextFormAreOnlyParsed() {
        network.run(() -> {
            assertEquals("127.0.0.1", Dns.resolve("127.0.0.1").getFirst().getHostAddress());
            assertEquals(InetAddress.ofLiteral("::1"), Dns.resolve("::1").getFirst());
            assertEquals(InetAddress.ofLiteral("::1"), Dns.resolve("[::1]").getFirst());
        });
    }

    @Test
    void answerIsRememberedForItsTimeAndThenAskedForAgain() {
        slowName("h");
        network.run(() -> {
            assertEquals(ANSWER, Dns.resolve("h"));
            Heddle.sleep(Dns.KEEP_ANSWER.minusMillis(1));
            assertEquals(ANSWER, Dns.resolve("H"), "names have no case");
            assertEquals(1, lookups);
            Heddle.sleep(Duration.ofMillis(1));
            assertEquals(ANSWER, Dns.resolve("h"));
            assertEquals(2, lookups);
        });
    }

    @Test
    void failureIsRememberedForAShorterTime() {
        unknownName("h");
        network.run(() -> {
            assertThrows(ResolveException.class, () -> Dns.resolve("h"));
            assertThrows(ResolveException.class, () -> Dns.resolve("h"));
            assertEquals(1, lookups);
            Heddle.sleep(Dns.KEEP_FAILURE);
            assertThrows(ResolveException.class, () -> Dns.resolve("h"));
            assertEquals(2, lookups);
        });
    }

    @Test
    void tasksThatAskAtTheSameTimeShareOneLookup() {
        slowName("h");
        network.run(() -> {
            List<List<InetAddress>> answers = Heddle.gather(
                    () -> Dns.resolve("h"), () -> Dns.resolve("h"), () -> Dns.resolve("h"));

            assertEquals(List.of(ANSWER, ANSWER, ANSWER), answers);
            assertEquals(1, lookups);
            assertEquals(1_000, network.millis());
        });
    }

    @Test
    void cancelledCallerLeavesTheLookupToTheOthers() {
        slowName("h");
        network.run(() -> {
            Task<?> first = Heddle.spawn(() -> Dns.resolve("h"));
            Task<List<InetAddress>> second = Heddle.spawn(() -> Dns.resolve("h"));
            Heddle.sleep(Duration.ofMillis(500));
            first.cancel("enough");

            assertThrows(TaskCancelledException.class, first::join);
            assertEquals(500, network.millis());
            assertEquals(ANSWER, second.join());
            assertEquals(1, lookups);
        });
    }

    @Test
    void answerThatDoesNotComeIsGivenUp() {
        network.names.put("h", () -> {
            Heddle.sleep(Duration.ofDays(1));
            return ANSWER;
        });
        network.run(() -> {
            var failure = assertThrows(ResolveException.class, () -> Dns.resolve("h"));

            assertTrue(failure.getMessage().contains("no answer within 30 s"), failure.getMessage());
            assertEquals(Dns.DEADLINE.toMillis(), network.millis());
        });
    }

    @Test
    void nameWithoutAddressesIsAFailure() {
        network.names.put("h", List::of);
        network.run(() -> assertThrows(ResolveException.class, () -> Dns.resolve("h")));
    }

    @Test
    void failureNamesTheHostOnce() {
        network.names.put("h", () -> {
            throw new UnknownHostException("h: Name or service not known");
        });
        network.run(() -> {
            var failure = assertThrows(ResolveException.class, () -> Dns.resolve("h"));
            assertEquals("cannot resolve h: Name or service not known", failure.getMessage());
        });
    }

    @Test
    void unexpectedFailureReachesTheCaller() {
        network.names.put("h", () -> {
            throw new IllegalStateException("broken resolver");
        });
        network.run(() -> {
            var failure = assertThrows(ResolveException.class, () -> Dns.resolve("h"));
            assertEquals("broken resolver", failure.getCause().getMessage());
        });
    }

    @Test
    void lookUpThatCannotBeginFailsForAllWhoWaitAndIsNotRemembered() {
        var tries = new AtomicInteger();
        var cache = new DnsCache(lookup -> {
            if (tries.incrementAndGet() == 1) {
                Heddle.checkpoint(); // as who meets a taken lock of the threads
                throw new OutOfMemoryError("unable to create native thread (expected in this test)");
            }
            Thread.ofPlatform().start(lookup);
        });
        Heddle.run(() -> {
            Task<?> other = Heddle.spawn(() -> assertThrows(
                    ResolveException.class, () -> cache.resolve("localhost")));
            assertThrows(ResolveException.class, () -> cache.resolve("localhost"));
            other.join();
            assertFalse(cache.resolve("localhost").isEmpty());
        });
    }

    @Test
    void onlySoManyNamesAreRemembered() {
        network.run(() -> {
            DnsCache cache = new DnsCache();
            for (int i = 0; i <= Dns.MAX_REMEMBERED; i++) {
                unknownName("h" + i);
                String name = "h" + i;
                assertThrows(ResolveException.class, () -> cache.resolve(name));
                assertThrows(ResolveException.class, () -> cache.resolve("h0"), "used, so kept");
            }

            assertEquals(Dns.MAX_REMEMBERED, cache.size());
            assertEquals(Dns.MAX_REMEMBERED + 1, lookups);
            assertThrows(ResolveException.class, () -> cache.resolve("h1"));
            assertEquals(Dns.MAX_REMEMBERED + 2, lookups, "the one not used longest was forgotten");
        });
    }

    @Test
    void internationalNameIsLookedUpInItsAsciiForm() {
        slowName("xn--bcher-kva.example");
        network.run(() -> assertEquals(ANSWER, Dns.resolve("Bücher.example")));
    }

    @Test
    void whatIsNoHostIsRefusedWhereverOneIsTaken() {
        network.run(() -> {
            for (String bad : List.of("1:2:3", "[::1", "fe80::1%nosuch", "a\\b", "256.1.1.1")) {
                assertThrows(IllegalArgumentException.class, () -> Dns.resolve(bad), bad);
                assertThrows(IllegalArgumentException.class, () -> Tcp.connect(bad, 80), bad);
                assertThrows(IllegalArgumentException.class, () -> Tcp.listen(bad, 0), bad);
                assertThrows(IllegalArgumentException.class, () -> Tcp.reconnecting(bad, 80, Backoff.DEFAULT), bad);
                assertThrows(IllegalArgumentException.class, () -> Udp.bind(bad, 0), bad);
                assertThrows(IllegalArgumentException.class, () -> Udp.connect(bad, 80), bad);
            }
        });
        assertEquals(0, lookups);
    }

    @Test
    void nonsenseIsNeverLookedUp() {
        network.run(() -> {
            assertThrows(IllegalArgumentException.class, () -> Dns.resolve(""));
            assertThrows(IllegalArgumentException.class, () -> Dns.resolve("[]"));
            assertThrows(IllegalArgumentException.class, () -> Dns.resolve("a/b"));
            assertThrows(IllegalArgumentException.class, () -> Dns.resolve("a\nb"));
            assertThrows(IllegalArgumentException.class, () -> Dns.resolve("a..b"));
            assertThrows(IllegalArgumentException.class, () -> Dns.resolve("x.".repeat(128)));
        });
        assertEquals(0, lookups);
    }

    @Test
    void realLookupRunsOffTheLoop() {
        BlockingResolver engine = new BlockingResolver();
        Heddle.run(engine.config(), () -> {
            Task<List<InetAddress>> lookup = Heddle.spawn(() -> Dns.resolve("slow"));
            Fixtures.letOthersRun();
            engine.asked.await();
            assertTrue(!lookup.isDone(), "the loop goes on meanwhile");

            engine.mayAnswer.countDown();

            assertEquals(ANSWER, lookup.join());
            assertTrue(engine.thread.startsWith("heddle-dns-"), engine.thread);
        });
    }

    @Test
    void cancelDoesNotWaitForARealLookupAndNeitherDoesTheEndOfTheLoop() {
        BlockingResolver engine = new BlockingResolver();
        Heddle.run(engine.config(), () -> {
            Task<?> lookup = Heddle.spawn(() -> Dns.resolve("slow"));
            Fixtures.letOthersRun();
            lookup.cancel("enough");
            assertThrows(TaskCancelledException.class, lookup::join);
        });
        engine.mayAnswer.countDown();
    }

    @Test
    void cancelledCallerLeavesNothingBehindInTheLookupThatGoesOn() {
        slowName("h");
        network.run(() -> {
            Lookup<List<InetAddress>> lookup = new Lookup<>("h");
            for (int i = 0; i < 100; i++) {
                Heddle.moveOnAfter(Duration.ofMillis(1), lookup::await);
            }
            assertEquals(0, lookup.waiting());
            lookup.succeed(ANSWER, 0);
            assertEquals(ANSWER, lookup.await());
        });
    }

    @Test
    void callersDeadlineCountsWhereItIsSooner() {
        slowName("h");
        network.run(() -> {
            assertThrows(
                    DeadlineExceededException.class,
                    () -> Heddle.timeout(Duration.ofMillis(300), () -> Dns.resolve("h")));
            assertEquals(300, network.millis());
            assertEquals(ANSWER, Dns.resolve("h"));
            assertEquals(1_000, network.millis());
            assertEquals(1, lookups, "the look-up went on");
        });
    }

    @Test
    void answerThatComesTooLateForItsCallerIsThereForTheNext() {
        network.names.put("h", () -> {
            lookups++;
            Heddle.sleep(Dns.DEADLINE.plusSeconds(5));
            return ANSWER;
        });
        network.run(() -> {
            assertThrows(ResolveException.class, () -> Dns.resolve("h"));
            assertEquals(ANSWER, Dns.resolve("h"), "the second caller waits for the rest of it");
            assertEquals(Dns.DEADLINE.plusSeconds(5).toMillis(), network.millis());
            assertEquals(1, lookups);
        });
    }

    @Test
    void lookupsBeyondTheBoundAreRefusedInsteadOfPilingUp() {
        BlockingResolver engine = new BlockingResolver();
        int most = LookupThreads.MAX_THREADS + LookupThreads.MAX_QUEUED;
        Heddle.run(engine.config(), () -> {
            while (LookupThreads.underWay() > 0) {
                Heddle.sleep(Duration.ofMillis(1)); // those of tests before
            }
            List<Task<List<InetAddress>>> lookups = new ArrayList<>();
            for (int i = 0; i < most; i++) {
                String name = "host" + i;
                lookups.add(Heddle.spawn(() -> Dns.resolve(name)));
            }
            Fixtures.letOthersRun();

            var failure = assertThrows(ResolveException.class, () -> Dns.resolve("one-more"));
            assertTrue(failure.getMessage().contains("too many look-ups"), failure.getMessage());

            engine.mayAnswer.countDown();
            for (Task<List<InetAddress>> lookup : lookups) {
                assertEquals(ANSWER, lookup.join());
            }
            assertEquals(ANSWER, Dns.resolve("one-more"), "a refusal is not remembered");
        });
    }

    @Test
    void localhostIsKnown() {
        Heddle.run(() -> assertTrue(Dns.resolve("localhost").getFirst().isLoopbackAddress()));
    }
}
