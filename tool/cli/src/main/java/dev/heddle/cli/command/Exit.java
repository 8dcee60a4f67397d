package dev.heddle.cli.command;

import dev.heddle.CancelledException;

/** The exit codes of the program, the same for all commands. */
public final class Exit {

    public static final int FINE = 0;

    /** The command ran, and something of what it was asked for did not succeed. */
    public static final int NOT_ALL = 1;

    /** Wrong usage: nothing was done. */
    public static final int USAGE = 2;

    public static final int HUNG_UP = 129;

    public static final int INTERRUPTED = 130;

    public static final int TERMINATED = 143;

    private Exit() {}

    /** The code for a main task that was cancelled by a signal, whose name is the reason of the cancellation. */
    public static int of(CancelledException cancelled) {
        String reason = cancelled.getMessage();
        return switch (String.valueOf(reason)) {
            case "SIGTERM" -> TERMINATED;
            case "SIGHUP" -> HUNG_UP;
            default -> INTERRUPTED;
        };
    }
}
