package dev.heddle.io;

import static dev.heddle.io.Fixtures.letOthersRun;
import static dev.heddle.io.Fixtures.noise;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.ClosedException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.engine.NioEngine;
import dev.heddle.io.internal.BufferPool;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each test over the way inside the kernel and over the one through this process. */
final class SendFileTest {

    private static final byte[] CONTENT = noise(300_000, 11);
    private static final long BIG = 100L * 1024 * 1024;

    @TempDir
    Path directory;

    enum Way {
        KERNEL,
        PIECES;

        /** A stream over real sockets, whose transport either has the kernel's way or hides it. */
        ByteStream of(ByteStream plain) {
            return this == KERNEL ? plain : Streams.limited(plain, Long.MAX_VALUE);
        }
    }

    interface Body {
        void run(ByteStream sender, ByteStream receiver, FileChannel file) throws Exception;
    }

    private void sending(Way way, Body body) throws Exception {
        Path path = Files.write(directory.resolve("content"), CONTENT);
        Heddle.run(Config.DEFAULT.withEngine(NioEngine::new), () -> {
            try (Listener listener = Tcp.listen(0);
                    ByteStream client = Tcp.connect("127.0.0.1", listener.port());
                    ByteStream receiver = listener.accept();
                    FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                body.run(way.of(client), receiver, file);
            }
            assertEquals(0, BufferPool.current().borrowed(), "buffers left over");
        });
    }

    @ParameterizedTest
    @EnumSource
    void fileArrivesAsItIsAndItsOwnPositionStays(Way way) throws Exception {
        sending(way, (sender, receiver, file) -> {
            file.position(7);
            Task<byte[]> reader = Heddle.spawn(() -> receiver.readExactly(CONTENT.length));

            assertEquals(CONTENT.length, sender.sendFile(file, 0, CONTENT.length));

            assertArrayEquals(CONTENT, reader.join());
            assertEquals(7, file.position());
        });
    }

    @ParameterizedTest
    @EnumSource
    void partIsSentBetweenOtherWrites(Way way) throws Exception {
        sending(way, (sender, receiver, file) -> {
            sender.write("<");
            assertEquals(1_000, sender.sendFile(file, 5_000, 1_000));
            sender.write(">");
            sender.closeOutput();

            byte[] all = receiver.readAll(10_000);
            assertEquals('<', all[0]);
            assertArrayEquals(Arrays.copyOfRange(CONTENT, 5_000, 6_000), Arrays.copyOfRange(all, 1, 1_001));
            assertEquals('>', all[1_001]);
            assertEquals(1_002, all.length);
        });
    }

    @ParameterizedTest
    @EnumSource
    void fewerBytesAreSentOnlyWhereTheFileEnds(Way way) throws Exception {
        sending(way, (sender, receiver, file) -> {
            assertEquals(10, sender.sendFile(file, CONTENT.length - 10, 1_000));
            assertEquals(0, sender.sendFile(file, CONTENT.length, 1_000));
            assertEquals(0, sender.sendFile(file, Long.MAX_VALUE, Long.MAX_VALUE));
            assertEquals(0, sender.sendFile(file, 0, 0));
            assertEquals(5, sender.sendFile(file, CONTENT.length - 5, Long.MAX_VALUE));
            sender.closeOutput();

            assertEquals(15, receiver.readAll(100).length);
        });
    }

    @ParameterizedTest
    @EnumSource
    void emptyFileIsNothing(Way way) throws Exception {
        Path empty = Files.createFile(directory.resolve("empty"));
        sending(way, (sender, receiver, file) -> {
            assertEquals(0, sender.sendFile(empty));
            sender.closeOutput();
            assertEquals(0, receiver.readAll(10).length);
        });
    }

    @ParameterizedTest
    @EnumSource
    void fileThatShrinksMeanwhileEndsTheSendingWithWhatWasThere(Way way) throws Exception {
        sending(way, (sender, receiver, file) -> {
            file.position(BIG - 1);
            file.write(ByteBuffer.wrap(new byte[1]));
            Task<Long> sending = Heddle.spawn(() -> sender.sendFile(file, 0, BIG));
            letOthersRun();
            receiver.readExactly(1_000);
            file.truncate(1_000);

            long received = 1_000;
            byte[] buffer = new byte[60_000];
            Task<Void> closer = Heddle.spawn(() -> {
                sending.join();
                sender.closeOutput();
            });
            for (int n = receiver.read(buffer); n >= 0; n = receiver.read(buffer)) {
                received += n;
            }

            assertEquals(received, sending.join());
            assertTrue(received < BIG, "sent " + received);
            closer.join();
        });
    }

