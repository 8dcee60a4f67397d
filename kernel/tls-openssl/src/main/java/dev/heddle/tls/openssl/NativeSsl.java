package dev.heddle.tls.openssl;

import dev.heddle.internal.ReportLog;
import dev.heddle.tls.Tls;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The owner of one {@code SSL *} and of the two BIOs in memory (BIO_s_mem(3)) that it reads and writes. A worker may be
 * at work on it when its engine lets go; then it is freed behind the worker.
 *
 * <pre>
 *   idle ◀──enter, leave──▶ busy ──free()──▶ doomed
 *     └──free()──▶ freed ◀─────leave()────────┘
 * </pre>
 *
 * <p>One that nobody frees is freed when the collector finds it, which is told in the log.
 */
final class NativeSsl {

    private static final int IDLE = 0;
    private static final int BUSY = 1;
    private static final int DOOMED = 2;
    private static final int FREED = 3;

    private final Memory memory;
    private final Cleaner.Cleanable net;

    /** @param context of whose main {@code SSL_CTX *} it is; that lives on with the new object by itself */
    NativeSsl(OpensslContext context) {
        try {
            memory = new Memory(context.main());
        } finally {
            Reference.reachabilityFence(context);
        }
        net = Libraries.CLEANER.register(this, memory);
    }

    /** For the steps of a handshake, which keep this object reachable by themselves. */
    long ssl() {
        return memory.ssl;
    }

    // ---- calls ----

    long call(NativeFunction function) {
        try {
            return function.call(memory.ssl);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    int number(NativeFunction function) {
        return (int) call(function);
    }

    int number(NativeFunction function, long argument) {
        try {
            return function.number(memory.ssl, argument);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Has a client ask for a name, a C string. */
    void setHostName(MemorySegment name) {
        try {
            Ssl.CTRL.call(memory.ssl, Ssl.CTRL_SET_HOST_NAME, 0, name.address());
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    // ---- bytes ----

    /** Puts what came from the peer into the library. */
    void feed(ByteBuffer source, int length) {
        if (move(Crypto.BIO_WRITE, memory.input, source, length) != length) {
            // Or whoever comes again with the same record would do so for ever.
            throw new OutOfMemoryError("OpenSSL has no memory for a record");
        }
    }

    /** Puts a record for the peer behind what the library has written. */
    void say(byte[] record) {
        move(Crypto.BIO_WRITE, memory.output, ByteBuffer.wrap(record), record.length);
    }

    /**
     * Decodes what was fed.
     *
     * @return how many bytes have come, or the result that {@link Ssl#GET_ERROR} takes
     */
    int read(ByteBuffer room) {
        // What somebody else has left there would be taken for a failure of this.
        Crypto.clearErrors();
        return move(Ssl.READ, memory.ssl, room, room.remaining());
    }

    /** Makes a record; false if that failed. */
    boolean write(ByteBuffer source, int maxBytes) {
        return move(Ssl.WRITE, memory.ssl, source, Math.min(source.remaining(), maxBytes)) > 0;
    }

    /** Takes out what the library has written for the peer; whether some is left. */
    boolean drain(ByteBuffer room) {
        int offered = room.remaining();
        return move(Crypto.BIO_READ, memory.output, room, offered) == offered && hasWritten();
    }

    /** Whether the library has written something for the peer. */
    boolean hasWritten() {
        try {
            return Crypto.BIO_PENDING.call(memory.output) > 0;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private int move(BytesFunction function, long object, ByteBuffer bytes, int length) {
        try {
            int count = function.call(object, MemorySegment.ofBuffer(bytes), length);
            if (count > 0) {
                bytes.position(bytes.position() + count);
            }
            return count;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    // ---- who has it ----

    boolean isIdle() {
        return memory.state.get() == IDLE;
    }

    boolean isFreed() {
        return memory.state.get() == FREED;
    }

    /** Begins work on a worker; false if it is too late. */
    boolean enter() {
        return memory.state.compareAndSet(IDLE, BUSY);
    }

    /** Ends work on a worker. */
    void leave() {
        if (!memory.state.compareAndSet(BUSY, IDLE)) {
            end();
        }
    }

    /** Frees the memory, now or behind the worker; once or more. */
    void free() {
        int was = memory.state.getAndUpdate(state -> switch (state) {
            case IDLE -> FREED;
            case BUSY -> DOOMED;
            default -> state;
        });
        if (was == IDLE) {
            end();
        }
    }

    private void end() {
        memory.state.set(FREED);
        net.clean();
    }

    /** What is freed; knows nothing of its owner, whom the collector could never find otherwise. */
    private static final class Memory implements Runnable {

        final AtomicInteger state = new AtomicInteger(IDLE);
        final long ssl;
        final long input;
        final long output;

        Memory(long context) {
            ssl = Ssl.NEW.call(context);
            input = Crypto.BIO_NEW.call(Crypto.BIO_MEMORY.call(0));
            output = Crypto.BIO_NEW.call(Crypto.BIO_MEMORY.call(0));
            if (ssl == 0 || input == 0 || output == 0) {
                // All three take null.
                Ssl.FREE.call(ssl);
                Crypto.BIO_FREE.call(input);
                Crypto.BIO_FREE.call(output);
                Crypto.clearErrors();
                throw new OutOfMemoryError("OpenSSL has no memory for another connection");
            }
            Ssl.SET_BIO.call(ssl, input, output);
        }

        @Override
        public void run() {
            Ssl.FREE.call(ssl);
            if (state.getAndSet(FREED) != FREED) {
                new ReportLog("dev.heddle", Tls.class).log(Level.DEBUG,
                        "A TLS connection was never closed; the collector has freed its memory", null);
            }
        }
    }
}
