package dev.heddle.conformance;

import dev.heddle.BrokenException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.engine.Engines;
import dev.heddle.io.ByteStream;
import dev.heddle.io.EndOfStreamException;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.net.Listener;
import dev.heddle.net.ServeOptions;
import dev.heddle.net.Tcp;
import java.time.Duration;

/**
 * A process that makes checksummed transfers with itself over an engine, while its system calls fail, and prints how
 * many were right and how many ended with a typed error: {@code 19 right, 1 broken}. Anything else ends it with an
 * error.
 */
final class EchoChild {

    private static final int BYTES = 200_000;
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private EchoChild() {}

    /** The engine's name and the count of transfers. */
    public static void main(String[] args) {
        int transfers = Integer.parseInt(args[1]);
        int right = Heddle.run(Config.DEFAULT.withEngine(Engines.named(args[0])), () -> {
            int count = Heddle.timeout(PATIENCE, () -> transfer(transfers));
            LeftoverCheck.checkTasksAndBuffers();
            return count;
        });
        System.out.println(right + " right, " + (transfers - right) + " broken");
    }

    private static int transfer(int transfers) {
        Listener listener = Tcp.listen(0);
        Task<Void> serving = Heddle.spawn(() -> listener.serve(ServeOptions.DEFAULT, stream -> {
            if (CheckedTransfer.receive(stream, BYTES)) {
                CheckedTransfer.send(stream, BYTES, 2);
            }
        }));
        int right = 0;
        for (int i = 0; i < transfers; i++) {
            try (ByteStream stream = Tcp.connect("127.0.0.1", listener.port())) {
                CheckedTransfer.send(stream, BYTES, 1);
                if (!CheckedTransfer.receive(stream, BYTES)) {
                    throw new AssertionError("wrong bytes and no error");
                }
                right++;
            } catch (BrokenException | EndOfStreamException | ConnectFailedException e) {
                System.err.println(e);
            }
        }
        listener.close();
        serving.join();
        return right;
    }
}
