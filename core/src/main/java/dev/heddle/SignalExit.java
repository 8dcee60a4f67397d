package dev.heddle;

import java.lang.Thread.UncaughtExceptionHandler;
import java.util.Map;

/**
 * The exit of the process as shells expect it when the cancel by which a signal has ended {@link Heddle#run} leaves the
 * program: with 128 and the number of the signal, and without a stack trace, since nothing has failed. A program that
 * catches the exception goes on as it likes.
 */
final class SignalExit implements UncaughtExceptionHandler {

    /** By the reasons that {@link InterruptSignals} gives; signal(7). */
    private static final Map<String, Integer> CODES = Map.of("SIGINT", 128 + 2, "SIGTERM", 128 + 15);

    private final CancelledException cancel;
    private final int code;
    private final UncaughtExceptionHandler others;

    private SignalExit(CancelledException cancel, int code, UncaughtExceptionHandler others) {
        this.cancel = cancel;
        this.code = code;
        this.others = others;
    }

    /**
     * Prepares the calling thread for an exception that it is about to throw. Does nothing where the program has a
     * handler of its own.
     */
    static void prepare(CancelledException cancel) {
        Integer code = CODES.get(String.valueOf(cancel.getMessage()));
        Thread thread = Thread.currentThread();
        boolean isFree = Thread.getDefaultUncaughtExceptionHandler() == null
                && (thread.getUncaughtExceptionHandler() == thread.getThreadGroup()
                        || thread.getUncaughtExceptionHandler() instanceof SignalExit);
        if (code != null && isFree && !thread.isVirtual()) {
            thread.setUncaughtExceptionHandler(new SignalExit(cancel, code, thread.getThreadGroup()));
        }
    }

    @Override
    public void uncaughtException(Thread thread, Throwable thrown) {
        if (thrown != cancel) {
            others.uncaughtException(thread, thrown);
            return;
        }
        System.exit(code);
    }
}
