package dev.heddle.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.BusyException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.engine.ChannelEngine;
import dev.heddle.engine.Engine;
import dev.heddle.engine.Watch;
import dev.heddle.net.PollKey;
import dev.heddle.net.Poller;
import dev.heddle.net.Readiness;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * The contract of {@link Poller} and {@link Readiness} over an engine of a real system. An engine inherits this class
 * and says how it is made; one of Linux inherits {@link DescriptorPollerContract}.
 */
@TestLimit
public abstract class PollerContract {

    private static final Duration FAR = Duration.ofSeconds(30);
    static final Duration SOON = Duration.ofMillis(20);

    /** For subclasses. */
    protected PollerContract() {}

    /** A fresh engine. */
    protected abstract Engine newEngine();

    final void run(Action body) {
        Heddle.run(Config.DEFAULT.withEngine(this::newEngine), body);
    }

    /** A pipe whose both ends are non-blocking and closed with it. */
    record Ends(Pipe.SourceChannel source, Pipe.SinkChannel sink) implements AutoCloseable {

        static Ends open() throws IOException {
            Pipe pipe = Pipe.open();
            pipe.source().configureBlocking(false);
            pipe.sink().configureBlocking(false);
            return new Ends(pipe.source(), pipe.sink());
        }

        void write(int count) throws IOException {
            assertEquals(count, sink.write(ByteBuffer.allocate(count)));
        }

        int read() throws IOException {
            return source.read(ByteBuffer.allocate(100));
        }

        @Override
        public void close() throws IOException {
            source.close();
            sink.close();
        }
    }

    /** A test over a pipe and a poller that does not watch it yet. */
    interface PipeBody {
        void run(Ends ends, Poller<Integer> poller) throws Exception;
    }

    final void withPipe(PipeBody body) {
        run(() -> {
            try (Ends ends = Ends.open();
                    Poller<Integer> poller = Poller.open()) {
                body.run(ends, poller);
            }
        });
    }

    /** Runs a test over a poller and many pipes, all of them readable and watched by it. */
    private void withReadyPipes(int count, Consumer<Poller<Integer>> body) {
        run(() -> {
            List<Ends> pipes = new ArrayList<>();
            try (Poller<Integer> poller = Poller.open()) {
                for (int i = 0; i < count; i++) {
                    Ends ends = Ends.open();
                    pipes.add(ends);
                    poller.add(ends.source(), Poller.READABLE, i);
                    ends.write(1);
                    if (i % 100 == 0) {
                        Heddle.checkpoint();
                    }
                }
                body.accept(poller);
            } finally {
                for (Ends ends : pipes) {
                    ends.close();
                }
            }
        });
    }

    static <A> List<PollKey<A>> next(Poller<A> poller) {
        List<PollKey<A>> batch = poller.awaitWithin(FAR);
        assertFalse(batch.isEmpty(), "nothing became ready");
        return batch;
    }

    static void assertQuiet(Poller<?> poller) {
        assertEquals(List.of(), poller.awaitWithin(SOON));
    }

    @Test
    void keyIsToldWhenItsChannelBecomesReady() {
        run(() -> {
            try (Ends ends = Ends.open();
                    Poller<String> poller = Poller.open()) {
                PollKey<String> key = poller.add(ends.source(), Poller.READABLE, "the pipe");
                Task<List<PollKey<String>>> waiting = Heddle.spawn(() -> next(poller));
                Fixtures.letOthersRun();
                assertFalse(waiting.isDone());
                assertEquals(0, key.readiness());

                ends.write(1);

                assertEquals(List.of(key), waiting.join());
                assertEquals("the pipe", key.attachment());
                assertTrue(key.isReadable());
                assertFalse(key.isWritable());
            }
        });
    }

    @Test
    void keyIsToldAgainForAsLongAsItIsReady() {
        withPipe((ends, poller) -> {
            PollKey<Integer> key = poller.add(ends.source(), Poller.READABLE, 1);
            ends.write(1);
            for (int i = 0; i < 3; i++) {
                assertEquals(List.of(key), next(poller));
            }
            assertEquals(1, ends.read());
            assertQuiet(poller);
            ends.write(1);
            assertEquals(List.of(key), next(poller));
        });
    }

