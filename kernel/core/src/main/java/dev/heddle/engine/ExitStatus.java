package dev.heddle.engine;

/**
 * The end of a process, as waitid(2) tells it.
 *
 * @param code its exit code, 0 to 255 on Unix; if a signal killed it, 128 and the signal's number, as shells say; -1 if
 *     it is {@link #UNKNOWN}
 * @param signal the number of the signal that killed it; 0 if it ended by itself, and always 0 from the portable
 *     engine, to which Java does not tell it
 * @param coreDumped whether the system wrote a core file of it
 */
public record ExitStatus(int code, int signal, boolean coreDumped) {

    /**
     * That of a process whose status somebody else in this JVM has taken from the system, such as native code that
     * waits for any child, or that the system has thrown away, since this JVM was started to ignore SIGCHLD. Engines of
     * Linux tell it; to the portable one Java says 0.
     */
    public static final ExitStatus UNKNOWN = new ExitStatus(-1, 0, false);

    private static final int KILLED = 128;

    /** Ended by itself. */
    public static ExitStatus exited(int code) {
        return new ExitStatus(code, 0, false);
    }

    /** Killed by a signal. */
    public static ExitStatus killed(int signal, boolean coreDumped) {
        return new ExitStatus(KILLED + signal, signal, coreDumped);
    }

    /** Whether the system has told it. */
    public boolean isKnown() {
        return !equals(UNKNOWN);
    }

    /** Whether it ended by itself with the exit code 0. */
    public boolean isSuccess() {
        return code == 0;
    }

    /** Whether a signal killed it. */
    public boolean isKilled() {
        return signal != 0;
    }

    /** {@code exit code 1}, {@code killed by signal 9}, {@code exit status unknown ...}. */
    @Override
    public String toString() {
        if (!isKnown()) {
            return "exit status unknown, since somebody else took it";
        }
        if (!isKilled()) {
            return "exit code " + code;
        }
        return "killed by signal " + signal + (coreDumped ? ", core dumped" : "");
    }
}
