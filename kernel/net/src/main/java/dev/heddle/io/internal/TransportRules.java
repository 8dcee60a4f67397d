package dev.heddle.io.internal;

import dev.heddle.Heddle;
import dev.heddle.engine.Transport;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The rules of {@link Transport} as those hold it to who call it: users write transports too. One that breaks a rule is
 * aborted, and its stream fails with the rule's name, before a wrong count becomes wrong bytes or a loop that spins.
 *
 * <p>That is an {@link IllegalStateException}, a bug that somebody has to mend: whoever takes a {@code BrokenException}
 * for a peer that has left, and keeps quiet or tries again, must not take this for one.
 *
 * <p>That a wake-up never comes is not seen here: nothing tells it from a peer that is silent. Deadlines end both.
 */
public final class TransportRules {

    /**
     * Waits in a row that may end early. TLS has the most: one for each byte of a record from a peer that sends them one
     * by one.
     */
    private static final int MAX_EARLY = 100_000;

    private TransportRules() {}

    /** {@link Transport#tryRead}. */
    public static int tryRead(Transport transport, ByteBuffer target) {
        int before = target.position();
        int room = target.remaining();
        int count = transport.tryRead(target);
        if (count < -1 || count > room || target.position() - before != Math.max(0, count)) {
            target.position(before);
            throw broken(transport, "tryRead() has returned " + count + " for " + room
                    + " bytes of room and must say by how many it moved the buffer, or -1 at the end");
        }
        return count;
    }

    /** {@link Transport#tryWrite}. */
    public static int tryWrite(Transport transport, ByteBuffer source) {
        int before = source.position();
        int offered = source.remaining();
        int count = transport.tryWrite(source);
        if (count < 0 || count > offered || source.position() - before != count) {
            throw broken(transport, "tryWrite() has returned " + count + " for " + offered
                    + " bytes and must say by how many it moved the buffer");
        }
        return count;
    }

    /** {@link Transport#trySendFile}. */
    public static long trySendFile(Transport transport, FileChannel file, long position, long count) {
        long sent = transport.trySendFile(file, position, count);
        if (sent < -1 || sent > count) {
            throw broken(transport, "trySendFile() has returned " + sent + " for " + count + " bytes");
        }
        return sent;
    }

    /**
     * Counts a wait after which there was nothing to read or no room.
     *
     * @param early how many there were in a row before it
     * @param await the waiting call, for people
     * @return how many there are now
     */
    public static int countEarly(Transport transport, int early, String await) {
        if (early == MAX_EARLY) {
            throw broken(transport, await + " has returned " + early
                    + " times in a row though nothing was ready, and must wait");
        }
        return early + 1;
    }

    private static IllegalStateException broken(Transport transport, String rule) {
        String what = transport.getClass().getName() + ", " + transport + ", on the engine "
                + Heddle.currentLoop().engine().name();
        transport.abort();
        return new IllegalStateException(what + ", breaks a rule of transports and was aborted: " + rule);
    }
}