    @Test
    void whatNobodyCollectsDoesNotKeepTheLoopAwake() {
        withPipe((ends, poller) -> {
            PollKey<Integer> key = poller.add(ends.source(), Poller.READABLE, 1);
            ends.write(1);
            Heddle.sleep(SOON);
            Fixtures.assertLoopSleeps(SOON.multipliedBy(5), 29);
            assertEquals(List.of(key), next(poller), "it was not forgotten");
            assertEquals(List.of(key), next(poller), "and is told again");
        });
    }

    @Test
    void changeOfInterestCountsFromNowOn() {
        withPipe((ends, poller) -> {
            PollKey<Integer> key = poller.add(ends.sink(), 0, 1);
            assertQuiet(poller);
            key.want(Poller.WRITABLE);
            assertEquals(Poller.WRITABLE, key.interest());
            assertEquals(List.of(key), next(poller));
            assertTrue(key.isWritable());
            key.want(0);
            assertQuiet(poller);
        });
    }

    @Test
    void whatHappenedBeforeAnInterestWasTakenBackIsNotTold() {
        withPipe((ends, poller) -> {
            PollKey<Integer> key = poller.add(ends.source(), Poller.READABLE, 1);
            ends.write(1);
            Heddle.sleep(SOON); // the engine has told it by now
            key.want(0);
            assertQuiet(poller);
            key.want(Poller.READABLE);
            assertEquals(List.of(key), next(poller));
        });
    }

    @Test
    void whatHappenedToAKeyThatWasClosedGoesToNobody() {
        run(() -> {
            try (Ends ends = Ends.open();
                    Poller<String> poller = Poller.open()) {
                PollKey<String> old = poller.add(ends.source(), Poller.READABLE, "old");
                ends.write(1);
                Heddle.sleep(SOON); // the engine has told it by now
                old.close();
                old.close();
                assertFalse(old.isOpen());
                assertQuiet(poller);
                assertThrows(ClosedException.class, () -> old.want(Poller.READABLE));

                PollKey<String> fresh = poller.add(ends.source(), Poller.READABLE, "fresh");
                assertEquals(List.of(fresh), next(poller));
            }
        });
    }

    @Test
    void eventOfAClosedChannelIsNotToldToTheNextOneWithItsNumber() {
        withPipe((_, poller) -> {
            for (int i = 0; i < 50; i++) {
                Ends first = Ends.open();
                PollKey<Integer> old = poller.add(first.source(), Poller.READABLE, i);
                first.write(1);
                if (i % 2 == 0) {
                    Heddle.checkpoint(); // perhaps it is queued, perhaps not
                }
                old.close();
                first.close();
                try (Ends second = Ends.open();
                        PollKey<Integer> key = poller.add(second.source(), Poller.READABLE, -i)) {
                    assertEquals(List.of(), poller.awaitWithin(Duration.ZERO), () -> "told to " + key);
                }
            }
        });
    }

    @Test
    void keyClosedByTheHandlerOfAnotherIsNotToldInTheNextBatch() {
        run(() -> {
            try (Ends one = Ends.open();
                    Ends other = Ends.open();
                    Poller<Integer> poller = Poller.open()) {
                poller.add(one.source(), Poller.READABLE, 1);
                poller.add(other.source(), Poller.READABLE, 2);
                one.write(1);
                other.write(1);
                Set<Integer> told = new HashSet<>();
                List<PollKey<Integer>> batch = next(poller);
                batch.forEach(key -> told.add(key.attachment()));
                PollKey<Integer> closed = poller.keys().getLast();
                closed.close();
                assertEquals(0, closed.readiness(), "whoever still has it in a batch sees that");
                List<PollKey<Integer>> later = next(poller);

                assertEquals(List.of(1), later.stream().map(PollKey::attachment).toList());
                assertTrue(told.contains(1) || told.contains(2));
            }
        });
    }

    @Test
    void channelCanBeAddedOnceOnly() {
        run(() -> {
            try (Ends ends = Ends.open();
                    Poller<Integer> poller = Poller.open();
                    Poller<Integer> other = Poller.open()) {
                PollKey<Integer> key = poller.add(ends.source(), Poller.READABLE, 1);
                var refused = assertThrows(IllegalStateException.class, () -> poller.add(ends.source(), 0, 2));
                assertTrue(refused.toString().contains("in this poller already"), refused::toString);
                assertThrows(IllegalStateException.class, () -> other.add(ends.source(), 0, 2));
                assertThrows(BusyException.class, () -> Readiness.awaitReadable(ends.source()));

                key.close();
                assertTrue(other.add(ends.source(), 0, 2).isOpen());
            }
        });
    }

