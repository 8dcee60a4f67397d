package dev.heddle.tls;

import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.engine.Transport;
import dev.heddle.engine.WaitSlot;
import dev.heddle.io.ByteStream;
import dev.heddle.io.FilterTransport;
import dev.heddle.io.MemoryStreams;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A transport that breaks its contract fails its stream with the rule's name, and never spins or misleads it. */
@Timeout(20)
final class BrokenTransportTest {

    /** What a transport does instead of reading. */
    enum Reading {
        NOTHING_FOR_EVER(0, 0),
        LESS_THAN_THE_END(-2, 0),
        MORE_THAN_THE_ROOM(Integer.MAX_VALUE, 0),
        WITHOUT_THE_BYTES(1, 0),
        MORE_BYTES_THAN_SAID(1, 2),
        BYTES_AT_THE_END(-1, 1);

        final int says;
        final int moves;

        Reading(int says, int moves) {
            this.says = says;
            this.moves = moves;
        }
    }

    /** What it does instead of writing. */
    enum Writing {
        NOTHING_FOR_EVER(0, 0),
        LESS_THAN_NOTHING(-1, 0),
        MORE_THAN_THERE_IS(Integer.MAX_VALUE, 0),
        WITHOUT_THE_BYTES(1, 0),
        MORE_BYTES_THAN_SAID(1, 2);

        final int says;
        final int moves;

        Writing(int says, int moves) {
            this.says = says;
            this.moves = moves;
        }
    }

    private static final List<Consumer<ByteStream>> READERS = List.of(
            stream -> stream.read(ByteBuffer.allocate(10)),
            stream -> stream.read(ByteBuffer.allocate(1_000)),
            stream -> stream.read(ByteBuffer.allocateDirect(1_000_000)),
            stream -> stream.readExactly(1),
            stream -> stream.readExactly(100_000),
            stream -> stream.readLine(100),
            stream -> stream.readUntil(new byte[]{1, 2}, 100),
            stream -> stream.readAll(100_000),
            stream -> stream.fill(1));

    private static final List<Consumer<ByteStream>> WRITERS = List.of(
            stream -> stream.write(ByteBuffer.allocate(10)),
            stream -> stream.write(ByteBuffer.allocate(1_000_000)),
            stream -> stream.write(ByteBuffer.allocate(10), ByteBuffer.allocate(20)),
            stream -> stream.write(ByteBuffer.allocate(300_000), ByteBuffer.allocate(300_000)));

    static Stream<Arguments> readings() {
        return Stream.of(Reading.values()).flatMap(rule -> READERS.stream().map(read -> Arguments.of(rule, read)));
    }

    static Stream<Arguments> writings() {
        return Stream.of(Writing.values()).flatMap(rule -> WRITERS.stream().map(write -> Arguments.of(rule, write)));
    }

    @ParameterizedTest
    @MethodSource("readings")
    void readersFail(Reading rule, Consumer<ByteStream> reader) {
        Heddle.run(() -> {
            var broken = new Breaking(MemoryStreams.pair().left(), rule, null);
            failsByName(broken, () -> reader.accept(new ByteStream(broken)));
        });
    }

    @ParameterizedTest
    @MethodSource("writings")
    void writersFail(Writing rule, Consumer<ByteStream> writer) {
        Heddle.run(() -> {
            var broken = new Breaking(MemoryStreams.pair().left(), null, rule);
            failsByName(broken, () -> writer.accept(new ByteStream(broken)));
        });
    }

    @ParameterizedTest
    @EnumSource(Reading.class)
    void handshakesFailWhereNothingRightIsRead(Reading rule) {
        Heddle.run(() -> {
            var broken = new Breaking(MemoryStreams.pair().left(), rule, null);
            failsByName(broken, () -> Tls.upgradeClient(
                    new ByteStream(broken), "localhost", TlsFixture.CLIENT_TLS));
        });
    }

    @ParameterizedTest
    @EnumSource(Writing.class)
    void handshakesFailWhereNothingRightIsWritten(Writing rule) {
        Heddle.run(() -> {
            var broken = new Breaking(MemoryStreams.pair().left(), null, rule);
            failsByName(broken, () -> Tls.upgradeClient(
                    new ByteStream(broken), "localhost", TlsFixture.CLIENT_TLS));
        });
    }

