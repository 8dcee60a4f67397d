package dev.heddle.conformance;

import static dev.heddle.conformance.Fixtures.letOthersRun;
import static dev.heddle.conformance.Fixtures.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.io.ByteStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A peer process that is stopped by SIGSTOP: its system still takes bytes, until its buffers are full. */
@LeavesNothing
abstract class StoppedPeerContract {

    /** More than the systems keep for one connection. */
    private static final int MORE_THAN_BUFFERED = 32 * 1024 * 1024;

    /** Tells when it is there, counts what comes, and prints the count when the connection ends. */
    private static final String COUNTER = """
            import socket, sys
            server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
            connection, _ = server.accept()
            connection.sendall(b"!")
            count = 0
            while data := connection.recv(65536):
                count += len(data)
            print(count)
            """;

    /** Runs a body as the main task of a fresh loop. */
    abstract void run(Action body) throws Exception;

    private interface Body {
        void run(Program peer, ByteStream stream) throws Exception;
    }

    private void withStoppedPeer(Body body) throws Exception {
        Place place = Place.port();
        List<String> command = List.of(Program.find("python3"), "-c", COUNTER, place.target());
        try (Program peer = Program.start(command, new byte[0])) {
            run(() -> {
                try (ByteStream stream = place.connectTo(peer)) {
                    stream.readExactly(1);
                    peer.signal("STOP");
                    body.run(peer, stream);
                }
                LeftoverCheck.check();
            });
        }
    }

    @Test
    void writerWaitsForAStoppedPeerAndGoesOnWithIt() throws Exception {
        withStoppedPeer((peer, stream) -> {
            Task<Void> writer = Heddle.spawn(() -> stream.write(new byte[MORE_THAN_BUFFERED]));
            letOthersRun();
            assertFalse(writer.isDone());

            peer.signal("CONT");

            writer.join();
            stream.closeOutput();
            assertEquals(MORE_THAN_BUFFERED + "\n", text(peer.output()));
        });
    }

    @Test
    void writerThatWaitsForAStoppedPeerCanBeCancelled() throws Exception {
        withStoppedPeer((peer, stream) -> {
            Task<Void> writer = Heddle.spawn(() -> stream.write(new byte[MORE_THAN_BUFFERED]));
            letOthersRun();

            writer.cancel("enough");

            assertThrows(TaskCancelledException.class, writer::join);
            assertThrows(BrokenException.class, () -> stream.write("half a message is out"));
        });
    }

    @Test
    void readerThatWaitsForAStoppedPeerCanBeCancelledAndReadsOn() throws Exception {
        withStoppedPeer((peer, stream) -> {
            Task<byte[]> reader = Heddle.spawn(() -> stream.readExactly(1));
            letOthersRun();

            reader.cancel("enough");

            assertThrows(TaskCancelledException.class, reader::join);
            stream.closeOutput();
            peer.signal("CONT");
            assertEquals(0, stream.readAll(10).length);
            assertEquals("0\n", text(peer.output()));
        });
    }
}