    @ParameterizedTest
    @EnumSource
    void oneHundredMegabytesNeedNoMemoryOfThatSize(Way way) throws Exception {
        sending(way, (sender, receiver, file) -> {
            file.position(BIG - 1);
            file.write(ByteBuffer.wrap(new byte[1]));
            Task<Long> sending = Heddle.spawn(() -> sender.sendFile(file, 0, BIG));
            letOthersRun();
            assertFalse(sending.isDone(), "it waits for the reader");

            long received = 0;
            byte[] buffer = new byte[60_000];
            while (received < BIG) {
                received += receiver.read(buffer);
                assertTrue(BufferPool.current().borrowed() <= 1);
            }
            assertEquals(BIG, sending.join());
        });
    }

    @ParameterizedTest
    @EnumSource
    void peerThatGoesAwayMeanwhileBreaksIt(Way way) throws Exception {
        sending(way, (sender, receiver, file) -> {
            file.position(BIG - 1);
            file.write(ByteBuffer.wrap(new byte[1]));
            Task<Long> sending = Heddle.spawn(() -> sender.sendFile(file, 0, BIG));
            letOthersRun();

            receiver.abort();

            assertThrows(BrokenException.class, sending::join);
            assertTrue(file.isOpen());
        });
    }

    @ParameterizedTest
    @EnumSource
    void cancelledHalfwayItBreaksTheOutputAndLeavesTheFileOpen(Way way) throws Exception {
        sending(way, (sender, receiver, file) -> {
            file.position(BIG - 1);
            file.write(ByteBuffer.wrap(new byte[1]));
            Task<Long> sending = Heddle.spawn(() -> sender.sendFile(file, 0, BIG));
            receiver.readExactly(1_000);
            sending.cancel("enough");

            assertThrows(TaskCancelledException.class, sending::join);
            assertTrue(file.isOpen());
            assertThrows(BrokenException.class, () -> sender.write("x"));
            sender.close();
            assertThrows(BrokenException.class, () -> {
                byte[] buffer = new byte[60_000];
                while (receiver.read(buffer) >= 0) {
                    continue;
                }
            });
        });
    }

    @ParameterizedTest
    @EnumSource
    void nothingElseIsWrittenMeanwhile(Way way) throws Exception {
        sending(way, (sender, receiver, file) -> {
            file.position(BIG - 1);
            file.write(ByteBuffer.wrap(new byte[1]));
            Task<Long> sending = Heddle.spawn(() -> sender.sendFile(file, 0, BIG));
            letOthersRun();

            assertThrows(BusyException.class, () -> sender.write("x"));
            assertThrows(BusyException.class, () -> sender.sendFile(file, 0, 1));
            assertThrows(BusyException.class, sender::closeOutput);
            sender.abort();
            assertThrows(ClosedException.class, sending::join);
        });
    }

    @ParameterizedTest
    @EnumSource
    void whatCannotBeReadIsAFailureOfTheFileAndTheStreamGoesOn(Way way) throws Exception {
        sending(way, (sender, receiver, file) -> {
            assertThrows(UncheckedIOException.class, () -> sender.sendFile(directory.resolve("missing")));
            assertThrows(UncheckedIOException.class, () -> sender.sendFile(directory));
            try (FileChannel writeOnly = FileChannel.open(directory.resolve("content"), StandardOpenOption.WRITE)) {
                assertThrows(NonReadableChannelException.class, () -> sender.sendFile(writeOnly, 0, 10));
            }
            file.close();
            assertThrows(ClosedException.class, () -> sender.sendFile(file, 0, 10));
            assertThrows(IllegalArgumentException.class, () -> sender.sendFile(file, -1, 10));
            assertThrows(IllegalArgumentException.class, () -> sender.sendFile(file, 0, -1));

            sender.write("still fine");
            assertEquals(10, receiver.readExactly(10).length);
        });
    }

    @ParameterizedTest
    @EnumSource
    void closedStreamSendsNoFile(Way way) throws Exception {
        sending(way, (sender, receiver, file) -> {
            sender.closeOutput();
            assertThrows(ClosedException.class, () -> sender.sendFile(file, 0, 10));
            sender.close();
            assertThrows(ClosedException.class, () -> sender.sendFile(file, 0, 10));
        });
    }
}
