package dev.heddle.cli.script;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The side of the program where its JVM was started before there was something to run: on the socket that the property
 * {@value #PROPERTY} names it is told twice to go on. First the program is compiled, so it may be prepared; then what
 * ran before has ended, so it may run. When the socket ends before, nobody needs this JVM any more.
 *
 * <p>Threads: the main one.
 */
public final class Standby {

    public static final String PROPERTY = "heddle.run.standby";

    private final @Nullable SocketChannel told;

    private Standby(@Nullable SocketChannel told) {
        this.told = told;
    }

    /** That of this process; one that never waits where nobody has asked it to. */
    static Standby ofProcess() throws IOException {
        String socket = System.clearProperty(PROPERTY);
        return new Standby(socket == null ? null : SocketChannel.open(UnixDomainSocketAddress.of(socket)));
    }

    /** Waits until it may be prepared, the first time, and until it may run, the second. */
    void await() {
        if (told == null) {
            return;
        }
        try {
            if (told.read(ByteBuffer.allocate(1)) == 1) {
                return;
            }
        } catch (IOException e) {
            // As with an end.
        }
        System.exit(0);
    }

    void close() throws IOException {
        if (told != null) {
            told.close();
        }
    }
}