    @Test
    void wrongChannelsAreRefused() {
        withPipe((ends, poller) -> {
            assertThrows(IllegalArgumentException.class, () -> poller.add(ends.source(), 16, 1));
            assertThrows(IllegalArgumentException.class, () -> poller.add(ends.source(), Poller.FAILED, 1));
            assertThrows(IllegalArgumentException.class, () -> poller.add(-1, Poller.READABLE, 1));
            ends.source().configureBlocking(true);
            assertThrows(IllegalArgumentException.class, () -> poller.add(ends.source(), 0, 1));
            assertThrows(IllegalArgumentException.class, () -> Readiness.awaitReadable(ends.source()));
            ends.source().close();
            assertThrows(ClosedException.class, () -> poller.add(ends.source(), 0, 1));
            assertThrows(ClosedException.class, () -> Readiness.awaitReadable(ends.source()));
            assertEquals(List.of(), poller.keys());
        });
    }

    @Test
    void keyWhoseChannelWasClosedBeforeItSaysSoAndCanStillBeClosed() {
        withPipe((ends, poller) -> {
            PollKey<Integer> key = poller.add(ends.source(), Poller.READABLE, 1);
            ends.source().close();
            var failure = assertThrows(ClosedException.class, () -> key.want(0));
            assertTrue(failure.toString().contains("close the key before it"), failure::toString);
            assertQuiet(poller);
            key.close();
            assertEquals(List.of(), poller.keys());
        });
    }

    @Test
    void keyClosedAfterItsChannelHarmsNoChannelThatGotItsNumber() {
        withPipe((_, poller) -> {
            Ends first = Ends.open();
            PollKey<Integer> old = poller.add(first.source(), Poller.READABLE, 1);
            first.close();
            try (Ends second = Ends.open()) {
                PollKey<Integer> source = poller.add(second.source(), Poller.READABLE, 2);
                PollKey<Integer> sink = poller.add(second.sink(), 0, 3);
                old.close();
                second.write(1);
                assertEquals(List.of(source), next(poller));
                sink.want(Poller.WRITABLE);
                source.want(0);
                assertEquals(List.of(sink), next(poller));
            }
        });
    }

    @Test
    void keysAreFoundByTheirChannels() {
        withPipe((ends, poller) -> {
            PollKey<Integer> source = poller.add(ends.source(), 0, 1);
            PollKey<Integer> sink = poller.add(ends.sink(), 0, 2);
            assertEquals(List.of(source, sink), poller.keys());
            assertEquals(Optional.of(sink), poller.find(ends.sink()));
            assertSame(ends.sink(), sink.channel().orElseThrow());
            assertTrue(sink.descriptor().isEmpty());
            source.close();
            assertEquals(Optional.empty(), poller.find(ends.source()));
            assertEquals(List.of(sink), poller.keys());
        });
    }

    @Test
    void lookFindsWhatIsReadyAndNeverWaits() {
        withPipe((ends, poller) -> {
            PollKey<Integer> key = poller.add(ends.source(), Poller.READABLE, 1);
            assertEquals(List.of(), poller.awaitWithin(Duration.ZERO));
            assertEquals(List.of(), poller.awaitWithin(Duration.ofSeconds(-1)));
            ends.write(1);
            assertEquals(List.of(key), poller.awaitWithin(Duration.ZERO));
            assertEquals(List.of(key), poller.awaitWithin(Duration.ofSeconds(-1)));
        });
    }

    @Test
    void limitedWaitIsNeverEarly() {
        withPipe((_, poller) -> {
            Loop loop = Heddle.currentLoop();
            long start = loop.nanoTime();
            assertQuiet(poller);
            assertTrue(loop.nanoTime() - start >= SOON.toNanos());
        });
    }

    @Test
    void cancelledWaitHasTakenNothing() {
        withPipe((ends, poller) -> {
            PollKey<Integer> key = poller.add(ends.source(), Poller.READABLE, 1);
            Task<?> waiting = Heddle.spawn(() -> poller.await());
            Fixtures.letOthersRun();
            waiting.cancel("enough");
            assertThrows(TaskCancelledException.class, waiting::join);
            ends.write(1);
            Heddle.moveOnAfter(Duration.ZERO, () -> {
                assertThrows(CancelledException.class, poller::await);
            });
            assertEquals(List.of(key), next(poller));
        });
    }

