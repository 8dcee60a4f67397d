package dev.heddle.cli;

import dev.heddle.CancelledException;

/** The exit codes of the program, the same for all commands. */
final class Exit {

    static final int FINE = 0;

    /** The command ran, and something of what it was asked for did not succeed. */
    static final int NOT_ALL = 1;

    /** Wrong usage: nothing was done. */
    static final int USAGE = 2;

    static final int HUNG_UP = 129;

    static final int INTERRUPTED = 130;

    static final int TERMINATED = 143;

    private Exit() {}

    /** The code for a main task that was cancelled by a signal, whose name is the reason of the cancellation. */
    static int of(CancelledException cancelled) {
        String reason = cancelled.getMessage();
        return switch (String.valueOf(reason)) {
            case "SIGTERM" -> TERMINATED;
            case "SIGHUP" -> HUNG_UP;
            default -> INTERRUPTED;
        };
    }
}
