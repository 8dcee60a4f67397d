package dev.heddle.conformance;

import static dev.heddle.conformance.Fixtures.letOthersRun;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.engine.Engine;
import dev.heddle.io.ByteStream;
import dev.heddle.io.EndOfStreamException;
import dev.heddle.io.Framing;
import dev.heddle.net.Listener;
import dev.heddle.net.Unix;
import java.io.IOException;
import java.nio.file.Path;
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
}