    @Test
    void secondWaitIsRefused() {
        run(() -> {
            Poller<Integer> poller = Poller.open();
            Task<?> waiting = Heddle.spawn(() -> assertThrows(ClosedException.class, poller::await));
            Fixtures.letOthersRun();
            assertThrows(BusyException.class, poller::await);
            assertThrows(BusyException.class, () -> poller.awaitWithin(SOON));
            poller.close();
            waiting.join();
        });
    }

    @Test
    void closingEndsTheWaitAndTheKeysButNoChannel() {
        withPipe((ends, poller) -> {
            PollKey<Integer> key = poller.add(ends.source(), Poller.READABLE, 1);
            Task<?> waiting = Heddle.spawn(() -> assertThrows(ClosedException.class, poller::await));
            Fixtures.letOthersRun();
            poller.close();
            poller.close();
            waiting.join();

            assertFalse(poller.isOpen());
            assertFalse(key.isOpen());
            assertEquals(List.of(), poller.keys());
            assertTrue(ends.source().isOpen());
            assertThrows(ClosedException.class, poller::await);
            assertThrows(ClosedException.class, () -> poller.awaitWithin(SOON));
            assertThrows(ClosedException.class, () -> poller.add(ends.source(), 0, 1));
        });
    }

    @Test
    void anyThreadCanEndTheWait() {
        Poller<?>[] opened = new Poller<?>[1];
        withPipe((_, poller) -> {
            opened[0] = poller;
            Thread.ofPlatform().start(poller::wake);
            assertEquals(List.of(), poller.await());
            poller.wake();
            assertEquals(List.of(), poller.await(), "also a wait that has not begun");
            assertQuiet(poller);
        });
        opened[0].wake();
    }