    @ParameterizedTest
    @EnumSource(Reading.class)
    void secureStreamsFailWhereNothingRightIsRead(Reading rule) {
        Heddle.run(() -> {
            MemoryStreams.Pair plain = MemoryStreams.pair();
            var broken = new Breaking(plain.left(), null, null);
            MemoryStreams.Pair secure = TlsFixture.secure(
                    new MemoryStreams.Pair(new ByteStream(broken), plain.right()),
                    TlsFixture.CLIENT_TLS, TlsFixture.SERVER_TLS);
            broken.reading = rule;
            failsByName(broken, () -> secure.left().readExactly(1));
        });
    }

    @ParameterizedTest
    @EnumSource(Writing.class)
    void secureStreamsFailWhereNothingRightIsWritten(Writing rule) {
        Heddle.run(() -> {
            MemoryStreams.Pair plain = MemoryStreams.pair();
            var broken = new Breaking(plain.left(), null, null);
            MemoryStreams.Pair secure = TlsFixture.secure(
                    new MemoryStreams.Pair(new ByteStream(broken), plain.right()),
                    TlsFixture.CLIENT_TLS, TlsFixture.SERVER_TLS);
            broken.writing = rule;
            failsByName(broken, () -> secure.left().write(ByteBuffer.allocate(100_000)));
        });
    }

    @Test
    void wakeUpThatNeverComesIsEndedByADeadline() {
        Heddle.run(() -> {
            var silent = new Breaking(MemoryStreams.pair().left(), null, null) {
                @Override
                public void awaitReadable() {
                    new WaitSlot("nothing").await();
                }
            };
            assertThrows(DeadlineExceededException.class,
                    () -> Heddle.timeout(ofSeconds(1).dividedBy(100), () -> new ByteStream(silent).readExactly(1)));
        });
    }

    @Test
    void waitsThatAreCompletedTwiceLoseAndDoubleNothing() {
        Heddle.run(() -> {
            MemoryStreams.Pair pair = MemoryStreams.pair();
            ByteStream twice = new ByteStream(new CompletingTwice(pair.left()));
            byte[] sent = new byte[100_000];
            new Random(1).nextBytes(sent);
            Heddle.gather(
                    () -> {
                        for (int i = 0; i < 1_000; i++) {
                            pair.right().write(sent, 100 * i, 100);
                            Heddle.checkpoint();
                        }
                    },
                    () -> assertArrayEquals(sent, twice.readExactly(sent.length)),
                    () -> twice.write(sent),
                    () -> {
                        for (int i = 0; i < 1_000; i++) {
                            assertArrayEquals(Arrays.copyOfRange(sent, 100 * i, 100 * i + 100),
                                    pair.right().readExactly(100));
                            Heddle.checkpoint();
                        }
                    });
        });
    }

    /** Says of each thing that has happened twice that it has: the second time in the next wait. */
    private static final class CompletingTwice extends FilterTransport {
        private boolean readAgain;
        private boolean writeAgain;

        CompletingTwice(ByteStream stream) {
            super(stream);
        }

        @Override
        public void awaitReadable() {
            if (!readAgain) {
                super.awaitReadable();
            }
            readAgain = !readAgain;
        }

        @Override
        public void awaitWritable() {
            if (!writeAgain) {
                super.awaitWritable();
            }
            writeAgain = !writeAgain;
        }
    }

    private static void failsByName(Transport broken, Executable call) {
        // No BrokenException, which whoever expects peers to leave would take for one that has.
        var failure = assertThrows(IllegalStateException.class, call);
        String said = String.valueOf(failure.getMessage());
        assertTrue(said.contains("breaks a rule of transports"), said);
        assertTrue(said.contains(broken.getClass().getName()), said);
        assertTrue(said.contains("on the engine " + Heddle.currentLoop().engine().name()), said);
        assertFalse(broken.isOpen());
    }

    /** Says what it is told to say, and moves its buffers as it is told. */
    private static class Breaking extends FilterTransport {
        Reading reading;
        Writing writing;

        Breaking(ByteStream stream, Reading reading, Writing writing) {
            super(stream);
            this.reading = reading;
            this.writing = writing;
        }

        @Override
        public int tryRead(ByteBuffer target) {
            if (reading == null) {
                return super.tryRead(target);
            }
            move(target, reading.moves);
            return reading.says;
        }

        @Override
        public void awaitReadable() {
            if (reading == null) {
                super.awaitReadable();
            }
        }

        @Override
        public int tryWrite(ByteBuffer source) {
            if (writing == null) {
                return super.tryWrite(source);
            }
            move(source, writing.moves);
            return writing.says;
        }

        @Override
        public void awaitWritable() {
            if (writing == null) {
                super.awaitWritable();
            }
        }

        private static void move(ByteBuffer buffer, int by) {
            buffer.position(Math.min(buffer.limit(), buffer.position() + by));
        }
    }
}
