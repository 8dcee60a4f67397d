package dev.heddle.io;

import static dev.heddle.io.Fixtures.letOthersRun;
import static dev.heddle.io.Fixtures.noise;
import static dev.heddle.io.Fixtures.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.ClosedException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.ManualEngine;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.io.internal.BufferPool;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Wrappers of streams: metered, throttled, with timeouts, and copies between them. */
final class StreamsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private void withPair(Fixtures.StreamBody body) {
        ManualEngine.run(() -> {
            try (var pair = MemoryStreams.pair()) {
                body.run(pair.left(), pair.right());
            }
            assertEquals(0, BufferPool.current().borrowed(), "buffers left over");
        });
    }

    // ---- taking the place of a stream ----

    @Test
    void wrapperBeginsWithWhatWasReadAheadAndClosesWhatItWraps() {
        withPair((left, right) -> {
            left.write("header\nbody");
            assertEquals("header", right.readLine(100).orElseThrow());

            ByteStream wrapped = Streams.metered(right, new ByteCounter());

            assertEquals("body", text(wrapped.readExactly(4)));
            left.write("more");
            assertEquals("more", text(wrapped.readExactly(4)));
            wrapped.close();
            assertFalse(right.isOpen());
        });
    }

    @Test
    void streamInUseOrBrokenIsNotWrapped() {
        withPair((left, right) -> {
            Task<?> reader = Heddle.spawn(() -> right.readExactly(1));
            letOthersRun();
            assertThrows(BusyException.class, () -> Streams.metered(right, new ByteCounter()));
            left.write("x");
            reader.join();

            Task<?> writer = Heddle.spawn(() -> left.write(new byte[1_000_000]));
            letOthersRun();
            assertThrows(BusyException.class, () -> Streams.metered(left, new ByteCounter()));
            writer.cancel("enough");
            assertThrows(TaskCancelledException.class, writer::join);
            assertThrows(BrokenException.class, () -> Streams.metered(left, new ByteCounter()));
        });
    }

    @Test
    void twoStreamsOfWhichOneIsInUseAreNotStapledAndLoseNothing() {
        withPair((left, right) -> {
            try (var other = MemoryStreams.pair()) {
                left.write("header\nbody");
                assertEquals("header", right.readLine(100).orElseThrow());
                Task<?> writer = Heddle.spawn(() -> other.left().write(new byte[1_000_000]));
                letOthersRun();

                assertThrows(BusyException.class, () -> Streams.staple(right, other.left()));

                assertEquals("body", text(right.readExactly(4)));
                writer.cancel("enough");
            }
        });
    }

    // ---- throttling ----

    @Test
    void throttledWriterTakesItsTime() {
        withPair((left, right) -> {
            ByteStream slow = Streams.throttled(left, ByteRateLimiter.unlimited(), ByteRateLimiter.of(1_000, 100));
            Heddle.spawn(() -> {
                slow.write(new byte[10_100]);
                slow.close();
            });

            assertEquals(10_100, right.readAll(20_000).length);

            assertEquals(10_000, ManualEngine.elapsed().toMillis(), 30, "the burst, then 1,000 bytes per second");
        });
    }

    @Test
    void throttledReaderTakesItsTime() {
        withPair((left, right) -> {
            left.write(new byte[10_100]);
            left.close();

            ByteStream slow = Streams.throttled(right, ByteRateLimiter.of(1_000, 100), ByteRateLimiter.unlimited());
            assertEquals(10_100, slow.readAll(20_000).length);

            assertEquals(10_000, ManualEngine.elapsed().toMillis(), 30);
        });
    }

    @Test
    void timeOfQuietGivesNoMoreThanTheBurst() {
        withPair((left, right) -> {
            ByteStream slow = Streams.throttled(left, ByteRateLimiter.unlimited(), ByteRateLimiter.of(1_000, 500));
            slow.write(new byte[500]);
            Heddle.sleep(SECOND.multipliedBy(60));
            slow.write(new byte[500]);
            assertEquals(60_000, ManualEngine.elapsed().toMillis());

            slow.write(new byte[500]);

            assertEquals(60_500, ManualEngine.elapsed().toMillis(), 25);
        });
    }

    @Test
    void streamsThatShareAThrottleGetEqualParts() {
        ManualEngine.run(() -> {
            ByteRateLimiter shared = ByteRateLimiter.of(10_000, 1_000);
            int[] got = new int[3];
            Heddle.moveOnAfter(SECOND.multipliedBy(30), () -> Heddle.group(g -> {
                for (int i = 0; i < got.length; i++) {
                    int me = i;
                    MemoryStreams.Pair pair = MemoryStreams.pair();
                    ByteStream slow = Streams.throttled(pair.left(), ByteRateLimiter.unlimited(), shared);
                    g.spawn(() -> slow.write(new byte[1_000_000]));
                    g.spawn(() -> {
                        byte[] buffer = new byte[10_000];
                        while (true) {
                            got[me] += pair.right().read(buffer);
                        }
                    });
                }
            }));

            int sum = got[0] + got[1] + got[2];
            assertEquals(301_000, sum, 1_000);
            for (int part : got) {
                assertEquals(sum / 3, part, 2_000);
            }
            assertEquals(0, shared.waiting());
        });
    }

    @Test
    void cancelledWaitLeavesTheLine() {
        withPair((left, right) -> {
            ByteRateLimiter shared = ByteRateLimiter.of(100, 100);
            ByteStream first = Streams.throttled(left, ByteRateLimiter.unlimited(), shared);
            ByteStream second = Streams.throttled(right, ByteRateLimiter.unlimited(), shared);
            first.write(new byte[100]);
            Task<?> before = Heddle.spawn(() -> first.write(new byte[1]));
            letOthersRun();
            Task<?> behind = Heddle.spawn(() -> second.write("ok"));
            letOthersRun();
            assertEquals(2, shared.waiting());

            before.cancel("enough");

            assertThrows(TaskCancelledException.class, before::join);
            behind.join();
            assertEquals(0, shared.waiting());
        });
    }

    @Test
    void closingWakesWhoWaitsForItsTurn() {
        withPair((left, right) -> {
            ByteStream slow = Streams.throttled(left, ByteRateLimiter.unlimited(), ByteRateLimiter.of(1, 1));
            slow.write(new byte[1]);
            Task<?> writer = Heddle.spawn(() -> slow.write(new byte[1_000]));
            letOthersRun();

            slow.close();

            assertThrows(ClosedException.class, writer::join);
            assertEquals(0, ManualEngine.elapsed().toMillis());
        });
    }

    @Test
    void throttleOfAnotherLoopIsRefused() {
        ByteRateLimiter throttle = ByteRateLimiter.of(1_000);
        withPair((left, right) -> Streams.throttled(left, throttle, throttle).write("x"));
        withPair((left, right) -> assertThrows(
                IllegalStateException.class, () -> Streams.throttled(left, throttle, throttle).write("x")));
        assertThrows(IllegalArgumentException.class, () -> ByteRateLimiter.of(0));
        assertThrows(IllegalArgumentException.class, () -> ByteRateLimiter.of(1, 0));
    }

    // ---- timeouts ----

    @Test
    void peerThatSendsNothingEndsTheReadAndTheReadHasTakenNothing() {
        withPair((left, right) -> {
            ByteStream timed = Streams.withTimeouts(right, StreamTimeouts.NONE.withRead(SECOND));
            left.write("abc");

            var e = assertThrows(DeadlineExceededException.class, () -> timed.readExactly(4));

            assertEquals(1_000, ManualEngine.elapsed().toMillis());
            assertTrue(e.getMessage().contains("read timeout"), e.getMessage());
            left.write("d");
            assertEquals("abcd", text(timed.readExactly(4)));
        });
    }

    @Test
    void peerThatReadsNothingEndsTheWriteAndBreaksTheOutput() {
        withPair((left, right) -> {
            ByteStream timed = Streams.withTimeouts(left, StreamTimeouts.NONE.withWrite(SECOND));

            var e = assertThrows(DeadlineExceededException.class, () -> timed.write(new byte[1_000_000]));

            assertTrue(e.getMessage().contains("write timeout"), e.getMessage());
            assertThrows(BrokenException.class, () -> timed.write("x"));
        });
    }

    @Test
    void readTimeoutCountsAnewWithEachPieceButNotItsWholeSum() {
        withPair((left, right) -> {
            ByteStream timed = Streams.withTimeouts(right, StreamTimeouts.NONE.withRead(SECOND));
            Heddle.spawn(() -> {
                for (int i = 0; i < 10; i++) {
                    Heddle.sleep(Duration.ofMillis(900));
                    left.write("x");
                }
            });

            assertEquals(10, timed.readExactly(10).length);
        });
    }

    @Test
    void idleStreamIsOneWithoutBytesInEitherDirection() {
        withPair((left, right) -> {
            ByteStream timed = Streams.withTimeouts(right, StreamTimeouts.NONE.withIdle(SECOND));
            Heddle.spawn(() -> {
                for (int i = 0; i < 5; i++) {
                    Heddle.sleep(Duration.ofMillis(600));
                    timed.write("x");
                }
            });

            var e = assertThrows(DeadlineExceededException.class, () -> timed.readExactly(1));

            assertEquals(4_000, ManualEngine.elapsed().toMillis(), "one second after the last write");
            assertTrue(e.getMessage().contains("idle timeout"), e.getMessage());
        });
    }

    @Test
    void timeInWhichNobodyWaitsInAStreamIsNotIdle() {
        withPair((left, right) -> {
            ByteStream timed = Streams.withTimeouts(right, StreamTimeouts.NONE.withIdle(SECOND));
            left.write("a");
            assertEquals("a", text(timed.readExactly(1)));
            left.write("b");
            Heddle.sleep(SECOND.multipliedBy(5));
            assertEquals("b", text(timed.readExactly(1)));

            Heddle.sleep(SECOND.multipliedBy(5));
            assertThrows(DeadlineExceededException.class, () -> timed.readExactly(1));
            assertEquals(11_000, ManualEngine.elapsed().toMillis(), "one second of waiting");
        });
    }

    @Test
    void shortWaitsWithoutBytesAddUpToAnIdleStream() {
        withPair((left, right) -> {
            ByteStream timed = Streams.withTimeouts(right, StreamTimeouts.NONE.withIdle(SECOND));
            for (int i = 0; i < 3; i++) {
                assertFalse(Heddle.moveOnAfter(Duration.ofMillis(300), () -> {
                    timed.readExactly(1);
                }));
            }
            assertThrows(DeadlineExceededException.class, () -> timed.readExactly(1));
            assertEquals(1_000, ManualEngine.elapsed().toMillis());
        });
    }

    @Test
    void timeoutsThatCannotBeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> StreamTimeouts.NONE.withRead(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> StreamTimeouts.NONE.withWrite(SECOND.negated()));
        assertThrows(IllegalArgumentException.class, () -> StreamTimeouts.NONE.withIdle(Duration.ZERO));
    }

    // ---- counting and limits ----

    @Test
    void meterCountsBothWaysOfAllItsStreams() {
        withPair((left, right) -> {
            ByteCounter meter = new ByteCounter();
            ByteStream one = Streams.metered(left, meter);
            ByteStream other = Streams.metered(right, meter);

            one.write("four");
            other.write("three".substring(0, 3));
            other.readExactly(4);
            one.readExactly(3);

            assertEquals(new ByteCounter.Statistics(7, 7), meter.statistics());
            assertTrue(meter.toString().contains("7"));
        });
    }

    @Test
    void peerMaySendTheLimitAndEndButNotAByteMore() {
        withPair((left, right) -> {
            ByteStream limited = Streams.limited(right, 5);
            left.write("12345");
            assertEquals("12345", text(limited.readExactly(5)));
            left.write("6");

            assertThrows(LimitExceededException.class, () -> limited.read(new byte[10]));
            assertThrows(LimitExceededException.class, () -> limited.read(new byte[10]));
        });
        withPair((left, right) -> {
            ByteStream limited = Streams.limited(right, 5);
            left.write("12345");
            left.close();
            assertEquals("12345", text(limited.readAll(10)));
        });
        withPair((left, right) -> assertThrows(IllegalArgumentException.class, () -> Streams.limited(left, -1)));
    }

    // ---- between two streams ----

    @Test
    void copyTakesAllUntilTheEndAndClosesNeither() {
        ManualEngine.run(() -> {
            byte[] all = noise(500_000, 1);
            MemoryStreams.Pair source = MemoryStreams.pair();
            MemoryStreams.Pair target = MemoryStreams.pair();
            Heddle.spawn(() -> {
                source.left().write(all);
                source.left().closeOutput();
            });
            Task<byte[]> reader = Heddle.spawn(() -> target.right().readExactly(all.length));

            assertEquals(all.length, Streams.copy(source.right(), target.left()));

            assertArrayEquals(all, reader.join());
            assertTrue(source.right().isOpen());
            target.left().write("x");
            assertEquals("x", text(target.right().readExactly(1)));
            source.close();
            target.close();
            assertEquals(0, BufferPool.current().borrowed());
        });
    }

    @Test
    void copyWhoseTargetIsSlowReadsNoMoreAndAnIdleOneHoldsNoBuffer() {
        ManualEngine.run(() -> {
            MemoryStreams.Pair source = MemoryStreams.pair(1_000);
            MemoryStreams.Pair target = MemoryStreams.pair(1_000);
            Task<?> copy = Heddle.spawn(() -> Streams.copy(source.right(), target.left()));
            letOthersRun();
            assertEquals(0, BufferPool.current().borrowed());

            Task<?> writer = Heddle.spawn(() -> source.left().write(new byte[100_000]));
            letOthersRun();
            assertFalse(writer.isDone());
            copy.cancel("enough");
            assertThrows(TaskCancelledException.class, copy::join);
            source.close();
            target.close();
            assertThrows(ClosedException.class, writer::join);
            assertEquals(0, BufferPool.current().borrowed());
        });
    }

    private record Proxy(ByteStream client, ByteStream server, Task<Streams.Relayed> relay, List<ByteStream> inside) {}

    private static Proxy proxy() {
        MemoryStreams.Pair outer = MemoryStreams.pair();
        MemoryStreams.Pair inner = MemoryStreams.pair();
        Task<Streams.Relayed> relay = Heddle.spawn(() -> Streams.relay(outer.right(), inner.left()));
        return new Proxy(outer.left(), inner.right(), relay, List.of(outer.right(), inner.left()));
    }

    @Test
    void relayPassesBothWaysAndAHalfCloseTooAndClosesBothInTheEnd() {
        ManualEngine.run(() -> {
            Proxy proxy = proxy();
            proxy.client().write("question");
            proxy.client().closeOutput();
            assertEquals("question", text(proxy.server().readAll(100)));
            proxy.server().write("an answer");
            assertEquals("an answer", text(proxy.client().readExactly(9)));
            proxy.server().closeOutput();
            assertEquals(-1, proxy.client().read(new byte[1]));

            assertEquals(new Streams.Relayed(8, 9), proxy.relay().join());
            proxy.inside().forEach(stream -> assertFalse(stream.isOpen()));
        });
    }

    @Test
    void relayWithALostSideAbortsTheOther() {
        ManualEngine.run(() -> {
            Proxy proxy = proxy();
            proxy.client().write("half");
            letOthersRun();
            proxy.client().abort();

            assertThrows(BrokenException.class, () -> proxy.relay().join());
            assertThrows(BrokenException.class, () -> proxy.server().readAll(100));
            proxy.inside().forEach(stream -> assertFalse(stream.isOpen()));
        });
    }

    @Test
    void cancelledRelayHasAbortedBoth() {
        ManualEngine.run(() -> {
            Proxy proxy = proxy();
            letOthersRun();
            proxy.relay().cancel("enough");

            assertThrows(TaskCancelledException.class, () -> proxy.relay().join());
            assertThrows(BrokenException.class, () -> proxy.client().readAll(100));
            assertThrows(BrokenException.class, () -> proxy.server().readAll(100));
            proxy.inside().forEach(stream -> assertFalse(stream.isOpen()));
        });
    }

    @Test
    void relayUnderADeadlineSaysSo() {
        ManualEngine.run(() -> {
            MemoryStreams.Pair outer = MemoryStreams.pair();
            MemoryStreams.Pair inner = MemoryStreams.pair();

            assertThrows(
                    DeadlineExceededException.class,
                    () -> Heddle.timeout(SECOND, () -> Streams.relay(outer.right(), inner.left())));
            assertFalse(outer.right().isOpen());
        });
    }
}