    @Test
    void connectionsAreMadeAcceptedAndRefused() {
        run(() -> {
            try (Poller<String> poller = Poller.open();
                    ServerSocketChannel server = ServerSocketChannel.open();
                    SocketChannel client = SocketChannel.open();
                    SocketChannel refused = SocketChannel.open()) {
                server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).configureBlocking(false);
                client.configureBlocking(false);
                refused.configureBlocking(false);
                boolean atOnce = client.connect(server.getLocalAddress());
                poller.add(server, Poller.READABLE, "server");
                poller.add(client, Poller.WRITABLE, "client");
                Set<String> told = new HashSet<>();
                while (told.size() < 2) {
                    next(poller).forEach(key -> told.add(key.attachment()));
                }
                assertTrue(atOnce || client.finishConnect());
                server.accept().close();

                poller.keys().forEach(PollKey::close);
                try {
                    refused.connect(EngineFixture.deadPort());
                } catch (IOException e) {
                    return; // refused at once: nothing to wait for
                }
                PollKey<String> key = poller.add(refused, Poller.WRITABLE, "refused");
                assertEquals(List.of(key), next(poller));
                assertTrue(key.isWritable());
                assertThrows(IOException.class, refused::finishConnect);
            }
        });
    }

    @Test
    void endOfAPipeIsReadable() {
        withPipe((ends, poller) -> {
            PollKey<Integer> key = poller.add(ends.source(), Poller.READABLE, 1);
            ends.sink().close();
            assertEquals(List.of(key), next(poller));
            assertTrue(key.isReadable());
            assertEquals(-1, ends.read());
        });
    }

    @Test
    void everyKindOfChannelCanBeWatched() {
        run(() -> {
            try (Poller<Integer> poller = Poller.open();
                    DatagramChannel channel = DatagramChannel.open()) {
                channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).configureBlocking(false);
                PollKey<Integer> key = poller.add(channel, Poller.READABLE, 1);
                assertQuiet(poller);
                channel.send(ByteBuffer.allocate(1), channel.getLocalAddress());
                assertEquals(List.of(key), next(poller));
            }
        });
    }

    @Test
    void thousandsOfChannelsComeInBoundedBatchesAndEachHasItsTurn() {
        withReadyPipes(1_500, poller -> {
            Set<Integer> told = new HashSet<>();
            for (int batches = 0; told.size() < 1_500; batches++) {
                List<PollKey<Integer>> batch = next(poller);
                assertTrue(batch.size() <= Poller.MAX_BATCH, "a batch of " + batch.size());
                batch.forEach(key -> told.add(key.attachment()));
                assertTrue(batches < 100, "after 100 batches only " + told.size() + " had their turn");
            }
        });
    }

    @Test
    void endOfTheLoopClosesNoChannelThatIsWatched() throws IOException {
        try (Ends ends = Ends.open()) {
            Watch[] watch = new Watch[1];
            run(() -> {
                watch[0] = ChannelEngine.of(Heddle.currentLoop().engine()).watch(ends.source(), readiness -> {});
                watch[0].want(Watch.READABLE);
            });
            ends.write(1);
            assertEquals(1, ends.read());
            watch[0].close();
        }
    }

    @Test
    void manyReadyKeysKeepNoOtherTaskFromRunningOnTime() {
        withReadyPipes(400, poller -> {
            Task<?> timer = Heddle.spawn(() -> Heddle.sleep(SOON));
            Heddle.timeout(FAR, () -> {
                while (!timer.isDone()) {
                    next(poller);
                }
            });
        });
    }

    @Test
    void oneTaskWaitsForOneChannelInEachDirection() {
        withPipe((ends, _) -> {
            Task<?> reader = Heddle.spawn(() -> Readiness.awaitReadable(ends.source()));
            Fixtures.letOthersRun();
            assertFalse(reader.isDone());
            assertThrows(BusyException.class, () -> Readiness.awaitReadable(ends.source()));
            Readiness.awaitWritable(ends.sink());
            ends.write(1);
            reader.join();
            Readiness.awaitReadable(ends.source());
        });
    }

    @Test
    void readerAndAWriterWaitForTheSameChannel() {
        run(() -> {
            try (DatagramChannel channel = DatagramChannel.open()) {
                channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).configureBlocking(false);
                Task<?> reader = Heddle.spawn(() -> Readiness.awaitReadable(channel));
                Fixtures.letOthersRun();
                Readiness.awaitWritable(channel);
                assertFalse(reader.isDone());
                channel.send(ByteBuffer.allocate(1), channel.getLocalAddress());
                reader.join();
            }
        });
    }

    @Test
    void cancelledWaitForOneChannelLeavesNothing() {
        withPipe((ends, poller) -> {
            assertFalse(Heddle.moveOnAfter(SOON, () -> Readiness.awaitReadable(ends.source())));
            poller.add(ends.source(), Poller.READABLE, 1).close();
            ends.write(1);
            Readiness.awaitReadable(ends.source());
        });
    }

    @Test
    void whoClosesAChannelTellsThoseWhoWaitForIt() {
        withPipe((ends, _) -> {
            Readiness.closing(ends.source());
            Task<?> reader = Heddle.spawn(
                    () -> assertThrows(ClosedException.class, () -> Readiness.awaitReadable(ends.source())));
            Fixtures.letOthersRun();
            Readiness.closing(ends.source());
            ends.source().close();
            reader.join();
        });
    }

    @Test
    void interestThatAChannelCannotHaveIsRefusedByName() {
        run(() -> {
            try (ServerSocketChannel server = ServerSocketChannel.open();
                    Ends ends = Ends.open();
                    Poller<Integer> poller = Poller.open()) {
                server.configureBlocking(false);
                for (Executable each : List.<Executable>of(
                        () -> poller.add(server, Poller.WRITABLE, 1),
                        () -> poller.add(ends.source(), Poller.READABLE | Poller.WRITABLE, 1),
                        () -> poller.add(ends.sink(), Poller.READABLE, 1),
                        () -> Readiness.awaitWritable(server),
                        () -> Readiness.awaitReadable(ends.sink()))) {
                    String told = String.valueOf(
                            assertThrows(IllegalArgumentException.class, each).getMessage());
                    assertTrue(told.contains("nothing is to be waited for"), told);
                }
                PollKey<Integer> key = poller.add(ends.source(), Poller.READABLE, 1);
                assertThrows(IllegalArgumentException.class, () -> key.want(Poller.WRITABLE));
                assertEquals(Poller.READABLE, key.interest());
            }
        });
    }
}
