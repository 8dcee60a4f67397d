package dev.heddle.internal.run;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The exit of the process as shells expect it when what a signal has made of {@link Heddle#run} leaves the program: with
 * 128 and the number of the signal, and without a stack trace, since nothing has failed. A failure of the clean-up is
 * told as ever and ends the process too, whatever else lives in it. Only other runs that the signal has told end first. A
 * program that catches the exception goes on as it likes.
 */
public final class SignalExit implements UncaughtExceptionHandler {

    /** By the reasons that {@link InterruptSignals} gives; signal(7). */
    private static final Map<String, Integer> CODES = Map.of("SIGHUP", 128 + 1, "SIGINT", 128 + 2, "SIGTERM", 128 + 15);

    /** As of a program whose main thread has failed. */
    private static final int FAILED = 1;

    private final Throwable expected;
    private final int code;
    private final UncaughtExceptionHandler others;

    private SignalExit(Throwable expected, int code, UncaughtExceptionHandler others) {
        this.expected = expected;
        this.code = code;
        this.others = others;
    }

    /** Whether a run was stopped for this reason by a signal. */
    public static boolean isSignal(@Nullable String reason) {
        return reason != null && CODES.containsKey(reason);
    }

    /**
     * Prepares the calling thread for an exception that it is about to throw. Does nothing where the program has a
     * handler of its own.
     *
     * @param reason why the run was told to end; nothing happens where that was no signal
     */
    public static void prepare(Throwable expected, @Nullable String reason) {
        Thread thread = Thread.currentThread();
        boolean isFree = Thread.getDefaultUncaughtExceptionHandler() == null
                && (thread.getUncaughtExceptionHandler() == thread.getThreadGroup()
                        || thread.getUncaughtExceptionHandler() instanceof SignalExit);
        Integer code = reason == null ? null : CODES.get(reason);
        if (code != null && isFree && !thread.isVirtual()) {
            thread.setUncaughtExceptionHandler(new SignalExit(expected, code, thread.getThreadGroup()));
        }
    }

    @Override
    public void uncaughtException(Thread thread, Throwable thrown) {
        boolean failed = thrown != expected || !(thrown instanceof CancelledException);
        if (failed) {
            others.uncaughtException(thread, thrown);
        }
        if (thrown == expected) {
            try {
                InterruptSignals.awaitEnding();
            } catch (InterruptedException e) {
                // Somebody wants this thread to wait no more.
            }
            System.exit(failed ? FAILED : code);
        }
    }
}
