package dev.heddle.tls.openssl;

import dev.heddle.internal.ReportLog;
import dev.heddle.tls.Tls;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The owner of one {@code SSL *} and of the two BIOs in it. A worker may be at work on it when its engine lets go; then
 * it is freed behind the worker.
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

    private static final Cleaner CLEANER = Cleaner.create();

    private final Memory memory;
    private final Cleaner.Cleanable net;

    /** @param context an {@code SSL_CTX *}, which the new object keeps alive by itself */
    NativeSsl(long context) {
        memory = new Memory(context);
        net = CLEANER.register(this, memory);
    }

    long ssl() {
        return memory.ssl;
    }

    long input() {
        return memory.input;
    }

    long output() {
        return memory.output;
    }

    boolean isIdle() {
        return memory.state.get() == IDLE;
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

    void free() {
        if (memory.state.compareAndSet(IDLE, FREED)) {
            end();
        } else {
            memory.state.compareAndSet(BUSY, DOOMED);
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
            input = ssl == 0 ? 0 : Crypto.BIO_NEW.call(Crypto.BIO_MEMORY.call(0));
            output = input == 0 ? 0 : Crypto.BIO_NEW.call(Crypto.BIO_MEMORY.call(0));
            if (output == 0) {
                throw new OutOfMemoryError("OpenSSL has no memory for another connection");
            }
            Ssl.SET_BIO.call(ssl, input, output);
        }

        @Override
        public void run() {
            Ssl.FREE.call(ssl);
            if (state.getAndSet(FREED) != FREED) {
                new ReportLog("dev.heddle", Tls.class).log(Level.WARNING,
                        "A TLS connection was never closed; the collector has freed its memory", null);
            }
        }
    }
}
