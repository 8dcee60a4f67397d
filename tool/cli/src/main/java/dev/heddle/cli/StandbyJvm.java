package dev.heddle.cli;

import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.UsageException;
import dev.heddle.cli.script.Standby;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A JVM that was started before there is something to run, so that a restart need not wait for it: {@link Standby} is
 * its own side.
 *
 * <pre>
 *   start ──▶ (prepare ──▶ run) or close
 * </pre>
 *
 * <p>Owned by one thread. It ends with who has started it.
 */
final class StandbyJvm implements AutoCloseable {

    private final Path directory;
    private final ServerSocketChannel entrance;
    private final Process process;
    private @Nullable SocketChannel line;

    private StandbyJvm(Path directory, ServerSocketChannel entrance, Process process) {
        this.directory = directory;
        this.entrance = entrance;
        this.process = process;
    }

    /**
     * Starts one.
     *
     * @param starter starts the program with more options for its JVM
     * @return null where it cannot be had: it only saves time
     */
    static @Nullable StandbyJvm start(Function<String, Process> starter) {
        try {
            Path directory = Files.createTempDirectory("heddle-");
            Path socket = directory.resolve("standby");
            ServerSocketChannel entrance = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                entrance.bind(UnixDomainSocketAddress.of(socket)).configureBlocking(false);
                Process process = starter.apply("-D" + Standby.PROPERTY + "=" + socket);
                return new StandbyJvm(directory, entrance, process);
            } catch (IOException | FailureException | UsageException e) {
                leave(directory, entrance);
                return null;
            }
        } catch (IOException | UnsupportedOperationException e) {
            return null;
        }
    }

    private static void leave(Path directory, ServerSocketChannel entrance) throws IOException {
        entrance.close();
        Files.deleteIfExists(directory.resolve("standby"));
        Files.deleteIfExists(directory);
    }

    /**
     * Has it prepare the program, which is compiled by now. Does not wait.
     *
     * @return false if it is gone, or not so far yet
     */
    boolean prepare() {
        try {
            line = entrance.accept();
            return tell();
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Has it run the program, when it has prepared it.
     *
     * @return the program; null if it is gone
     */
    @Nullable Process run() {
        if (!tell()) {
            return null;
        }
        closeLine();
        return process;
    }

    private boolean tell() {
        try {
            return line != null && process.isAlive() && line.write(ByteBuffer.wrap(new byte[1])) == 1;
        } catch (IOException e) {
            return false;
        }
    }

    private void closeLine() {
        try {
            if (line != null) {
                line.close();
            }
            leave(directory, entrance);
        } catch (IOException e) {
            // Left to whoever cleans the system's temporary directory.
        }
    }

    /** Ends it, where the program does not run in it; waits until it is gone. */
    @Override
    public void close() {
        process.destroyForcibly();
        closeLine();
        process.onExit().join();
    }
}
