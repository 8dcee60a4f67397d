package dev.heddle.conformance;

import static dev.heddle.conformance.Fixtures.letOthersRun;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Outcome;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.engine.Engine;
import dev.heddle.io.ByteStream;
import dev.heddle.io.EndOfStreamException;
import dev.heddle.io.Framing;
import dev.heddle.net.ListenFailedException;
import dev.heddle.net.Listener;
import dev.heddle.net.Unix;
import dev.heddle.net.UnixOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract over real Unix sockets, which have no reset: an abort reads as an end. An heir names its engine. */
abstract class UnixContract extends TransportContract {

    @TempDir
    Path directory;

    /** A fresh engine. */
    abstract Engine newEngine();

    @Override
    protected final void run(Action body) {
        Heddle.run(Config.DEFAULT.withEngine(this::newEngine), body);
    }

    @Override
    protected final Ends connect() throws IOException {
        Path path = directory.resolve("s");
        try (Listener listener = Unix.listen(path)) {
            ByteStream left = Unix.connect(path);
            return new Ends(left.transport(), listener.accept().transport());
        }
    }

    @Override
    public boolean tellsResets() {
        return false;
    }

    @Override
    public boolean closesBeforeUnreadAreResets() {
        return true;
    }

    @Override
    @Test
    public void halfAMessageIsNeverFollowedByACleanEnd() {
        withStreams((left, right) -> {
            Framing framing = Framing.lengthPrefixed(4, moreThanBuffered());
            Task<Void> writer = Heddle.spawn(() -> framing.send(left, new byte[moreThanBuffered()]));
            letOthersRun();
            writer.cancel("enough");
            assertThrows(TaskCancelledException.class, writer::join);

            left.close();

            assertThrows(EndOfStreamException.class, () -> framing.receive(right),
                    "a framing sees what the socket does not");
        });
    }

    @Override
    @Test
    public void resetBreaksTheWaitingReaderAndKeepsTheBytesSoFar() {
        withStreams((left, right) -> {
            left.write("abc");
            right.fill(3);
            Task<?> reader = Heddle.spawn(() -> right.readExactly(10));
            letOthersRun();

            left.abort();

            EndOfStreamException e = assertThrows(EndOfStreamException.class, reader::join);
            assertEquals(3, e.partial().length);
            assertThrows(BrokenException.class, () -> {
                while (true) {
                    right.write("into the void");
                }
            });
        });
    }

    @Override
    @Test
    public void closingALostConnectionThrowsNothing() {
        withStreams((left, right) -> {
            left.abort();
            assertThrows(BrokenException.class, () -> {
                while (true) {
                    right.write("into the void");
                }
            });

            right.close();
            right.close();

            assertFalse(right.isOpen());
        });
    }

    @Test
    void directoryThatIsMissingIsToldByItsName() {
        run(() -> {
            Path missing = directory.resolve("missing");
            ListenFailedException failed = assertThrows(
                    ListenFailedException.class, () -> Unix.listen(missing.resolve("s")));
            String told = String.valueOf(failed.getMessage());
            assertTrue(told.endsWith(missing + ": there is no such directory"), told);
        });
    }

    @Test
    void lossIsToldByThePathThatPeersKnow() {
        run(() -> {
            Path path = directory.resolve("s");
            try (Listener listener = Unix.listen(path);
                    ByteStream client = Unix.connect(path);
                    ByteStream server = listener.accept()) {
                client.abort();
                BrokenException lost = assertThrows(BrokenException.class, () -> {
                    while (true) {
                        server.write("into the void");
                    }
                });
                String told = String.valueOf(lost.getMessage());
                assertTrue(told.contains("connection " + path + " to"), told);
            }
        });
    }

    @Test
    void connectWaitsWhileTheQueueOfTheListenerIsFull() {
        run(() -> {
            Path path = directory.resolve("s");
            try (Listener listener = Unix.listen(path, UnixOptions.DEFAULT.withBacklog(1))) {
                List<Task<Void>> clients = new ArrayList<>();
                for (int i = 0; i < 6; i++) {
                    clients.add(Heddle.spawn(() -> Unix.connect(path).close()));
                }
                Task<Void> impatient = Heddle.spawn(() -> Heddle.timeout(
                        Duration.ofMillis(20), () -> Unix.connect(path)).close());
                assertInstanceOf(Outcome.Failure.class, impatient.awaitOutcome());
                for (int i = 0; i < clients.size(); i++) {
                    listener.accept().close();
                }
                clients.forEach(Task::join);
            }
        });
    }
}
