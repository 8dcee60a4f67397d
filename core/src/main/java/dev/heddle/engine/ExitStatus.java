package dev.heddle.engine;

/**
 * The end of a process, as waitid(2) tells it.
 *
 * @param code its exit code, 0 to 255 on Unix; if a signal killed it, 128 and the signal's number, as shells say
 * @param signal the number of the signal that killed it; 0 if it ended by itself, and always 0 from the portable
 *     engine, to which Java does not tell it
 * @param coreDumped whether the system wrote a core file of it
 */
public record ExitStatus(int code, int signal, boolean coreDumped) {

    private static final int KILLED = 128;

    /** Ended by itself. */
    public static ExitStatus exited(int code) {
        return new ExitStatus(code, 0, false);
    }

    /** Killed by a signal. */
    public static ExitStatus killed(int signal, boolean coreDumped) {
        return new ExitStatus(KILLED + signal, signal, coreDumped);
    }

    /** Whether it ended by itself with the exit code 0. */
    public boolean isSuccess() {
        return code == 0;
    }

    /** Whether a signal killed it. */
    public boolean isKilled() {
        return signal != 0;
    }

    /** {@code exit code 1}, {@code killed by signal 9}. */
    @Override
    public String toString() {
        if (!isKilled()) {
            return "exit code " + code;
        }
        return "killed by signal " + signal + (coreDumped ? ", core dumped" : "");
    }
}
